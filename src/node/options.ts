import { parseArgs } from 'node:util';

/** The command line cannot be understood; the message says what is wrong with it. */
export class UsageError extends Error {}

/** One option of a command. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in the help; none: a switch. */
  readonly value?: string;
  /** The value it has when given without one, as in `--changed`; then a value is joined with `=`. */
  readonly bare?: string;
  /** May be given several times. */
  readonly many?: boolean;
  readonly help: string;
}

/** What was given: of each option its values in order, a switch the text `true`. */
export interface Given {
  has(name: string): boolean;
  /** The last value given. */
  get(name: string): string | undefined;
  all(name: string): readonly string[];
  readonly operands: readonly string[];
}

/** Reads the arguments of a command. Throws UsageError. */
export function readOptions(args: readonly string[], specs: readonly OptionSpec[]): Given {
  const end = args.indexOf('--');
  const spelled = args.map((arg, index) => {
    if (end !== -1 && index > end) return arg;
    const spec = specs.find(({ name, bare }) => bare !== undefined && arg === `--${name}`);
    return spec ? `${arg}=${spec.bare}` : arg;
  });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const { tokens } = parseArgs({
    args: spelled,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      specs.map(({ name, short, value }) => [
        name,
        { type: value ? 'string' : 'boolean', ...(short && { short }) } as const,
      ]),
    ),
  });
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = specs.find(({ name }) => name === token.name);
    if (!spec) throw new UsageError(`unknown option ${token.rawName}${near(token.name, specs)}`);
    if (spec.value && token.value === undefined) {
      throw new UsageError(`--${spec.name} wants a value: --${spec.name} ${spec.value}`);
    }
    if (!spec.value && token.value !== undefined) {
      throw new UsageError(`--${spec.name} takes no value`);
    }
    const list = values.get(spec.name) ?? [];
    list.push(token.value ?? 'true');
    values.set(spec.name, list);
    if (list.length > 1 && spec.value && !spec.many) {
      throw new UsageError(`--${spec.name} is given twice`);
    }
  }
  return {
    has: (name) => values.has(name),
    get: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
    operands,
  };
}

function near(name: string, specs: readonly OptionSpec[]): string {
  const found =
    specs.find((spec) => spec.name.startsWith(name) || name.startsWith(spec.name)) ??
    specs.find((spec) => sameLetters(spec.name, name));
  return found ? `; did you mean --${found.name}?` : '';
}

/** Equal but for a letter left out, added or two swapped. */
function sameLetters(a: string, b: string): boolean {
  const sorted = (text: string) => [...text].sort().join('');
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  if (long.length === short.length) return sorted(a) === sorted(b);
  if (long.length - short.length > 1) return false;
  return [...long].some((_, i) => long.slice(0, i) + long.slice(i + 1) === short);
}

/** The options as lines of a help text. */
export function describeOptions(specs: readonly OptionSpec[]): string {
  const shown = specs.map(({ name, short, value, bare, help }) => {
    const given = !value ? '' : bare !== undefined ? `[=${value}]` : ` ${value}`;
    return [`${short ? `-${short}, ` : '    '}--${name}${given}`, help] as const;
  });
  const width = Math.max(...shown.map(([left]) => left.length));
  return shown
    .map(
      ([left, help]) =>
        `  ${left.padEnd(width)}  ${help.replaceAll('\n', `\n${' '.repeat(width + 4)}`)}\n`,
    )
    .join('');
}
