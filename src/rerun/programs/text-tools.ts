import type { Answer, Call, Programs } from '../call';
import { type Pattern, pattern } from '../posix-regex';
import { sedScript, sedText } from '../sed';
import { anyLine, isKnown, joinLines, linesOf, type Text } from '../text';
import type { Key } from '../world';

/** What a filter reads: the files it is given, else its standard input. */
function input(call: Call, files: readonly Text[]): Text {
  if (files.length === 0) return call.stdin ?? '';
  return files
    .map((file) => (file === '-' ? (call.stdin ?? '') : call.world.read(call.path(file))))
    .join('');
}

/** The operands of a filter without the values of its flags. */
const filesOf = (call: Call, ...flags: readonly string[]) => {
  const values = flags.map((flag) => call.option(flag));
  return call.operands.filter((word) => !values.includes(word));
};

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
  const e = call.option('-e', '--regexp');
  const words = filesOf(call, '-e', '--regexp', '-m', '--max-count', '-A', '-B', '-C');
  const written = e ?? words[0] ?? '';
  const files = e === undefined ? words.slice(1) : words;
  const fixed = call.name === 'fgrep' || call.has('-F', '--fixed-strings');
  const syntax = call.has('-P', '--perl-regexp')
    ? 'perl'
    : call.name === 'egrep' || call.has('-E', '--extended-regexp')
      ? 'extended'
      : 'basic';
  const patterns = written.split('\n').map((line) => {
    const compiled = fixed
      ? pattern(escaped(line), 'extended', call.has('-i', '--ignore-case'))
      : pattern(line, syntax, call.has('-i', '--ignore-case'));
    return compiled && matcher(compiled, call);
  });
  const answers = (line: Text) =>
    patterns.some((each) => each?.(line)) !== call.has('-v', '--invert-match');
  const recursive = call.has('-r', '-R', '--recursive');
  const gone = files.find((file) => call.world.at(call.path(file))?.present === false);
  if (gone !== undefined && files.length === 1) return { status: 2 };
  const text = recursive ? call.output() : input(call, files);
  const lines = linesOf(text).filter((line) => isKnown(line) && answers(line));
  const found = anyLine(text, answers, call.world.unknowns);
  const holds =
    typeof found === 'boolean'
      ? found
      : asked(found, `${call.has('-v') ? 'not ' : ''}${written}`, answers, call);
  const quiet = call.has('-q', '--quiet', '--silent', '-l');
  if (!holds) return { status: 1, out: call.has('-c', '--count') ? '0\n' : '' };
  if (quiet) return {};
  if (call.has('-c', '--count') && typeof found === 'boolean') return { out: `${lines.length}\n` };
  const rest = typeof found === 'boolean' ? [] : found.map((token) => part(call, token, written));
  return { out: joinLines([...lines, ...rest]) };
}

const part = (call: Call, token: Text, written: string) =>
  call.world.unknowns.derived(`grep ${call.args.join(' ')} ${written}`, token);

