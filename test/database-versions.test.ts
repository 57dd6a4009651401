import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import { databaseOf } from '../src/formats/database-versions';
import { parseImage } from '../src/formats/image';
import './grammars';

const policy = engine.policy(defaultConfiguration, []);

describe('versions of databases', () => {
  const images: readonly [image: string, name: string | undefined, major?: number][] = [
    ['postgres:16.4-alpine', 'PostgreSQL', 16],
    ['registry.example.com:5000/library/postgres:9.6', 'PostgreSQL', 9],
    ['postgres', 'PostgreSQL'],
    ['postgres:latest', 'PostgreSQL'],
    ['postgres:__', 'PostgreSQL'],
    ['postgis/postgis:16-3.4', 'PostgreSQL', 16],
    ['pgvector/pgvector:0.8.0-pg17', 'PostgreSQL', 17],
    ['timescale/timescaledb:2.17.2-pg16', 'PostgreSQL', 16],
    ['bitnami/postgresql:15.2.0-debian-11-r0', 'PostgreSQL', 15],
    ['mysql:8.0', 'MySQL', 8],
    ['docker.elastic.co/elasticsearch/elasticsearch:8.15.0', 'Elasticsearch', 8],
    ['redis:7-alpine', 'Redis', 7],
    ['example/postgres-exporter:0.15', undefined],
    ['node:22', undefined],
  ];
  for (const [text, name, major] of images) {
    it(text, () => {
      const image = parseImage(text, { use: 'tool', incomplete: false, defaulted: [] });
      const database = databaseOf(image);
      assert.equal(database?.name, name);
      assert.equal(database?.major, major);
    });
  }

  const resources: readonly [text: string, fact: string | undefined][] = [
    [
      'resource "aws_db_instance" "a" {\n engine = "postgres"\n engine_version = "15.4"\n}\n',
      'PostgreSQL 15',
    ],
    [
      'resource "aws_rds_cluster" "a" {\n engine = "aurora-mysql"\n engine_version = "8.0.mysql_aurora.3.05.2"\n}\n',
      'MySQL 8',
    ],
    [
      'resource "google_sql_database_instance" "a" {\n database_version = "POSTGRES_16"\n}\n',
      'PostgreSQL 16',
    ],
    [
      'resource "google_sql_database_instance" "a" {\n database_version = "MYSQL_8_0"\n}\n',
      'MySQL 8',
    ],
    ['resource "azurerm_postgresql_flexible_server" "a" {\n version = "14"\n}\n', 'PostgreSQL 14'],
    [
      'resource "aws_db_instance" "a" {\n engine = "postgres"\n engine_version = var.version\n}\n',
      undefined,
    ],
    [
      'resource "aws_db_instance" "a" {\n engine = "oracle-ee"\n engine_version = "19"\n}\n',
      undefined,
    ],
  ];
  for (const [text, fact] of resources) {
    it(text.split('\n').join(''), async () => {
      const { facts } = await engine.lint({ path: 'infra/main.tf', text }, policy);
      const found = facts.filter(({ kind }) => kind === 'database/run').map(({ key }) => key);
      assert.deepEqual(found, fact === undefined ? [] : [fact]);
    });
  }

  it('of examples and of what tests start, nothing is run', async () => {
    const text = 'services:\n  db:\n    image: postgres:16\n';
    const facts = async (path: string) =>
      (await engine.lint({ path, text }, policy)).facts
        .filter(({ kind }) => kind.startsWith('database/'))
        .map(({ kind, key }) => `${kind} ${key}`);
    assert.deepEqual(await facts('compose.yaml'), ['database/run PostgreSQL 16']);
    assert.deepEqual(await facts('docker-compose.test.yml'), ['database/tested PostgreSQL 16']);
    assert.deepEqual(await facts('docker-compose.quickstart.yml'), []);
    assert.deepEqual(await facts('examples/compose.yaml'), []);
  });
});
