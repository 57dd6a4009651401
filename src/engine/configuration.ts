import type { Located } from '../text/range';
import type { Severity } from './finding';
import type { Machine, Neighbour } from './format';
import { matchPaths, matchPathsBelow } from './paths';
import type { Rule } from './rule';

/** File names of the configuration, the first found is used. */
export const configurationFiles = ['.andon.yaml', '.andon.yml'] as const;

/** What `.andon.yaml` says of one rule. Other keys than `severity` are the rule's options. */
export interface RuleSetting {
  readonly severity?: Severity | 'off';
  readonly options: Readonly<Record<string, unknown>>;
}

/** The contents of `.andon.yaml`, checked. */
export interface Configuration {
  readonly extends: 'recommended' | 'strict';
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Glob → format id. */
  readonly files: Readonly<Record<string, string>>;
  readonly ignore: readonly string[];
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, RuleSetting>>;
  }[];
  /** Glob → the machine scripts there run on. */
  readonly machine: Readonly<Record<string, Machine>>;
  /** Tools that speak instead of Andon's rules of the same meaning, unless such a rule is named in `rules`. */
  readonly deferTo: readonly Neighbour[];
}

export const defaultConfiguration: Configuration = {
  extends: 'recommended',
  rules: {},
  files: {},
  ignore: [],
  overrides: [],
  machine: {},
  deferTo: [],
};

/** A tree of plain data that knows where it stands; the YAML nodes of `syntax` are of this shape. */
export type ConfigurationNode =
  | (Located & {
      readonly kind: 'map';
      readonly entries: readonly {
        readonly key: Located & { readonly string: string };
        readonly value: ConfigurationNode | undefined;
      }[];
    })
  | (Located & { readonly kind: 'list'; readonly items: readonly ConfigurationNode[] })
  | (Located & {
      readonly kind: 'scalar';
      readonly string: string;
      readonly value: string | number | boolean | null;
    });

export interface ConfigurationProblem extends Located {
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** What a configuration may name. */
export interface Names {
  readonly rules: readonly Rule[];
  readonly formats: readonly string[];
}

const severities = ['off', 'info', 'warning', 'error'] as const;
/** The tools `deferTo` may name. */
export const neighbours: readonly Neighbour[] = [
  'hadolint',
  'ansible-lint',
  'shellcheck',
  'kube-linter',
  'kube-score',
  'tflint',
  'zizmor',
  'actionlint',
  'dclint',
];

/** Checks the tree of an `.andon.yaml`. Whatever is wrong is left out of the result and told in `problems`. */
export function readConfiguration(
  root: ConfigurationNode | undefined,
  names: Names,
): { configuration: Configuration; problems: readonly ConfigurationProblem[] } {
  const reader = new Reader(names);
  // A file with nothing but comments, or `---`, holds the value null.
  const empty = !root || (root.kind === 'scalar' && root.value === null);
  const configuration = empty ? defaultConfiguration : reader.configuration(root);
  return { configuration, problems: reader.problems };
}

class Reader {
  readonly problems: ConfigurationProblem[] = [];
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #formats: readonly string[];

  constructor(names: Names) {
    this.#rules = new Map(names.rules.map((rule) => [rule.id, rule]));
    this.#formats = names.formats;
  }