/** Asks once of each unknown part whether it holds such a line; what was made of it answers like it. */
function asked(
  tokens: readonly Text[],
  question: string,
  matches: (line: Text) => boolean,
  call: Call,
): boolean {
  const { world } = call;
  return tokens.some((token) => {
    let origin = token;
    for (let from: Text | undefined = token; from !== undefined; ) {
      origin = from;
      const next: Text | undefined = world.unknowns.of(from).from;
      from = next === undefined ? undefined : [...world.unknowns.in(next)][0];
    }
    return world.hasLine(origin, question, matches);
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
      (!arg.startsWith('-') || arg === '-') &&
      !/^(?:-\w*[ef]|--expression|--file)$/.test(call.args[index - 1] ?? ''),
  );
  const scripts = given.length > 0 ? given : words.slice(0, 1);
  const files = given.length > 0 ? words : words.slice(1);
  const text = scripts.join('\n');
  const script = sedScript(text, {
    syntax: call.has('-E', '-r', '--regexp-extended') ? 'extended' : 'basic',
    silent: call.has('-n', '--quiet', '--silent'),
  });
  const key = `sed ${call.has('-n')} ${text}`;
  const edit = (from: Text) =>
    script && !call.has('-f', '--file')
      ? sedText(script, from, key, call.world.unknowns, (token, line) =>
          call.world.lacks(token, line),
        )
      : opaque(call, key, from);
  const flag = call.args.find((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg));
  if (flag === undefined) return { out: edit(input(call, files)) };
  const suffix = /^(?:-[a-hj-zA-Z]*i|--in-place=)(.*)$/.exec(flag)?.[1];
  return inPlace(
    call,
    files.filter((file) => file !== ''),
    edit,
    suffix,
  );
}

function inPlace(
  call: Call,
  files: readonly Text[],
  edit: (from: Text) => Text,
  suffix?: string,
): Answer {
  const { world, by } = call;
  for (const file of files) {
    const key: Key = call.path(file);
    const entry = world.at(key);
    if (entry?.present === false) return call.fail(2, { kind: 'gone', key });
    const before = world.read(key);
    const after = edit(before);
    if (suffix) world.write(`backup:${key}${suffix.replace('*', '')}`, before, by, 'keeps');
    if (after !== before) world.rewrite(key, after, by);
  }
  return {};
}

/**
 * What a filter makes of text when only that is known; of its own result it makes the same again, and what lines are
 * known stay in it somehow.
 */
function opaque(call: Call, key: string, from: Text): Text {
  const { unknowns } = call.world;
  const [token] = unknowns.in(from);
  if (token !== undefined && from.trim() === token && unknowns.isDone(key, token)) return from;
  return `${unknowns.derived(key, from, { contains: linesOf(from).filter(isKnown) })}\n`;
}

const filter =
  (...valued: readonly string[]) =>
  (call: Call): Answer => {
    const files = filesOf(call, ...valued);
    return { out: opaque(call, `${call.name} ${call.args.join(' ')}`, input(call, files)) };
  };

/** A filter whose first operand is its program. */
const programmed = (call: Call): Answer => {
  const [program = '', ...files] = call.operands;
  const random = /\bs?rand\s*\(|systime|strftime/.test(program);
  if (random) return { out: `${call.world.unknowns.varying(call.name)}\n` };
  const text = call.args.includes('-n')
    ? ''
    : input(
        call,
        files.filter((file) => !/^\w+=/.test(file)),
      );
  const key = `${call.name} ${program}`;
  const grows =
    /\+=|\|=\s*\.\s*\+|\.\s*\+\s*\[/.test(program) &&
    !/unique|index\(|contains\(|seen|==/.test(program);
  const inside =
    call.has('-i', '--inplace', '--in-place') || /^inplace$/.test(call.option('-i') ?? '');
  const edit = (from: Text) =>
    grows ? `${call.world.unknowns.derived(key, from)}\n` : opaque(call, key, from);
  if (inside)
    return inPlace(
      call,
      files.filter((file) => file !== 'inplace'),
      edit,
    );
  return { out: edit(text) };
};

/** perl -pi -e 's/…/…/': as sed does. */
function perl(call: Call): Answer {
  const flags = call.args.filter((arg) => arg.startsWith('-')).join(' ');
  if (!/-\w*i/.test(flags)) return { out: call.output(call.stdin) };
  const at = call.args.findIndex((arg) => /^-\w*e$/.test(arg));
  const text = call.args[at + 1] ?? '';
  const files = call.args.slice(at + 2);
  const script = sedScript(text.replace(/\$(\d)/g, '\\$1'), { syntax: 'perl' });
  const edit = (from: Text) =>
    script
      ? sedText(script, from, `perl ${text}`, call.world.unknowns, (token, line) =>
          call.world.lacks(token, line),
        )
      : opaque(call, `perl ${text}`, from);
  return inPlace(call, files, edit, /-\w*i(\.\w+)/.exec(flags)?.[1]);
}

function sort(call: Call): Answer {
  const lines = linesOf(input(call, filesOf(call, '-o', '-k', '-t')));
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
  const fixed = (given !== undefined && /\d{4}|@\d/.test(given)) || call.has('-r', '--reference');
  return fixed ? { out: call.output() } : varying(call);
};

export const textTools: Programs = {
  awk: programmed,
  base64: filter('-w'),
  cat,
  column: filter(),
  cut: filter('-d', '-f', '-c'),
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
    const files = filesOf(call, '-n', '-c');
    return { out: opaque(call, `head ${count ?? ''} ${call.args.join(' ')}`, input(call, files)) };
  },
  jq: programmed,
  mcookie: varying,
  mkpasswd: (call) => (call.has('-S', '--salt') ? { out: call.output() } : varying(call)),
  nl: filter(),
  od: filter('-A', '-t', '-N'),
  perl,
  printf,
  pwgen: varying,
  sed,
  seq,
  shuf: varying,
  // One line a host: its name, then its key.
  'ssh-keyscan': (call) => ({
    out: joinLines(
      filesOf(call, '-t', '-p', '-T', '-f').map((host) => `${host} ${call.output(host).trim()}`),
    ),
  }),
  sort,
  tac: filter(),
  tail: filter('-n', '-c'),
  tee,
  tr: (call) => ({ out: opaque(call, `tr ${call.args.join(' ')}`, call.stdin ?? '') }),
  uniq,
  uuidgen: varying,
  wc: filter(),
  xxd: filter('-l', '-c'),
  yq: programmed,
};
