import { type Answer, baseName, type Call, dirName, type Programs, wordsOf } from '../call';
import { type Pattern, pattern } from '../posix-regex';
import { changesAgain, sedScript, sedText } from '../sed';
import { anyLine, growing, isKnown, isUnknown, joinLines, linesOf, type Text } from '../text';
import type { Key } from '../world';

/** What a filter reads: the files it is given, else its standard input. */
function input(call: Call, files: readonly Text[]): Text {
  if (files.length === 0) return call.stdin ?? '';
  return files
    .map((file) => (file === '-' ? (call.stdin ?? '') : call.world.read(call.path(file))))
    .join('');
}

function echo(call: Call): Answer {
  let { args } = call;
  let newline = true;
  let escapes = false;
  while (/^-[neE]+$/.test(args[0] ?? '')) {
    if (args[0]!.includes('n')) newline = false;
    if (args[0]!.includes('e')) escapes = true;
    args = args.slice(1);
  }
  const text = args.join(' ');
  return { out: (escapes ? unescaped(text) : text) + (newline ? '\n' : '') };
}

const unescaped = (text: Text) =>
  text.replace(/\\([ntr\\])/g, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char);

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/printf.html: the format is used again for what is left. */
function printf(call: Call): Answer {
  const args = call.args[0] === '--' ? call.args.slice(1) : call.args;
  const [format = '', ...values] = args;
  if (format === '-v') return {};
  let out = '';
  let at = 0;
  do {
    const before = at;
    out += unescaped(format).replace(
      /%(-?0?\d*(?:\.\d+)?)([sdibqcxf%])/g,
      (_, width: string, kind: string) => {
        if (kind === '%') return '%';
        const value = values[at++] ?? '';
        if (kind === 'd' && /^0\d+$/.test(width) && isKnown(value)) {
          return value.padStart(Number(width), '0');
        }
        return value;
      },
    );
    if (at === before) break;
  } while (at < values.length);
  return { out };
}

/** grep's answer to its lines, and the lines. */
function grep(call: Call): Answer {
  const given = call.option('-e', '--regexp');
  const listed = call.option('-f', '--file');
  const words = call.operands;
  const named = given ?? (listed === undefined ? words[0] : undefined);
  const written =
    named ?? joinLines(linesOf(call.world.read(call.path(listed ?? '')))).replace(/\n$/, '');
  const files = given === undefined && listed === undefined ? words.slice(1) : words;
  const fixed = call.name === 'fgrep' || call.has('-F', '--fixed-strings');
  const syntax = call.has('-P', '--perl-regexp')
    ? 'perl'
    : call.name === 'egrep' || call.has('-E', '--extended-regexp')
      ? 'extended'
      : 'basic';
  const ignoresCase = call.has('-i', '--ignore-case');
  const compiled = written
    .split('\n')
    .map((line) =>
      fixed ? pattern(escaped(line), 'extended', ignoresCase) : pattern(line, syntax, ignoresCase),
    );
  const patterns = compiled.map((each) => each && matcher(each, call));
  const answers = (line: Text) =>
    patterns.some((each) => each?.(line)) !== call.has('-v', '--invert-match');
  const recursive = call.has('-r', '-R', '--recursive');
  const gone = files.find((file) => call.world.at(call.path(file))?.present === false);
  if (gone !== undefined && files.length === 1) return { status: 2 };
  const text = recursive
    ? `${input(call, below(call, files))}${call.output()}`
    : input(call, files);
  const lines = linesOf(text).filter((line) => isKnown(line) && answers(line));
  const found = anyLine(text, answers, call.world.unknowns);
  const holds =
    typeof found === 'boolean'
      ? found
      : asked(
          found,
          `${call.has('-v') ? 'not ' : ''}${written}`,
          answers,
          compiled.flatMap((each) => each?.examples ?? []),
          call,
        );
  const quiet = call.has('-q', '--quiet', '--silent', '-l');
  if (!holds) return { status: 1, out: call.has('-c', '--count') ? '0\n' : '' };
  if (quiet) return {};
  if (call.has('-c', '--count')) return { out: `${Math.max(lines.length, 1)}\n` };
  const rest = typeof found === 'boolean' ? [] : found.map((token) => part(call, token, written));
  return { out: joinLines([...lines, ...rest]) };
}

/** Known files in directories, and those that are given. */
const below = (call: Call, files: readonly Text[]): readonly Text[] =>
  files.flatMap((file) => {
    const key = call.path(file);
    const inside = call.world.below(key).filter((each) => call.world.at(each)?.kind === 'file');
    return call.world.at(key)?.kind === 'file' ? [file, ...inside] : inside;
  });

