import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A git repository of a test. */
export interface TestRepository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  write(path: string, text: string): void;
  /** Commits everything; returns the hash. */
  commit(subject: string): string;
  /** As if it had been pushed: what git remembers of the remote's branch. */
  pushed(branch?: string, remote?: string): void;
  remove(): void;
}

/** Environment for programs that run git: nothing of the machine's own configuration. */
export const plainEnvironment = (home: string) => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(home, 'no-gitconfig'),
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
});

/** Makes an empty repository on the branch `main`. */
export function testRepository(remotes: Readonly<Record<string, string>> = {}): TestRepository {
  const folder = mkdtempSync(join(tmpdir(), 'andon-repository-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      env: plainEnvironment(folder),
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'ann@example.com');
  for (const [name, url] of Object.entries(remotes)) git('remote', 'add', name, url);
  return {
    folder,
    git,
    write(path, text) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    commit(subject) {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', subject);
      return git('rev-parse', 'HEAD').trim();
    },
    pushed(branch = 'main', remote = 'origin') {
      git('update-ref', `refs/remotes/${remote}/${branch}`, 'HEAD');
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
