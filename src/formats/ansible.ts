import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Machine, type Visit } from '../engine/format';
import type { Part } from '../engine/part';
import { type NeighbourIgnores, readNeighbourIgnores } from '../engine/suppressions';
import { parseYaml, type YamlList, yamlRoute } from '../syntax/yaml';
import { LineIndex } from '../text/line-index';
import type { Source } from '../text/source';
import { type AnsibleFile, type Block, type Play, readAnsible, type Task } from './ansible-model';
import { kindOfList } from './ansible-words';
import { scriptName } from './shell-callers';

export type { AnsibleFile, Argument, Block, Play, Task } from './ansible-model';
export { commentAbove } from './ansible-model';

export type AnsibleNodes = { file: AnsibleFile; play: Play; block: Block; task: Task };

interface AnsibleFacts {
  readonly machine: Machine | undefined;
}

/** Folders whose files are tasks or handlers by Ansible's own rules. */
const byFolder = /(?:^|\/)(?:tasks|handlers)\/(?:[^/]+\/)*[^/]+$/;
const inRole = /(?:^|\/)roles\/[^/]+\/(?:tasks|handlers)\//;
const handlersFile = /(?:^|\/)handlers\/|(?:^|\/)handlers?\.ya?ml$/;

/**
 * Ansible playbooks, and files of tasks and handlers
 * (https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_reuse_roles.html#role-directory-structure).
 */
export const ansible = defineFormat<AnsibleNodes, AnsibleFacts>({
  id: 'ansible',
  title: 'Ansible playbook or tasks',
  files: ['**/*.{yml,yaml}'],
  nodes: ['file', 'play', 'block', 'task'],

  recognises(file) {
    if (!/\.ya?ml$/.test(file.name) && file.languageId !== 'ansible') return undefined;
    const kind = kindOfList(file.text);
    if (kind === undefined) return undefined;
    if (kind === 'playbook') return 'by-content';
    if (inRole.test(file.path)) return 'by-name';
    if (file.languageId === 'ansible' && kind !== 'list') return 'by-name';
    if (kind === 'list') return undefined;
    return kind === 'tasks' || byFolder.test(file.path) ? 'by-content' : undefined;
  },

  alone: (file) => ({ machine: file.machine }),

  parse(source, facts) {
    return new AnsibleDocument(source, facts.machine);
  },
});

class AnsibleDocument implements Document<AnsibleNodes> {
  readonly source: Source;
  readonly problems;
  readonly file: AnsibleFile | undefined;
  readonly #roots;
  #ignores: NeighbourIgnores | undefined;
  #lines: LineIndex | undefined;

  constructor(source: Source, machine: Machine | undefined) {
    const { roots, problems } = parseYaml(source, { version: '1.1' });
    this.source = source;
    // PyYAML, which Ansible reads with, lets the lines of a flow collection stand further left.
    this.problems = problems.filter(({ message }) => !message.includes('sufficiently indented'));
    this.#roots = roots;
    const root = roots.find((each): each is YamlList => each.kind === 'list');
    this.file = root && readAnsible(source, root, kindOf(source.path, root), machine);
  }

  get embedded() {
    return this.file?.tasks.flatMap((task) => task.embedded ?? []) ?? [];
  }

  get facts(): readonly Fact[] {
    return this.file
      ? [
          ...resultsRead(this.source.text, this.file),
          ...runOnChange(this.file),
          ...scriptsSent(this.file),
        ]
      : [];
  }

  get parts(): readonly Part[] {
    const { file } = this;
    return file && file.plays.length > 0
      ? [{ kind: 'playbook', name: '', links: [], range: [file.range[0], file.range[0]] }]
      : [];
  }

  *walk(): Iterable<Visit<AnsibleNodes>> {
    if (!this.file) return;
    yield ['file', this.file];
    for (const play of this.file.plays) yield ['play', play];
    const seen = new Set<Block>();
    for (const task of this.file.tasks) {
      for (const parent of task.parents) {
        if (parent.kind !== 'block' || seen.has(parent)) continue;
        seen.add(parent);
        yield ['block', parent];
      }
      yield ['task', task];
    }
  }

