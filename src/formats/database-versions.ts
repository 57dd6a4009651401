import type { Condition, FactName } from '../engine/fact';
import type { ImageReference } from './image';
import { isTestMaterial } from './test-material';

/** A database or broker of which one major version behaves unlike another. */
export interface DatabaseVersion {
  /** What people call it. */
  readonly name: string;
  /** Undefined where the tag does not say it. */
  readonly major: number | undefined;
}

interface Row {
  readonly name: string;
  /** The repository, without registry. */
  readonly repository: RegExp;
  /** Where the tag holds the major version; the beginning where not said. */
  readonly tag?: RegExp;
  /** The oldest and, with room for those to come, the newest major version. */
  readonly majors: readonly [number, number];
}

/** Of an official image, of Bitnami's, and of those that CI services make of it. */
const named = (names: string) =>
  new RegExp(`^(?:library/|bitnami/|bitnamilegacy/|cimg/|circleci/)?(?:${names})$`);

const rows: readonly Row[] = [
  { name: 'Elasticsearch', repository: /(?:^|\/)elasticsearch$/, majors: [2, 15] },
  { name: 'MariaDB', repository: named('mariadb'), majors: [5, 20] },
  { name: 'MongoDB', repository: named('mongo|mongodb'), majors: [2, 15] },
  { name: 'MySQL', repository: named('mysql'), majors: [5, 15] },
  { name: 'OpenSearch', repository: /(?:^|\/)opensearch$/, majors: [1, 10] },
  { name: 'PostgreSQL', repository: named('postgres|postgresql'), majors: [8, 25] },
  { name: 'PostgreSQL', repository: /^(?:postgis|cimg)\/(?:postgis|postgres)$/, majors: [8, 25] },
  {
    name: 'PostgreSQL',
    repository: /^(?:pgvector|timescale|ankane)\/(?:pgvector|timescaledb|timescaledb-ha)$/,
    // https://github.com/pgvector/pgvector#docker, https://github.com/timescale/timescaledb-docker
    tag: /(?:^|-)pg(\d+)/,
    majors: [8, 25],
  },
  { name: 'RabbitMQ', repository: named('rabbitmq'), majors: [3, 10] },
  { name: 'Redis', repository: named('redis'), majors: [3, 15] },
];

/** The database an image reference names, if it is one of which versions matter. */
export function databaseOf(image: ImageReference): DatabaseVersion | undefined {
  const row = rows.find(({ repository }) => repository.test(image.repository.toLowerCase()));
  if (!row) return undefined;
  const found = (row.tag ?? /^v?(\d+)(?:\.\d+)*(?:[-_.]|$)/).exec(image.tag ?? '')?.[1];
  const isKnown = found !== undefined && !/_{2}|[${]/.test(image.tag ?? '');
  return { name: row.name, major: isKnown ? Number(found) : undefined };
}

const runs = (name: string, major: number): FactName => ({
  kind: 'database/run',
  key: `${name} ${major}`,
});

/** Key: the name alone where the version is not known here. */
const tested = (name: string, major: number | undefined): FactName => ({
  kind: 'database/tested',
  key: major === undefined ? name : `${name} ${major}`,
});

/** What is stated where something is run with this version; nothing in folders of tests and examples. */
export function databaseRun(database: DatabaseVersion, path: string): readonly FactName[] {
  const { name, major } = database;
  return major === undefined || isTestMaterial(path) || forShow.test(path)
    ? []
    : [runs(name, major)];
}

/** Files that describe what tests need, by their names. */
const forTests =
  /(?:^|[/._-])(?:tests?|testing|ci|e2e|integration)[._-][^/]*$|[._-](?:tests?|ci|e2e)\.\w+$/i;

/** Files that show how something could be run. */
const forShow = /(?:^|[/._-])(?:quick-?start|examples?|samples?|demos?)[^/]*$/i;

/** What an image reference states of the databases that are run, and of those that a pipeline tests with. */
export function databaseFacts(image: ImageReference, path: string): readonly FactName[] {
  const database = databaseOf(image);
  if (!database) return [];
  if (image.use === 'tool' || (image.use === 'run' && forTests.test(path)))
    return [tested(database.name, database.major)];
  return image.use === 'run' ? databaseRun(database, path) : [];
}

/**
 * For each major version that may be run in place of the one that is tested with: what must be so for that to be the
 * newest that is run, while no pipeline tests with it and the tested one is run nowhere.
 */
export function* runInstead({
  name,
  major,
}: DatabaseVersion): Iterable<{ readonly major: number; readonly condition: Condition }> {
  const row = rows.find((each) => each.name === name);
  if (!row || major === undefined) return;
  const [oldest, newest] = row.majors;
  for (let other = oldest; other <= newest; other++) {
    if (other === major) continue;
    const newer = Array.from({ length: newest - other }, (_, i) => runs(name, other + 1 + i));
    yield {
      major: other,
      condition: {
        allOf: [runs(name, other)],
        noneOf: [runs(name, major), ...newer, tested(name, other), tested(name, undefined)],
      },
    };
  }
}
