import assert from 'node:assert/strict';
import type { Visit } from '../src/engine/format';
import { type GitlabNodes, gitlabCi, type Job } from '../src/formats/gitlab-ci';
import {
  deploys,
  jobsBefore,
  purposesOf,
  runsByItself,
  tests,
} from '../src/formats/gitlab-ci-purpose';
import type { ShellDocument } from '../src/formats/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

function read(text: string, path = '.gitlab-ci.yml') {
  const document = gitlabCi.parse(Source.file(path, text), { machine: undefined });
  const nodes: Visit<GitlabNodes>[] = [...document.walk()];
  const jobs = new Map<string, Job>();
  for (const [kind, node] of nodes) if (kind === 'job') jobs.set(node.name.string, node);
  return { document, jobs, job: (name: string) => jobs.get(name)! };
}

const names = (jobs: ReadonlySet<Job>) => [...jobs].map((each) => each.name.string).sort();

describe('GitLab CI', () => {
  before(() => loadGrammar('bash'));

  it('takes over what a job extends, the last first, and what the file sets for all', () => {
    const { job } = read(`
default: {image: a:1, tags: [x]}
.one: {stage: one, variables: {A: 1}, environment: live}
.two: {extends: .one, stage: two}
job:
  extends: [.one, .two]
  script: make
alone:
  inherit: {default: [tags]}
  script: make
`);
    assert.equal(job('job').stage, 'two');
    assert.deepEqual(job('job').environment, { name: 'live', action: 'start' });
    assert.equal(job('job').setting('image')?.value?.kind, 'scalar');
    assert.equal(job('alone').setting('image'), undefined);
    assert.ok(job('alone').setting('tags'));
    assert.equal(job('.one').hidden, true);
  });

  it('bears jobs that extend each other, themselves and others that are not here', () => {
    const { job } = read(`
a: {extends: b, script: x}
b: {extends: a, script: x}
c: {extends: .elsewhere, script: x}
`);
    assert.equal(job('a').stage, 'test');
    assert.equal(job('c').incomplete, true);
    assert.equal(job('a').incomplete, false);
  });

  it('reads one script of before_script and script, with anchors and references, each line at its place', () => {
    const text = `
.lines: &lines
  - echo one
  - "echo \\"two\\""
.set: {script: [echo three]}
job:
  before_script:
    - *lines
    - !reference [.set, script]
  script: |
    echo four
    echo five
`;
    const { document, job } = read(text);
    assert.equal(
      job('job').script?.text,
      'echo one\necho "two"\necho three\necho four\necho five\n',
    );
    const shell = document.embedded
      .map((each) => each.parse() as ShellDocument)
      .find((each) => each.source.text.includes('five'))!;
    for (const word of ['one', 'two', 'three', 'four', 'five']) {
      const at = shell.source.text.indexOf(word);
      const place = shell.source.toFile([at, at + word.length])!;
      assert.equal(text.slice(...place.range), word);
    }
    const at = shell.source.text.indexOf('two');
    const edit = shell.source.editInFile({ range: [at, at + 3], text: '"2"' })!;
    assert.equal(edit.text, '\\"2\\"', 'written back with the escapes of its own line');
  });

  it('runs in a shell that stops on errors, on a machine that is new where a container is', () => {
    const { job } = read(`
image: alpine:3.20
a: {script: make}
b: {tags: [shell], inherit: {default: false}, script: make, image: }
`);
    const { stopsOnError, pipefail, machine, use } = job('a').script!;
    assert.deepEqual(
      { stopsOnError, pipefail, machine, use },
      {
        stopsOnError: true,
        pipefail: true,
        machine: 'fresh',
        use: 'ci',
      },
    );
    const lasting = read('a: {tags: [deploy-shell], script: make}\n').job('a');
    assert.equal(lasting.script?.machine, 'lasting');
    const unknown = read('a: {tags: [linux], script: make}\n').job('a');
    assert.equal(unknown.script?.machine, undefined);
    const windows = read('a: {tags: [windows], script: make}\n').job('a');
    assert.equal(windows.script, undefined);
  });

  it('reads a script that several jobs share once', () => {
    const { document } = read(`
.run: {script: [make, make test]}
a: {extends: .run}
b: {extends: .run}
`);
    assert.equal(document.embedded.length, 1);
  });

  it('puts the values of the file into images, nearest first', () => {
    const { document } = read(`
variables: {TAG: "1", NAME: node}
a: {variables: {TAG: "2"}, image: $NAME:$TAG, script: x}
b: {image: "\${NAME}:$TAG", services: [{name: db:$ELSEWHERE}], script: x}
`);
    const images = document.embedded
      .filter((each) => each.format.id === 'image')
      .map((each) => each.parse().source.text);
    assert.deepEqual(images, ['node:2', 'node:1', 'db:__________']);
  });

  it('knows what has to be done before a job', () => {
    const { job } = read(`
stages: [build, test, deploy]
build: {stage: build, script: docker build .}
unit: {stage: test, script: npm test}
all: {stage: deploy, script: kubectl apply -f k8s}
some: {stage: deploy, needs: [build], script: kubectl apply -f k8s}
`);
    assert.deepEqual(names(jobsBefore(job('all'))), ['build', 'unit']);
    assert.deepEqual(names(jobsBefore(job('some'))), ['build']);
  });

  it('tells deployments, reviews and what somebody starts by hand', () => {
    const { job } = read(`
deploy: {script: kubectl apply -f k8s}
named: {environment: production, script: ./release.sh}
review: {environment: review/x, script: kubectl apply -f k8s}
stop: {environment: {name: production, action: stop}, script: helm uninstall x}
hand: {when: manual, script: kubectl apply -f k8s}
ruled: {script: x, rules: [{if: a, when: manual}, {when: never}]}
`);
    const live = ['deploy', 'named', 'hand'];
    for (const name of ['deploy', 'named', 'review', 'stop', 'hand'])
      assert.equal(deploys(job(name)), live.includes(name), name);
    assert.equal(runsByItself(job('hand')), false);
    assert.equal(runsByItself(job('ruled')), false);
    assert.equal(tests(job('deploy')), false);
    assert.ok(purposesOf(job('deploy')).has('deploy'));
  });

  it('leaves inputs of components alone, and reads what stands behind their header', () => {
    const { job, document } = read(`spec:
  inputs:
    stage: {default: test}
---
"lint-$[[ inputs.stage ]]":
  stage: $[[ inputs.stage ]]
  script: eslint $[[ inputs.path ]]
`);
    assert.equal(document.problems.length, 0);
    assert.equal([...document.walk()].length, 2);
    assert.equal(job('lint'), undefined);
  });

  it('bears whatever is typed', () => {
    for (const text of [
      '',
      'a',
      'a:\n',
      'a: {script: }\n',
      'a:\n  script:\n    - \n',
      'stages: x\n',
      '- a\n',
    ])
      assert.doesNotThrow(() => read(text).document.embedded);
  });
});
