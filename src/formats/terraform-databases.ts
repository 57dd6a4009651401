import type { Fact } from '../engine/fact';
import type { Body } from '../syntax/hcl';
import { databaseRun } from './database-versions';
import type { TerraformBlock } from './terraform';

/** Engines of https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance, rds_cluster. */
const engines: readonly (readonly [engine: RegExp, name: string])[] = [
  [/^(?:aurora-)?postgres(?:ql)?$/i, 'PostgreSQL'],
  [/^(?:aurora-)?mysql$/i, 'MySQL'],
  [/^mariadb$/i, 'MariaDB'],
  [/^redis$/i, 'Redis'],
];

/** The databases a cloud runs for this configuration, with their versions, as far as they are written here. */
export function* databasesOf({ type, labels, body }: TerraformBlock, path: string): Iterable<Fact> {
  if (type !== 'resource') return;
  const resource = labels[0] ?? '';
  const [engine, version] =
    /^aws_(?:db_instance|rds_cluster|elasticache_(?:cluster|replication_group))$/.test(resource)
      ? [textOf(body, 'engine'), textOf(body, 'engine_version')]
      : resource === 'google_sql_database_instance'
        ? (textOf(body, 'database_version')?.split(/_(.*)/) ?? [])
        : resource === 'azurerm_postgresql_flexible_server'
          ? ['postgres', textOf(body, 'version')]
          : [];
  const name = engines.find(([pattern]) => pattern.test(engine ?? ''))?.[1];
  const major = /^\d+/.exec(version ?? '')?.[0];
  if (name !== undefined && major !== undefined)
    yield* databaseRun({ name, major: Number(major) }, path);
}

function textOf(body: Body, name: string): string | undefined {
  const value = body.attribute(name)?.value;
  return value?.kind === 'literal' && value.value !== null ? String(value.value) : undefined;
}
