import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { engine } from '../../catalog';
import { firstConfiguration } from '../../project/first-configuration';
import { count } from '../../report/check-report';
import { checkFiles } from '../check-files';
import { configurationFile, noConfiguration } from '../configuration';
import { createLintPool } from '../lint-pool';
import { UsageError } from '../options';
import { progressOn } from '../terminal';
import { slashes, workspaceRoot } from '../workspace-root';
import { writeWhole } from '../write-file';
import type { Command } from './command';

/** Files by which a workspace configures a tool Andon can leave the word to. */
const neighbours: readonly (readonly [tool: string, files: readonly string[]])[] = [
  ['actionlint', ['.github/actionlint.yaml', '.github/actionlint.yml']],
  [
    'ansible-lint',
    ['.ansible-lint', '.ansible-lint.yml', '.ansible-lint.yaml', '.config/ansible-lint.yml'],
  ],
  ['dclint', ['.dclintrc', '.dclintrc.yaml', '.dclintrc.yml', '.dclintrc.json']],
  ['hadolint', ['.hadolint.yaml', '.hadolint.yml']],
  ['kube-linter', ['.kube-linter.yaml', '.kube-linter.yml']],
  ['shellcheck', ['.shellcheckrc', 'shellcheckrc']],
  ['tflint', ['.tflint.hcl']],
  ['zizmor', ['zizmor.yml', '.github/zizmor.yml']],
];

/** `andon init`: writes a commented configuration for what is there, and nothing else. */
export const init: Command = {
  name: 'init',
  operands: '',
  summary: 'write a commented .andon.yaml for what is found here',
  options: [],
  async run(given, terminal) {
    if (given.operands.length > 0) throw new UsageError('init takes no arguments');
    const { folder: root } = workspaceRoot(terminal.cwd);
    const existing = configurationFile(root);
    if (existing) {
      terminal.err(
        `${slashes(relative(terminal.cwd, existing))} is there already and stays as it is\n`,
      );
      return 2;
    }
    const pool = createLintPool({
      worker: join(terminal.home, 'worker.js'),
      size: Math.min(4, availableParallelism()),
    });
    const progress = progressOn(terminal);
    try {
      pool.configure(noConfiguration.configuration);
      const { workspace, files } = await checkFiles({
        root,
        targets: [root],
        configuration: noConfiguration.configuration,
        engine,
        pool,
        signal: terminal.signal,
        progress: (done, known) => progress.show(`looked at ${done} of ${count(known, 'file')}`),
      });
      progress.clear();
      const found = new Map<string, number>();
      for (const path of files.keys()) {
        const format = workspace.result(path)?.format;
        if (format) found.set(format, (found.get(format) ?? 0) + 1);
      }
      const tools = neighbours
        .filter(([, names]) => names.some((name) => existsSync(join(root, name))))
        .map(([tool]) => tool);
      const file = join(root, '.andon.yaml');
      const { formats, rules } = engine;
      writeWhole(file, firstConfiguration({ found, formats, rules, tools }));
      terminal.out(`${slashes(relative(terminal.cwd, file))} written\n`);
      return 0;
    } finally {
      progress.clear();
      await pool.dispose();
    }
  },
};
