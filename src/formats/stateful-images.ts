/** An image whose container keeps what it is trusted with in a directory of its own. */
export interface StatefulImage {
  /** What people call it. */
  readonly name: string;
  /** Where the data lies; a volume belongs on the first, one on any of the others keeps data too. */
  readonly dataPaths: readonly [string, ...string[]];
  /** Configured from files below this path: what it would keep comes back from there. */
  readonly configuredFrom?: string;
}

interface Row extends StatefulImage {
  /** Last segments of the repository, or `namespace/segment` where the last alone says too little. */
  readonly repositories: readonly string[];
  /** The first matching tag decides about the paths. */
  readonly byTag?: readonly { readonly tag: RegExp; readonly dataPaths: readonly [string] }[];
}

const mysql = ['/var/lib/mysql'] as const;
const postgres = ['/var/lib/postgresql/data', '/var/lib/postgresql'] as const;
const postgresByTag = [
  // From 18 on the volume has moved up, so that pg_upgrade finds both versions in it.
  { tag: /^(?:pg)?(?:1[89]|[2-9]\d)(?!\d)/, dataPaths: ['/var/lib/postgresql'] },
  { tag: /^(?:pg)?(?:9|1[0-7])(?!\d)/, dataPaths: ['/var/lib/postgresql/data'] },
] as const;

/**
 * Images that keep data, and where, by their vendors' pages. Left out are those mostly used as a cache or for what can
 * be read again: redis, valkey, memcached, zookeeper, kafka, prometheus.
 */