  configuration(root: ConfigurationNode): Configuration {
    const read: { -readonly [K in keyof Configuration]: Configuration[K] } = {
      ...defaultConfiguration,
    };
    for (const [key, value, at] of this.#map(root, 'the configuration')) {
      if (value === undefined || (value.kind === 'scalar' && value.value === null)) continue;
      switch (key) {
        case 'extends':
          read.extends = this.#oneOf(value, ['recommended', 'strict'] as const) ?? read.extends;
          break;
        case 'rules':
          read.rules = this.#ruleSettings(value);
          break;
        case 'files':
          read.files = this.#dictionary(value, (each) => this.#oneOf(each, this.#formats));
          break;
        case 'ignore':
          read.ignore = this.#strings(value);
          break;
        case 'overrides':
          read.overrides = this.#overrides(value);
          break;
        case 'machine':
          read.machine = this.#dictionary(value, (each) =>
            this.#oneOf(each, ['fresh', 'lasting'] as const),
          );
          break;
        case 'deferTo':
          read.deferTo = this.#strings(value).filter((tool): tool is Neighbour => {
            const known = (neighbours as readonly string[]).includes(tool);
            if (!known) this.#say(value, `no tool "${tool}" to defer to: ${neighbours.join(', ')}`);
            return known;
          });
          break;
        default:
          this.#say(at, `unknown key "${key}"${nearest(key, Object.keys(defaultConfiguration))}`);
      }
    }
    return read;
  }

  #say(at: Located, message: string): void {
    this.problems.push({ range: at.range, message });
  }

  *#map(
    node: ConfigurationNode,
    what: string,
  ): Iterable<[key: string, value: ConfigurationNode | undefined, at: Located]> {
    if (node.kind !== 'map') {
      this.#say(node, `${what} has to be a mapping of keys to values`);
      return;
    }
    for (const { key, value } of node.entries) yield [key.string, value, key];
  }

  #oneOf<T extends string>(node: ConfigurationNode, allowed: readonly T[]): T | undefined {
    const text = node.kind === 'scalar' ? node.string : undefined;
    const found = allowed.find((each) => each === text);
    if (found === undefined) {
      const near = text === undefined ? '' : nearest(text, allowed);
      this.#say(
        node,
        `${text === undefined ? 'this' : `"${text}"`} is not one of ${allowed.join(', ')}${near}`,
      );
    }
    return found;
  }

  #strings(node: ConfigurationNode): string[] {
    const items = node.kind === 'list' ? node.items : [node];
    const out: string[] = [];
    for (const item of items) {
      if (item.kind === 'scalar') out.push(item.string);
      else this.#say(item, 'has to be a text');
    }
    return out;
  }

  #dictionary<T>(
    node: ConfigurationNode,
    read: (value: ConfigurationNode) => T | undefined,
  ): Record<string, T> {
    const out: Record<string, T> = {};
    for (const [key, value, at] of this.#map(node, 'this')) {
      const item = value ? read(value) : undefined;
      if (item !== undefined) out[key] = item;
      else if (!value) this.#say(at, `"${key}" has no value`);
    }
    return out;
  }

  #overrides(node: ConfigurationNode): Configuration['overrides'] {
    const items = node.kind === 'list' ? node.items : [];
    if (node.kind !== 'list') this.#say(node, 'overrides has to be a list of { files, rules }');
    return items.map((item) => {
      const override = { files: [] as string[], rules: {} as Record<string, RuleSetting> };
      for (const [key, value, at] of this.#map(item, 'an override')) {
        if (key === 'files' && value) override.files = this.#strings(value);
        else if (key === 'rules' && value) override.rules = this.#ruleSettings(value);
        else if (key !== 'files' && key !== 'rules') {
          this.#say(at, `unknown key "${key}": an override has files and rules`);
        }
      }
      return override;
    });
  }

  #ruleSettings(node: ConfigurationNode): Record<string, RuleSetting> {
    const settings: Record<string, RuleSetting> = {};
    for (const [id, value, at] of this.#map(node, 'rules')) {
      const rule = this.#rules.get(id);
      if (!rule) {
        this.#say(at, `no rule "${id}"${nearest(id, [...this.#rules.keys()])}`);
        continue;
      }
      if (!value) continue;
      if (value.kind === 'scalar') {
        const severity = value.value === false ? 'off' : this.#oneOf(value, severities);
        if (severity) settings[id] = { severity, options: {} };
        continue;
      }
      let severity: RuleSetting['severity'];
      const options: Record<string, unknown> = {};
      for (const [key, each, place] of this.#map(value, id)) {
        if (key === 'severity') severity = each && this.#oneOf(each, severities);
        else if (each) {
          const read = this.#option(rule, key, each, place);
          if (read !== undefined) options[key] = read;
        }
      }
      settings[id] = { ...(severity && { severity }), options };
    }
    return settings;
  }

  #option(rule: Rule, key: string, value: ConfigurationNode, at: Located): unknown {
    const declared = rule.options?.[key];
    if (!declared) {
      const known = ['severity', ...Object.keys(rule.options ?? {})];
      this.#say(at, `${rule.id} has no option "${key}"; it has ${known.join(', ')}`);
      return undefined;
    }
    const { fallback, choices } = declared;
    if (Array.isArray(fallback)) return this.#strings(value);
    if (choices) return this.#oneOf(value, choices);
    if (value.kind === 'scalar' && typeof value.value === typeof fallback) return value.value;
    this.#say(
      value,
      `${key} has to be a ${typeof fallback === 'boolean' ? 'true or false' : typeof fallback}`,
    );
    return undefined;
  }
}

