import {
  type Document,
  defineFormat,
  type Embedded,
  type Probe,
  type SyntaxProblem,
  type Visit,
} from '../engine/format';
import {
  map,
  parseYaml,
  scalar,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located, Value } from '../text/range';
import type { Source } from '../text/source';

/** The definition of a feature flag. */
export interface Flag extends Located {
  readonly name: string;
  /** The day after which it is to be gone, `YYYY-MM-DD`, where one is written. */
  readonly expiry: Value | undefined;
  /** It says of itself that it stays: `permanent: true`, an expiry of null, a type that has none. */
  readonly permanent: boolean;
  /** It is gone already, and stands here only as a record. */
  readonly retired: boolean;
  /** Where its own system has marked it as left behind. */
  readonly stale: Located | undefined;
}

/** All flags of one file, or of one object. */
export interface FlagSet extends Located {
  readonly flags: readonly Flag[];
}

export type FlagNodes = { set: FlagSet; flag: Flag };

/**
 * Definitions of feature flags: flagd and OpenFeature (https://flagd.dev/reference/flag-definitions/), Flipt
 * (https://docs.flipt.io/v1/configuration/storage), exports of Unleash
 * (https://docs.getunleash.io/concepts/import-export) and of LaunchDarkly, GrowthBook and the like, and the files teams
 * make up themselves: `flags.yaml`, one file a flag in `feature_flags/`.
 */
