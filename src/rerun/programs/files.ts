import { type Answer, baseName, type Call, dirName, type Programs } from '../call';
import { isKnown, isUnknown, joinLines, type Text } from '../text';
import { isSomewhere, type Key, type World } from '../world';

/** Directories every machine has. https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html */
const usual =
  /^(?:\/(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?|\/usr\/(?:local\/)?(?:bin|etc|include|lib|libexec|sbin|share|src)|\/usr\/local|\/var\/(?:cache|lib|log|mail|opt|run|spool|tmp|www)|\/etc\/(?:default|init\.d|cron\.\w+|systemd\/(?:system|user)|nginx\/(?:sites-(?:available|enabled)|conf\.d|snippets)|apache2\/(?:sites|conf|mods)-(?:available|enabled)|ssh|ssl(?:\/(?:certs|private))?|sudoers\.d|sysctl\.d|profile\.d|skel|apt(?:\/\w+\.d)?|yum\.repos\.d)|\/etc\/\S*\.d)$/;

/** Directories that no machine is without. */
const everywhere =
  /^\/(?:bin|boot|dev|etc|home|lib|mnt|opt|root|run|sbin|srv|tmp|usr|var)?$|^\/usr\/local(?:\/bin)?$/;

/** Whether a path is a directory: known, one every machine has, or written as one. Undefined where nothing tells. */
function isDirectory(world: World, key: Key, home: Text): boolean | undefined {
  const entry = world.at(key);
  if (entry?.present === false) return false;
  if (entry?.kind) return entry.kind === 'dir';
  if (usual.test(key) || key === home || key === '.' || /(?:^|\/)\.ssh$/.test(key)) return true;
  return undefined;
}

/** A name people give to directories rather than to files: without an ending. */
const looksLikeDirectory = (text: Text) =>
  text.endsWith('/') ||
  !/[.*]|^[A-Z]\w+file$|^(?:README|LICENSE|COPYING|NOTICE)$/.test(baseName(text));

/** A variable people name so when it holds a directory: `$ORACLE_BASE`, `$release_dir`. */
const namesDirectory = ({ unknowns }: World, text: Text): boolean =>
  isUnknown(text) &&
  [...unknowns.in(text)].some((token) =>
    /(?:dir|directory|folder|home|base|root|release)\}?$/i.test(unknowns.nameOf(token)),
  );

/** Where a copy of `from` ends up when `to` is named: in a directory under its own name, else at `to` itself. */
function target(call: Call, from: Text, to: Text, into: boolean): Key {
  const key = call.path(to);
  const inside = into || to.endsWith('/') || isDirectory(call.world, key, call.home) === true;
  return inside ? call.path(`${to.replace(/\/+$/, '')}/${baseName(from)}`) : key;
}

/** What a command reads must be there; a first run that went well has found it. */
function needs(call: Call, key: Key, entry: { kind?: 'file' | 'dir' } = {}): boolean {
  const known = call.world.at(key);
  if (known) return known.present;
  if (call.tested) return call.world.exists(key, true);
  call.world.assume(key, { present: true, ...entry });
  return true;
}

/** Sources and the directory or file they go to, by `-t` or by their order. */
function fromAndTo(call: Call): { sources: readonly Text[]; to: Text; into: boolean } | undefined {
  const given = call.option('-t', '--target-directory');
  const words = call.operands.filter((word) => word !== given);
  const to = given ?? words.at(-1);
  const sources = given === undefined ? words.slice(0, -1) : words;
  if (to === undefined || sources.length === 0) return undefined;
  return { sources, to, into: given !== undefined || sources.length > 1 };
}

function mkdir(call: Call): Answer {
  const { world, by } = call;
  const parents = call.has('-p', '--parents');
  let failed: Answer = {};
  for (const word of call.operands) {
    if (word === call.option('-m', '--mode')) continue;
    const key = call.path(word);
    const entry = world.at(key);
    if (parents) {
      if (entry?.present !== true) world.make(key, { kind: 'dir' }, by);
      continue;
    }
    if (entry?.present === true || (!entry && everywhere.test(key))) {
      failed = call.fail(1, { kind: 'there', key });
      continue;
    }
    world.make(key, { kind: 'dir', whole: true }, by);
  }
  return failed;
}

