import assert from 'node:assert/strict';
import { probe } from '../src/engine/format';
import { type AnsibleFile, ansible, type Task } from '../src/formats/ansible';
import { ansibleRequirements, type Requirement } from '../src/formats/ansible-requirements';
import { onlyReads } from '../src/formats/shell-reads';
import { parseShell } from '../src/syntax/shell';
import { Source } from '../src/text/source';
import './grammars';

const fileOf = (text: string, path = 'roles/app/tasks/main.yml'): AnsibleFile => {
  const document = ansible.parse(Source.file(path, text), { machine: undefined });
  for (const [kind, node] of document.walk()) if (kind === 'file') return node;
  throw new Error('no file');
};
const tasksOf = (text: string, path?: string): readonly Task[] => fileOf(text, path).tasks;
const taskOf = (text: string, path?: string): Task => tasksOf(text, path)[0]!;

describe('ansible', () => {
  before(async () => {
    try {
      parseShell('true');
    } catch (error) {
      await (error as { load(): Promise<void> }).load();
    }
  });

  describe('recognition', () => {
    const claim = (path: string, text: string, languageId?: string) =>
      ansible.recognises(probe(path, text, languageId ? { languageId } : {}));
    const tasks = '- name: x\n  command: ls\n';
    const cases: readonly [string, string, string | undefined][] = [
      ['site.yml', '---\n- hosts: all\n  roles: [web]\n', 'by-content'],
      ['site.yml', '- name: all\n  import_playbook: web.yml\n', 'by-content'],
      ['roles/web/tasks/main.yml', tasks, 'by-name'],
      ['roles/web/tasks/deep/down.yaml', '- some.own.module:\n', 'by-name'],
      ['tasks/main.yml', tasks, 'by-content'],
      ['setup.yml', '# a\n---\n- name: x\n  become: true\n  command: ls\n', 'by-content'],
      ['setup.yml', '- ansible.builtin.command: ls\n', 'by-content'],
      ['setup.yml', '  - name: x\n    apt: name=x\n', 'by-content'],
      ['config/jobs.yml', tasks, undefined],
      ['.gitlab-ci.yml', 'stages:\n- build\nbuild:\n  script: [ls]\n', undefined],
      ['.pre-commit-hooks.yaml', '- id: x\n  name: x\n  entry: x\n  files: y\n', undefined],
      ['compose.yaml', 'services:\n  a:\n    command: ls\n', undefined],
      ['patch.yaml', '- op: replace\n  path: /spec\n  value: 1\n', undefined],
      ['targets.yml', '- targets: [a]\n  labels:\n    job: x\n', undefined],
      ['roles/web/defaults/main.yml', 'web_port: 80\n', undefined],
      ['roles/web/tasks/main.yml', '---\n', undefined],
      ['ingress.yaml', 'spec:\n  tls:\n  - hosts: [a]\n', undefined],
    ];
    for (const [path, text, expected] of cases) {
      it(`${path}: ${JSON.stringify(text).slice(0, 40)}`, () => {
        assert.equal(claim(path, text), expected);
      });
    }

    it('believes the editor where the text is no contradiction', () => {
      assert.equal(claim('x.yml', tasks, 'ansible'), 'by-name');
      assert.equal(claim('vars.yml', 'a: 1\n', 'ansible'), undefined);
    });
  });

  it('knows a module by its short and its full name', () => {
    const names = (key: string) => taskOf(`- ${key}: x=1\n`).module;
    assert.equal(names('ansible.builtin.shell'), 'shell');
    assert.equal(names('shell'), 'shell');
    assert.equal(names('ansible.builtin.systemd_service'), 'systemd');
    assert.equal(names('community.docker.docker_container'), 'docker_container');
    assert.equal(names('acme.tools.shell'), 'acme.tools.shell');
  });

  it('reads the arguments of all spellings', () => {
    const said = (text: string) => {
      const task = taskOf(text);
      return task.args.map(({ name, text: value, range }) => {
        assert.ok(text.slice(...range).includes(value), `${name} is misplaced`);
        return `${name}=${value}`;
      });
    };
    assert.deepEqual(said('- apt: name=git state=latest\n'), ['name=git', 'state=latest']);
    assert.deepEqual(said('- apt:\n    name: git\n    state: latest\n'), [
      'name=git',
      'state=latest',
    ]);
    assert.deepEqual(said('- action: apt name="a b" state={{ x | d("y z") }}\n'), [
      'name=a b',
      'state={{ x | d("y z") }}',
    ]);
    assert.deepEqual(said('- local_action:\n    module: apt\n    name: git\n'), [
      'module=apt',
      'name=git',
    ]);
    assert.deepEqual(said('- command: ls\n  args:\n    chdir: /x\n'), ['chdir=/x']);
  });

  it('takes the arguments out of a free-form command', () => {
    const task = taskOf('- command: make install PREFIX=/x creates=/y chdir="/a b"\n');
    assert.equal(task.command?.text.trim(), 'make install PREFIX=/x');
    assert.equal(task.arg('creates')?.text, '/y');
    assert.equal(task.arg('chdir')?.text, '/a b');
    assert.equal(task.guarded, true);
  });

  it('reads cmd and argv', () => {
    assert.equal(taskOf('- shell:\n    cmd: ls | wc\n').command?.text, 'ls | wc');
    const { script } = taskOf('- command:\n    argv:\n      - echo\n      - a b\n');
    assert.deepEqual(
      script?.commands.map((each) => [each.name, each.args.map((arg) => arg.value)]),
      [['echo', ['a b']]],
    );
  });

  it('masks templates, and a command has no operators', () => {
    const shell = taskOf('- shell: "cat {{ file }} | wc -l"\n');
    assert.equal(shell.script?.commands.length, 2);
    assert.equal(shell.command?.text, 'cat __________ | wc -l');
    const command = taskOf('- command: cat a | wc -l > b\n');
    assert.equal(command.script?.commands.length, 1);
    assert.equal(command.script?.commands[0]?.redirects.length, 0);
    const inner = taskOf('- command: bash -c "ls | wc -l"\n');
    assert.equal(inner.script?.commands[0]?.args[1]?.value, 'ls | wc -l');
  });

  it('tells the shell how it runs', () => {
    const { script } = taskOf('- shell: ls\n  args:\n    executable: /bin/bash\n');
    assert.equal(script?.dialect, 'bash');
    assert.equal(script?.stopsOnError, false);
    assert.equal(script?.machine, 'lasting');
    assert.equal(script?.use, 'provisioning');
    assert.equal(
      taskOf('- shell: ls\n  args:\n    executable: /usr/bin/python3\n').script,
      undefined,
    );
    assert.equal(taskOf('- script: a.sh\n').script, undefined);
    assert.equal(taskOf('- win_shell: dir\n').script, undefined);
  });

  it('knows what runs only when something calls for it', () => {
    const guarded = (when: string) =>
      taskOf(`- command: make\n  when: ${when}\n`, 'roles/a/tasks/main.yml').guarded;
    for (const when of [
      'x is changed',
      'not st.stat.exists',
      'result.rc != 0',
      "x['changed']",
      'config_changed | bool',
      'x | failed',
      '[ a, x is not succeeded ]',
    ]) {
      assert.equal(guarded(when), true, when);
    }
    for (const when of ['ansible_os_family == "Debian"', 'install_it | bool', 'a is defined']) {
      assert.equal(guarded(when), false, when);
    }
    const registered = tasksOf('- stat: path=/x\n  register: st\n- command: y\n  when: st\n');
    assert.equal(registered[1]!.guarded, true);
    const outer = tasksOf('- when: a is changed\n  block:\n    - command: x\n');
    assert.equal(outer[0]!.guarded, true);
  });

  it('finds tasks in all places of a play, with what they stand in', () => {
    const text = [
      '- hosts: all',
      '  tags: web',
      '  pre_tasks:',
      '    - command: a',
      '  tasks:',
      '    - name: b',
      '      tags: [b]',
      '      block:',
      '        - shell: b1',
      '      rescue:',
      '        - shell: b2',
      '      always:',
      '        - shell: b3',
      '  post_tasks:',
      '    - raw: c',
      '  handlers:',
      '    - command: d',
      '',
    ].join('\n');
    const tasks = tasksOf(text, 'site.yml');
    const told = tasks.map((task) => [task.command?.text, task.handler, task.rescues]);
    assert.deepEqual(told, [
      ['a', false, false],
      ['b1', false, false],
      ['b2', false, true],
      ['b3', false, true],
      ['c', false, false],
      ['d', true, false],
    ]);
    assert.deepEqual(tasks[1]!.tags, ['web', 'b']);
    assert.equal(tasks[1]!.parents.length, 2);
    assert.equal(taskOf('- command: x\n', 'roles/a/handlers/main.yml').handler, true);
  });

  it('reads YAML as Ansible does: yes is true, tags of its own are no problem', () => {
    const text = '- command: x\n  ignore_errors: yes\n  vars:\n    a: !vault |\n      1234\n';
    assert.equal(taskOf(text).ignoresFailure?.key.string, 'ignore_errors');
    const document = ansible.parse(Source.file('x.yml', text), { machine: undefined });
    assert.deepEqual(document.problems, []);
    assert.equal(
      taskOf('- command: x\n  failed_when: [false]\n').ignoresFailure !== undefined,
      true,
    );
    assert.equal(taskOf('- command: x\n  failed_when: x.rc > 1\n').ignoresFailure, undefined);
  });

  it('survives half-typed tasks and blocks that contain themselves', () => {
    for (const text of [
      '- name:\n',
      '- \n',
      '- block:\n',
      '- when\n',
      '- shell:\n',
      '- action:\n',
    ]) {
      assert.doesNotThrow(() => tasksOf(text), text);
    }
    const loop = '- &a\n  block:\n    - command: x\n    - *a\n';
    assert.ok(tasksOf(loop).length > 0);
  });

  describe('what only reads', () => {
    const reads = (text: string) => onlyReads(taskOf(`- shell: |\n    ${text}\n`).script!);
    for (const text of [
      'uname -r',
      'cat /etc/os-release | grep ID | cut -d= -f2',
      'rpm -qa',
      'dpkg-query -W nginx 2>/dev/null',
      'nginx -t',
      'git rev-parse HEAD',
      'curl -s http://localhost/health',
      'set -o pipefail; ss -lnt | awk "{ print }"',
      'tool --version',
      'kubectl get pods',
      'psql -c "SELECT 1"',
    ]) {
      it(text, () => assert.equal(reads(text), true));
    }
    for (const text of [
      'echo x > /etc/motd',
      'find /tmp -delete',
      'hostname web1',
      'git config user.name x',
      'curl -o /tmp/x http://localhost/x',
      'curl -X POST http://localhost/reload',
      'sed -i s/a/b/ /etc/x',
      'tool run',
      'cat x | tee y',
      'date -s 2020-01-01',
      'kubectl config set-context x',
      'psql -c "SELECT 1; DROP TABLE x"',
      '{{ tool }} get',
    ]) {
      it(`not: ${text}`, () => assert.equal(reads(text), false));
    }
  });
});

