import type { Located, Range, Value } from '../text/range';
import type { Encode, Source, SourceBuilder } from '../text/source';

/** What Docker would refuse: offsets in the source given to parseDockerfile, message without a position. */
export interface DockerfileProblem extends Located {
  readonly message: string;
}

/** The instructions of one Dockerfile. All ranges are half-open UTF-16 offsets in the source parsed. */
export interface DockerfileSyntax {
  readonly instructions: readonly Instruction[];
  readonly problems: readonly DockerfileProblem[];
  /** The character that continues a line (https://docs.docker.com/reference/dockerfile/#escape). */
  readonly escape: '\\' | '`';
}

/** A `--name` or `--name=value` between keyword and arguments; the range covers all of it. */
export interface Flag extends Located {
  readonly name: string;
  readonly value?: Value;
}

/** One string of an exec form, escapes resolved; the range covers its quotes. */
export interface ExecItem extends Value {
  /** The value as a source of its own, to be read as a script behind `sh -c`. */
  readonly text: Source;
}

/** One `name=value` of an ARG, ENV or LABEL, quotes and escapes resolved; the ranges cover quotes. */
export interface Assignment {
  readonly name: Value;
  readonly value?: Value;
}

/** A here-document (https://docs.docker.com/reference/dockerfile/#here-documents). */
export interface Heredoc extends Located {
  /** The word that ends it; the range is where the instruction announces it, quotes included. */
  readonly delimiter: Value;
  /** The delimiter is quoted, so that Docker and the shell leave `$` alone. */
  readonly quoted: boolean;
  /** Written `<<-`: leading tabs of its lines do not count. */
  readonly stripTabs: boolean;
  /** The delimiter's line is there; Docker refuses the file otherwise, and the text runs to its end. */
  readonly closed: boolean;
  /**
   * Who reads it: `script` when a RUN consists of nothing else (the shell runs it, or what its `#!` line names),
   * `input` when a command of the RUN does, `file` when ADD or COPY writes it.
   */
  readonly reader: 'script' | 'input' | 'file';
  /** Its lines, each ended by `\n` whatever the file uses, leading tabs dropped where `<<-` drops them. */
  readonly body: Source;
  /** What stands behind it on the instruction's line: a command, a redirection, a destination. */
  readonly follows?: Value;
}

/** An instruction; its range runs from the keyword (`ONBUILD` included) to its last character. */
export interface Instruction extends Located {
  /** The keyword in upper case, behind ONBUILD where there is one. */
  readonly keyword: Value;
  readonly flags: readonly Flag[];
  /**
   * The words behind the flags; the whole rest as one for WORKDIR, USER, STOPSIGNAL and MAINTAINER; the strings
   * of an exec form. Quotes are resolved except in shell forms, where they are the shell's.
   */
  readonly args: readonly Value[];
  /** The strings of a JSON form, where it is one and the keyword takes it; behind CMD for a HEALTHCHECK. */
  readonly exec?: readonly ExecItem[];
  /**
   * What Docker hands to the shell for RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD: lines joined, comment and empty
   * lines between them gone, here-documents a command reads appended; the here-document itself where there is
   * nothing else. Absent for an exec form and while a here-document is not closed.
   */
  readonly body?: Source;
  readonly heredocs: readonly Heredoc[];
  /** What an ARG, ENV or LABEL sets, `ENV name value` included. */
  readonly assignments?: readonly Assignment[];
  /** Runs in the build of an image that is based on this one. */
  readonly onbuild: boolean;
}

type Escape = DockerfileSyntax['escape'];

/** How Docker reads what follows a keyword: the dispatch table of BuildKit's parser. */
type Shape = 'shell' | 'health' | 'json' | 'words' | 'whole' | 'pairs' | 'names' | 'nested';

