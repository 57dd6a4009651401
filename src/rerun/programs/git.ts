import { type Answer, baseName, type Call, type Programs } from '../call';
import { isKnown, type Text } from '../text';
import type { Key } from '../world';
import { forgetPatches, patchedMark } from './files';

/** Words behind git's own flags: `-C dir`, `-c name=value`. */
function subcommand(call: Call): { name: Text; rest: readonly Text[]; directory: Key } {
  let at = 0;
  let directory = call.path('.');
  for (; at < call.args.length; at++) {
    const arg = call.args[at]!;
    if (arg === '-C') directory = call.path(call.args[++at] ?? '.');
    else if (arg === '-c' || arg === '--git-dir' || arg === '--work-tree') at++;
    else if (!arg.startsWith('-')) break;
  }
  return { name: call.args[at] ?? '', rest: call.args.slice(at + 1), directory };
}

/** Values of flags that stand in words of their own. */
const valued = new Set([
  '-b',
  '-B',
  '-m',
  '-u',
  '-o',
  '--branch',
  '--depth',
  '--origin',
  '--message',
  '--author',
  '--date',
  '-F',
  '--reference',
  '--filter',
  '-j',
  '--jobs',
  '--file',
  '-f',
  '--template',
  '-t',
]);

const operandsOf = (rest: readonly Text[]): Text[] =>
  rest.filter((word, at) => !word.startsWith('-') && !valued.has(rest[at - 1] ?? ''));

function clone(call: Call, rest: readonly Text[]): Answer {
  const { world, by } = call;
  const [address, into] = operandsOf(rest);
  if (address === undefined) return {};
  const bare = rest.some((word) => word === '--bare' || word === '--mirror');
  const name = baseName(address).replace(/\.git$/, '') + (bare ? '.git' : '');
  const key = call.path(into ?? name);
  const entry = world.at(key);
  const isFull =
    entry?.present === true &&
    (entry.content !== undefined ||
      entry.kind === 'file' ||
      world.below(key).some((each) => world.at(each)?.present));
  if (isFull) return call.fail(128, { kind: 'there', key });
  world.didUnknown();
  world.make(key, { kind: 'dir', content: `clone of ${address}` }, by);
  if (!bare) world.make(`${key}/.git`, { kind: 'dir' }, by);
  return {};
}

/** The state of what may be committed in a directory: all that the script has put there. */
function tree(call: Call, directory: Key): Text {
  const below =
    directory === '.' || !isKnown(directory) ? [...call.world.keys()] : call.world.below(directory);
  return below
    .filter((key) => !key.includes('/.git') && !/^[a-z][\w !-]*:/.test(key))
    .sort()
    .map((key) => `${key} ${call.world.at(key)?.present} ${call.world.at(key)?.content ?? ''}`)
    .join('\n');
}

const committed = (directory: Key): Key => `commit:in ${directory}`;

/** Whether there is something to commit: on the first run there is. */
function isDirty(call: Call, directory: Key): boolean {
  const entry = call.world.at(committed(directory));
  if (entry) return entry.content !== tree(call, directory);
  return call.tested ? call.world.ask(`changes in ${directory}`, true) : true;
}

function commit(call: Call, rest: readonly Text[], directory: Key): Answer {
  const { world, by } = call;
  const key = committed(directory);
  if (rest.includes('--allow-empty')) {
    world.add(`history:of ${directory}`, 'commit\n', by);
    return {};
  }
  if (rest.some((word) => word === '--amend' || word === '--dry-run')) return {};
  if (!isDirty(call, directory))
    return call.fail(1, { kind: 'other', text: 'there is nothing to commit' });
  world.note(key, tree(call, directory));
  return {};
}

/** What fails where it is there already. */
function create(call: Call, key: Key, status: number): Answer {
  const entry = call.world.at(key);
  if (entry?.present) return call.fail(status, { kind: 'there', key });
  if (!entry && call.tested && call.world.exists(key))
    return call.fail(status, { kind: 'there', key });
  call.world.make(key, {}, call.by);
  return {};
}

/** Changes of a file or directory that can be made once. */
function change(call: Call, target: Key, key: Key): Answer {
  const mark = patchedMark(target, key);
  if (call.world.at(mark)?.present) return call.fail(1, { kind: 'there', key });
  call.world.make(mark, {}, call.by);
  return {};
}

function remove(call: Call, key: Key, status: number): Answer {
  const entry = call.world.at(key);
  if (entry && !entry.present) return call.fail(status, { kind: 'gone', key });
  if (!entry && call.tested && !call.world.exists(key, true))
    return call.fail(status, { kind: 'gone', key });
  call.world.remove(key, call.by);
  return {};
}

