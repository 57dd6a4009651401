import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

/** Nobody has this number, so that what belongs to it is ours. */
const uid = 23461;
const isRoot = process.getuid?.() === 0;

/** The command that runs another as an ordinary user without a way back; nothing if we are one. */
export const asOrdinaryUser: readonly string[] = isRoot
  ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs', '--']
  : [];

const programs = ['bwrap', 'fuse-overlayfs', 'setpriv', 'unshare', 'nsenter', 'prlimit'];
const places = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin'];
const there = (name: string) => places.some((place) => existsSync(`${place}/${name}`));

/**
 * Installs what the sandbox without root takes, where we may. Returns why it cannot be had here, or undefined: tests
 * of it are left out then, and say so.
 */
export function ensureSandbox(): string | undefined {
  if (process.platform !== 'linux') return `no sandbox without root on ${process.platform}`;
  if (!programs.every(there) && isRoot && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: readonly string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
    apt('update');
    apt(
      'install',
      '--yes',
      '--no-install-recommends',
      'bubblewrap',
      'fuse-overlayfs',
      'util-linux',
    );
  }
  const missing = programs.filter((name) => !there(name));
  if (missing.length > 0) return `${missing.join(', ')} not installed`;
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse';
  // As udev sets it on every usual system (https://github.com/systemd/systemd, rules.d/50-udev-default.rules).
  if (isRoot && (statSync('/dev/fuse').mode & 0o666) !== 0o666) chmodSync('/dev/fuse', 0o666);
  const [program, ...args] = [...asOrdinaryUser, 'unshare', '-Urmp', '--fork', 'true'];
  const { status } = spawnSync(program!, args);
  return status === 0 ? undefined : 'user namespaces are refused here';
}

/** Command lines of all processes of the ordinary user; of none if that is who runs the tests. */
export function theirProcesses(): readonly string[] {
  if (!isRoot) return [];
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || statSync(`/proc/${pid}`).uid !== uid) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
}
