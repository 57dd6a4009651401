import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type KeptKind, keptFiles } from '../../formats/kept-files';
import { isTestMaterial } from '../../formats/test-material';

export default defineRule({
  id: 'workspace/state-committed',
  on: keptFiles,
  summary: 'State that a tool keeps of real machines lies in the repository',
  why: 'Each branch and each clone has a state of its own: two people apply from different ones and one undoes what the other did. What a state knows, passwords among it, is in the history for good.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ path, report }) => ({
    file(file) {
      if (isTestMaterial(path)) return;
      const message = messages[file.kind]?.(path.slice(path.lastIndexOf('/') + 1));
      if (!message) return;
      // Of a state and its backup the state is told.
      const noneOf = [{ kind: 'file', key: path.replace(/(?:\.\d+)?\.backup$/, '') }];
      report({ at: file, message, ...(/\.backup$/.test(path) && { condition: { noneOf } }) });
    },
  }),
});

const messages: Readonly<Partial<Record<KeptKind, (name: string) => Said>>> = {
  'terraform-state': (name) =>
    say`${name} is Terraform's state of real resources, and git does not ignore it`,
  'vagrant-machine': () =>
    say`This is Vagrant's record of one person's machine, and git does not ignore it`,
};
