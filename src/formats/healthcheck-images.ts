import { lookUp } from '../text/look-up';
import type { ImageReference } from './image';

/**
 * Images of the Docker Official Images programme, none of which has a HEALTHCHECK
 * (https://github.com/docker-library/faq#healthcheck). Not all of the programme: those people run or build on.
 */
const official: ReadonlySet<string> = new Set([
  'adminer',
  'almalinux',
  'alpine',
  'amazoncorretto',
  'amazonlinux',
  'bash',
  'buildpack-deps',
  'busybox',
  'caddy',
  'cassandra',
  'composer',
  'couchdb',
  'dart',
  'debian',
  'drupal',
  'eclipse-mosquitto',
  'eclipse-temurin',
  'elasticsearch',
  'elixir',
  'erlang',
  'fedora',
  'ghost',
  'golang',
  'gradle',
  'haproxy',
  'httpd',
  'influxdb',
  'jetty',
  'joomla',
  'kibana',
  'logstash',
  'mariadb',
  'maven',
  'memcached',
  'mongo',
  'mongo-express',
  'mysql',
  'nats',
  'neo4j',
  'nextcloud',
  'nginx',
  'node',
  'odoo',
  'openjdk',
  'perl',
  'php',
  'phpmyadmin',
  'postgres',
  'python',
  'rabbitmq',
  'redis',
  'redmine',
  'registry',
  'rockylinux',
  'ruby',
  'rust',
  'solr',
  'telegraf',
  'tomcat',
  'traefik',
  'ubuntu',
  'wordpress',
  'zookeeper',
]);

/** Where official images are fetched from; elsewhere the same name may be anybody's image. */
const registries: ReadonlySet<string | undefined> = new Set([
  undefined,
  'docker.io',
  'index.docker.io',
  'mirror.gcr.io',
]);

/** Whether the image is known to come without a HEALTHCHECK. False when nothing is known of it. */
export function shipsNoHealthcheck({
  registry,
  repository,
}: Pick<ImageReference, 'registry' | 'repository'>): boolean {
  if (registry === undefined && repository === 'scratch') return true;
  // https://github.com/dotnet/dotnet-docker, https://github.com/GoogleContainerTools/distroless
  if (registry === 'mcr.microsoft.com') return repository.startsWith('dotnet/');
  if (registry === 'gcr.io') return repository.startsWith('distroless/');
  return registries.has(registry) && official.has(repository.replace(/^library\//, ''));
}

const checks: Readonly<Record<string, string>> = {
  // https://mariadb.com/kb/en/using-healthcheck-sh/
  mariadb: '["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]',
  // https://www.mongodb.com/docs/manual/reference/command/ping/
  mongo: '["CMD", "mongosh", "--quiet", "--eval", "db.adminCommand(\'ping\')"]',
  // https://dev.mysql.com/doc/refman/8.4/en/mysqladmin.html
  mysql: '["CMD", "mysqladmin", "ping", "-h", "127.0.0.1"]',
  // https://www.postgresql.org/docs/current/app-pg-isready.html
  postgres: '["CMD-SHELL", "pg_isready -U $${POSTGRES_USER:-postgres}"]',
  // https://www.rabbitmq.com/docs/monitoring#health-checks
  rabbitmq: '["CMD", "rabbitmq-diagnostics", "-q", "ping"]',
  // https://redis.io/docs/latest/commands/ping/
  redis: '["CMD", "redis-cli", "ping"]',
};

/** How an official image is usually asked whether it is ready: the `test:` of a Compose health check. */
export const usualCheck = ({ repository }: ImageReference): string | undefined =>
  lookUp(checks, repository.replace(/^library\//, ''));