/** https://git-scm.com/docs */
function git(call: Call): Answer {
  const { name, rest, directory } = subcommand(call);
  const words = operandsOf(rest);
  const flag = (...flags: readonly string[]) => rest.some((word) => flags.includes(word));
  const list = (noun: string) => ({
    out: `${[...call.world.named(noun), call.world.unknowns.stable(`list ${noun} ${directory}`, { name: `the ${noun}s`, lines: true })].join('\n')}\n`,
  });
  switch (name) {
    case 'clone':
      return clone(call, rest);
    case 'commit':
      return commit(call, rest, directory);
    case 'status':
      if (!flag('--porcelain', '-s', '--short')) return { out: call.output() };
      return { out: isDirty({ ...call, tested: true }, directory) ? ' M file\n' : '' };
    case 'diff':
    case 'diff-index':
      if (flag('--quiet', '--exit-code'))
        return { status: isDirty({ ...call, tested: true }, directory) ? 1 : 0 };
      return { out: isDirty({ ...call, tested: true }, directory) ? call.output() : '' };
    case 'tag': {
      if (flag('-l', '--list') || rest.length === 0) return list('tag');
      const tag = words[0];
      if (tag === undefined) return {};
      if (flag('-d', '--delete')) return remove(call, `tag:${tag}`, 1);
      return flag('-f', '--force') ? {} : create(call, `tag:${tag}`, 128);
    }
    case 'branch': {
      const branch = words[0];
      if (branch === undefined || flag('-l', '--list', '-a', '-r', '--show-current'))
        return list('branch');
      if (flag('-d', '-D', '--delete')) return remove(call, `branch:${branch}`, 1);
      return flag('-f', '--force', '-u', '-M', '-m', '--set-upstream-to')
        ? {}
        : create(call, `branch:${branch}`, 128);
    }
    case 'reset':
    case 'restore':
    case 'clean':
    case 'stash':
    case 'pull':
      forgetPatches(call.world, directory);
      return { out: call.output(directory) };
    case 'checkout':
    case 'switch': {
      forgetPatches(call.world, directory);
      const made =
        rest[rest.findIndex((word) => word === '-b' || word === '-c' || word === '--orphan') + 1];
      const makes = flag('-b', '-c', '--orphan');
      if (makes && made !== undefined) return create(call, `branch:${made}`, 128);
      const branch = words[0];
      const entry = branch === undefined ? undefined : call.world.at(`branch:${branch}`);
      if (!call.tested || branch === undefined || entry) return {};
      return call.world.exists(`branch:${branch}`, true) ? {} : { status: 1 };
    }
    case 'remote': {
      const [verb, remote] = words;
      if (verb === 'add' && remote !== undefined) return create(call, `remote:${remote}`, 3);
      if ((verb === 'remove' || verb === 'rm') && remote !== undefined)
        return remove2(call, remote);
      if (verb === 'get-url')
        return call.world.exists(`remote:${remote}`) ? { out: call.output() } : { status: 2 };
      return verb === undefined ? list('remote') : {};
    }
    case 'config': {
      if (!flag('--add'))
        return flag('--get', '--get-all', '-l', '--list')
          ? probe(call, `git setting:${words[0]}`)
          : setting(call, words);
      call.world.add(`git setting:${words[0]}`, `${words[1]}\n`, call.by);
      return {};
    }
    case 'worktree':
      return words[0] === 'add' && words[1] !== undefined && !flag('-f', '--force')
        ? create(call, call.path(words[1]), 128)
        : {};
    case 'submodule':
      if (words[0] !== 'add') return {};
      return create(
        call,
        call.path(words[2] ?? baseName(words[1] ?? '').replace(/\.git$/, '')),
        128,
      );
    case 'apply':
    case 'am':
      if (flag('--check', '-R', '--reverse', '--stat', '--abort'))
        return call.tested ? probe(call, `patch:${words.join(' ')}`) : {};
      return change(call, directory, `patch:${words.join(' ') || 'from the standard input'}`);
    case 'cherry-pick':
    case 'revert':
      return words.length === 0 ? {} : change(call, directory, `${name}:of ${words.join(' ')}`);
    case 'rev-parse':
      if (flag('-q', '--verify') && call.tested) {
        return call.world.exists(
          `${words[0]?.includes('tags/') ? 'tag' : 'branch'}:${baseName(words[0] ?? '')}`,
        )
          ? {}
          : { status: 1 };
      }
      return { out: call.output(call.world.at(committed(directory))?.content) };
    case 'show-ref':
    case 'ls-remote':
      if (!call.tested) return list('branch');
      return call.world.exists(
        `${/tags/.test(rest.join(' ')) ? 'tag' : 'branch'}:${baseName(words.at(-1) ?? '')}`,
      )
        ? {}
        : { status: 1 };
    default:
      return { out: call.output(directory) };
  }
}

const remove2 = (call: Call, remote: Text): Answer => remove(call, `remote:${remote}`, 2);

const probe = (call: Call, key: Key): Answer =>
  call.world.exists(key) ? { out: `${call.world.read(key).trim()}\n` } : { status: 1 };

function setting(call: Call, words: readonly Text[]): Answer {
  const [name, value] = words;
  if (name === undefined || value === undefined)
    return name === undefined ? {} : probe(call, `git setting:${name}`);
  const key = `git setting:${name}`;
  if (call.world.at(key)?.content !== value) call.world.write(key, value, call.by);
  return {};
}

/** `patch` refuses what it has applied before; -N passes over it and leaves its rejects. */
function patch(call: Call): Answer {
  const { world } = call;
  const [file, named] = call.operands;
  const input = call.option('-i', '--input') ?? named;
  const from = input ?? call.stdin ?? '';
  const target = call.path(file ?? call.option('-d', '--directory') ?? '.');
  const mark = patchedMark(target, [...world.unknowns.in(from)][0] ?? from.slice(0, 60));
  if (call.has('-R', '--reverse')) {
    world.forget(mark);
    return {};
  }
  if (call.has('--dry-run')) return world.at(mark)?.present ? { status: 1 } : {};
  if (world.at(mark)?.present) {
    const discards = call.option('-r', '--reject-file') === '-';
    if (call.has('-N', '--forward') && !discards) world.make(call.path('rejects.rej'), {}, call.by);
    return call.fail(1, { kind: 'there', key: `patch:${input ?? 'of the standard input'}` });
  }
  world.make(mark, {}, call.by);
  return {};
}

export const sourceControl: Programs = {
  git,
  patch,
  hg: (call) => (call.operands[0] === 'clone' ? clone(call, call.args.slice(1)) : {}),
};
