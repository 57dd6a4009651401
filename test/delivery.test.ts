import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import type { PlacedPart } from '../src/engine/part';
import { type DeliveryMap, drawMap, factsOfMap } from '../src/project/delivery';
import { mapAsMermaid } from '../src/project/map-mermaid';
import { mapAsText } from '../src/project/map-text';
import { Workspace } from '../src/project/workspace';
import { loadGrammar } from '../src/syntax/tree-sitter';
import './grammars';

const policy = engine.policy(defaultConfiguration, []);

async function read(files: Readonly<Record<string, string>>) {
  const parts = new Map<string, readonly PlacedPart[]>();
  for (const [path, text] of Object.entries(files)) {
    const result = await engine.lint({ path, text }, policy);
    assert.deepEqual(result.problems, []);
    if (result.parts) parts.set(path, result.parts);
  }
  return parts;
}

const ways = (map: DeliveryMap) =>
  map.ways.map(({ from, verb, to }) => `${from.title} ${verb} ${to.title}`).sort();

const facts = (parts: ReadonlyMap<string, readonly PlacedPart[]>) =>
  factsOfMap(parts)
    .filter(({ kind }) => kind !== 'delivery/first-pipeline')
    .map(({ kind, key }) => `${kind} ${key}`.trim())
    .sort();

const workflow = (...steps: readonly string[]) => `
name: CI
on: [push]
jobs:
  all:
    runs-on: ubuntu-24.04
    steps:
${steps.map((step) => `      - ${step}\n`).join('')}`;

const ci = '.github/workflows/ci.yml';
const dockerfile = 'FROM node:22.11\nCOPY . .\n';

