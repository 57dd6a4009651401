import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Another tool, and how it is called on its own kind of files. */
export interface Peer {
  readonly name: string;
  /** The program, where its name is another; and one it has to be told the place of. */
  readonly program?: string;
  readonly needs?: string;
  /** Whether it checks a file: path relative to the folder, and the format Andon takes it for. */
  checks(path: string, format: string): boolean;
  /** Calls that together check the files (relative to the folder they are made in). */
  calls(files: readonly string[], needed?: string): readonly (readonly string[])[];
  /** At most so many files, where the peer is so slow that more would tell nothing new. */
  readonly most?: number;
}

const workflow = (path: string) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
const manifest = (path: string, format: string) =>
  format === 'kubernetes' && /\.ya?ml$/.test(path) && !/(^|\/)templates\//.test(path);
const checkovFormats = ['cloudformation', 'dockerfile', 'terraform'];
const one = (args: readonly string[]) => (files: readonly string[]) => [[...args, ...files]];

/** The peers, with the options that make them print findings for a program and stay off the network. */
export const peers: readonly Peer[] = [
  {
    name: 'actionlint',
    checks: workflow,
    calls: one(['-shellcheck=', '-pyflakes=', '-format', '{{json .}}']),
  },
  {
    // As Andon does, it looks into the scripts too.
    name: 'actionlint + shellcheck',
    program: 'actionlint',
    needs: 'shellcheck',
    checks: workflow,
    calls: (files, shellcheck) => [
      [`-shellcheck=${shellcheck}`, '-pyflakes=', '-format', '{{json .}}', ...files],
    ],
  },
  {
    name: 'ansible-lint',
    checks: (_, format) => format === 'ansible',
    calls: one(['--offline', '-q', '--nocolor', '-f', 'pep8']),
    most: 150,
  },
  {
    name: 'cfn-lint',
    checks: (_, format) => format === 'cloudformation',
    calls: one(['-f', 'json', '--non-zero-exit-code', 'none']),
  },
  {
    name: 'checkov',
    checks: (path, format) => manifest(path, format) || checkovFormats.includes(format),
    // Without being told the formats it looks into each file for all it knows.
    calls: one(
      '--skip-download --quiet --compact --soft-fail -o json --framework kubernetes'
        .split(' ')
        .concat(checkovFormats, '-f'),
    ),
    most: 300,
  },
  {
    name: 'dclint',
    checks: (_, format) => format === 'compose',
    calls: one(['-f', 'json']),
  },
  {
    name: 'hadolint',
    checks: (_, format) => format === 'dockerfile',
    calls: one(['--no-fail', '-f', 'json']),
  },
  {
    name: 'kube-linter',
    checks: manifest,
    calls: one(['lint', '--format', 'json']),
  },
  {
    name: 'kube-score',
    checks: manifest,
    // It gives up on the whole call at the first file it cannot read, so each has a call of its own.
    calls: (files) => files.map((file) => ['score', '--output-format', 'ci', file]),
    most: 100,
  },
  {
    name: 'pint',
    checks: (_, format) => format === 'prometheus',
    // What it has to say is an exit code of 1, unless it is told to fail on nothing less than fatal.
    calls: one(['--offline', '--no-color', 'lint', '--fail-on', 'fatal']),
  },
  {
    name: 'shellcheck',
    checks: (path, format) => format === 'shell' && !path.endsWith('.bats'),
    calls: one(['-f', 'json1']),
  },
  {
    name: 'tflint',
    checks: (path) => path.endsWith('.tf'),
    calls: (files) =>
      [...new Set(files.map(dirname))].map((folder) => [
        `--chdir=${folder}`,
        '-f',
        'json',
        '--force',
      ]),
    most: 300,
  },
  {
    name: 'zizmor',
    checks: workflow,
    calls: one(['--offline', '--format', 'json']),
  },
];

/** Where a program is: in the folder `$ANDON_PEERS` names, else on the PATH. */
export function findProgram(name: string, env = process.env): string | undefined {
  const folders = [env.ANDON_PEERS, ...(env.PATH ?? '').split(delimiter)];
  for (const folder of folders) {
    if (!folder) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return undefined;
}
