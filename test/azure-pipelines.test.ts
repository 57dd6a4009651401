import assert from 'node:assert/strict';
import type { Visit } from '../src/engine/format';
import {
  type AzureNodes,
  azurePipelines,
  type Job,
  type Step,
} from '../src/formats/azure-pipelines';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

function read(text: string, path = 'azure-pipelines.yml') {
  const document = azurePipelines.parse(Source.file(path, text), { machine: undefined });
  const nodes: Visit<AzureNodes>[] = [...document.walk()];
  const all = <T>(kind: string) =>
    nodes.filter(([each]) => each === kind).map(([, node]) => node as unknown as T);
  return { document, jobs: all<Job>('job'), steps: all<Step>('step') };
}

describe('Azure Pipelines', () => {
  before(() => loadGrammar('bash'));

  it('reads stages, jobs, deployments and what stands behind conditions', () => {
    const { jobs, steps } = read(`
trigger: [main]
stages:
  - stage: build
    jobs:
      - job: unit
        steps:
          - \${{ if eq(variables.x, 1) }}:
              - script: make
          - script: make test
  - stage: live
    dependsOn: build
    jobs:
      - deployment: web
        environment: production
        strategy:
          runOnce:
            deploy:
              steps: [{bash: ./deploy.sh}]
            on:
              failure:
                steps: [{bash: ./undo.sh}]
`);
    assert.deepEqual(
      jobs.map((each) => [each.name?.string, each.stage, each.deployment, each.environment]),
      [
        ['unit', 'build', false, undefined],
        ['web', 'live', true, 'production'],
      ],
    );
    assert.deepEqual(
      steps.map((each) => each.run?.string),
      ['make', 'make test', './deploy.sh', './undo.sh'],
    );
  });

  it('knows which shell reads a script, and where', () => {
    const { steps } = read(`
pool: {vmImage: windows-2022}
steps:
  - script: dir
  - bash: ls
  - pwsh: ls
  - task: AzureCLI@2
    inputs: {scriptType: ps, inlineScript: ls}
  - task: AzureCLI@2
    inputs: {scriptType: bash, inlineScript: ls}
`);
    assert.deepEqual(
      steps.map((each) => each.script !== undefined),
      [false, true, false, false, true],
    );
    const own = read('pool: ours-linux\nsteps:\n  - script: ls\n').steps[0]!.script!;
    assert.deepEqual([own.machine, own.stopsOnError, own.pipefail], [undefined, false, false]);
    const hosted = read('pool: {vmImage: ubuntu-24.04}\nsteps:\n  - script: ls\n').steps[0]!
      .script!;
    assert.equal(hosted.machine, 'fresh');
  });

  it('puts macros aside, and not the commands that look like them', () => {
    const text = 'trigger: none\nsteps:\n  - bash: echo $(Build.BuildId) $(tag) $(date)\n';
    const [step] = read(text).steps;
    assert.equal(step!.script!.text, 'echo ________________ ______ $(date)');
    const at = step!.script!.text.indexOf('date');
    const place = step!.placeOf({ range: [at, at + 4] })!;
    assert.equal(text.slice(...place.range), 'date');
  });

  it('says what it takes in and what starts it', () => {
    const parts = [
      ...(read('pr: [main]\nstages:\n  - template: ci/build.yml\n  - template: x.yml@other\n')
        .document.parts ?? []),
    ];
    assert.deepEqual(parts[0]?.events, ['push', 'pull_request']);
    assert.deepEqual(parts[0]?.links, [
      { verb: 'runs', to: { kind: 'file', key: 'ci/build.yml' } },
    ]);
    const template = read('parameters: []\nsteps: [{script: make}]\n', 'ci/build.yml').document;
    assert.equal(template.parts?.[0]?.kind, 'task');
  });

  it('bears whatever is typed', () => {
    for (const text of [
      '',
      'a',
      'steps:\n',
      'steps: x\n',
      'steps:\n  - \n',
      'jobs: [{job: }]\n',
      '- a\n',
    ])
      assert.doesNotThrow(() => [...read(text).document.embedded]);
  });
});
