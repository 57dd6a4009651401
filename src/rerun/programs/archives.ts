import { type Answer, baseName, type Call, type Programs } from '../call';
import { isKnown, type Text } from '../text';
import type { Key } from '../world';
import { forgetPatches, unpackedMark } from './files';

/** The archive must be there; a first run that went well has found it. */
function needsArchive(call: Call, archive: Text): Key | undefined {
  const key = call.path(archive);
  const entry = call.world.at(key);
  if (entry ? entry.present : true) {
    if (!entry) call.world.assume(key, { present: true, kind: 'file' });
    return key;
  }
  return undefined;
}

/** What was unpacked and taken away since is there again. */
function unpack(call: Call, archive: Text, directory: Key): void {
  const { world, by } = call;
  world.didUnknown();
  const mark = unpackedMark(directory, archive);
  forgetPatches(world, directory);
  const stem = /^[A-Za-z]+/.exec(baseName(archive))?.[0].toLowerCase();
  for (const each of world.below(directory)) {
    const name = baseName(each).toLowerCase();
    if (stem === undefined || name.includes(stem) || stem.includes(name)) world.restore(each);
  }
  if (world.at(mark)?.present !== true) world.make(mark, {}, by);
}

/** https://www.gnu.org/software/tar/manual/tar.html */
function tar(call: Call): Answer {
  const [first = ''] = call.args;
  // `tar xzf a.tgz`: the letters may do without their dash.
  const bundled = !first.startsWith('-') && /^[A-Za-z]+$/.test(first);
  const letters = bundled
    ? first
    : call.args
        .filter((arg) => /^-[A-Za-z]+$/.test(arg))
        .join('')
        .replaceAll('-', '');
  const does = (letter: string, long: string) => letters.includes(letter) || call.has(long);
  const rest = bundled ? call.args.slice(1) : call.args;
  const after = (pattern: RegExp) => {
    const at = rest.findIndex((arg) => pattern.test(arg));
    return at < 0 ? undefined : rest[at + 1];
  };
  const file =
    call.option('--file') ??
    (bundled && first.includes('f')
      ? rest.find((arg) => !arg.startsWith('-'))
      : after(/^-[A-Za-z]*f$/));
  const directory = call.path(call.option('-C', '--directory') ?? after(/^-C$/) ?? '.');
  if (does('x', '--extract') || call.has('--get')) {
    if (does('k', '--keep-old-files')) {
      const mark = unpackedMark(directory, file ?? 'stdin');
      if (call.world.at(mark)?.present) return call.fail(2, { kind: 'there', key: directory });
    }
    if (file !== undefined && file !== '-') {
      const archive = needsArchive(call, file);
      if (archive === undefined) return call.fail(2, { kind: 'gone', key: call.path(file) });
      unpack(call, file, directory);
    } else unpack(call, nameOfStream(call), directory);
    return {};
  }
  if (file === undefined || file === '-') return { out: call.output(call.stdin) };
  const key = call.path(file);
  if (does('r', '--append')) call.world.add(key, call.output(), call.by);
  else if (does('c', '--create')) {
    call.world.write(key, call.world.unknowns.stable(`tar ${call.args.join(' ')}`), call.by);
  }
  return {};
}

/** The archive's name as its address says, where it comes through a pipe. */
const nameOfStream = (call: Call): Text => {
  const [token] = call.world.unknowns.in(call.stdin ?? '');
  return token === undefined ? 'stdin' : call.world.unknowns.nameOf(token);
};

function unzip(call: Call): Answer {
  const directoryGiven = call.option('-d');
  const archive = call.operands.filter((word) => word !== directoryGiven)[0];
  if (archive === undefined || call.has('-l', '-t', '-p', '-Z')) return {};
  if (needsArchive(call, archive) === undefined && !/[*?]/.test(archive)) {
    return call.fail(9, { kind: 'gone', key: call.path(archive) });
  }
  const directory = call.path(directoryGiven ?? '.');
  const there = call.world.at(unpackedMark(directory, archive))?.present === true;
  if (there && !call.has('-o', '-n', '-u', '-f')) {
    return call.fail(1, { kind: 'asks', key: directory });
  }
  unpack(call, archive, directory);
  return {};
}

/** gzip and its kin put one file in the place of another, and ask before they overwrite. */
const compressor =
  (ending: string, unpacks: boolean) =>
  (call: Call): Answer => {
    const toOutput = call.has('-c', '--stdout', '--to-stdout') || call.operands.length === 0;
    const backwards = unpacks || call.has('-d', '--decompress', '--uncompress');
    if (toOutput) {
      const from =
        call.operands.map((word) => call.world.read(call.path(word))).join('') ||
        (call.stdin ?? '');
      return {
        out: `${call.world.unknowns.derived(`${call.name} ${call.args.join(' ')}`, from)}\n`,
      };
    }
    if (call.has('-r', '-t', '-l')) return {};
    for (const word of call.operands) {
      const written = backwards && !word.endsWith(ending) ? `${word}${ending}` : word;
      const from = call.path(written);
      const to = backwards ? from.slice(0, -ending.length) : `${from}${ending}`;
      if (!isKnown(baseName(written)) && !written.endsWith(ending)) continue;
      if (needsArchive(call, written) === undefined)
        return call.fail(1, { kind: 'gone', key: from });
      const force = call.has('-f', '--force');
      if (call.world.at(to)?.present && !force) return call.fail(2, { kind: 'asks', key: to });
      const data = call.world.unknowns.derived(`${call.name}`, call.world.read(from));
      call.world.write(to, data, call.by);
      if (!call.has('-k', '--keep')) call.world.remove(from, call.by);
    }
    return {};
  };

/** split, zip: the same pieces again. */
const nothing = (): Answer => ({});

export const archives: Programs = {
  tar,
  bsdtar: tar,
  unzip,
  zip: nothing,
  split: nothing,
  gzip: compressor('.gz', false),
  gunzip: compressor('.gz', true),
  bzip2: compressor('.bz2', false),
  bunzip2: compressor('.bz2', true),
  xz: compressor('.xz', false),
  unxz: compressor('.xz', true),
  zstd: (call) => (call.has('--rm') ? compressor('.zst', false)(call) : {}),
};