describe('delivery map', () => {
  before(() => loadGrammar('bash'));

  it('is the same whichever file is read first', async () => {
    const parts = await read({
      [ci]: workflow('run: terraform -chdir=infra validate'),
      'infra/main.tf': 'terraform {}\n',
      'infra/worker.tf': 'resource "null_resource" "worker" {}\n',
      'web/Dockerfile': dockerfile,
    });
    const turned = new Map([...parts].reverse());
    assert.deepEqual(drawMap(turned), drawMap(parts));
    assert.deepEqual(factsOfMap(turned), factsOfMap(parts));
  });

  it('follows CircleCI and Bitbucket Pipelines to what they build and deploy', async () => {
    const parts = await read({
      '.circleci/config.yml': `
jobs:
  test: {steps: [{run: docker build -t acme/web web}]}
  live: {steps: [{run: terraform -chdir=infra apply}]}
workflows:
  all: {jobs: [test, {live: {requires: [test]}}]}
`,
      'bitbucket-pipelines.yml': `
pipelines:
  default:
    - step: {name: Pack, script: [docker build -t acme/web web]}
    - step: {name: Live, script: [terraform -chdir=infra apply]}
`,
      'web/Dockerfile': dockerfile,
      'infra/main.tf': 'resource "null_resource" "x" {}\n',
    });
    const found = ways(drawMap(parts));
    for (const way of ['test builds web/Dockerfile', 'live deploys infra', 'live follows test'])
      assert.ok(
        found.some((each) => each === way),
        `${way} in ${found.join('; ')}`,
      );
    for (const way of ['Pack builds web/Dockerfile', 'Live deploys infra', 'Live follows Pack'])
      assert.ok(
        found.some((each) => each === way),
        `${way} in ${found.join('; ')}`,
      );
  });

  it('follows a commit from the pipeline through a script and an image to where it runs', async () => {
    const parts = await read({
      [ci]: workflow('run: ./ci/ship.sh'),
      'ci/ship.sh':
        'docker build -t acme/web -f web/Dockerfile web\ndocker push acme/web\nkubectl apply -f k8s/\n',
      'web/Dockerfile': dockerfile,
      'k8s/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: "acme/web:1.2"}]
`,
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'CI runs all',
      'Deployment/web uses acme/web',
      'all runs ci/ship.sh',
      'ci/ship.sh builds acme/web',
      'ci/ship.sh builds web/Dockerfile',
      'ci/ship.sh deploys Deployment/web',
      'ci/ship.sh publishes acme/web',
      'web/Dockerfile builds acme/web',
    ]);
    assert.deepEqual(facts(parts), [
      'delivery/built web/Dockerfile',
      'delivery/deployed k8s/web.yaml',
      'delivery/pipeline',
    ]);
    const text = mapAsText(drawMap(parts));
    assert.match(text, /Deployment\/web \(k8s\/web\.yaml\) from acme\/web/);
    assert.doesNotMatch(text, /no pipeline leads to/);
  });

  it('tells what nothing leads to, and what only a description builds', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      'compose.yaml': 'services:\n  web:\n    build: ./web\n',
      'web/Dockerfile': dockerfile,
      'tools/Dockerfile': dockerfile,
    });
    assert.deepEqual(facts(parts), ['delivery/built web/Dockerfile', 'delivery/pipeline']);
    const text = mapAsText(drawMap(parts));
    assert.match(text, /recipe tools\/Dockerfile\n/);
    assert.match(text, /recipe web\/Dockerfile, but web builds it/);
  });

  const building: readonly [what: string, step: string][] = [
    ['the build action', 'uses: docker/build-push-action@v6\n        with: {context: app}'],
    [
      'a file of its own',
      'uses: docker/build-push-action@v6\n        with: {context: ., file: app/Dockerfile}',
    ],
    ['a path only the run knows', 'run: docker build -f "$DIR/Dockerfile" .'],
    [
      'a matrix',
      'uses: docker/build-push-action@v6\n        with: {file: "${{ matrix.dir }}/Dockerfile"}',
    ],
    ['buildx', 'run: docker buildx build --push -t a/b app'],
    ['a step in its folder', 'run: docker build .\n        working-directory: app'],
    ['cd', 'run: cd app && docker build .'],
    ['a linter', 'uses: hadolint/hadolint-action@v3\n        with: {dockerfile: app/Dockerfile}'],
  ];
  for (const [what, step] of building) {
    it(`sees a recipe that is used by ${what}`, async () => {
      const parts = await read({ [ci]: workflow(step), 'app/Dockerfile': dockerfile });
      assert.ok(
        facts(parts).some((fact) => /^delivery\/(?:built|checked) app\/Dockerfile$/.test(fact)),
        facts(parts).join('\n'),
      );
    });
  }

  const infrastructure: readonly [what: string, step: string, stated: string | undefined][] = [
    ['plan', 'run: terraform -chdir=infra plan', 'delivery/checked infra/main.tf'],
    ['fmt of all', 'run: terraform fmt -check -recursive', 'delivery/checked infra/main.tf'],
    [
      'apply',
      'run: terraform apply\n        working-directory: infra',
      'delivery/deployed infra/main.tf',
    ],
    ['tflint', 'run: tflint --chdir infra', 'delivery/checked infra/main.tf'],
    ['another folder', 'run: terraform -chdir=other plan', undefined],
  ];
  for (const [what, step, stated] of infrastructure) {
    it(`Terraform and ${what}`, async () => {
      const parts = await read({ [ci]: workflow(step), 'infra/main.tf': 'provider "aws" {}\n' });
      assert.deepEqual(
        facts(parts).filter((fact) => fact !== 'delivery/pipeline'),
        stated === undefined ? [] : [stated],
      );
    });
  }

  const callers: readonly [what: string, step: string, path: string, text: string][] = [
    [
      'a make target',
      'run: make -C app image',
      'app/Makefile',
      'IMG := acme/app\n.PHONY: image\nimage: check\n\t@docker build -t $(IMG) .\ncheck:\n\ttrue\n',
    ],
    [
      'the first make target',
      'run: make',
      'Makefile',
      'all: image\nimage:\n\tcd app && \\\n\tdocker build .\n',
    ],
    [
      'a target of an included makefile',
      'run: make image',
      'mk/docker.mk',
      'image:\n\tdocker build $(DIR)\n',
    ],
    [
      'an npm script',
      'run: npm run image',
      'package.json',
      '{"scripts": {"image": "docker build app"}}',
    ],
    [
      'an npm script before another',
      'run: npm test',
      'package.json',
      '{"scripts": {"pretest": "docker build app", "test": "true"}}',
    ],
    [
      'a task',
      'run: task ship',
      'Taskfile.yml',
      'version: 3\ntasks:\n  ship:\n    deps: [image]\n  image:\n    cmds:\n      - docker build app\n',
    ],
    [
      'a just recipe',
      'run: just image',
      'justfile',
      'set shell := ["bash"]\nimage tag="x": check\n    docker build app\ncheck:\n    true\n',
    ],
  ];
  for (const [what, step, path, text] of callers) {
    it(`follows ${what}`, async () => {
      const parts = await read({
        [ci]: workflow(step),
        [path]: text,
        'app/Dockerfile': dockerfile,
      });
      assert.ok(facts(parts).includes('delivery/built app/Dockerfile'), facts(parts).join('\n'));
    });
  }

  it('reads the stages of a Jenkinsfile as jobs, one after the other', async () => {
    const parts = await read({
      Jenkinsfile: `pipeline {
  agent any
  stages {
    stage('Test') { steps { sh 'npm test' } }
    stage('Image') { steps { sh 'docker build -t acme/web web' } }
  }
}
`,
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'Image builds acme/web',
      'Image builds web/Dockerfile',
      'Image follows Test',
      'Jenkinsfile runs Image',
      'Jenkinsfile runs Test',
      'web/Dockerfile builds acme/web',
    ]);
  });

  it('draws no arrows to files nobody named', async () => {
    const parts = await read({
      [ci]: workflow(
        'run: helm upgrade --install web oci://registry.example.com/web',
        'run: kubectl rollout restart deployment/web',
        'run: docker push $IMAGE',
      ),
      'compose.yaml': 'services:\n  web:\n    image: acme/web:1\n',
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(ways(drawMap(parts)), ['CI runs all']);
  });

  it('takes the hooks of pre-commit for a check of what they look at', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      '.pre-commit-config.yaml': 'repos:\n  - repo: x\n    hooks: [{id: terraform_fmt}]\n',
      'infra/main.tf': 'provider "aws" {}\n',
    });
    assert.ok(facts(parts).includes('delivery/checked infra/main.tf'));
  });

  it('counts only what a pipeline leads to', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      'ci/lint.sh': 'ansible-lint site.yml\n',
      'site.yml': '- hosts: all\n  tasks: []\n',
    });
    assert.deepEqual(facts(parts), ['delivery/pipeline']);
  });

  it('bears circles', async () => {
    const parts = await read({
      [ci]: workflow('run: ./a.sh'),
      'a.sh': './b.sh\n',
      'b.sh': './a.sh\n',
    });
    assert.equal(drawMap(parts).ways.length, 4);
  });

  it('draws Mermaid whose words cannot break out of their boxes', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test').replace('name: CI', `name: 'a "b" <i> #'`),
    });
    const text = mapAsMermaid(drawMap(parts));
    assert.match(text, /^flowchart LR\n {2}n0\(\["a #34;b#34; #60;i#62; #35;"\]\)\n/);
  });

  it('changes by the file, and says which facts came and went', async () => {
    const workspace = new Workspace('by hand');
    const take = async (path: string, text: string) =>
      workspace.update(await engine.lint({ path, text }, policy));
    const built = { kind: 'delivery/built', key: 'Dockerfile' };
    await take(ci, workflow('run: docker build .'));
    await take('Dockerfile', dockerfile);
    assert.ok(!workspace.has(built), 'nothing is stated before it is drawn');
    workspace.redraw();
    assert.ok(workspace.has(built));
    assert.equal(workspace.isStale, false);
    await take(ci, workflow('run: docker  build  .'));
    assert.equal(workspace.isStale, false, 'a change of spaces moves nothing on the map');
    await take(ci, workflow('run: npm test'));
    assert.ok(workspace.has(built), 'it stays as it was until it is drawn anew');
    assert.deepEqual(workspace.redraw(), [built]);
    assert.ok(!workspace.has(built));
    workspace.remove(ci);
    assert.deepEqual(workspace.redraw(), [
      { kind: 'delivery/pipeline', key: '' },
      { kind: 'delivery/first-pipeline', key: ci },
    ]);
  });

  it('names the first file with a pipeline, whichever was read first', async () => {
    const second = '.github/workflows/deploy.yml';
    const parts = await read({ [second]: workflow('run: ./ship.sh'), [ci]: workflow('run: make') });
    const first = factsOfMap(parts).filter(({ kind }) => kind === 'delivery/first-pipeline');
    assert.deepEqual(first, [{ kind: 'delivery/first-pipeline', key: ci }]);
  });

  it('says nothing of a part of a workspace', async () => {
    const workspace = new Workspace('never');
    workspace.update(await engine.lint({ path: ci, text: workflow('run: npm test') }, policy));
    assert.ok(!workspace.has({ kind: 'delivery/pipeline', key: '' }));
  });
});
