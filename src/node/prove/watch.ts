import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process, as /proc shows it (https://man7.org/linux/man-pages/man5/proc.5.html). */
export interface Process {
  /** Its number in each process namespace it is in, the outermost first. */
  readonly numbers: readonly number[];
  /** Bytes in memory. */
  readonly memory: number;
  /** Its command line, the words parted by blanks. */
  readonly command: string;
}

/** The user namespace of a process, as a name to compare. Throws if there is no such process. */
export const namespaceOf = (pid: number): string => readlinkSync(`/proc/${pid}/ns/user`);

/** All processes of a user namespace. */
export function processesIn(namespace: string): readonly Process[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (readlinkSync(`/proc/${pid}/ns/user`) !== namespace) return [];
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const numbers = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/).map(Number) ?? [];
      const memory = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
      return [{ numbers, memory, command: command.split('\0').filter(Boolean).join(' ') }];
    } catch {
      // It ended meanwhile, or is not ours to look at.
      return [];
    }
  });
}
