import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { built, ensureBuilt } from './built';

/*
 * A case is a text file: what it shows, then commands with what they print, then the files they find.
 *
 *     $ andon check        run by sh in a folder with the files
 *     a line of output     … stands for any text in a line, and alone for any number of lines
 *     ! a line on standard error
 *     [1]                  the exit code; 0 if it is not there
 *     -- a remark
 *
 *     == path/of/a/file    its text follows, up to the next ==
 */

interface Step {
  readonly command: string;
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly code: number;
  readonly line: number;
}

interface Case {
  readonly steps: readonly Step[];
  readonly files: ReadonlyMap<string, string>;
}

function readCase(text: string): Case {
  const [script = '', ...rest] = text.split(/^== /m);
  const files = new Map(
    rest.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end).trim(), part.slice(end + 1)] as const;
    }),
  );
  const steps: { -readonly [K in keyof Step]: Step[K] }[] = [];
  script.split('\n').forEach((line, index) => {
    if (line.startsWith('$ ')) {
      steps.push({ command: line.slice(2), out: [], err: [], code: 0, line: index + 1 });
      return;
    }
    const step = steps.at(-1);
    if (!step) return;
    const code = /^\[(\d+)\]$/.exec(line);
    if (code) step.code = Number(code[1]);
    else if (line.startsWith('-- ')) return;
    else if (line.startsWith('! ')) step.err = [...step.err, line.slice(2)];
    else step.out = [...step.out, line];
  });
  // Blank lines before the next command or the first file are for the eye.
  for (const step of steps) step.out = trimmed(step.out);
  return { steps, files };
}

function trimmed(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, end + 1);
}

/** Whether lines are as expected, with `…` for anything. */
function matches(expected: readonly string[], actual: readonly string[]): boolean {
  const pattern = expected
    .map((line) =>
      line === '…'
        ? '(?:.*\\n)*'
        : `${line
            .split('…')
            .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
            .join('.*')}\\n`,
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(actual.map((line) => `${line}\n`).join(''));
}

describe('command line', function () {
  this.timeout(600_000);
  const bin = mkdtempSync(join(tmpdir(), 'andon-bin-'));
  before(async () => {
    await ensureBuilt();
    writeFileSync(
      join(bin, 'andon'),
      `#!/bin/sh\nexec '${process.execPath}' '${join(built, 'cli.js')}' "$@"\n`,
      {
        mode: 0o755,
      },
    );
  });
  after(() => rmSync(bin, { recursive: true }));

  const folder = join(__dirname, 'cli');
  for (const name of readdirSync(folder).sort()) {
    it(name.replace('.txt', '').replaceAll('-', ' '), () => {
      const { steps, files } = readCase(readFileSync(join(folder, name), 'utf8'));
      const cwd = mkdtempSync(join(tmpdir(), 'andon-cli-'));
      try {
        for (const [path, text] of files) {
          mkdirSync(dirname(join(cwd, path)), { recursive: true });
          writeFileSync(join(cwd, path), text);
        }
        for (const { command, out, err, code, line } of steps) {
          const result = spawnSync('/bin/sh', ['-c', command], {
            cwd,
            encoding: 'utf8',
            timeout: 120_000,
            env: {
              PATH: `${bin}:${process.env.PATH}`,
              HOME: cwd,
              GIT_CONFIG_NOSYSTEM: '1',
              GIT_CEILING_DIRECTORIES: dirname(cwd),
              GIT_AUTHOR_NAME: 'A',
              GIT_AUTHOR_EMAIL: 'a@example.com',
              GIT_COMMITTER_NAME: 'A',
              GIT_COMMITTER_EMAIL: 'a@example.com',
            },
          });
          const lines = (text: string) => trimmed(text.slice(0, 20_000).split('\n'));
          const [stdout, stderr] = [lines(result.stdout), lines(result.stderr)];
          const told = [...stdout, ...stderr.map((each) => `! ${each}`), `[${result.status}]`].join(
            '\n',
          );
          const where = `${name}:${line}: ${command}`;
          if (!matches(out, stdout) || !matches(err, stderr) || result.status !== code) {
            const wanted = [...out, ...err.map((each) => `! ${each}`), `[${code}]`].join('\n');
            assert.equal(told, wanted, where);
            assert.fail(where);
          }
        }
      } finally {
        rmSync(cwd, { recursive: true, force: true });
      }
    });
  }
});
