import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../src/node/git';
import { gitProgram, preferGit } from '../src/node/git-program';

describe('which git is run', function () {
  if (process.platform === 'win32') return;
  this.timeout(60_000);
  let folder: string;
  const program = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'andon-git-'));
  });
  afterEach(() => preferGit([]));
  after(() => rmSync(folder, { recursive: true }));

  it('the one on the PATH, where none is named', async () => {
    assert.equal(await gitProgram(), 'git');
    preferGit(['git2', './git', join(folder, 'not-there'), program('no-git', 'echo hello')]);
    assert.equal(await gitProgram(), 'git');
    preferGit([program('fails', 'echo git version 2; exit 1')]);
    assert.equal(await gitProgram(), 'git');
  });

  it('the first one named that is one', async () => {
    const mine = program('mine', 'echo git version 2.99 "$*"');
    preferGit([join(folder, 'not-there'), mine, program('second', 'echo git version 2.98')]);
    assert.equal(await gitProgram(), mine);
    assert.equal(await git(folder, 'status'), 'git version 2.99 status\n');
  });
});