// https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
const shapes: ReadonlyMap<string, Shape> = new Map([
  ['ADD', 'words'],
  ['ARG', 'names'],
  ['CMD', 'shell'],
  ['COPY', 'words'],
  ['ENTRYPOINT', 'shell'],
  ['ENV', 'pairs'],
  ['EXPOSE', 'words'],
  ['FROM', 'words'],
  ['HEALTHCHECK', 'health'],
  ['LABEL', 'pairs'],
  ['MAINTAINER', 'whole'],
  ['ONBUILD', 'nested'],
  ['RUN', 'shell'],
  ['SHELL', 'json'],
  ['STOPSIGNAL', 'whole'],
  ['USER', 'whole'],
  ['VOLUME', 'words'],
  ['WORKDIR', 'whole'],
]);
const takesJson: ReadonlySet<string> = new Set([
  'ADD',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'HEALTHCHECK',
  'RUN',
  'SHELL',
  'VOLUME',
]);
const takesHeredocs: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN']);
/** Without arguments these reset what the base image says. */
const standsAlone: ReadonlySet<string> = new Set(['CMD', 'ENTRYPOINT']);

/**
 * Reads a Dockerfile as BuildKit does, tolerantly: what could be read is there, what Docker would refuse is in
 * `problems`. Never throws.
 */
export function parseDockerfile(source: Source): DockerfileSyntax {
  const { text } = source;
  const problems: DockerfileProblem[] = [];
  const instructions: Instruction[] = [];
  const escapeChar = escapeDirective(text);
  let start = instructionFrom(text, text.startsWith('\ufeff') ? 1 : 0);
  while (start !== undefined) {
    const reader = new InstructionReader(source, start, escapeChar, problems);
    const instruction = reader.read();
    if (instruction) instructions.push(instruction);
    start = instructionFrom(text, reader.next);
  }
  return { instructions, problems, escape: escapeChar };
}

