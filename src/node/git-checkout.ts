import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Checkout } from '../pipeline/checkout';
import { lineOf } from '../pipeline/checkout';
import { gitProgram } from './git-program';

const run = promisify(execFile);

/** Runs git so that it changes nothing and starts nothing of the repository's own; undefined when it fails. */
export async function quietGit(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  try {
    const { stdout } = await run(await gitProgram(), ['-c', 'core.fsmonitor=false', ...args], {
      cwd: folder,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C', ...env },
      maxBuffer: 16 * 1024 * 1024,
      windowsHide: true,
    });
    return stdout;
  } catch {
    return undefined;
  }
}

const lines = (text: string | undefined) => (text ?? '').split(/\r?\n/).filter(Boolean);

/** Reads what is to be known of the checkout a folder lies in; undefined if it is none. */
export async function readCheckout(folder: string, line = ''): Promise<Checkout | undefined> {
  const places = lines(
    await quietGit(folder, [
      ...['rev-parse', '--path-format=absolute', '--show-toplevel'],
      ...['--absolute-git-dir', '--git-common-dir'],
    ]),
  );
  const [root, gitDir, commonDir] = places;
  // A bare repository has no working tree to speak of.
  if (!root || !gitDir || !commonDir) return undefined;
  const [named, hash, addresses, settings] = await Promise.all([
    quietGit(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']),
    quietGit(root, ['rev-parse', '--quiet', '--verify', 'HEAD']),
    quietGit(root, ['remote', '-v']),
    quietGit(root, ['config', '--get-regexp', '^(branch\\..*|remote\\.pushdefault)$']),
  ]);
  const branch = named?.trim() || undefined;
  const remotes = lines(addresses).flatMap((each) => {
    const [, name, url] = /^(\S+)\t(.*) \(fetch\)$/.exec(each) ?? [];
    return name && url ? [{ name, url }] : [];
  });
  const configuration = new Map(
    lines(settings).map((each) => {
      const cut = each.indexOf(' ');
      const key = cut === -1 ? each : each.slice(0, cut);
      const [, section, last] = /^(.*\.)([^.]*)$/.exec(key) ?? [];
      return [`${section}${last?.toLowerCase()}`, cut === -1 ? '' : each.slice(cut + 1)] as const;
    }),
  );
  const merged = configuration.get(`branch.${branch}.merge`)?.replace(/^refs\/heads\//, '');
  const names = [line, branch, merged, 'main', 'master', 'trunk', 'develop'].filter(Boolean);
  const patterns = [
    ...names.map((name) => `refs/heads/${name}`),
    ...remotes.flatMap((remote) =>
      ['HEAD', ...names].map((name) => `refs/remotes/${remote.name}/${name}`),
    ),
  ];
  const format = '--format=%(refname) %(objectname) %(symref)';
  const found = await quietGit(root, ['for-each-ref', format, ...new Set(patterns)]);
  const refs = new Map(
    lines(found).map((each) => {
      const [ref = '', object = '', target] = each.split(' ');
      return [ref, target ? `ref: ${target}` : object] as const;
    }),
  );
  const head = hash?.trim() || undefined;
  const checkout = { root, gitDir, commonDir, head, branch, remotes, configuration, refs };
  // A default branch of a name of its own is known only now.
  const { branch: shared, remote } = lineOf(checkout, line);
  const ref = remote === undefined ? `refs/heads/${shared}` : `refs/remotes/${remote}/${shared}`;
  if (!refs.has(ref)) {
    const object = await quietGit(root, ['rev-parse', '--quiet', '--verify', `${ref}^{commit}`]);
    if (object) refs.set(ref, object.trim());
  }
  return checkout;
}

/** First parents from a commit on, newest first. */
export async function history(root: string, sha: string, count = 20): Promise<readonly string[]> {
  return lines(
    await quietGit(root, ['rev-list', '--first-parent', `--max-count=${count}`, sha, '--']),
  );
}

/** How many commits of HEAD are not in `from`. */
export async function ahead(root: string, from: string): Promise<number> {
  return Number((await quietGit(root, ['rev-list', '--count', `${from}..HEAD`, '--'])) ?? 0);
}

/** What a commit says of itself. */
export interface CommitWords {
  readonly author: string;
  readonly address: string;
  readonly subject: string;
}

/** Author and first line of a commit, as far as it is here. */
export async function commitWords(root: string, sha: string): Promise<CommitWords | undefined> {
  if (!/^[0-9a-f]{7,64}$/.test(sha)) return undefined;
  const text = await quietGit(root, ['log', '-1', '--format=%an%x00%ae%x00%s', sha, '--']);
  const [author, address, subject] = text?.trimEnd().split('\0') ?? [];
  return author === undefined
    ? undefined
    : { author, address: address ?? '', subject: subject ?? '' };
}

/** The address the user commits with. */
export async function ownAddress(root: string): Promise<string | undefined> {
  return (await quietGit(root, ['config', 'user.email']))?.trim() || undefined;
}