  route(offset: number): string {
    return yamlRoute(this.#roots, offset);
  }

  /** `# noqa` on any line of the task counts, as for ansible-lint; so does its tag `skip_ansible_lint`. */
  ignoredFor(
    tool: string,
    codes: readonly string[],
    at: { readonly range: readonly number[] },
  ): boolean {
    if (tool !== 'ansible-lint') return false;
    const offset = at.range[0]!;
    const task = this.file?.tasks.find(
      ({ range }) => range[0] <= offset && offset < Math.max(range[1], range[0] + 1),
    );
    if (!task) return false;
    if (task.tags.includes('skip_ansible_lint')) return true;
    this.#ignores ??= readNeighbourIgnores(this.source.text);
    this.#lines ??= new LineIndex(this.source.text);
    const last = this.#lines.position(task.range[1] - 1).line;
    for (let line = this.#lines.position(task.range[0]).line; line <= last; line++) {
      if (this.#ignores.covers(tool, codes, line)) return true;
    }
    return false;
  }
}

function kindOf(path: string, root: YamlList): AnsibleFile['kind'] {
  const isPlay = root.items.some(
    (item) =>
      item.kind === 'map' &&
      item.entries.some(({ key }) =>
        /^(?:ansible\.builtin\.)?import_playbook$|^hosts$/.test(key.string),
      ),
  );
  if (isPlay) return 'playbook';
  return handlersFile.test(path) ? 'handlers' : 'tasks';
}

/** `.rc`, `['stat']`, `is failed`, `| changed`: how the outcome of a task is asked for; the name stands before it. */
const outcomeRead =
  /(?:\.(?:get\(['"])?|\[['"])(?:rc|std(?:out|err)(?:_lines)?|stat|changed|failed|skipped|results|msg|json|content|status|exists)\b|(?:\bis\s+(?:not\s+)?|\|\s*)(?:changed|failed|success\w*|succeeded|skipped|defined|undefined)\b/g;
const nameBefore = /([A-Za-z_]\w*)\s*$/;

/**
 * Outcomes read here and registered elsewhere, as facts `ansible/result-read`: a variable registered by one file of a
 * role is often read by another.
 */
function resultsRead(text: string, file: AnsibleFile): Fact[] {
  const own = new Set(file.tasks.map((task) => task.register));
  const names = new Set<string>();
  for (const match of text.matchAll(outcomeRead)) {
    const name = nameBefore.exec(text.slice(Math.max(0, match.index - 100), match.index))?.[1];
    if (name !== undefined && name !== 'item' && !own.has(name)) names.add(name);
  }
  return [...names].map((key) => ({ kind: 'ansible/result-read', key }));
}

/**
 * Task files and roles included by a handler, or by a task that itself runs only when something changed, as facts
 * `ansible/run-on-change` with the file's path.
 */
function runOnChange(file: AnsibleFile): Fact[] {
  const keys = new Set<string>();
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  const roles = /^(?:.*\/)?roles\//.exec(file.path)?.[0] ?? `${folder}roles/`;
  for (const task of file.tasks) {
    if (!/^(?:include|import)_(?:tasks|role)$/.test(task.module)) continue;
    if (!task.handler && !task.guarded) continue;
    if (task.module === 'include_tasks' || task.module === 'import_tasks') {
      const name = task.arg('file')?.text ?? task.map.get(task.moduleKey.string);
      const said = typeof name === 'string' ? name : name?.kind === 'scalar' ? name.string : '';
      const path = said.split(/\s/)[0]!;
      if (path === '' || path.includes('{')) continue;
      keys.add(normal(folder + path));
      keys.add(normal(`${folder}../tasks/${path}`));
    } else {
      const name = task.arg('name')?.text;
      if (!name || name.includes('{')) continue;
      const from = (task.arg('tasks_from')?.text ?? 'main').replace(/\.ya?ml$/, '');
      for (const end of ['yml', 'yaml']) keys.add(`${roles}${name}/tasks/${from}.${end}`);
    }
  }
  return [...keys].map((key) => ({ kind: 'ansible/run-on-change', key }));
}

/** Scripts of the workspace that are sent to a machine and run there, as facts `shell/runs-on-lasting`. */
function scriptsSent(file: AnsibleFile): Fact[] {
  return file.tasks.flatMap((task) => {
    if (task.module !== 'script' || task.guarded) return [];
    const given = task.map.get(task.moduleKey.string);
    const said = task.arg('cmd')?.text ?? (given?.kind === 'scalar' ? given.string : '');
    const path = said.trim().split(/\s/)[0]!;
    return path === '' || path.includes('{')
      ? []
      : [{ kind: 'shell/runs-on-lasting', key: scriptName(path) }];
  });
}

function normal(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '.' && part !== '') out.push(part);
  }
  return out.join('/');
}
