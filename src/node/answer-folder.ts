import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answers, Shared } from '../pipeline/watcher';
import { isSystemError } from './system-message';

/** After this without renewal whoever asked has ended. Milliseconds. */
const leaseTime = 30_000;

/**
 * Answers in a folder that all windows of a user see: states only, no token, readable by nobody else. Whoever makes the
 * lease file asks; a lease that is not renewed has been left behind by a process that ended.
 */
export function answerFolder(folder: string, lasts = leaseTime): Answers {
  const place = (key: string, ending: string) =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.${ending}`);
  return {
    async read(key) {
      try {
        const answer = JSON.parse(await readFile(place(key, 'json'), 'utf8')) as Shared;
        // Of an older or newer version it may be anything.
        return typeof answer.askedAt === 'number' && Array.isArray(answer.status?.past)
          ? answer
          : undefined;
      } catch {
        return undefined;
      }
    },

    async write(key, answer) {
      const file = place(key, 'json');
      const beside = `${file}.${randomBytes(6).toString('hex')}`;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        await writeFile(beside, JSON.stringify(answer), { mode: 0o600 });
        await rename(beside, file);
      } finally {
        await rm(beside, { force: true });
      }
    },

    async lease(key) {
      const file = place(key, 'lease');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const take = async () => {
        const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
          if (isSystemError(error, 'EEXIST')) return undefined;
          throw error;
        });
        await handle?.close();
        return handle !== undefined;
      };
      let mine = await take();
      if (!mine) {
        const age = (path: string) =>
          stat(path).then(
            ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs),
            () => 0,
          );
        if ((await age(file)) <= lasts) return undefined;
        // Of several that find it left behind, only one can move it away.
        const away = `${file}.${randomBytes(6).toString('hex')}`;
        try {
          await rename(file, away);
        } catch {
          return undefined;
        }
        if ((await age(away)) <= lasts) {
          // Another was quicker, and this is its new one.
          await rename(away, file);
          return undefined;
        }
        await rm(away, { force: true });
        mine = await take();
      }
      if (!mine) return undefined;
      const renew = setInterval(() => {
        const now = new Date();
        utimes(file, now, now).catch(() => {});
      }, lasts / 3);
      renew.unref();
      return async () => {
        clearInterval(renew);
        await rm(file, { force: true });
      };
    },
  };
}
