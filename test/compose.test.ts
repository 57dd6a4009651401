import assert from 'node:assert/strict';
import { probe } from '../src/engine/format';
import { compose, type Service } from '../src/formats/compose';
import { dotenv } from '../src/formats/dotenv';
import { holdsData, statefulImage } from '../src/formats/stateful-images';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

function services(text: string, path = 'app/compose.yaml'): ReadonlyMap<string, Service> {
  const found = new Map<string, Service>();
  for (const [kind, node] of compose.parse(Source.file(path, text)).walk()) {
    if (kind === 'service') found.set(node.name.string, node);
  }
  return found;
}

describe('compose', () => {
  before(() => loadGrammar('bash'));

  const service = 'services:\n  a:\n    image: b:1\n';
  const table: readonly (readonly [path: string, text: string, claim: string | undefined])[] = [
    ['compose.yaml', service, 'by-name'],
    ['compose.prod.yml', 'services:\n  a:\n    ports: []\n', 'by-name'],
    ['docker-compose_v2.yml', service, 'by-name'],
    ['compose.yml', 'name: nothing of the kind\n', undefined],
    ['stack.yml', service, 'by-content'],
    ['extra.yml', '# note\nservices:\n\n    # first\n    a:\n        build: .\n', 'by-content'],
    ['services.yaml', 'services:\n  App\\Mailer:\n    class: X\n', undefined],
    ['ci.yml', 'services:\n  - docker:dind\nstages: [test]\n', undefined],
    ['render.yaml', 'services:\n  - type: web\n    image: x\n', undefined],
    ['k8s.yaml', `apiVersion: v1\nkind: List\n${service}`, undefined],
    ['api.yaml', 'swagger: "2.0"\nservices:\n  a:\n    image: x\n', undefined],
    ['other.yaml', 'services:\n  a: {}\njob:\n  image: x\n', undefined],
  ];
  for (const [path, text, claim] of table) {
    it(`${path} ${JSON.stringify(text.slice(0, 30))} is ${claim ?? 'not one'}`, () => {
      assert.equal(compose.recognises(probe(path, text)), claim);
    });
  }

  it('reads what is mounted', () => {
    const found = services(`
services:
  a:
    image: x:1
    volumes:
      - named:/data
      - ./conf:/etc/app:ro,Z
      - /anonymous
      - \${DIR:-/srv}/db:/var/lib/db
      - \${DIR}/db:/var/lib/other
      - C:\\data:/windows
      - \${ALL}
      - { type: bind, source: /long, target: /long, read_only: true }
    tmpfs: /run:size=1m
    configs: [app]
`).get('a')!;
    assert.deepEqual(
      found.mounts.map(({ type, source, target, readOnly }) => [type, source, target, readOnly]),
      [
        ['volume', 'named', '/data', false],
        ['bind', './conf', '/etc/app', true],
        ['volume', undefined, '/anonymous', false],
        ['bind', '/srv/db', '/var/lib/db', false],
        ['bind', undefined, '/var/lib/other', false],
        ['bind', 'C:\\data', '/windows', false],
        ['volume', undefined, undefined, false],
        ['bind', '/long', '/long', true],
        ['tmpfs', undefined, '/run', false],
        ['config', 'app', '/app', true],
      ],
    );
  });

  it('follows extends in the file, merges and anchors', () => {
    const found = services(`
x-common: &common
  restart: always
services:
  base:
    <<: *common
    image: x:1
    volumes: [one:/one]
  b: { extends: base, volumes: [two:/two] }
  c: { extends: { service: b, file: ./compose.yaml } }
  d: { extends: { service: b, file: other.yaml } }
  e: { extends: e }
`);
    assert.deepEqual(
      found.get('c')!.mounts.map((mount) => mount.target),
      ['/two', '/one'],
    );
    assert.equal(found.get('c')!.image?.reference.tag, '1');
    assert.ok(found.get('c')!.staysUp && !found.get('c')!.extendsElsewhere);
    assert.ok(found.get('d')!.extendsElsewhere && found.get('e')!.extendsElsewhere);
  });

  it('tells what is meant to stay up', () => {
    const found = services(`
services:
  a: { restart: unless-stopped }
  b: { restart: "no" }
  c: { deploy: { resources: { limits: { memory: 1g } } } }
  d: { deploy: { placement: { constraints: [node.role == manager] } } }
`);
    const stay = [...found.values()].filter((each) => each.staysUp);
    assert.deepEqual(
      stay.map((each) => each.name.string),
      ['a', 'd'],
    );
  });

  it('knows where the Dockerfile of a build is', () => {
    const found = services(`
services:
  a: { build: . }
  b: { build: { context: ../lib, dockerfile: docker/Dockerfile.b, target: Run } }
  c: { build: https://example.com/c.git }
  d: { build: { dockerfile_inline: "FROM x" } }
  e: { build: "\${WHERE}" }
  f: { build: ../../outside }
`);
    const files = [...found.values()].map((each) => each.build?.dockerfile);
    assert.deepEqual(files, ['app/Dockerfile', 'lib/docker/Dockerfile.b', ...Array(4)]);
    assert.equal(found.get('b')!.build?.target, 'Run');
  });

  const purposes = [
    ['compose.yaml', undefined],
    ['docker-compose.dev.yml', 'development'],
    ['.devcontainer/compose.yaml', 'development'],
    ['compose.integration.yaml', 'test'],
    ['unit-test/compose.yaml', 'test'],
    ['grafana-integration/compose.yaml', undefined],
    ['latest/compose.yaml', undefined],
  ] as const;
  for (const [path, purpose] of purposes) {
    it(`${path} is for ${purpose ?? 'any purpose'}`, () => {
      assert.equal(services(service, path).get('a')!.purpose, purpose);
    });
  }

  it('hands scripts to the shell as the container gets them', () => {
    const text = `
services:
  a:
    image: x:1
    command: ["bash", "-ec", "echo $$HOME \${TAG:-1}"]
    healthcheck: { test: ["CMD-SHELL", "curl localhost"] }
  b:
    image: x:1
    entrypoint: [/bin/sh, -c]
    command: ["echo b"]
    healthcheck: { test: [CMD, curl, localhost] }
  c:
    image: x:1
    command: sh -c 'echo c'
  d:
    image: x:1
    command: serve --fast
`;
    const { embedded } = compose.parse(Source.file('compose.yaml', text));
    const scripts = embedded
      .filter((each) => each.format.id === 'shell')
      .map((each) => each.parse().source.text);
    assert.deepEqual(scripts, ['echo $HOME 1', 'curl localhost', 'echo b', "sh -c 'echo c'"]);
  });
});