describe('ansible requirements', () => {
  const read = (text: string): readonly Requirement[] => {
    const document = ansibleRequirements.parse(Source.file('requirements.yml', text), undefined);
    return [...document.walk()].map(([, node]) => node);
  };

  it('reads roles and collections, and the old list', () => {
    const both = read(
      'roles:\n  - src: https://x/y.git\n    scm: git\n    version: v1\n  - geerlingguy.ntp\ncollections:\n  - name: community.general\n    version: ">=1"\n',
    );
    assert.deepEqual(
      both.map((each) => [each.kind, each.name.string, each.version?.string]),
      [
        ['role', 'https://x/y.git', 'v1'],
        ['role', 'geerlingguy.ntp', undefined],
        ['collection', 'community.general', '>=1'],
      ],
    );
    assert.equal(read('- src: a.b\n- name: c\n  src: d.e\n').length, 2);
  });

  it('leaves other requirements alone', () => {
    const claim = (path: string, text: string) => ansibleRequirements.recognises(probe(path, text));
    assert.equal(claim('requirements.yml', 'roles:\n  - a.b\n'), 'by-name');
    assert.equal(claim('roles/requirements.yaml', '---\n- src: a.b\n'), 'by-name');
    assert.equal(claim('requirements.yml', '- a.b\n'), 'by-name');
    assert.equal(claim('chart/requirements.yaml', 'dependencies:\n  - name: x\n'), undefined);
    assert.equal(claim('requirements.txt', 'roles:\n'), undefined);
  });
});
