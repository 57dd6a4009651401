import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import type { Machine, Visit } from '../src/engine/format';
import { type JenkinsNodes, jenkins } from '../src/formats/jenkins';
import type { Library, Pipeline, Stage, Step } from '../src/formats/jenkins-model';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

function read(text: string, machine?: Machine) {
  const document = jenkins.parse(Source.file('Jenkinsfile', text), { machine });
  const nodes: Visit<JenkinsNodes>[] = [...document.walk()];
  const all = <T>(kind: string) =>
    nodes.filter(([each]) => each === kind).map(([, node]) => node as unknown as T);
  return {
    document,
    pipeline: all<Pipeline>('pipeline')[0]!,
    stages: all<Stage>('stage'),
    steps: all<Step>('step'),
    libraries: all<Library>('library'),
    /** Steps that are scripts. */
    scripts: all<Step>('step').filter((step) => step.script),
  };
}

const declarative = (steps: string, agent = 'agent any') => `pipeline {
  ${agent}
  stages {
    stage('A') {
      steps {
        ${steps}
      }
    }
  }
}
`;

describe('Jenkins', () => {
  before(() => loadGrammar('bash'));

  describe('how sh runs', () => {
    const rows: readonly [what: string, step: string, expected: object][] = [
      ['no interpreter named', `sh 'x'`, { dialect: 'sh', stopsOnError: true, pipefail: false }],
      [
        'an interpreter takes -e away',
        `sh '''#!/bin/bash\nx'''`,
        { dialect: 'bash', stopsOnError: false, pipefail: false },
      ],
      [
        'unless it has -e itself',
        `sh '#!/bin/bash -xe\\nx'`,
        { dialect: 'bash', stopsOnError: true },
      ],
      ['env', `sh '#!/usr/bin/env bash\\nx'`, { dialect: 'bash', stopsOnError: false }],
      [
        'behind a line break it is a comment',
        `sh '''\n#!/bin/bash\nx'''`,
        { dialect: 'sh', stopsOnError: true },
      ],
      ['by name', `sh(script: 'x', returnStatus: true)`, { stopsOnError: true }],
      ['in a folder', `dir('web') { sh 'x' }`, { directory: 'web' }],
      ['in a folder nobody knows', `dir("\${w}") { sh 'x' }`, { directory: undefined }],
    ];
    for (const [what, step, expected] of rows) {
      it(what, () => {
        const [first] = read(declarative(step)).scripts;
        assert.ok(first?.script);
        for (const [key, value] of Object.entries(expected)) {
          assert.equal(first.script[key as 'dialect'], value, key);
        }
      });
    }

    it('another language is none of ours', () => {
      assert.deepEqual(read(declarative(`sh '#!/usr/bin/env python3\\nprint(1)'`)).scripts, []);
      assert.deepEqual(read(declarative(`bat 'dir'`)).scripts, []);
    });
  });

  describe('machines', () => {
    const rows: readonly [agent: string, machine: Machine | undefined][] = [
      ['agent any', undefined],
      [`agent { label 'linux' }`, undefined],
      [`agent { label 'built-in' }`, 'lasting'],
      [`agent { node { label 'master' } }`, 'lasting'],
      [`agent { docker 'node:22' }`, 'fresh'],
      [`agent { docker { image 'node:22' } }`, 'fresh'],
      ['agent { dockerfile true }', 'fresh'],
      [`agent { kubernetes { yaml '' } }`, 'fresh'],
    ];
    for (const [agent, machine] of rows) {
      it(agent, () => {
        assert.equal(read(declarative(`sh 'x'`, agent)).scripts[0]!.script!.machine, machine);
      });
    }

    it('of scripted pipelines', () => {
      const machines = (text: string) => read(text).scripts.map(({ script }) => script!.machine);
      assert.deepEqual(machines(`node('master') { sh 'x' }`), ['lasting']);
      assert.deepEqual(machines(`node { sh 'x'\ndocker.image('y:1').inside { sh 'z' } }`), [
        undefined,
        'fresh',
      ]);
      assert.deepEqual(
        machines(`podTemplate(yaml: '') { node(POD_LABEL) { container('x') { sh 'y' } } }`),
        ['fresh'],
      );
      assert.deepEqual(machines(`node('master') { cleanWs()\nsh 'x' }`), [undefined]);
    });

    it('a stage has an agent of its own, and the configuration knows better', () => {
      const text = `pipeline {
  agent { label 'built-in' }
  stages {
    stage('A') { steps { sh 'a' } }
    stage('B') {
      agent { docker 'x:1' }
      steps { sh 'b' }
    }
  }
  post { always { sh 'c' } }
}`;
      const machines = (machine?: Machine) =>
        read(text, machine).scripts.map(({ script }) => script!.machine);
      assert.deepEqual(machines(), ['lasting', 'fresh', 'lasting']);
      assert.deepEqual(machines('lasting'), ['lasting', 'lasting', 'lasting']);
    });

    it('where the machine lasts a second run is followed', async () => {
      const findings = async (agent: string) => {
        const text = declarative(`sh 'echo "127.0.0.1 db" >> /etc/hosts'`, agent);
        const policy = engine.policy(defaultConfiguration);
        const result = await engine.lint({ path: 'Jenkinsfile', text }, policy);
        return result.candidates.map(({ rule }) => rule);
      };
      assert.deepEqual(await findings(`agent { label 'built-in' }`), [
        'shell/append-not-idempotent',
      ]);
      assert.deepEqual(await findings('agent any'), []);
      assert.deepEqual(await findings(`agent { docker 'x:1' }`), []);
    });
  });

  it('stages, their conditions and what comes after them', () => {
    const { pipeline, stages } = read(`pipeline {
  agent none
  options { timestamps()
    office365ConnectorWebhooks([[name: 'x']]) }
  stages {
    stage('Build') { steps { sh 'make' } }
    stage('Tests') {
      parallel {
        stage('Unit') { steps { sh 'make unit' } }
        stage('Slow') {
          when { branch 'main' }
          steps { sh 'make slow' }
          post { failure { echo 'x' } }
        }
      }
    }
    stage('All') {
      matrix {
        axes { axis { name 'OS'
          values 'a', 'b' } }
        stages { stage('One') { steps { sh 'make one' } } }
      }
    }
  }
  post {
    always { junit 'x.xml' }
    failure { mail to: 'a', subject: 'b' }
  }
}`);
    assert.equal(pipeline.kind, 'declarative');
    assert.deepEqual(
      pipeline.options.map(({ name }) => name),
      ['timestamps', 'office365ConnectorWebhooks'],
    );
    assert.deepEqual([...pipeline.post!.conditions.keys()], ['always', 'failure']);
    assert.deepEqual(
      stages.map(({ name, parent, steps, when, post }) => [
        name,
        parent?.name,
        steps.map((step) => step.script?.text ?? step.name),
        when !== undefined,
        [...(post?.conditions.keys() ?? [])],
      ]),
      [
        ['Build', undefined, ['make'], false, []],
        ['Tests', undefined, [], false, []],
        ['Unit', 'Tests', ['make unit'], false, []],
        ['Slow', 'Tests', ['branch', 'make slow', 'echo'], true, ['failure']],
        ['All', undefined, [], false, []],
        ['One', 'All', ['make one'], false, []],
      ],
    );
  });

  it('what surrounds a step', () => {
    const { scripts } = read(`node {
  def status = sh(script: 'a', returnStatus: true)
  stage('B') {
    timeout(5) { withEnv(['X=1']) { sh 'b' } }
    try { sh 'c' } catch (e) { sh 'd' } finally { sh 'e' }
  }
  parallel x: { sh 'f' }, y: { sh 'g' }
  if (sh(script: 'h', returnStatus: true) == 0) { sh 'i' }
}
def helper() { sh(script: 'j', returnStatus: true) }
`);
    assert.deepEqual(
      scripts.map(({ script, stage, within, tries, handles, used }) => [
        script!.text,
        stage?.name,
        within.map(({ name }) => name).join(' '),
        tries.length,
        handles,
        used,
      ]),
      [
        ['a', undefined, 'node', 0, false, true],
        ['b', 'B', 'withEnv timeout stage node', 0, false, false],
        ['c', 'B', 'stage node', 1, false, false],
        ['d', 'B', 'stage node', 0, true, false],
        ['e', 'B', 'stage node', 0, true, false],
        ['f', undefined, 'parallel node', 0, false, false],
        ['g', undefined, 'parallel node', 0, false, false],
        ['h', undefined, 'node', 0, false, true],
        ['i', undefined, 'node', 0, false, false],
        ['j', undefined, '', 0, false, true],
      ],
    );
  });

  it('libraries and images', () => {
    const { libraries, pipeline, document } = read(`@Library(['a', 'b@1']) _
library 'c@2'
library identifier: 'd@e', retriever: x()
pipeline {
  agent { docker { image 'f:1' } }
  stages { stage('A') { steps { script {
    docker.image("g:\${h}").inside { }
    docker.image('pushed').push()
    docker.build('i:j')
  } } } }
}`);
    assert.deepEqual(
      libraries.map(({ name, version, retrieved }) => [name, version, retrieved]),
      [
        ['a', undefined, false],
        ['b', '1', false],
        ['c', '2', false],
        ['d', 'e', true],
      ],
    );
    assert.deepEqual(
      pipeline.images.map(({ reference }) => [reference.text, reference.incomplete]),
      [
        ['f:1', false],
        ['g:____', true],
      ],
    );
    assert.deepEqual(document.facts, [{ kind: 'image/built-here', key: 'i' }]);
  });

  it('shell of all writings maps back to the file', () => {
    const text = declarative(`sh "echo \\"\${x}\\" \\$HOME"
        sh 'make ' + target + " -j2"
        sh("""\\
          cat \${file} | wc -l
        """.stripIndent())`);
    const { scripts } = read(text);
    assert.deepEqual(
      scripts.map(({ script }) => script!.text.trim()),
      ['echo "____" $HOME', 'make ______ -j2', 'cat _______ | wc -l'],
    );
    const words = scripts.flatMap((step) =>
      step.script!.commands.flatMap((command) =>
        command.args.map((word) => text.slice(...step.placeOf(word).range)),
      ),
    );
    assert.deepEqual(words, ['\\"${x}\\"', '\\$HOME', 'target', '-j2', '${file}', '-l']);
  });

  it('a file that is broken or half-typed is read as far as it goes', () => {
    const text = declarative(`sh 'make'\n sh """cat \${x}"""`);
    for (let at = 0; at <= text.length; at++) {
      const { document, steps } = read(text.slice(0, at));
      assert.ok(document.problems.length <= 1);
      for (const { range } of steps) assert.ok(range[1] <= at);
    }
    assert.equal(read(`${text}\n}`).document.problems[0]?.message, '} has no beginning');
  });

  it('the route to a place is that of the calls around it', () => {
    const text = declarative(`echo 'x'\nsh 'make'`);
    assert.equal(
      read(text).document.route!(text.indexOf('make')),
      'pipeline[1].stages[1].stage[A].steps[1].sh[1]',
    );
  });
});