const rows: readonly Row[] = [
  // https://docs.arangodb.com/stable/operations/installation/docker/
  { name: 'ArangoDB', repositories: ['arangodb'], dataPaths: ['/var/lib/arangodb3'] },
  // https://hub.docker.com/_/cassandra
  { name: 'Cassandra', repositories: ['cassandra'], dataPaths: ['/var/lib/cassandra'] },
  // https://clickhouse.com/docs/install/docker
  {
    name: 'ClickHouse',
    repositories: ['clickhouse-server'],
    dataPaths: ['/var/lib/clickhouse'],
  },
  // https://www.cockroachlabs.com/docs/stable/start-a-local-cluster-in-docker-linux
  { name: 'CockroachDB', repositories: ['cockroach'], dataPaths: ['/cockroach/cockroach-data'] },
  // https://docs.couchbase.com/server/current/install/getting-started-docker.html
  { name: 'Couchbase', repositories: ['couchbase'], dataPaths: ['/opt/couchbase/var'] },
  // https://hub.docker.com/_/couchdb
  { name: 'CouchDB', repositories: ['couchdb'], dataPaths: ['/opt/couchdb/data'] },
  // https://www.elastic.co/docs/deploy-manage/deploy/self-managed/install-elasticsearch-docker-prod
  {
    name: 'Elasticsearch',
    repositories: ['elasticsearch'],
    dataPaths: ['/usr/share/elasticsearch/data'],
  },
  // https://forgejo.org/docs/latest/admin/installation/docker/
  { name: 'Forgejo', repositories: ['forgejo'], dataPaths: ['/data', '/var/lib/gitea'] },
  // https://hub.docker.com/_/ghost
  { name: 'Ghost', repositories: ['ghost'], dataPaths: ['/var/lib/ghost/content'] },
  // https://docs.gitea.com/installation/install-with-docker
  { name: 'Gitea', repositories: ['gitea'], dataPaths: ['/data', '/var/lib/gitea'] },
  // https://docs.gitlab.com/install/docker/installation/
  { name: 'GitLab', repositories: ['gitlab-ce', 'gitlab-ee'], dataPaths: ['/var/opt/gitlab'] },
  // https://github.com/gogs/gogs/tree/main/docker
  { name: 'Gogs', repositories: ['gogs'], dataPaths: ['/data'] },
  // https://grafana.com/docs/grafana/latest/setup-grafana/installation/docker/
  {
    name: 'Grafana',
    repositories: ['grafana', 'grafana-oss', 'grafana-enterprise'],
    dataPaths: ['/var/lib/grafana'],
    configuredFrom: '/etc/grafana',
  },
  // https://www.home-assistant.io/installation/linux
  { name: 'Home Assistant', repositories: ['home-assistant'], dataPaths: ['/config'] },
  // https://hub.docker.com/_/influxdb
  {
    name: 'InfluxDB',
    repositories: ['influxdb'],
    dataPaths: ['/var/lib/influxdb2', '/var/lib/influxdb', '/var/lib/influxdb3'],
    byTag: [
      { tag: /^1(?!\d)/, dataPaths: ['/var/lib/influxdb'] },
      { tag: /^2(?!\d)/, dataPaths: ['/var/lib/influxdb2'] },
    ],
  },
  // https://github.com/jenkinsci/docker#usage
  { name: 'Jenkins', repositories: ['jenkins/jenkins'], dataPaths: ['/var/jenkins_home'] },
  // https://hub.docker.com/_/mariadb
  { name: 'MariaDB', repositories: ['mariadb', 'alpine-mariadb'], dataPaths: mysql },
  // https://docs.linuxserver.io/images/docker-mariadb/
  { name: 'MariaDB', repositories: ['linuxserver/mariadb'], dataPaths: ['/config'] },
  // https://www.meilisearch.com/docs/learn/self_hosted/install_meilisearch_locally
  { name: 'Meilisearch', repositories: ['meilisearch'], dataPaths: ['/meili_data'] },
  // https://github.com/minio/minio/blob/master/docs/docker/README.md
  { name: 'MinIO', repositories: ['minio'], dataPaths: ['/data'] },
  // https://hub.docker.com/_/mongo
  {
    name: 'MongoDB',
    repositories: ['mongo', 'mongodb-community-server', 'percona-server-mongodb'],
    dataPaths: ['/data/db'],
  },
  // https://hub.docker.com/_/mysql
  { name: 'MySQL', repositories: ['mysql', 'mysql-server'], dataPaths: mysql },
  // https://docs.n8n.io/hosting/installation/docker/
  { name: 'n8n', repositories: ['n8n'], dataPaths: ['/home/node/.n8n'] },
  // https://neo4j.com/docs/operations-manual/current/docker/mounting-volumes/
  { name: 'Neo4j', repositories: ['neo4j'], dataPaths: ['/data'] },
  // https://hub.docker.com/_/nextcloud
  { name: 'Nextcloud', repositories: ['nextcloud'], dataPaths: ['/var/www/html'] },
  // https://docs.linuxserver.io/images/docker-nextcloud/
  { name: 'Nextcloud', repositories: ['linuxserver/nextcloud'], dataPaths: ['/data', '/config'] },
  // https://github.com/sonatype/docker-nexus3#persistent-data
  { name: 'Nexus', repositories: ['nexus3'], dataPaths: ['/nexus-data'] },
  // https://hub.docker.com/_/odoo
  { name: 'Odoo', repositories: ['odoo'], dataPaths: ['/var/lib/odoo'] },
  // https://github.com/osixia/docker-openldap#data-persistence
  { name: 'OpenLDAP', repositories: ['osixia/openldap'], dataPaths: ['/var/lib/ldap'] },
  // https://docs.opensearch.org/latest/install-and-configure/install-opensearch/docker/
  {
    name: 'OpenSearch',
    repositories: ['opensearch'],
    dataPaths: ['/usr/share/opensearch/data'],
  },
  // https://github.com/gvenzl/oci-oracle-free#oracle-free-on-docker
  {
    name: 'Oracle Database',
    repositories: ['gvenzl/oracle-xe', 'gvenzl/oracle-free'],
    dataPaths: ['/opt/oracle/oradata'],
  },
  // https://hub.docker.com/_/percona
  { name: 'Percona Server', repositories: ['percona', 'percona-server'], dataPaths: mysql },
  // https://docs.portainer.io/start/install-ce/server/docker/linux
  { name: 'Portainer', repositories: ['portainer-ce', 'portainer-ee'], dataPaths: ['/data'] },
  // https://github.com/docker-library/docs/blob/master/postgres/README.md#pgdata
  {
    name: 'PostgreSQL',
    repositories: ['postgres', 'postgis', 'pgvector', 'library/postgresql'],
    dataPaths: postgres,
    byTag: postgresByTag,
  },
  // https://github.com/timescale/timescaledb-docker
  { name: 'TimescaleDB', repositories: ['timescaledb'], dataPaths: postgres },
  // https://github.com/timescale/timescaledb-docker-ha
  { name: 'TimescaleDB', repositories: ['timescaledb-ha'], dataPaths: ['/home/postgres/pgdata'] },
  // https://qdrant.tech/documentation/guides/installation/#docker
  { name: 'Qdrant', repositories: ['qdrant'], dataPaths: ['/qdrant/storage'] },
  // https://hub.docker.com/_/rabbitmq
  { name: 'RabbitMQ', repositories: ['rabbitmq'], dataPaths: ['/var/lib/rabbitmq'] },
  // https://hub.docker.com/_/redmine
  { name: 'Redmine', repositories: ['redmine'], dataPaths: ['/usr/src/redmine/files'] },
  // https://distribution.github.io/distribution/about/deploying/#storage-customization
  {
    name: 'Registry',
    repositories: ['library/registry'],
    dataPaths: ['/var/lib/registry'],
    // /etc/docker/registry up to version 2, /etc/distribution from 3 on: it may name a bucket.
    configuredFrom: '/etc/d',
  },
  // https://hub.docker.com/_/rethinkdb
  { name: 'RethinkDB', repositories: ['rethinkdb'], dataPaths: ['/data'] },
  // https://opensource.docs.scylladb.com/stable/operating-scylla/procedures/tips/best-practices-scylla-on-docker.html
  { name: 'ScyllaDB', repositories: ['scylla'], dataPaths: ['/var/lib/scylla'] },
  // https://learn.microsoft.com/sql/linux/sql-server-linux-docker-container-configure
  { name: 'SQL Server', repositories: ['mssql/server'], dataPaths: ['/var/opt/mssql'] },
  // https://github.com/louislam/uptime-kuma#-how-to-install
  { name: 'Uptime Kuma', repositories: ['uptime-kuma'], dataPaths: ['/app/data'] },
  // https://github.com/dani-garcia/vaultwarden#installation
  { name: 'Vaultwarden', repositories: ['vaultwarden/server'], dataPaths: ['/data'] },
  // https://hub.docker.com/_/wordpress
  { name: 'WordPress', repositories: ['wordpress'], dataPaths: ['/var/www/html'] },
];