const part = (call: Call, token: Text, written: string) =>
  call.world.unknowns.derived(`grep ${call.args.join(' ')} ${written}`, token);

/**
 * Asks once of each unknown part whether it holds such a line. What was made of it answers like it, but where the
 * making takes such lines away.
 */
function asked(
  tokens: readonly Text[],
  question: string,
  matches: (line: Text) => boolean,
  examples: readonly string[],
  call: Call,
): boolean {
  const { world } = call;
  const { unknowns } = world;
  return tokens.some((token) => {
    const met = examples.filter(matches);
    for (const edit of unknowns.edits(token)) {
      if (met.length > 0 && met.every((line) => !edit.lines([line]).some(matches))) return false;
    }
    return world.hasLine(unknowns.origin(token), question, matches);
  });
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function matcher({ expression }: Pattern, call: Call): (line: Text) => boolean {
  const whole = call.has('-x', '--line-regexp');
  const word = call.has('-w', '--word-regexp');
  const source = whole
    ? `^(?:${expression.source})$`
    : word
      ? `(?<!\\w)(?:${expression.source})(?!\\w)`
      : expression.source;
  const made = new RegExp(source, expression.flags.replace('g', ''));
  return (line) => made.test(line);
}

/** sed as a filter and, with -i, on files in place. */
function sed(call: Call): Answer {
  const given = call.args.flatMap((arg, index) => {
    const before = call.args[index - 1] ?? '';
    if (/^(?:-\w*e|--expression)$/.test(before)) return [arg];
    return arg.startsWith('--expression=') ? [arg.slice('--expression='.length)] : [];
  });
  const words = call.args.filter(
    (arg, index) =>
      // macOS: the empty suffix of -i is a word of its own.
      !/^(?:""|'')?$/.test(arg) &&
      (!arg.startsWith('-') || arg === '-') &&
      !/^(?:-\w*[ef]|--expression|--file)$/.test(call.args[index - 1] ?? ''),
  );
  const scripts = given.length > 0 ? given : words.slice(0, 1);
  const files = given.length > 0 || call.has('-f', '--file') ? words : words.slice(1);
  const fromInput = call.option('-f', '--file') === '-';
  const text = fromInput ? (call.stdin ?? '').trimEnd() : scripts.join('\n');
  const script = sedScript(text, {
    syntax: call.has('-E', '-r', '--regexp-extended') ? 'extended' : 'basic',
    silent: call.has('-n', '--quiet', '--silent'),
  });
  const key = `sed ${call.has('-n')} ${text}`;
  const edit = (from: Text) =>
    script && (fromInput || !call.has('-f', '--file'))
      ? sedText(script, from, key, call.world.unknowns, (token, line) =>
          call.world.lacks(token, line),
        )
      : opaque(call, key, from);
  const flag = call.args.find((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg));
  if (flag === undefined) return { out: edit(input(call, files)) };
  const suffix = /^(?:-[a-hj-zA-Z]*i|--in-place=)(.*)$/.exec(flag)?.[1];
  return inPlace(call, files, edit, suffix, script !== undefined && changesAgain(script));
}

function inPlace(
  call: Call,
  files: readonly Text[],
  edit: (from: Text) => Text,
  suffix?: string,
  grows = false,
): Answer {
  const { world, by } = call;
  for (const file of files) {
    const key: Key = call.path(file);
    const entry = world.at(key);
    if (entry?.present === false) return call.fail(2, { kind: 'gone', key });
    const before = world.read(key);
    const after = edit(before);
    if (suffix) world.write(`backup:${key}${suffix.replace('*', '')}`, before, by, 'keeps');
    if (after !== before) world.rewrite(key, after, by, grows);
  }
  return {};
}

/**
 * What a filter makes of text when only that is known; of its own result it makes the same again, and what lines are
 * known stay in it somehow.
 */
function opaque(
  call: Call,
  key: string,
  from: Text,
  lines: (line: string) => string = (line) => line,
): Text {
  const { unknowns } = call.world;
  const [token] = unknowns.in(from);
  if (token !== undefined && from.trim() === token && unknowns.isDone(key, token)) return from;
  return `${unknowns.derived(key, from, { contains: linesOf(from).filter(isKnown).map(lines) })}\n`;
}

const filter =
  () =>
  (call: Call): Answer => {
    const files = call.operands;
    return { out: opaque(call, `${call.name} ${call.args.join(' ')}`, input(call, files)) };
  };

/** awk and jq: a filter whose first operand is its program. */
const programmed = (call: Call): Answer => {
  // `--arg name value` gives jq a variable.
  const bare = call.args.filter(
    (_, at, args) =>
      ![0, 1, 2].some((back) =>
        /^--(?:arg|argjson|slurpfile|rawfile)$/.test(args[at - back] ?? ''),
      ),
  );
  const [program = '', ...files] = wordsOf(call.name, bare).operands;
  if (/\bs?rand\s*\(|systime|strftime/.test(program)) {
    return { out: `${call.world.unknowns.varying(call.name)}\n` };
  }
  const read = files.filter((file) => !/^\w+=/.test(file));
  const text = call.args.includes('-n') ? '' : input(call, read);
  const key = `${call.name} ${call.args.filter((arg) => !read.includes(arg)).join(' ')}`;
  const grows =
    /\+=|\|=\s*\.\s*\+|\.\s*\+\s*\[/.test(program) &&
    !/unique|index\(|contains\(|seen|==/.test(program);
  const edit = (from: Text): Text => {
    // Lines that were seen are left out.
    if (/^!\w+\[\$0\]\+\+$/.test(program)) return joinLines([...new Set(linesOf(from))]);
    const last = /^\{\s*print\s*\}\s*END\s*\{\s*print\s+"([^"]*)"\s*\}$/.exec(program.trim());
    if (last) return `${from}${last[1]}\n`;
    const column = Number(/^\{\s*print\s+\$(\d)\s*\}$/.exec(program.trim())?.[1]);
    if (column > 0) return opaque(call, key, from, (line) => line.split(/\s+/)[column - 1] ?? '');
    return grows
      ? `${call.world.unknowns.derived(`${growing}${key}`, from)}\n`
      : opaque(call, key, from);
  };
  const inPlaceFlag = call.has('-i', '--inplace', '--in-place');
  if (inPlaceFlag)
    return inPlace(
      call,
      read.filter((file) => file !== 'inplace'),
      edit,
    );
  // `exit` makes it a question.
  if (call.tested && /\bexit\b/.test(program)) {
    return call.world.succeeds(`status ${key}`, false) ? {} : { status: 1 };
  }
  return { out: edit(text) };
};

/** perl -pi -e 's/…/…/': as sed does. */
function perl(call: Call): Answer {
  const flags = call.args.filter((arg) => arg.startsWith('-')).join(' ');
  if (!/-\w*i/.test(flags)) return { out: call.output(call.stdin) };
  const at = call.args.findIndex((arg) => /^-\w*e$/.test(arg));
  const text = call.args[at + 1] ?? '';
  const files = call.args.slice(at + 2);
  if (/-\w*0777/.test(flags)) return inPlace(call, files, (from) => wholeText(call, text, from));
  const script = sedScript(text.replace(/\$(\d)/g, '\\$1'), { syntax: 'perl' });
  const edit = (from: Text) =>
    script
      ? sedText(script, from, `perl ${text}`, call.world.unknowns, (token, line) =>
          call.world.lacks(token, line),
        )
      : opaque(call, `perl ${text}`, from);
  return inPlace(call, files, edit, /-\w*i(\.\w+)/.exec(flags)?.[1]);
}

/** A substitution over the whole of a text, lines and all: does it change its own result? */
function wholeText(call: Call, program: Text, from: Text): Text {
  const { unknowns } = call.world;
  const key = `perl ${program}`;
  const parts = /^s(.)((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1(\w*)$/s.exec(program);
  const compiled = parts && pattern(parts[2]!, 'perl');
  if (!compiled) return opaque(call, key, from);
  const edit = (text: string) =>
    text.replace(compiled.expression, (...groups: string[]) =>
      parts[3]!.replace(/\$(\d)|\\n/g, (whole, group: string | undefined) =>
        group === undefined ? (whole === '\\n' ? '\n' : '') : (groups[Number(group)] ?? ''),
      ),
    );
  const grows = compiled.examples.some((example) => edit(edit(example)) !== edit(example));
  return grows ? `${unknowns.derived(`${growing}${key}`, from)}\n` : opaque(call, key, from);
}

function sort(call: Call): Answer {
  const lines = linesOf(input(call, call.operands));
  const unique = call.has('-u', '--unique') ? [...new Set(lines)] : lines;
  const sorted = [...unique].sort();
  const to = call.option('-o', '--output');
  if (to === undefined) return { out: joinLines(sorted) };
  call.world.rewrite(call.path(to), joinLines(sorted), call.by);
  return {};
}

const uniq = (call: Call): Answer => ({
  out: joinLines(
    linesOf(input(call, call.operands)).filter((line, at, all) => line !== all[at - 1]),
  ),
});

function cat(call: Call): Answer {
  const gone = call.operands.find((file) => call.world.at(call.path(file))?.present === false);
  if (gone !== undefined)
    return { ...call.fail(1, { kind: 'gone', key: call.path(gone) }), out: '' };
  return { out: input(call, call.operands) };
}

function tee(call: Call): Answer {
  const text = call.stdin ?? '';
  for (const file of call.operands) {
    const key = call.path(file);
    if (/^\/dev\//.test(key)) continue;
    if (call.has('-a', '--append')) call.world.add(key, text, call.by);
    else call.world.write(key, text, call.by);
  }
  return { out: text };
}

function seq(call: Call): Answer {
  const numbers = call.operands.map(Number);
  const [first, last] = numbers.length === 1 ? [1, numbers[0]!] : [numbers[0]!, numbers.at(-1)!];
  const step = numbers.length === 3 ? numbers[1]! : 1;
  if (numbers.some(Number.isNaN) || step <= 0) return { out: call.output() };
  const out: string[] = [];
  for (let value = first; value <= last && out.length < 50; value += step) out.push(String(value));
  return { out: joinLines(out) };
}

/** Prints another value on each run. */
const varying = (call: Call): Answer => ({ out: `${call.world.unknowns.varying(call.name)}\n` });

/** `date -d`, `-r` and `-f` tell of another time than now. */
const date = (call: Call): Answer => {
  const given = call.option('-d', '--date');
  const { unknowns } = call.world;
  const fixed =
    (given !== undefined &&
      (/\d{4}|@\d/.test(given) || (isUnknown(given) && !unknowns.varies(given)))) ||
    call.has('-r', '--reference');
  return fixed ? { out: call.output() } : varying(call);
};

export const textTools: Programs = {
  awk: programmed,
  base64: filter(),
  basename: (call) => {
    const [path = '', suffix = ''] = call.operands;
    const name = baseName(path);
    return {
      out: `${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
    };
  },
  dirname: (call) => ({ out: `${dirName(call.operands[0] ?? '')}\n` }),
  cat,
  column: filter(),
  cut: (call) => {
    const separator = call.option('-d', '--delimiter') ?? '\t';
    const field = Number(call.option('-f', '--fields'));
    const take = (line: string) =>
      field > 0 && line.includes(separator) ? (line.split(separator)[field - 1] ?? '') : line;
    return { out: opaque(call, `cut ${call.args.join(' ')}`, input(call, call.operands), take) };
  },
  date,
  echo,
  egrep: grep,
  envsubst: (call) => {
    const names = [...(call.stdin ?? '').matchAll(/\$\{?(\w+)\}?/g)].map((match) => match[1]!);
    const all = names.length > 0 ? names : call.variables();
    const values = all.map((name) => `${name}=${call.variable(name) ?? ''}`);
    return { out: opaque(call, `envsubst ${values.join(' ')}`, call.stdin ?? '') };
  },
  fgrep: grep,
  gawk: programmed,
  grep,
  head: (call) => {
    const count = call.args.find((arg) => /^-\d+$|^-[cn]\d+$/.test(arg));
    return {
      out: opaque(call, `head ${count ?? ''} ${call.args.join(' ')}`, input(call, call.operands)),
    };
  },
  jq: programmed,
  mcookie: varying,
  mkpasswd: (call) => (call.has('-S', '--salt') ? { out: call.output() } : varying(call)),
  nl: filter(),
  od: filter(),
  perl,
  printf,
  pwgen: varying,
  sed,
  seq,
  shuf: varying,
  // One line a host: its name, then its key.
  'ssh-keyscan': (call) => ({
    out: joinLines(call.operands.map((host) => `${host} ${call.output(host).trim()}`)),
  }),
  sort,
  tac: filter(),
  tail: filter(),
  tee,
  tr: (call) => ({ out: opaque(call, `tr ${call.args.join(' ')}`, call.stdin ?? '') }),
  uniq,
  uuidgen: varying,
  wc: filter(),
  xxd: filter(),
  yes: (call) => ({ out: `${call.operands[0] ?? 'y'}\n` }),
  hostname: (call) => {
    const [name] = call.operands;
    const key = 'hostname:of the machine';
    if (name === undefined || call.has('-F', '--file'))
      return { out: `${call.world.read(key).trim()}\n` };
    if (call.world.at(key)?.content !== name) call.world.write(key, name, call.by);
    return {};
  },
  yq: programmed,
};
