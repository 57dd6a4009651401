import { execFileSync } from 'node:child_process';
import type { Workbench } from '../workbench';

/** Git as it is for somebody else, without what this process has of it. */
export function git(folder: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...who, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
  });
}

/** Waits for a lamp that reads so, and returns it. */
export function lamp(vs: Workbench, text: string | RegExp, limit = 15_000) {
  const fits = (shown: string) => (typeof text === 'string' ? shown === text : text.test(shown));
  const find = async () => {
    const item = await vs.statusItem('andon.lamp');
    // A lamp that turns has the same text as one that does not.
    return item && fits(item.text ?? '') && !/is building$/.test(item.label ?? '')
      ? item
      : undefined;
  };
  return vs.until(find, `a lamp that reads ${text}`, limit);
}
