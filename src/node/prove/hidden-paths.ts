import { readFileSync, realpathSync } from 'node:fs';
import { lies, nearestWith } from '../workspace-root';

/** Folders of which a sandbox shows nothing: people's own, scratch, sockets of services, and what is mounted there. */
const always = [
  '/home',
  '/root',
  '/tmp',
  '/var/tmp',
  '/run',
  '/mnt',
  '/media',
  '/var/mail',
  '/var/spool/mail',
  '/proc',
  '/sys',
  '/dev',
  '/lost+found',
];

/** Where a system itself may lie on file systems of its own. */
const ofTheSystem = /^\/(usr|etc|var|opt|bin|sbin|lib\w*|boot|nix|gnu)(\/|$)|^\/$/;

/** Mount points, from the text of /proc/self/mountinfo (https://man7.org/linux/man-pages/man5/proc.5.html). */
export function mountPoints(mountinfo: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((path) => path !== undefined)
    .map((path) => path.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8))));
}

/** What a sandbox shows of the machine, and what not. */
export interface View {
  /** Folders that are empty in the sandbox, outermost only. */
  readonly hidden: readonly string[];
  /** Folders inside hidden ones that are there all the same: the script's own. */
  readonly shown: readonly string[];
}

/** The view for a script that lies in the first of `folders` and uses the others. `homes`: of the user. */
export function viewFor(folders: readonly string[], homes: readonly string[]): View {
  const mounts = mountPoints(readFileSync('/proc/self/mountinfo', 'utf8'));
  return viewOf(folders, [...always, ...homes].map(real), mounts);
}

/** The pure part of viewFor. `privates`: hidden whatever is mounted; all paths without links. */
export function viewOf(
  folders: readonly string[],
  privates: readonly string[],
  mounts: readonly string[],
): View {
  const wanted = [...privates, ...mounts.filter((path) => !ofTheSystem.test(path))].filter(
    (path) => path !== '/' && !path.includes('\n'),
  );
  const hidden = [...new Set(wanted)].filter(
    (path) => !wanted.some((other) => other !== path && lies(path, other)),
  );
  // A folder that holds all of a home, or all of /tmp, is not the script's own.
  const shown = folders.filter(
    (folder) =>
      hidden.some((path) => lies(folder, path)) &&
      !privates.some((path) => lies(path, folder)) &&
      !folder.includes('\n'),
  );
  return {
    hidden,
    shown: [...new Set(shown)].filter(
      (path) => !shown.some((other) => other !== path && lies(path, other)),
    ),
  };
}

/** The folder that belongs to a script: its repository, else the folder it lies in. Both without links. */
export const ownFolder = (folder: string): string => nearestWith(['.git'], folder) ?? folder;

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