/** A hint for a word that is almost one of the known ones. */
function nearest(word: string, known: readonly string[]): string {
  const lower = word.toLowerCase();
  const tail = (id: string) => id.slice(id.indexOf('/') + 1);
  const found =
    known.find((each) => each.toLowerCase() === lower || tail(each) === tail(lower)) ??
    known.find((each) => distance(each.toLowerCase(), lower) <= 2);
  return found ? `; did you mean "${found}"?` : '';
}

/** Edit distance, given up beyond 3. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 4;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost);
    }
    row = next;
  }
  return row[b.length]!;
}

/** A rule as it is active for one file. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The configuration made ready to be asked about paths. */
export interface Policy {
  ignores(path: string): boolean;
  formatOf(path: string): string | undefined;
  machineOf(path: string): Machine | undefined;
  /** Active rules of a file, by the id of the format they look at. */
  rulesFor(path: string): ReadonlyMap<string, readonly ActiveRule[]>;
}

/** Makes a policy of the configuration; `only` narrows it to some rules, switched on whatever the configuration says. */
export function makePolicy(
  configuration: Configuration,
  rules: readonly Rule[],
  only?: string | readonly string[],
): Policy {
  const named = only === undefined ? undefined : new Set([only].flat());
  const ignores = matchPathsBelow(configuration.ignore);
  const files = Object.entries(configuration.files).map(
    ([glob, format]) => [matchPaths([glob]), format] as const,
  );
  const machines = Object.entries(configuration.machine).map(
    ([glob, machine]) => [matchPaths([glob]), machine] as const,
  );
  const overrides = configuration.overrides.map(
    (override) => [matchPaths(override.files), override.rules] as const,
  );
  const cache = new Map<string, ReadonlyMap<string, readonly ActiveRule[]>>();
  return {
    ignores,
    formatOf: (path) => files.find(([matches]) => matches(path))?.[1],
    machineOf: (path) => machines.find(([matches]) => matches(path))?.[1],
    rulesFor(path) {
      const applying = overrides.map(([matches]) => matches(path));
      const key = applying.map(Number).join('');
      let active = cache.get(key);
      if (!active) {
        const layers = overrides.filter((_, i) => applying[i]).map(([, settings]) => settings);
        active = activate(configuration, rules, layers, named);
        cache.set(key, active);
      }
      return active;
    },
  };
}

function activate(
  configuration: Configuration,
  rules: readonly Rule[],
  layers: readonly Readonly<Record<string, RuleSetting>>[],
  only: ReadonlySet<string> | undefined,
): ReadonlyMap<string, readonly ActiveRule[]> {
  const active = new Map<string, ActiveRule[]>();
  for (const rule of rules) {
    if (only && !only.has(rule.id)) continue;
    const left = configuration.deferTo.some((tool) => rule.neighbours?.[tool] !== undefined);
    const byDefault = only || ((rule.recommended || configuration.extends === 'strict') && !left);
    let severity: Severity | 'off' = byDefault ? rule.severity : 'off';
    const options: Record<string, unknown> = {};
    for (const [name, declared] of Object.entries(rule.options ?? {})) {
      options[name] = (declared as { fallback: unknown }).fallback;
    }
    for (const settings of [configuration.rules, ...layers]) {
      const setting = settings[rule.id];
      if (!setting) continue;
      // Naming an option of a rule that is off by default switches it on, as naming a severity does.
      severity = setting.severity ?? (severity === 'off' ? rule.severity : severity);
      Object.assign(options, setting.options);
    }
    if (severity === 'off') {
      if (!only) continue;
      severity = rule.severity;
    }
    const list = active.get(rule.on.id);
    const entry: ActiveRule = { rule, severity, options };
    if (list) list.push(entry);
    else active.set(rule.on.id, [entry]);
  }
  return active;
}