function rm(call: Call): Answer {
  const { world, by } = call;
  const force = call.has('-f', '--force');
  let failed: Answer = {};
  if (call.operands.length === 0 && !force)
    return call.fail(1, { kind: 'other', text: 'rm has nothing to remove' });
  for (const word of call.operands) {
    const key = call.path(word);
    const entry = world.at(key);
    if (!force && !needs(call, key)) {
      failed = call.fail(1, { kind: 'gone', key });
      continue;
    }
    if (/[*?[]/.test(word)) removeMatching(call, key);
    forgetUnpacked(world, key, entry === undefined);
    if (entry?.present !== false) world.remove(key, by);
  }
  return failed;
}

/** `rm -rf dir/*` also takes what the script put there. */
function removeMatching(call: Call, key: Key): void {
  // PATH_MAX of Linux.
  if (key.length > 4096) return;
  const source = key
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
    .join('[^/]*');
  for (const each of [...call.world.keys()]) {
    if (each !== key && new RegExp(`^${source}$`).test(each) && call.world.at(each)?.present) {
      call.world.remove(each, call.by);
    }
  }
}

/** The mark an archive leaves where it is unpacked goes with what was unpacked. */
export function forgetUnpacked(world: World, key: Key, isUnmade = false): void {
  const stem = /^[A-Za-z]+/.exec(baseName(key))?.[0].toLowerCase();
  if (stem === undefined) return;
  for (const mark of world.below(dirName(key))) {
    // What nobody has made came out of an archive, whatever its name.
    if (isMark(mark) && (isUnmade || baseName(mark).toLowerCase().includes(stem)))
      world.forget(mark);
  }
}

/** What stands for an archive's content in the directory it was unpacked to. */
export const unpackedMark = (directory: Key, archive: Text): Key =>
  `${directory}/\uE002${baseName(archive)}`;
export const isMark = (key: Key): boolean => key.includes('\uE002');

/** What stands for a patch in the file or directory it was applied to. */
export const patchedMark = (target: Key, patch: Text): Key => `${target}/\uE003${patch}`;
const isPatch = (key: Key): boolean => key.includes('\uE003');

/** What is put there anew has none of the patches it had. */
export function forgetPatches(world: World, key: Key): void {
  for (const each of world.below(key)) if (isPatch(each)) world.forget(each);
}

function copy(call: Call): Answer {
  const { world, by } = call;
  const given = fromAndTo(call);
  if (!given) return {};
  const deep = call.has('-r', '-R', '-a', '--recursive', '--archive');
  let failed: Answer = {};
  for (const from of given.sources) {
    const source = call.path(from);
    if (!needs(call, source)) {
      failed = call.fail(1, { kind: 'gone', key: source });
      continue;
    }
    const all = /(?:^|\/)\.$/.test(from);
    if (/[*?]/.test(from)) for (const each of world.below(call.path(given.to))) world.restore(each);
    if (all) {
      world.make(call.path(given.to), { ...world.at(call.path(given.to)), kind: 'dir' }, by);
      continue;
    }
    const flat = call.has('-T', '--no-target-directory');
    const to = flat ? call.path(given.to) : target(call, from, given.to, given.into);
    if (call.has('-n', '--no-clobber', '--update', '-u') && world.exists(to)) continue;
    if (world.at(`swap:${to}`)?.present) return call.fail(1, { kind: 'busy', key: to });
    const backup = call.has('-b') || call.args.some((arg) => arg.startsWith('--backup'));
    if (backup && (call.tested ? world.exists(to) : world.at(to)?.present !== false)) {
      if (call.args.some((arg) => /^--backup=(?:t|numbered)$/.test(arg)))
        world.add(`backups:of ${to}`, 'one\n', by);
      else world.write(`backup:${to}~`, world.read(to), by, 'keeps');
    }
    const isDeep = deep && (isDirectory(world, source, call.home) ?? looksLikeDirectory(from));
    if (isDeep && isKnown(source.replace(call.home, ''))) {
      // The first copy makes the directory, the next one goes inside it.
      world.make(to, { kind: 'dir', content: `copy of ${source}` }, by);
      continue;
    }
    // `cp x x.bak` keeps what was there before.
    const isBackup =
      to.startsWith(source) &&
      /^(?:~|[._-](?:bak|backup|dist|old|orig|save)\b)/.test(to.slice(source.length));
    world.copy(source, to, by, isBackup ? 'keeps' : 'writes');
  }
  return failed;
}

function move(call: Call): Answer {
  const { world, by } = call;
  const given = fromAndTo(call);
  if (!given) return {};
  let failed: Answer = {};
  for (const from of given.sources) {
    const source = call.path(from);
    if (!needs(call, source)) {
      failed = call.fail(1, { kind: 'gone', key: source });
      continue;
    }
    const isDir =
      isDirectory(world, source, call.home) ??
      (from.endsWith('/') ||
        (looksLikeDirectory(from) && wasUnpacked(world, source)) ||
        wasUnpacked(world, source));
    const flat = call.has('-T', '--no-target-directory');
    const named = call.path(given.to);
    // What is put beside the programs of the machine is one.
    const isProgram = /\/s?bin\/[^/]+$/.test(named);
    if (flat && isDir && world.at(named)?.present) {
      return call.fail(1, { kind: 'there', key: named });
    }
    const to = flat ? named : target(call, from, given.to, given.into);
    forgetUnpacked(world, source);
    world.move(source, to, by);
    if (isDir && !isProgram) world.become(to, 'dir');
  }
  return failed;
}

/** A path that came out of an archive, without the ending of a file: a directory as archives have one. */
function wasUnpacked(world: World, key: Key): boolean {
  return (
    world.below(dirName(key)).some(isMark) &&
    (!/\.[a-z]{1,4}$/i.test(baseName(key)) || /\d$/.test(baseName(key)))
  );
}

function link(call: Call): Answer {
  const { world, by } = call;
  const symbolic = call.has('-s', '--symbolic');
  const force = call.has('-f', '--force');
  const given = fromAndTo(call);
  const words = call.operands;
  const sources = given?.sources ?? words;
  const named = given?.to ?? '.';
  let failed: Answer = {};
  for (const from of sources) {
    const flat = call.has('-n', '-T', '--no-dereference', '--no-target-directory');
    const key = call.path(named);
    const entry = world.at(key);
    const leadsToDirectory =
      entry?.kind === 'link' &&
      !flat &&
      (isDirectory(world, call.path(entry.content ?? ''), call.home) ??
        namesDirectory(world, entry.content ?? '')) === true;
    const into = (given?.into ?? true) || leadsToDirectory;
    const to = flat ? key : target(call, from, named, into);
    const there = world.at(to)?.present === true;
    if (there && call.has('-b', '--backup')) continue;
    if (there && !force) {
      failed = call.fail(1, { kind: 'there', key: to });
      continue;
    }
    if (symbolic) world.make(to, { kind: 'link', content: from }, by);
    else world.copy(call.path(from), to, by);
  }
  return failed;
}

function install(call: Call): Answer {
  const { world, by } = call;
  const values = [
    call.option('-m', '--mode'),
    call.option('-o', '--owner'),
    call.option('-g', '--group'),
  ];
  const words = call.operands.filter((word) => !values.includes(word));
  if (call.has('-d', '--directory')) {
    for (const word of words) {
      const key = call.path(word);
      if (world.at(key)?.present !== true) world.make(key, { kind: 'dir' }, by);
    }
    return {};
  }
  const to = call.option('-t', '--target-directory') ?? words.at(-1);
  const sources = words.filter((word) => word !== to);
  if (to === undefined) return {};
  for (const from of sources) {
    const source = call.path(from);
    if (!needs(call, source)) return call.fail(1, { kind: 'gone', key: source });
    world.copy(source, target(call, from, to, call.has('-t') || sources.length > 1), by);
  }
  return {};
}

function touch(call: Call): Answer {
  for (const word of call.operands) {
    const key = call.path(word);
    const entry = call.world.at(key);
    if (entry && !entry.present) call.world.write(key, '', call.by);
    else if (!entry && !call.world.exists(key)) call.world.write(key, '', call.by);
  }
  return {};
}

function chmod(call: Call): Answer {
  const [mode = '', ...files] = call.args.filter((arg) => !/^--|^-[Rcfv]+$/.test(arg));
  const on = /^(?:[ugoa]*\+[rwst]*x|0?[1357]\d\d|0?\d[1357]\d|[ugoa]*=\S*x)/.test(mode);
  const off = /^[ugoa]*-[rwst]*x/.test(mode);
  if (!on && !off) return {};
  for (const file of files) {
    const key = call.path(file);
    const entry = call.world.at(key);
    if (entry && !entry.present) return call.fail(1, { kind: 'gone', key });
    if (entry?.kind !== 'dir') call.world.executable(key, on, call.by);
  }
  return {};
}

function truncate(call: Call): Answer {
  const size = call.option('-s', '--size') ?? '';
  for (const word of call.operands) {
    if (word === size) continue;
    const key = call.path(word);
    if (call.world.at(`swap:${key}`)?.present) return call.fail(1, { kind: 'busy', key });
    if (/^[+]/.test(size)) call.world.add(key, `\0${size}`, call.by);
    else call.world.write(key, size === '0' ? '' : `\0${size}`, call.by);
  }
  return {};
}

function dd(call: Call): Answer {
  const value = (name: string) =>
    call.args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
  const to = value('of');
  const data = call.world.read(call.path(value('if') ?? '/dev/null')) || '\0';
  if (to === undefined) return { out: data };
  const key = call.path(to);
  if (call.world.at(`swap:${key}`)?.present) return call.fail(1, { kind: 'busy', key });
  if (/append/.test(value('oflag') ?? '')) call.world.add(key, call.stdin ?? data, call.by);
  else if (!key.startsWith('/dev/'))
    call.world.write(key, value('if') ? data : (call.stdin ?? data), call.by);
  return {};
}

function mktemp(call: Call): Answer {
  const template = call.operands[0];
  const name = call.world.unknowns.varying('mktemp');
  const within =
    call.option('-p', '--tmpdir') ?? (template?.includes('/') ? dirName(template) : '/tmp');
  const key = call.path(
    `${within}/${(template === undefined ? '' : baseName(template)).replace(/X+/, '')}${name}`,
  );
  if (!call.has('-u')) {
    if (call.has('-d', '--directory')) call.world.make(key, { kind: 'dir', whole: true }, call.by);
    else call.world.write(key, '', call.by);
  }
  return { out: `${key}\n` };
}

/** `find … -exec rm`, `-delete`: clears without failing; what it prints are paths nothing is known of. */
function find(call: Call): Answer {
  const from = call.args[0];
  const matches = call.option('-name');
  if (call.args.includes('-delete') && from !== undefined && matches !== undefined) {
    removeMatching(call, call.path(`${from}/${matches}`));
    return {};
  }
  return call.args.some((arg) => arg.startsWith('-exec') || arg === '-delete')
    ? {}
    : { out: call.output() };
}

/** What is known to lie in a directory, and what may lie there besides. */
const inside = (call: Call, key: Key): readonly Text[] => [
  ...call.world
    .below(key)
    .filter((each) => call.world.at(each)?.present && !isMark(each) && !isPatch(each))
    .map((each) => each.slice(key.length + 1)),
  ...(call.world.at(key)?.whole ? [] : [call.output().trimEnd()]),
];

function ls(call: Call): Answer {
  let failed: Answer = {};
  const out: Text[] = [];
  for (const word of call.operands) {
    const key = call.path(word);
    if (call.tested ? !call.world.exists(key) : !needs(call, key)) failed = { status: 2 };
    else if (call.has('-d') || call.world.at(key)?.kind !== 'dir') out.push(word);
    else out.push(...inside(call, key));
  }
  if (call.operands.length === 0) return { out: joinLines(inside(call, call.path('.'))) };
  return { ...failed, out: joinLines(out) };
}

/** What a link made by the script leads to. */
function readlink(call: Call): Answer {
  const [word] = call.operands;
  const entry = word === undefined ? undefined : call.world.at(call.path(word));
  if (entry?.kind !== 'link' || call.has('-f', '-e', '-m', '--canonicalize'))
    return { out: call.output() };
  return { out: `${entry.content}\n` };
}

/** Copies that leave the same behind each time; with `--remove-source-files` the source is empty then. */
function rsync(call: Call): Answer {
  const from = call.operands.slice(0, -1);
  const to = call.operands.at(-1);
  if (to === undefined || /:/.test(call.operands.join(' '))) return {};
  for (const word of from) {
    const source = call.path(word);
    const entry = call.world.at(source);
    if (entry?.kind === 'file') call.world.copy(source, target(call, word, to, false), call.by);
  }
  const key = call.path(to);
  forgetPatches(call.world, key);
  if (call.world.at(key)?.present !== true && !isSomewhere(key, call.home)) {
    call.world.make(key, { kind: 'dir' }, call.by);
  }
  return {};
}

const unlink = (call: Call): Answer => rm(call);

function rmdir(call: Call): Answer {
  if (call.has('--ignore-fail-on-non-empty')) return {};
  return rm(call);
}

export const files: Programs = {
  mkdir,
  rm,
  rmdir,
  unlink,
  cp: copy,
  mv: move,
  ln: link,
  install,
  touch,
  chmod,
  truncate,
  dd,
  fallocate: (call) => {
    const word = call.operands.at(-1);
    if (word === undefined) return {};
    const key = call.path(word);
    if (call.world.at(`swap:${key}`)?.present) return call.fail(1, { kind: 'busy', key });
    if (call.world.at(key)?.present !== true) call.world.write(key, '\0', call.by);
    return {};
  },
  mktemp,
  find,
  ls,
  readlink,
  rsync,
};