const byRepository = new Map(
  rows.flatMap((row) => row.repositories.map((each) => [each, row] as const)),
);

/** Bitnami's images keep theirs below /bitnami/<name> (https://github.com/bitnami/containers). */
const bitnami = new Map<string, string>([
  ['cassandra', 'Cassandra'],
  ['couchdb', 'CouchDB'],
  ['elasticsearch', 'Elasticsearch'],
  ['ghost', 'Ghost'],
  ['gitea', 'Gitea'],
  ['influxdb', 'InfluxDB'],
  ['jenkins', 'Jenkins'],
  ['mariadb', 'MariaDB'],
  ['minio', 'MinIO'],
  ['mongodb', 'MongoDB'],
  ['mysql', 'MySQL'],
  ['neo4j', 'Neo4j'],
  ['odoo', 'Odoo'],
  ['postgresql', 'PostgreSQL'],
  ['rabbitmq', 'RabbitMQ'],
  ['redmine', 'Redmine'],
  ['wordpress', 'WordPress'],
]);

/** Images of the last segment's name by others, with paths of their own that no page of theirs promises. */
const foreign =
  /^(?:cimg|circleci|crunchydata|sclorg|centos|rhel\d*|rhscl|zalando|ubuntu|cloudpirates)\//;

/**
 * What is known of an image that keeps data; undefined for all others. `repository` without registry, tag and digest,
 * such as `postgres`, `bitnami/postgresql`; the tag tells versions with different paths apart.
 */
export function statefulImage(repository: string, tag?: string): StatefulImage | undefined {
  const segments = repository.toLowerCase().split('/');
  const last = segments.at(-1)!;
  const namespace = segments.at(-2) ?? 'library';
  if (namespace === 'bitnami' || namespace === 'bitnamilegacy') {
    const name = bitnami.get(last);
    return name === undefined ? undefined : { name, dataPaths: [`/bitnami/${last}`] };
  }
  if (foreign.test(`${namespace}/`)) return undefined;
  const row = byRepository.get(`${namespace}/${last}`) ?? byRepository.get(last);
  if (!row) return undefined;
  const { name, configuredFrom } = row;
  const versioned = tag === undefined ? undefined : row.byTag?.find((each) => each.tag.test(tag));
  return {
    name,
    dataPaths: versioned?.dataPaths ?? row.dataPaths,
    ...(configuredFrom !== undefined && { configuredFrom }),
  };
}

const below = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);

/** Whether something mounted at one of `targets` holds the image's data, or a part of it. */
export function holdsData(stateful: StatefulImage, targets: readonly string[]): boolean {
  const { dataPaths } = stateful;
  return targets
    .map((target) => target.replace(/\/+$/, ''))
    .some((target) => dataPaths.some((path) => below(path, target) || below(target, path)));
}