export const flags = defineFormat<FlagNodes>({
  id: 'flags',
  title: 'Feature flags',
  files: ['**/*.{json,yaml,yml}'],
  nodes: ['set', 'flag'],

  recognises(file) {
    return isFlagFile(file) ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse(source) {
    const { roots, problems } = parseYaml(source);
    const root = map(roots[0]);
    return flagsDocument(source, root, root ? flagsIn(root, source) : [], problems);
  },
});

const ownName =
  /^(?:[\w.-]*[._-])?feature[-_.]?(?:flags?|toggles?|switches)(?:[._-][\w.-]*)?\.(?:ya?ml|json)$|^(?:flags?|toggles?)(?:[._-][\w-]+)?\.(?:ya?ml|json)$|\.flagd\.(?:ya?ml|json)$/i;
/** GitLab and others keep a file a flag, in a folder for each type: https://docs.gitlab.com/development/feature_flags/ */
const ownFolder =
  /(?:^|\/)(?:(?:flags|toggles)|feature[-_]?(?:flags|toggles)(?:\/[\w-]+)?)\/[^/]+\.ya?ml$/i;
/** Keys a file holds its flags under. */
const collections = [
  'flags',
  'features',
  'toggles',
  'feature_flags',
  'featureFlags',
  'feature_toggles',
  'featureToggles',
];
/** What definitions of flags have and flags of other kinds, of countries or compilers, have not. */
const telling =
  /["']?\b(?:defaultVariant|default_?[eE]nabled|enabled|default|variants|variations|rollout\w*|expires\w*|removeBy|remove_by|removal_?[dD]ate|owners?|introduced_by_url|defaultRule)["']?\s*:/;

function isFlagFile(file: Probe): boolean {
  if (!/\.(?:ya?ml|json)$/i.test(file.name)) return false;
  const named = ownName.test(file.name) || ownFolder.test(file.path);
  const isFlipt = /^(?:[\w.-]*\.)?features\.ya?ml$/.test(file.name);
  if (!named && !isFlipt && !exported.test(file.text)) return false;
  const keys = file.topLevelKeys();
  if (keys.has('kind') || keys.has('$id') || keys.has('services') || keys.has('jobs')) return false;
  if (!named && !isFlipt) return keys.has('features') || keys.has('flags');
  if (isFlipt && !keys.has('flags')) return false;
  return telling.test(file.text);
}

/** Exports of Unleash and files of flagd under any name. */
const exported = /"featureEnvironments"\s*:|flagd\.dev\/schema\//;

/** Flags that stand in a document of another format, whose offsets they keep. */
export function embedFlags(source: Source, node: YamlMap): Embedded | undefined {
  const found = flagsIn(node, source);
  if (found.length === 0) return undefined;
  return { format: flags, host: node, parse: () => flagsDocument(source, node, found, []) };
}

/** Whether a text holds flags for flagd, found without parsing it. */
export const looksLikeFlags = (text: string): boolean =>
  text.includes('defaultVariant') && /["']?flags["']?\s*:/.test(text);

function flagsDocument(
  source: Source,
  root: YamlMap | undefined,
  found: readonly Flag[],
  problems: readonly SyntaxProblem[],
): Document<FlagNodes> {
  return {
    source,
    problems,
    embedded: [],
    route: (offset) => (root ? yamlRoute([root], offset) : ''),
    *walk(): Iterable<Visit<FlagNodes>> {
      if (!root) return;
      yield ['set', { flags: found, range: root.range }];
      for (const flag of found) yield ['flag', flag];
    },
  };
}

function flagsIn(root: YamlMap, source: Source): readonly Flag[] {
  const reader = new Reader(source);
  const held = collections.map((key) => root.get(key)).filter((node) => node !== undefined);
  if (held.length > 0) return held.flatMap((node) => reader.collection(node));
  const named = scalar(root.get('key')) ?? scalar(root.get('name'));
  // One file a flag, or the file as a whole a map of flags.
  return named && named.string !== '' ? [reader.flag(named, root)] : reader.collection(root);
}

class Reader {
  readonly #text: string;

  constructor(source: Source) {
    this.#text = source.text;
  }

  collection(node: YamlNode, depth = 0): readonly Flag[] {
    if (node.kind === 'list') {
      return node.items.flatMap((item) => {
        const name = map(item) && nameKeys.map((key) => scalar(map(item)!.get(key))).find(Boolean);
        return item.kind === 'map' && name ? [this.flag(name, item)] : [];
      });
    }
    if (node.kind !== 'map') return [];
    return node.entries.flatMap(({ key, value }) => {
      if (value?.kind !== 'map') return [];
      if (telling.test(this.#text.slice(...value.range)) && isDefinition(value)) {
        return [this.flag(key, value)];
      }
      // Flags may be kept in groups.
      return depth < 2 ? this.collection(value, depth + 1) : [];
    });
  }

  flag(name: YamlScalar, node: YamlMap): Flag {
    const parts = [
      node,
      ...['metadata', 'meta', 'lifecycle', 'governance'].map((key) => map(node.get(key))),
    ];
    const entries = parts.flatMap((part) => part?.entries ?? []);
    const value = (pattern: RegExp) =>
      entries.find(({ key }) => pattern.test(plain(key.string)))?.value;
    const end = scalar(value(expiryKeys));
    const type = scalar(value(/^(?:type|kind|category|longevity)$/))?.string ?? '';
    const stale = scalar(value(/^stale$/));
    const says = (pattern: RegExp, answer: boolean) => scalar(value(pattern))?.value === answer;
    return {
      name: name.string,
      expiry: (end && dateOf(end)) ?? this.#dateInComment(name, node),
      permanent:
        says(/^permanent$/, true) ||
        says(/^temporary$/, false) ||
        end?.value === null ||
        /^(?:never|none|permanent)$/i.test(end?.string ?? '') ||
        /^(?:kill-?_?switch|permission|permanent|ops|operational|entitlement|config)$/i.test(type),
      retired:
        says(/^(?:archived|removed|deleted)$/, true) ||
        /^(?:removed|archived|retired|deleted)$/i.test(
          scalar(value(/^(?:status|state|stage)$/))?.string ?? '',
        ),
      stale: stale?.value === true ? stale : undefined,
      range: name.range,
    };
  }

  /** `# expires: 2026-12-01` on the line of the flag or right above. */
  #dateInComment(name: YamlScalar, node: YamlMap): Value | undefined {
    const text = this.#text;
    const lineStart = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
    let from = lineStart(Math.min(name.range[0], node.range[0]));
    while (from > 0 && /^\s*#/.test(text.slice(lineStart(from - 1), from)))
      from = lineStart(from - 1);
    const end = text.indexOf('\n', name.range[1]);
    const match = inComment.exec(text.slice(from, end < 0 ? undefined : end));
    if (!match || !isDay(match[1]!)) return undefined;
    const at = from + match.index + match[0].length - match[1]!.length;
    return { value: match[1]!, range: [at, at + match[1]!.length] };
  }
}

const nameKeys = ['key', 'name', 'id', 'flag'];
/** Letters of a key, so that `remove_by`, `removeBy` and `remove-by` are one. */
const plain = (key: string) => key.toLowerCase().replace(/[^a-z]/g, '');
const expiryKeys =
  /^(?:expires?(?:at|on|date)?|expiry(?:date)?|expiration(?:date)?|remove(?:by|on|after|date)|(?:toggle)?(?:target)?removal(?:date)?|sunset(?:at|on|by|date)?|cleanup(?:by|date)|deleteby)$/;
const inComment =
  /#[^\n]*\b(?:expires?(?: on| at)?|expiry|remove (?:by|after|on)|removal date|sunset)[ :=]+(\d{4}-\d{2}-\d{2})\b/i;

/** It has at least one value of its own, besides groups. */
const isDefinition = (node: YamlMap): boolean =>
  node.entries.some(
    ({ key, value }) =>
      value?.kind !== 'map' || /^(?:variants|variations|metadata|defaultRule)$/.test(key.string),
  );

function dateOf(node: YamlScalar): Value | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(node.string.trim())?.[1];
  return day && isDay(day) ? { value: day, range: node.range } : undefined;
}

/** 2021-04-31 is none. */
const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};
