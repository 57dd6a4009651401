/** Numbers from 0 up to 1, the same ones for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What parsers trip over: openers without an end, marks of each language, characters of every width. */
const morsels = [
  ...'\'"`\\$(){}[]<>|&;:#-*?!%@=~,.+/ \t\n\r\0',
  '\r\n',
  '\uFEFF',
  '\u2028',
  'é',
  '한',
  '🚦',
  '\uD83D',
  '\uDEA6',
  '${{ ',
  ' }}',
  '{{- ',
  '{{',
  '{%',
  '%}',
  '$((',
  '$(',
  '`',
  '<<EOF\n',
  '<<-"X"\n',
  'EOF\n',
  '|\n  ',
  '>-\n',
  '---\n',
  '&a ',
  '*a ',
  '<<: *a\n',
  '? ',
  '!!str ',
  '- ',
  ': ',
  '# andon-allow *: x\n',
  '# andon-allow-file shell/*\n',
  'FROM ',
  'RUN ',
  'ARG X=${X:-${Y}}\n',
  'COPY --from=0 ',
  'SHELL ["x"]\n',
  '# escape=`\n',
  'run: |\n',
  'if then fi do done case esac\n',
  'resource "a" "b" {\n',
  '${var.x',
  'set -euo pipefail\n',
  'curl x | sh\n',
  'sh -c "',
  "ssh h 'x",
] as const;

const openers = [
  '(',
  '[',
  '{',
  '{a: ',
  '- ',
  '[[',
  '$(',
  '${',
  '"${',
  '{{',
  'if :; then ',
  'a { ',
  '? ',
  '"',
];

type Random = () => number;
const upTo = (random: Random, n: number) => Math.floor(random() * n);
const pick = <T>(random: Random, all: readonly T[]): T => all[upTo(random, all.length)]!;

function span(random: Random, text: string): readonly [number, number] {
  const start = upTo(random, text.length + 1);
  const length = random() < 0.7 ? upTo(random, 20) : upTo(random, text.length);
  return [start, Math.min(text.length, start + length)];
}

type Mutation = (text: string, random: Random, other: string) => string;

const mutations: readonly Mutation[] = [
  // Cut off, as half a typed file is.
  (text, random) => text.slice(0, upTo(random, text.length)),
  (text, random) => text.slice(upTo(random, text.length)),
  (text, random) => {
    const [start, end] = span(random, text);
    return text.slice(0, start) + text.slice(end);
  },
  (text, random) => {
    const [start, end] = span(random, text);
    return text.slice(0, end) + text.slice(start);
  },
  (text, random) => {
    const lines = text.split('\n');
    const [a, b] = [upTo(random, lines.length), upTo(random, lines.length)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    return lines.join('\n');
  },
  (text, random) => {
    const at = upTo(random, text.length + 1);
    return text.slice(0, at) + pick(random, morsels) + text.slice(at);
  },
  (text, random) => {
    const at = upTo(random, text.length);
    return text.slice(0, at) + pick(random, morsels) + text.slice(at + 1);
  },
  (text, random) => {
    let noise = '';
    for (let i = upTo(random, 12); i >= 0; i--) noise += String.fromCharCode(upTo(random, 0x250));
    const at = upTo(random, text.length + 1);
    return text.slice(0, at) + noise + text.slice(at);
  },
  // Indentation decides in half of the languages.
  (text, random) => {
    const lines = text.split('\n');
    const at = upTo(random, lines.length);
    lines[at] = random() < 0.5 ? `  ${lines[at]}` : lines[at]!.replace(/^ {1,2}/, '');
    return lines.join('\n');
  },
  (text, random, other) => {
    const [start, end] = span(random, other);
    const at = upTo(random, text.length + 1);
    return text.slice(0, at) + other.slice(start, end) + text.slice(at);
  },
  (text, random) => text.replaceAll('\n', random() < 0.8 ? '\r\n' : '\r'),
  (text) => text.replaceAll('  ', '\t'),
];

const rare: readonly Mutation[] = [
  (text, random) => {
    const at = upTo(random, text.length + 1);
    const depth = pick(random, [10, 100, 1000, 10_000]);
    return text.slice(0, at) + pick(random, openers).repeat(depth) + text.slice(at);
  },
  (text, random) => {
    const at = upTo(random, text.length + 1);
    return (
      text.slice(0, at) +
      pick(random, morsels).repeat(pick(random, [1000, 20_000])) +
      text.slice(at)
    );
  },
  (text, random) => text.slice(0, 20_000).repeat(2 + upTo(random, 8)),
  (text) => text.replaceAll('\n', ' '),
];

/** The text with one to six things done to it; `other` is another text to take pieces from. */
export function mutate(text: string, other: string, random: Random): string {
  let mutated = text;
  for (let i = 1 + upTo(random, 6); i > 0; i--) {
    mutated = pick(random, random() < 0.01 ? rare : mutations)(mutated, random, other);
  }
  return mutated;
}
