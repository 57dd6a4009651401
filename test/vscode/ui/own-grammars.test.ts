import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IGrammar } from 'vscode-textmate';
import { check, grammar } from '../../tokens';
import { ensureServer } from '../install';

/** The grammars that come with VS Code, by scope. */
async function builtIn(): Promise<ReadonlyMap<string, object>> {
  const extensions = join(dirname((await ensureServer()).server), '..', 'extensions');
  const found = new Map<string, object>();
  const read = (...path: readonly string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
  for (const name of readdirSync(extensions)) {
    const folder = join(extensions, name);
    if (!existsSync(join(folder, 'package.json'))) continue;
    const { grammars = [] } = read(folder, 'package.json').contributes ?? {};
    for (const { scopeName, path } of grammars as { scopeName: string; path: string }[]) {
      if (path.endsWith('.json')) found.set(scopeName, read(folder, path));
    }
  }
  return found;
}

const command = 'entity.name.command.shell';
const shell = 'meta.embedded';
const none = '!meta.embedded';

describe("shell in VS Code's own grammars", () => {
  let hosts: ReadonlyMap<string, object>;
  before(async function () {
    this.timeout(600_000);
    hosts = await builtIn();
  });

  describe('of YAML', () => {
    let of: IGrammar;
    before(async () => {
      of = await grammar('source.yaml', hosts);
    });

    const cases: Record<string, [text: string, expected: [word: string, scope: string][]]> = {
      'a block ends with its indentation, whatever is open in it': [
        `jobs:
  a:
    steps:
      - name: a
        run: |
          curl "$HOME"

            # deeper
          echo "it's
        env:
          A: b
      - run: >-
          make
      - uses: x`,
        [
          ['run', 'entity.name.tag'],
          ['curl', command],
          ['$HOME', shell],
          ['# deeper', 'comment'],
          ['echo', command],
          ['env', none],
          ['A', none],
          ['make', command],
          ['uses', none],
          ['uses', 'entity.name.tag'],
        ].map(([word, scope], i, all) => [all[i - 1]?.[0] === word ? '' : word!, scope!]),
      ],
      'a line ends with itself': [
        `steps:
  - run: echo "open
    name: x
  - run: npm test # note`,
        [
          ['echo', command],
          ['name', none],
          ['npm', command],
          ['# note', 'comment'],
        ],
      ],
      'steps that stand below their key without indentation': [
        `steps:
- bash: |
    make
  displayName: x
- script: ls -l
- task: x`,
        [
          ['make', command],
          ['displayName', none],
          ['script', 'entity.name.tag'],
          ['ls', command],
          ['task', none],
        ],
      ],
      'PowerShell of Azure Pipelines': [
        `steps:
- pwsh: |
    Get-Item x
  displayName: Get-Item
- powershell: Get-Item x
- task: x`,
        [
          ['Get-Item', 'meta.embedded.block.powershell'],
          ['displayName: Get-Item', none],
          ['Get-Item', 'meta.embedded.line.powershell'],
          ['task', none],
        ],
      ],
      'a run of CircleCI, and no other command': [
        `commands:
  a:
    steps:
      - run: ls -l
      - run:
          name: make
          command: |
            curl x
          environment:
            A: make
      - run:
          command: npm test
          # make
          when: always
      - save:
          command: make
jobs:
  a:
    docker:
      - image: x
        command: make
    steps:
    - run:
        command: echo a
    - checkout
    command: make`,
        [
          ['ls', command],
          ['make', none],
          ['curl', command],
          ['A: make', none],
          ['npm', command],
          ['# make', none],
          ['always', none],
          ['make', none],
          ['make', none],
          ['echo', command],
          ['checkout', none],
          ['make', none],
        ],
      ],
      'the lists of cloud-init': [
        `#cloud-config
runcmd:
  - ls -l
  - [ls, -l]
  - - ls
    - -l
  - "npm ci" # ls
  - |
    if a; then
      curl x
    fi
  - echo "open
bootcmd:
- apt-get update
- echo a
    && make
# make
packages:
  - make`,
        [
          ['ls', command],
          ['ls', none],
          ['ls', none],
          ['npm', command],
          ['# ls', none],
          ['curl', command],
          ['echo', command],
          ['bootcmd', none],
          ['apt-get', command],
          ['make', command],
          ['# make', none],
          ['make', none],
        ],
      ],
      'the lists of GitLab': [
        `a:
  before_script:
    - !reference [.b, script]
    - *make
    - npm ci
  script:
  - >-
    make
  after_script: |
    ls
  artifacts:
    paths:
      - make`,
        [
          ['script', none],
          ['make', none],
          ['npm', command],
          ['make', command],
          ['ls', command],
          ['make', none],
        ],
      ],
      'the lists of Bitbucket, Task and CodeBuild, and the other items in them': [
        `pipelines:
  default:
    - step:
        script:
          - npm ci
          - pipe: make/make:1
            variables:
              A: make
          - ls
        after-script:
          - curl x
        caches:
          - make
tasks:
  build:
    cmds:
      - go build
      - task: make
        vars: { A: make }
      - cmd: ls
    deps: [make]
phases:
  build:
    commands:
      - npm test
    finally:
      - ls
    on-failure: make`,
        [
          ['npm', command],
          ['make', none],
          ['A: make', none],
          ['ls', command],
          ['curl', command],
          ['make', none],
          ['go', command],
          ['make', none],
          ['A: make', none],
          ['ls', command],
          ['make', none],
          ['npm', command],
          ['ls', command],
          ['make', none],
        ],
      ],
      'tasks of Ansible, and no other command': [
        `- hosts: all
  tasks:
    - name: a
      shell: |
        curl x
      args:
        chdir: make
    - command: ls
    - docker_container:
        command: make
    - block:
        - ansible.builtin.raw: ls
      rescue:
      - ansible.builtin.shell:
          cmd: ls
          chdir: make
  roles: [a]
- name: a
  shell: ls -l
- shell: bash`,
        [
          ['curl', command],
          ['args', none],
          ['make', none],
          ['ls', command],
          ['make', none],
          ['ls', command],
          ['ls', command],
          ['chdir: make', none],
          ['roles', none],
          ['ls', command],
          ['bash', none],
        ],
      ],
      'the command of a container is none': [
        `services:
  web:
    command: make
    entrypoint: make
    image: make`,
        [
          ['make', none],
          ['make', none],
          ['make', none],
        ],
      ],
      'a block that begins as a script, whatever its key': [
        `UserData:
  Fn::Base64: !Sub |
    #!/bin/bash -xe
    make "it's
  Name: make
write_files:
  - content: |
      #!/usr/bin/env sh
      ls
    owner: make
  - content: |
      #cloud-config
      make
  - content: |
      #!/usr/bin/env python3
      make`,
        [
          ['make', shell],
          ['Name: make', none],
          ['ls', shell],
          ['owner: make', none],
          ['make', none],
          ['make', none],
        ],
      ],
    };
    for (const [title, [text, expected]] of Object.entries(cases)) {
      it(title, () => check(of, text, expected));
    }
  });

  it('of Groovy', async () => {
    const text = `pipeline {
  stages { stage('make') { steps {
    sh 'npm ci'
    sh "curl $\{URL}"
    sh '''
      if a; then
        echo "it's
      fi
    '''
    sh """npm test
      ls"""
    echo 'make'
    sh(script: 'git log', returnStdout: true).trim()
    def out = sh(returnStdout: true, label: 'make', script: '''
      git rev-parse HEAD
    ''').trim()
    x.sh 'make'
    sh(
      script: 'ls',
      label: 'make'
    )
    // sh 'make'
    sh(script: "x \\
      make", returnStdout: true)
    bat 'make'
    sh 'ls' + make
  } } }
}`;
    check(await grammar('source.groovy', hosts), text, [
      ['make', none],
      ['npm', command],
      ['curl', command],
      ['echo', command],
      ['fi', shell],
      ['npm', command],
      ['ls', command],
      ['make', none],
      ['git', command],
      ['returnStdout', none],
      ['make', none],
      ['git', command],
      ['trim', none],
      ['make', none],
      ['ls', command],
      ['make', none],
      ['make', none],
      ['make', none],
      ['make', none],
      ['ls', command],
      ['make', none],
    ]);
  });

  it('of Ruby', async () => {
    const text = `$script = <<-SCRIPT
  apt-get #{what} "it's
  SCRIPT
config.vm.provision "shell", inline: <<~EOS, run: :always
  make
EOS
config.vm.provision "shell", inline: <<-SHELL
  curl x
SHELL
text = <<~TEXT
  make
TEXT`;
    check(await grammar('source.ruby', hosts), text, [
      ['apt-get', command],
      ['what', 'meta.template'],
      ['config', none],
      [':always', 'constant.language.symbol'],
      ['make', command],
      ['curl', command],
      ['make', none],
    ]);
  });

  it('of Dockerfiles', async () => {
    const text = `FROM make
RUN --mount=type=cache,target=/x apt-get update \\
    # andon-allow shell/a: why
 && make
RUN ["make"]
USER make`;
    check(await grammar('source.dockerfile', hosts), text, [
      ['make', none],
      ['apt-get', command],
      ['andon-allow', 'keyword.other.allow'],
      ['make', command],
      ['"make"', 'string.quoted'],
      ['make', none],
    ]);
  });
});
