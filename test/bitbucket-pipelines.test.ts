import assert from 'node:assert/strict';
import type { Visit } from '../src/engine/format';
import {
  type BitbucketNodes,
  bitbucketPipelines,
  type Pipeline,
} from '../src/formats/bitbucket-pipelines';
import type { ShellDocument } from '../src/formats/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

function read(text: string, path = 'bitbucket-pipelines.yml') {
  const document = bitbucketPipelines.parse(Source.file(path, text), {
    machine: undefined,
  });
  const nodes: Visit<BitbucketNodes>[] = [...document.walk()];
  const pipelines = nodes.flatMap(([kind, node]) =>
    kind === 'pipeline' ? [node as unknown as Pipeline] : [],
  );
  const scripts = document.embedded
    .filter((each) => each.format.id === 'shell')
    .map((each) => each.parse() as ShellDocument);
  return { document, pipelines, scripts };
}

const shared = `
definitions:
  steps:
    - step: &build
        name: Build
        script: [make]
    - step: &unused
        script: [make clean]
pipelines:
  default:
    - step: *build
  branches:
    main:
      - step: *build
      - parallel:
          - step: {name: Unit, script: [npm test]}
          - step: {name: Lint, script: [npm run lint]}
      - stage:
          name: Live
          deployment: production
          trigger: manual
          steps:
            - step: {name: Ship, script: [./ship.sh]}
  custom:
    again:
      - variables: [{name: X}]
      - step: {<<: *build, name: Again}
`;

describe('Bitbucket Pipelines', () => {
  before(() => loadGrammar('bash'));

  it('reads pipelines, parallel groups, stages and shared steps', () => {
    const { pipelines } = read(shared);
    assert.deepEqual(
      pipelines.map((each) => [
        each.start,
        each.pattern?.string,
        each.steps.map((step) => `${step.order} ${step.name?.string}`),
      ]),
      [
        ['default', undefined, ['1 Build']],
        ['branches', 'main', ['1 Build', '2 Unit', '2 Lint', '3 Ship']],
        ['custom', 'again', ['2 Again']],
      ],
    );
    const ship = pipelines[1]!.steps[3]!;
    assert.deepEqual([ship.deployment?.string, ship.manual], ['production', true]);
  });

  it('reads each script once, those that nobody takes up too', () => {
    assert.deepEqual(
      read(shared).scripts.map((each) => each.source.text),
      ['make', 'npm test', 'npm run lint', './ship.sh', 'make clean'],
    );
  });

  it('runs the lines in one shell with errexit and without pipefail', () => {
    const text = `
pipelines:
  default:
    - step:
        script:
          - cd web
          - pipe: atlassian/ecs-deploy:2.1.0
            variables: {A: b}
          - make
        after-script:
          - echo $BITBUCKET_EXIT_CODE
`;
    const { scripts, pipelines } = read(text);
    const [script, after] = scripts;
    assert.equal(script!.source.text, 'cd web\nmake');
    assert.deepEqual(
      [script!.script.dialect, script!.script.stopsOnError, script!.script.pipefail],
      ['bash', true, false],
    );
    assert.equal(script!.script.machine, 'fresh');
    assert.equal(after!.source.text, 'echo $BITBUCKET_EXIT_CODE');
    const { range } = script!.source.toFile([7, 11])!;
    assert.equal(text.slice(...range), 'make');
    assert.equal(pipelines[0]!.steps[0]!.pipes[0]!.string, 'atlassian/ecs-deploy:2.1.0');
  });

  it('knows runners of one’s own', () => {
    const on = (labels: string) =>
      read(`pipelines: {default: [{step: {runs-on: ${labels}, script: [ls]}}]}\n`).scripts.map(
        ({ script }) => script.machine,
      );
    assert.deepEqual(on('[self.hosted, linux]'), ['fresh']);
    assert.deepEqual(on('[self.hosted, linux.shell]'), ['lasting']);
    assert.deepEqual(on('[self.hosted, macos]'), [undefined]);
    assert.deepEqual(on('[self.hosted, windows]'), []);
  });

  it('says what starts it and what its steps do', () => {
    const parts = read(shared).document.parts!;
    assert.deepEqual(parts[0]!.events, ['push', 'manual']);
    assert.deepEqual(
      parts.map((each) => each.name),
      ['', 'Build', 'Unit', 'Lint', 'Ship', 'Again'],
    );
    assert.deepEqual(
      parts[4]!.links.map(({ verb, to }) => `${verb} ${to.key}`),
      ['runs ship.sh', 'follows Unit', 'follows Lint', 'deploys '],
    );
  });

  it('starts where the file stands', () => {
    const text = 'pipelines: {default: [{step: {name: One, script: [./test.sh]}}]}\n';
    const [, one] = read(text, 'backend/bitbucket-pipelines.yml').document.parts!;
    assert.equal(one!.links[0]!.to.key, 'backend/test.sh');
  });

  it('bears whatever is typed', () => {
    for (const text of [
      '',
      'a',
      'pipelines:\n',
      'pipelines: x\n',
      'pipelines: {default: }\n',
      'pipelines: {default: [x, {step: }, {parallel: x}, {stage: {steps: 1}}, ]}\n',
      'pipelines: {branches: {a: [{step: {script: [[[a]], {}, ]}}]}}\n',
      'definitions: {steps: x, services: [y]}\nimage: {}\n',
      '- a\n',
    ]) {
      const { document } = read(text);
      assert.doesNotThrow(() => [...document.embedded, ...document.parts!]);
    }
  });
});