/** What `# escape=` says; only lines of the other directives may stand above it. */
function escapeDirective(text: string): Escape {
  const directive =
    /\ufeff?[^\S\n]*#[^\S\n]*(syntax|check|escape)[^\S\n]*=[^\S\n]*(\S+)[^\n]*(?:\n|$)/iy;
  for (let match = directive.exec(text); match; match = directive.exec(text)) {
    if (match[1]!.toLowerCase() === 'escape') return match[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

/** Where the first instruction at or below the beginning of a line stands; comment and empty lines are none. */
function instructionFrom(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const line = lineAt(text, at);
    const start = at + text.slice(at, line.to).search(/\S|$/);
    if (start < line.to && text[start] !== '#') return start;
    at = line.next;
  }
  return undefined;
}

/** A half-open span of an instruction's joined line. */
type Span = readonly [start: number, end: number];

/** A here-document as its instruction announces it. */
interface Announced {
  readonly span: Span;
  readonly word: Span;
  readonly name: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
}

/** The place of its text, and of the word that ends it. */
interface Placed extends Announced {
  readonly from: number;
  readonly to: number;
  readonly endWord: number | undefined;
}

type Operands = Pick<Instruction, 'args' | 'exec' | 'body' | 'assignments'>;

/** Reads one instruction: joins its lines, reads them as Docker does and maps every place back. */
class InstructionReader {
  readonly #source: Source;
  readonly #start: number;
  readonly #escape: Escape;
  readonly #problems: DockerfileProblem[];
  /** The instruction's lines joined into one, without the blanks at its end. */
  #line = '';
  /** The joined line and, behind it, the here-documents a command reads. */
  #passed: Source;
  /** Where the characters of the last line read end, and where the line behind it begins. */
  #end: number;
  #next: number;

  constructor(source: Source, start: number, escapeChar: Escape, problems: DockerfileProblem[]) {
    this.#source = source;
    this.#start = start;
    this.#escape = escapeChar;
    this.#problems = problems;
    this.#passed = source;
    this.#end = start;
    this.#next = start;
  }

  /** Where the line behind the instruction begins. */
  get next(): number {
    return this.#next;
  }

  /** Undefined where there are only escape characters. */
  read(): Instruction | undefined {
    const builder = this.#source.derive(encodeLine(this.#escape));
    this.#join(builder);
    const line = this.#line;
    // The first line may hold nothing but an escape character.
    let keyword = wordAt(line, behindBlanks(line, 0));
    if (keyword[0] === keyword[1]) return undefined;
    let { flags, rest } = flagsBehind(line, keyword[1]);
    let name = line.slice(...keyword).toUpperCase();
    let onbuild = false;
    while (name === 'ONBUILD' && rest < line.length) {
      onbuild = true;
      keyword = wordAt(line, rest);
      ({ flags, rest } = flagsBehind(line, keyword[1]));
      name = line.slice(...keyword).toUpperCase();
    }
    const from = name === 'HEALTHCHECK' ? behindWord(line, rest) : rest;
    const json = takesJson.has(name) ? jsonStrings(line, from) : undefined;
    const placed = takesHeredocs.has(name) && !json ? this.#place(announced(line, rest)) : [];
    const alone = placed[0]?.span[0] === rest && placed[0].span[1] === line.length;
    if (name === 'RUN' && !alone) this.#append(builder, placed);
    this.#passed = builder.build();
    const reader = name !== 'RUN' ? 'file' : alone ? 'script' : 'input';
    const heredocs = placed.map((each) => this.#heredoc(each, reader));
    const operands = json
      ? this.#execForm(json, [rest, from])
      : this.#operands(name, keyword, rest, heredocs);
    return {
      range: [this.#start, this.#end],
      keyword: { value: name, range: this.#range(keyword) },
      flags: flags.map((span) => this.#flag(span)),
      ...operands,
      heredocs,
      onbuild,
    };
  }

  /**
   * Joins the lines of the instruction. A line goes on where its last character but for blanks is the escape
   * character, not doubled; comment and empty lines behind such a line do not count.
   */
  #join(builder: SourceBuilder): void {
    const { text } = this.#source;
    let joined = '';
    do {
      const { from, to, next } = lineAt(text, this.#next);
      this.#next = next;
      const content = text.slice(from, to);
      if (from > this.#start && /^\s*(?:#|$)/.test(content)) continue;
      let kept = content.length;
      while (content[kept - 1] === ' ' || content[kept - 1] === '\t') kept--;
      const goesOn = content[kept - 1] === this.#escape && content[kept - 2] !== this.#escape;
      const piece = goesOn ? content.slice(0, kept - 1) : content;
      builder.copy(piece, from);
      joined += piece;
      this.#end = from + kept;
      if (!goesOn) break;
    } while (this.#next < text.length);
    this.#line = joined.trimEnd();
  }

  /** Finds the text of each here-document, one behind the other below the instruction's line. */
  #place(all: readonly Announced[]): readonly Placed[] {
    const { text } = this.#source;
    return all.map((each) => {
      const from = this.#next;
      let to = from;
      let endWord: number | undefined;
      while (endWord === undefined && this.#next < text.length) {
        const line = lineAt(text, this.#next);
        const start = each.stripTabs ? behindTabs(text, line.from) : line.from;
        if (text.slice(start, line.to) === each.name) endWord = start;
        else to = line.next;
        this.#next = line.next;
        this.#end = line.to;
      }
      if (endWord === undefined) {
        const message = `the here-document is not ended by a line ${each.name}`;
        this.#problems.push({ range: [this.#start, this.#end], message });
      }
      return { ...each, from, to, endWord };
    });
  }

  /** Here-documents a command reads are passed on untouched behind the joined line. */
  #append(builder: SourceBuilder, placed: readonly Placed[]): void {
    const { text } = this.#source;
    for (const { from, to, name, endWord } of placed) {
      if (endWord === undefined) return;
      const lineBreak = text[from - 2] === '\r' ? from - 2 : from - 1;
      copyLines(builder, text, lineBreak, to, false);
      // The tabs in front of the word are not passed on.
      builder.copy(name, endWord);
    }
  }

  #heredoc(placed: Placed, reader: Heredoc['reader']): Heredoc {
    const { text } = this.#source;
    const { from, to, span, stripTabs } = placed;
    const tabs = stripTabs ? text.slice(from, behindTabs(text, from)) : '';
    const builder = this.#source.derive(encodeHeredoc(text, placed.name, stripTabs, tabs));
    copyLines(builder, text, from, to, stripTabs);
    const follows: Span = [behindBlanks(this.#line, span[1]), this.#line.length];
    return {
      range: this.#range(span),
      delimiter: { value: placed.name, range: this.#range(placed.word) },
      quoted: placed.quoted,
      stripTabs,
      closed: placed.endWord !== undefined,
      reader,
      body: builder.build(),
      ...(follows[0] < follows[1] && { follows: this.#asWritten(follows) }),
    };
  }

  /** `health` is the span of a HEALTHCHECK's CMD, empty for other instructions. */
  #execForm(json: readonly Span[], health: Span): Operands {
    const exec = json.map((span) => this.#execItem(span));
    const command = blankWords(this.#line, health).map((span) => this.#asWritten(span));
    return { args: [...command, ...exec], exec };
  }

  #operands(name: string, keyword: Span, rest: number, heredocs: readonly Heredoc[]): Operands {
    const line = this.#line;
    const shape = shapes.get(name);
    const whole: Span = [rest, line.length];
    if (!shape) this.#problem(keyword, `${line.slice(...keyword)} is not an instruction`);
    else if (rest >= line.length) {
      if (!standsAlone.has(name)) this.#problem(keyword, `${name} has no arguments`);
      return { args: [] };
    }
    switch (shape) {
      case 'pairs':
      case 'names':
        return this.#assignments(name, whole, shape);
      case 'shell':
      case 'health': {
        const words = quotedWords(line, whole, this.#escape);
        const args = words.map((span) => this.#asWritten(span));
        const runs = shape === 'shell' || args[0]?.value.toUpperCase() === 'CMD';
        const from = shape === 'shell' ? rest : behindWord(line, rest);
        const body = runs ? this.#body(from, heredocs) : undefined;
        return { args, ...(body && { body }) };
      }
      case 'whole':
        // Docker takes a MAINTAINER's quotes for part of the name.
        return { args: [name === 'MAINTAINER' ? this.#asWritten(whole) : this.#word(whole)] };
      case 'json':
        this.#problem(whole, `${name} takes a JSON list of strings`);
    }
    return { args: blankWords(line, whole).map((span) => this.#word(span)) };
  }

  #body(from: number, heredocs: readonly Heredoc[]): Source | undefined {
    if (from >= this.#line.length || heredocs.some((each) => !each.closed)) return undefined;
    if (heredocs[0]?.reader === 'script') return heredocs[0].body;
    const end = heredocs.length > 0 ? this.#passed.text.length : this.#line.length;
    return this.#passed.slice([from, end]);
  }

  #assignments(name: string, whole: Span, shape: 'pairs' | 'names'): Operands {
    const line = this.#line;
    const words = quotedWords(line, whole, this.#escape);
    if (shape === 'pairs' && !line.slice(...words[0]!).includes('=')) {
      // The old form: all that stands behind the name is its value.
      const named = this.#word(wordAt(line, whole[0]));
      const from = behindWord(line, whole[0]);
      if (from < whole[1]) {
        const value = this.#word([from, whole[1]]);
        return { args: [named, value], assignments: [{ name: named, value }] };
      }
      this.#problem(whole, `${name} ${named.value} has no value`);
      return { args: [named], assignments: [{ name: named }] };
    }
    const assignments = words.map(([start, end]) => {
      const equals = line.slice(start, end).indexOf('=');
      if (equals >= 0) {
        const named = this.#word([start, start + equals]);
        return { name: named, value: this.#word([start + equals + 1, end]) };
      }
      const named = this.#word([start, end]);
      if (shape === 'pairs') this.#problem([start, end], `${named.value} has no =`);
      return { name: named };
    });
    return { args: words.map((span) => this.#word(span)), assignments };
  }

  #flag(span: Span): Flag {
    const text = this.#line.slice(...span);
    const equals = text.indexOf('=');
    const range = this.#range(span);
    // Docker takes the backslash for a flag's escape character whatever the directive says.
    if (equals < 0) return { name: unquoted(text.slice(2), '\\'), range };
    const name = unquoted(text.slice(2, equals), '\\');
    const value = unquoted(text.slice(equals + 1), '\\');
    return { name, value: { value, range: this.#range([span[0] + equals + 1, span[1]]) }, range };
  }

  #execItem(span: Span): ExecItem {
    const builder = this.#passed.derive((text) => JSON.stringify(text).slice(1, -1));
    const inner = this.#line.slice(span[0] + 1, span[1] - 1);
    let at = 0;
    for (const { 0: written, index } of inner.matchAll(/\\(?:u.{4}|.)/g)) {
      builder.copy(inner.slice(at, index), span[0] + 1 + at);
      const decoded = JSON.parse(`"${written}"`) as string;
      builder.decoded(decoded, span[0] + 1 + index, written.length);
      at = index + written.length;
    }
    const text = builder.copy(inner.slice(at), span[0] + 1 + at).build();
    return { value: text.text, range: this.#range(span), text };
  }

  #asWritten(span: Span): Value {
    return { value: this.#line.slice(...span), range: this.#range(span) };
  }

  /** The span's text with quotes and escapes resolved. */
  #word(span: Span): Value {
    return { value: unquoted(this.#line.slice(...span), this.#escape), range: this.#range(span) };
  }

  #range(span: Span): Range {
    return this.#passed.toParent(span)?.range ?? [this.#end, this.#end];
  }

  #problem(span: Span, message: string): void {
    this.#problems.push({ range: this.#range(span), message });
  }
}

/** A line of the text: where it begins, where its characters end, where the next line begins. */
function lineAt(text: string, from: number): { from: number; to: number; next: number } {
  const found = text.indexOf('\n', from);
  if (found < 0) return { from, to: text.length, next: text.length };
  return {
    from,
    to: found > from && text[found - 1] === '\r' ? found - 1 : found,
    next: found + 1,
  };
}

/** Copies lines, their breaks as `\n`; leading tabs are left out where `stripTabs` says so. */
function copyLines(
  builder: SourceBuilder,
  text: string,
  from: number,
  to: number,
  stripTabs: boolean,
): void {
  for (let at = from; at < to; ) {
    const line = lineAt(text, at);
    const start = stripTabs ? behindTabs(text, at) : at;
    builder.copy(text.slice(start, line.to), start);
    if (line.next === line.to + 1) builder.copy('\n', line.to);
    else if (line.next > line.to) builder.decoded('\n', line.to, 2);
    at = line.next;
  }
}

function behindTabs(text: string, from: number): number {
  let at = from;
  while (text[at] === '\t') at++;
  return at;
}

/** The blanks that end a word for Docker; the joined line has no line breaks. */
const isBlank = (char: string | undefined) =>
  char === ' ' || char === '\t' || char === '\r' || char === '\v' || char === '\f';

function behindBlanks(line: string, from: number): number {
  let at = from;
  while (isBlank(line[at])) at++;
  return at;
}

function wordAt(line: string, from: number): Span {
  let to = from;
  while (to < line.length && !isBlank(line[to])) to++;
  return [from, to];
}

/** Where the word behind the one at `from` begins. */
function behindWord(line: string, from: number): number {
  return behindBlanks(line, wordAt(line, from)[1]);
}

function blankWords(line: string, within: Span): readonly Span[] {
  const words: Span[] = [];
  let at = behindBlanks(line, within[0]);
  while (at < within[1]) {
    const word = wordAt(line, at);
    words.push(word);
    at = behindBlanks(line, word[1]);
  }
  return words;
}

/** The end of the word at `from`, in which blanks may be quoted or escaped. */
function quotedWordEnd(line: string, from: number, escapeChar: Escape): number {
  let quote = '';
  let at = from;
  for (; at < line.length; at++) {
    const char = line[at]!;
    if (char === escapeChar && quote !== "'") at++;
    else if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (isBlank(char)) break;
  }
  return Math.min(at, line.length);
}

function quotedWords(line: string, within: Span, escapeChar: Escape): readonly Span[] {
  const words: Span[] = [];
  let at = behindBlanks(line, within[0]);
  while (at < within[1]) {
    const end = quotedWordEnd(line, at, escapeChar);
    words.push([at, end]);
    at = behindBlanks(line, end);
  }
  return words;
}

/** The words behind a keyword that begin with `--`, and where what follows them begins. */
function flagsBehind(line: string, from: number): { flags: readonly Span[]; rest: number } {
  const flags: Span[] = [];
  let rest = behindBlanks(line, from);
  while (line.startsWith('--', rest)) {
    const end = quotedWordEnd(line, rest, '\\');
    const ends = end === rest + 2;
    if (!ends) flags.push([rest, end]);
    rest = behindBlanks(line, end);
    if (ends) break;
  }
  return { flags, rest };
}

/**
 * A word as Docker uses it: quotes gone, escapes resolved. Variables stay as written, since their values are not
 * known here.
 */
function unquoted(word: string, escapeChar: Escape): string {
  if (!word.includes('"') && !word.includes("'") && !word.includes(escapeChar)) return word;
  let value = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    const char = word[at]!;
    if (char === quote) quote = '';
    else if (!quote && (char === '"' || char === "'")) quote = char;
    else if (char === escapeChar && quote !== "'") {
      const next = word[at + 1] ?? '';
      // Between double quotes the escape character stays, but before what would mean something there.
      if (quote && next !== '"' && next !== '$' && next !== escapeChar) value += char;
      value += next;
      at++;
    } else value += char;
  }
  return value;
}

/** The strings of the JSON list that all of the line from `from` on is, or undefined where it is none. */
function jsonStrings(line: string, from: number): readonly Span[] | undefined {
  if (line[from] !== '[') return undefined;
  const strings: Span[] = [];
  const string = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\0-\x1f]*)*"/y;
  let at = behindBlanks(line, from + 1);
  while (line[at] !== ']' || strings.length > 0) {
    string.lastIndex = at;
    if (!string.test(line)) return undefined;
    strings.push([at, string.lastIndex]);
    at = behindBlanks(line, string.lastIndex);
    if (line[at] === ']') break;
    if (line[at] !== ',') return undefined;
    at = behindBlanks(line, at + 1);
  }
  return at + 1 === line.length ? strings : undefined;
}

/** The here-documents a line announces: words such as `<<EOF`, `<<-"EOF"`, `3<<EOF`, but not inside quotes. */
function announced(line: string, from: number): readonly Announced[] {
  if (!line.includes('<<', from)) return [];
  const found: Announced[] = [];
  for (const span of quotedWords(line, [from, line.length], '\\')) {
    const match = /^(\d*<<(-?))([^<]+)$/.exec(line.slice(...span));
    if (!match) continue;
    const written = match[3]!;
    const name = unquoted(written, '\\');
    found.push({
      span,
      word: [span[0] + match[1]!.length, span[1]],
      name,
      quoted: name !== written,
      stripTabs: match[2] === '-',
    });
  }
  return found;
}

/** New text for a joined line: a line break, or an escape character at its end, would end or join it. */
function encodeLine(escapeChar: Escape): Encode {
  return (text) => (/[\r\n]/.test(text) || text.endsWith(escapeChar) ? undefined : text);
}

/** New text for a here-document; a line that reads as its end cannot be written. */
function encodeHeredoc(file: string, name: string, stripTabs: boolean, tabs: string): Encode {
  const lineBreak = file.includes('\r\n') ? '\r\n' : '\n';
  return (text) => {
    const lines = text.split(/\r?\n/);
    // Behind `<<-` a line's own leading tabs would be lost.
    if (lines.some((line) => line === name || (stripTabs && line.startsWith('\t'))))
      return undefined;
    return lines.map((line, i) => (i > 0 && line !== '' ? tabs + line : line)).join(lineBreak);
  };
}
