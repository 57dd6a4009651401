import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type KeptKind, keptFiles } from '../../formats/kept-files';
import { isTestMaterial } from '../../formats/test-material';

export default defineRule({
  id: 'workspace/credential-committed',
  on: keptFiles,
  summary: 'A file that is a key to something lies in the repository',
  why: 'Whoever can read the repository, or ever could, has the key; taking the file out later leaves it in the history, and only another key helps.',
  concern: 'statefulness',
  severity: 'error',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    file(file) {
      if (isTestMaterial(path)) return;
      const message = messages[file.kind]?.(path.slice(path.lastIndexOf('/') + 1));
      if (message) report({ at: file, message });
    },
  }),
});

const messages: Readonly<Partial<Record<KeptKind, (name: string) => Said>>> = {
  kubeconfig: (name) => say`${name} gives access to a cluster, and git does not ignore it`,
  'private-key': (name) => say`${name} is a private key, and git does not ignore it`,
  'vault-password': (name) =>
    say`${name} is the password of Ansible's vault, and git does not ignore it`,
};