describe('dotenv', () => {
  it('states the names it sets, for the folder', () => {
    const text = '# A=1\nTAG=1.2\nexport  NAME = x\nnot one\n';
    const { facts } = dotenv.parse(Source.file('app/.env.example', text));
    assert.deepEqual(
      facts!.map(({ key, range }) => [key, text.slice(...range!)]),
      [
        ['app/.env:TAG', 'TAG'],
        ['app/.env:NAME', 'NAME'],
      ],
    );
  });
});

describe('stateful images', () => {
  const table = [
    ['postgres', '16.4', '/var/lib/postgresql/data'],
    ['postgres', '18-alpine', '/var/lib/postgresql'],
    ['postgis/postgis', '17-3.5', '/var/lib/postgresql/data'],
    ['bitnami/postgresql', '16', '/bitnami/postgresql'],
    ['elasticsearch/elasticsearch', '8.1', '/usr/share/elasticsearch/data'],
    ['influxdb', '1.8', '/var/lib/influxdb'],
    ['linuxserver/mariadb', '10', '/config'],
    ['example/postgres-exporter', '1', undefined],
    ['cimg/postgres', '16.4', undefined],
    ['redis', '7', undefined],
  ] as const;
  for (const [repository, tag, path] of table) {
    it(`${repository}:${tag} keeps data in ${path ?? 'no known place'}`, () => {
      assert.equal(statefulImage(repository, tag)?.dataPaths[0], path);
    });
  }

  it('counts what is mounted above and below', () => {
    const mysql = statefulImage('mysql')!;
    const held = (target: string) => holdsData(mysql, [target]);
    assert.ok(held('/var/lib/mysql/') && held('/var/lib') && held('/var/lib/mysql/data'));
    assert.ok(!held('/var/lib/mysql-files') && !held('/etc/mysql'));
  });
});
