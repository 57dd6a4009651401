import assert from 'node:assert/strict';
import type { Visit } from '../src/engine/format';
import { type CircleciNodes, circleci, type Job, type Workflow } from '../src/formats/circleci';
import { deploys, jobsBefore, runsWhenever, tests } from '../src/formats/circleci-purpose';
import type { ShellDocument } from '../src/formats/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

function read(text: string, path = '.circleci/config.yml') {
  const source = Source.file(path, text);
  const document = circleci.parse(source, { machine: undefined });
  const nodes: Visit<CircleciNodes>[] = [...document.walk()];
  const all = <T>(kind: string) =>
    nodes.filter(([each]) => each === kind).map(([, node]) => node as unknown as T);
  const scripts = document.embedded
    .filter((each) => each.format.id === 'shell')
    .map((each) => each.parse() as ShellDocument);
  return { document, jobs: all<Job>('job'), workflows: all<Workflow>('workflow'), scripts };
}

const job = (settings: string, steps: string) =>
  read(`jobs:\n  one:\n    ${settings.replaceAll('\n', '\n    ')}\n    steps: ${steps}\n`);

describe('CircleCI', () => {
  before(() => loadGrammar('bash'));

  it('puts the steps of commands and conditions where they are called', () => {
    const { jobs } = read(`
commands:
  install:
    parameters: {dir: {type: string}}
    steps:
      - run: npm ci --prefix << parameters.dir >>
  twice: {steps: [install, twice, {run: echo done}]}
jobs:
  unit:
    docker: [{image: "cimg/node:22.11"}]
    steps:
      - checkout
      - twice
      - when:
          condition: << pipeline.parameters.all >>
          steps: [{run: {name: Tests, command: npm test, when: always}}]
      - slack/notify
`);
    assert.deepEqual(
      jobs[0]!.steps.map((each) => each.script?.text ?? each.kind),
      [
        'checkout',
        'npm ci --prefix ____________________',
        'twice',
        'echo done',
        'npm test',
        'slack/notify',
      ],
    );
    const test = jobs[0]!.steps.find((each) => each.title === 'Tests');
    assert.equal(test?.when?.string, 'always');
  });

  it('knows the shell that reads a script, and its options', () => {
    const facts = (settings: string, step = '[{run: ls}]') =>
      job(settings, step).scripts.map(({ script }) => [
        script.dialect,
        script.stopsOnError,
        script.pipefail,
        script.machine,
      ]);
    const usual = [['bash', true, true, 'fresh']];
    assert.deepEqual(facts('docker: [{image: "a:1"}]'), usual);
    assert.deepEqual(facts('macos: {xcode: 16.4.0}'), usual);
    assert.deepEqual(facts('machine: {image: "ubuntu-2204:2024.11.1"}'), usual);
    assert.deepEqual(facts('machine: true\nresource_class: acme/own'), [
      ['bash', true, true, undefined],
    ]);
    assert.deepEqual(facts('docker: [{image: "a:1"}]\nshell: /bin/sh -e'), [
      ['sh', true, false, 'fresh'],
    ]);
    assert.deepEqual(facts('shell: sh', '[{run: {command: ls, shell: bash}}]'), [
      ['bash', false, false, 'fresh'],
    ]);
    assert.deepEqual(facts('shell: x', '[{run: {command: ls, shell: python3}}]'), []);
    assert.deepEqual(facts('executor: win/default'), []);
    assert.equal(facts('executor: {name: win/default, shell: bash.exe}').length, 1);
  });

  it('leaves here-documents alone, and reads those with an escape', () => {
    const text = `jobs:
  one:
    steps:
      - run: |
          cat \\<<END >> file
          << parameters.x >> it
          END
`;
    const [script] = read(text).scripts;
    assert.equal(script!.source.text, 'cat <<END >> file\n__________________ it\nEND\n');
    const at = script!.source.text.indexOf('file');
    const { range } = script!.source.toFile([at, at + 4])!;
    assert.equal(text.slice(...range), 'file');
  });

  it('masks conditions and files that are put in', () => {
    const lines = [
      '<< pipeline.git.branch == "main" >>',
      '<<include(scripts/x.sh)>>',
      '<<parameters.a>>',
    ];
    const { scripts } = job(
      'docker: [{image: "a:1"}]',
      JSON.stringify(lines.map((run) => ({ run }))),
    );
    assert.deepEqual(
      scripts.map(({ source }) => /^_+$/.test(source.text)),
      [true, true, true],
    );
  });

  it('knows what a job waits for, and whether both run for the same commits', () => {
    const { workflows } = read(`
orbs: {ecs: circleci/aws-ecs@4.1, node: circleci/node@5.2}
jobs:
  pack: {steps: [{run: make}]}
workflows:
  version: 2
  all:
    jobs:
      - node/test: {name: unit}
      - pack: {requires: [unit: [success]]}
      - hold: {type: approval, requires: [pack]}
      - ecs/deploy_service_update: {requires: [hold], filters: {branches: {only: main}}}
      - elsewhere: {filters: {branches: {ignore: main}}}
  nightly:
    triggers: [{schedule: {cron: "0 0 * * *"}}]
    jobs: [pack]
`);
    const [all, nightly] = workflows;
    assert.equal(workflows.length, 2);
    assert.deepEqual([all!.scheduled, nightly!.scheduled], [false, true]);
    const [unit, , hold, live, elsewhere] = all!.jobs;
    assert.deepEqual([tests(unit!), deploys(live!), hold!.approval], [true, true, true]);
    assert.deepEqual([...jobsBefore(live!)].map((each) => each.name).sort(), [
      'hold',
      'pack',
      'unit',
    ]);
    assert.deepEqual([runsWhenever(unit!, live!), runsWhenever(elsewhere!, live!)], [true, false]);
  });

  it('says what starts it, what continues it and what its jobs do', () => {
    const { document } = read(`
setup: true
orbs: {continuation: circleci/continuation@1.0}
jobs:
  test: {steps: [{run: ./ci/test.sh}]}
  live:
    steps:
      - run: {command: terraform apply, working_directory: ~/project/infra}
      - continuation/continue: {configuration_path: .circleci/next.yml}
workflows:
  all: {jobs: [test, {live: {requires: [test]}}]}
`);
    const [whole, test, live] = document.parts!;
    assert.deepEqual([whole!.kind, whole!.events], ['pipeline', ['push']]);
    assert.deepEqual(whole!.links, [
      { verb: 'runs', to: { kind: 'file', key: '.circleci/next.yml' } },
    ]);
    assert.deepEqual(test!.links, [{ verb: 'runs', to: { kind: 'file', key: 'ci/test.sh' } }]);
    assert.deepEqual(
      live!.links.map(({ verb, to }) => `${verb} ${to.key}`),
      ['follows test', 'deploys infra'],
    );
    assert.equal(read('jobs: {}\n', '.circleci/next.yml').document.parts![0]!.kind, 'task');
  });

  it('bears whatever is typed', () => {
    for (const text of [
      '',
      'a',
      'jobs:\n',
      'jobs: x\n',
      'jobs: {a: }\n',
      'jobs: {a: {steps: [{run: }, , {when: x}, [[]]]}}\n',
      'workflows: {a: {jobs: [{b: {requires: b}}, {}]}}\n',
      'orbs: [x]\nexecutors: {a: {docker: x}}\n',
      '- a\n',
    ]) {
      const { document } = read(text);
      assert.doesNotThrow(() => [...document.embedded, ...document.parts!]);
    }
  });
});
