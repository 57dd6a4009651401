import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { type Argument, ansible, type Task } from '../../formats/ansible';
import { isYes, packageModules, upgrades } from '../../formats/ansible-words';

export default defineRule({
  id: 'ansible/package-latest',
  on: ansible,
  summary: 'A package is upgraded to whatever is newest on the day of the run',
  why: 'Two hosts set up a week apart run different versions, and a run meant to change one line of configuration also upgrades, and restarts, what it installed.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',
  neighbours: { 'ansible-lint': ['package-latest', '403'] },

  create: ({ document, path, report }) => {
    if (upgrades.test(words(path))) return {};
    return {
      task(task) {
        const state = task.arg('state');
        if (!packageModules.has(task.module) || state?.text !== 'latest') return;
        if (task.file.testing || isUpgrade(task)) return;
        const names = packagesOf(task);
        if (names.includes('*') || (names.length > 0 && names.every(isPinned))) return;
        const { text } = document.source;
        const quoted = /["']/.test(text[state.range[0]] ?? '') ? 1 : 0;
        const range = [state.range[0] + quoted, state.range[1] - quoted] as const;
        report({
          at: { range },
          message: say`${told(names)} moves to the newest version there is on each run`,
          fix: {
            title: 'Install what is missing, upgrade nothing: present',
            safe: false,
            edits: [{ range, text: 'present' }],
          },
        });
      },
    };
  },
});

const words = (text: string) => text.replace(/[_./-]/g, ' ');

/** To upgrade is what the task is for: by its arguments, its name, its tags or the play it stands in. */
function isUpgrade(task: Task): boolean {
  const limits = ['only_upgrade', 'update_only', 'download_only', 'security', 'bugfix', 'upgrade'];
  if (limits.some((name) => isYes(task.arg(name)?.text ?? ''))) return true;
  const said = [task.name, ...task.parents.map((parent) => parent.name)];
  return (
    said.some((name) => upgrades.test(name?.string ?? '')) ||
    task.tags.some((tag) => upgrades.test(words(tag)))
  );
}

/** `requests<3`, or a variable that holds a version with the name. */
const isPinned = (name: string) => /[=<>~]|version/i.test(name);

const argumentsOf = (task: Task): Argument | undefined =>
  ['name', 'pkg', 'package', 'names'].map((name) => task.arg(name)).find((each) => each);

function packagesOf(task: Task): readonly string[] {
  const given = argumentsOf(task);
  const items = given?.node?.kind === 'list' ? given.node.items : undefined;
  if (items) return items.flatMap((item) => (item.kind === 'scalar' ? [item.string] : []));
  return given && given.text !== '' ? given.text.split(/\s*,\s*/) : [];
}

function told(names: readonly string[]): Wording {
  const [first, ...more] = names;
  if (first === undefined) return say`The package`;
  const shown = first.includes('{') ? say`What it installs` : first;
  return more.length > 0 ? say`${shown} (and ${more.length} more)` : shown;
}
