import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import { type Block, type Expression, parseHcl } from '../syntax/hcl';
import { JsonList, JsonObject, JsonScalar, parseJson } from '../syntax/json';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { folderOf, taskTarget, toFile, toNearest, unique } from './delivery';
import { imageName } from './image';

/** What one `target` builds, with what it inherits (https://docs.docker.com/build/bake/reference/#target). */
export interface BakeTarget extends Located {
  readonly name: string;
  /** Undefined where only the run knows. */
  readonly context: string | undefined;
  readonly dockerfile: string | undefined;
  /** The Dockerfile stands in the file itself. */
  readonly inline: boolean;
  /** As far as they are known with the defaults of variables. */
  readonly tags: readonly string[];
}

export type BakeNodes = { target: BakeTarget };

/** Build definitions of Docker Buildx Bake, in HCL and JSON (https://docs.docker.com/build/bake/reference/). */
export const bake = defineFormat<BakeNodes>({
  id: 'bake',
  title: 'Docker bake file',
  files: ['**/*.hcl', '**/*bake*.json'],
  nodes: ['target'],

  recognises(file) {
    if (/^docker-bake(?:[.-][\w.-]+)?\.(?:hcl|json)$/.test(file.name)) return 'by-name';
    if (/bake[\w.-]*\.json$/.test(file.name)) {
      const keys = file.topLevelKeys();
      return keys.has('target') && /"(?:context|dockerfile)"\s*:/.test(file.text)
        ? 'by-content'
        : undefined;
    }
    if (!/(?<!\.pkr)\.hcl$/.test(file.name) || file.name === 'terragrunt.hcl') return undefined;
    return /^target\s+"?[\w.-]+"?\s*\{/m.test(file.text) &&
      /^\s*(?:context|dockerfile|inherits|tags)\s*=/m.test(file.text)
      ? 'by-content'
      : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return source.path.endsWith('.json') ? jsonDocument(source) : hclDocument(source);
  },
});

/** A setting as it comes out: a text, a list of them; a text that is not known is undefined. */
type Setting = string | undefined | readonly (string | undefined)[];

/** A target or a group as it stands in the file. */
interface Entry extends Located {
  readonly name: string;
  /** What stands behind `target`; of a matrix it is a group of all its targets. */
  readonly label: string;
  readonly has: (name: string) => boolean;
  readonly setting: (name: string) => Setting;
}

interface Groups {
  readonly targets: readonly Entry[];
  readonly groups: readonly Entry[];
}

const one = (setting: Setting) => (typeof setting === 'string' ? setting : undefined);
const several = (setting: Setting): readonly (string | undefined)[] =>
  typeof setting === 'object' ? setting : setting === undefined ? [] : [setting];
const known = (setting: Setting) => several(setting).flatMap((each) => each ?? []);

function documentOf(
  source: Source,
  problems: Document['problems'],
  { targets, groups }: Groups,
): Document<BakeNodes> {
  const read = targets.map((entry) => targetOf(entry, targets));
  return {
    source,
    problems,
    embedded: [],
    facts: read.flatMap(({ tags, range }) =>
      tags.map((tag): Fact => ({ kind: 'image/built-here', key: imageName(tag), range })),
    ),
    get parts() {
      return partsOf(source.path, read, targets, groups);
    },
    route: (offset) => {
      const at = [...targets, ...groups].find(
        ({ range }) => range[0] <= offset && offset <= range[1],
      );
      return at ? `.${at.name}` : '';
    },
    *walk(): Iterable<Visit<BakeNodes>> {
      for (const target of read) yield ['target', target];
    },
  };
}

function targetOf(entry: Entry, all: readonly Entry[]): BakeTarget {
  const owners = inheritance(entry, all, new Set());
  const owner = (name: string) => owners.find((each) => each.has(name));
  const context = owner('context');
  const dockerfile = owner('dockerfile');
  // Another file beside it may hold what it inherits.
  const names = new Set(all.map(({ name }) => name));
  const isOpen = owners.some((each) =>
    several(each.setting('inherits')).some((name) => name === undefined || !names.has(name)),
  );
  const usual = (text: string) => (isOpen ? undefined : text);
  return {
    name: entry.name,
    context: context ? one(context.setting('context')) : usual('.'),
    dockerfile: dockerfile ? one(dockerfile.setting('dockerfile')) : usual('Dockerfile'),
    inline: owner('dockerfile-inline') !== undefined,
    tags: known(owner('tags')?.setting('tags')),
    range: entry.range,
  };
}

/** A target and those it inherits from, the one whose word counts first: of several the last. */
function inheritance(entry: Entry, all: readonly Entry[], seen: Set<string>): readonly Entry[] {
  if (seen.has(entry.name)) return [];
  seen.add(entry.name);
  const parents = known(entry.setting('inherits')).toReversed();
  return [
    entry,
    ...parents.flatMap((name) => {
      const parent = all.find((each) => each.name === name);
      return parent ? inheritance(parent, all, seen) : [];
    }),
  ];
}

/** Targets and groups as tasks. What only lends its settings to others is none. */
function partsOf(
  path: string,
  read: readonly BakeTarget[],
  targets: readonly Entry[],
  groups: readonly Entry[],
): readonly Part[] {
  const folder = folderOf(path);
  const inherited = new Set(targets.flatMap((each) => known(each.setting('inherits'))));
  const named = new Set(groups.flatMap((each) => known(each.setting('targets'))));
  const parts = new Map<string, Part>();
  for (const [at, target] of read.entries()) {
    const { name, range } = target;
    if (inherited.has(name) && !named.has(name) && !targets[at]!.has('tags')) continue;
    // Targets of a matrix whose names are not known are one.
    const links = [...(parts.get(name)?.links ?? []), ...recipeLinks(folder, target)];
    parts.set(name, { kind: 'task', name, links: unique(links), range });
  }
  const together = groups.map((group): Part => {
    const links = known(group.setting('targets')).map(
      (name): Link => ({ verb: 'runs', to: taskTarget('bake', folder, name) }),
    );
    return { kind: 'task', name: group.name, links: unique(links), range: group.range };
  });
  // https://docs.docker.com/build/bake/matrices/: the name of a matrix builds all of it.
  const matrices = new Map<string, Part>();
  for (const { label, name, range } of targets) {
    if (label === name || parts.has(label)) continue;
    const known = matrices.get(label)?.links ?? [];
    const link: Link = { verb: 'runs', to: taskTarget('bake', folder, name) };
    matrices.set(label, { kind: 'task', name: label, links: unique([...known, link]), range });
  }
  return [...parts.values(), ...matrices.values(), ...together];
}

function* recipeLinks(folder: string, target: BakeTarget): Iterable<Link> {
  const { context, dockerfile, inline, tags } = target;
  const [tag] = tags;
  const as = tag === undefined || tag.includes('__') ? {} : { as: imageName(tag) };
  if (inline) return;
  if (context === undefined || dockerfile === undefined) {
    // Which recipe is meant only the run knows: any of them may be.
    yield { ...toFile('builds', '', 'docker'), ...as };
    return;
  }
  // A context that is an address, or another target, has its Dockerfile there.
  if (/^[\w+.-]+:|^\//.test(context)) return;
  // Paths are relative to where bake is started (https://docs.docker.com/build/bake/reference/#targetcontext).
  for (const link of toNearest('builds', folder, `${context}/${dockerfile}`, 'docker'))
    yield { ...link, ...as };
}

function hclDocument(source: Source): Document<BakeNodes> {
  const { body, problems } = parseHcl(source);
  const values = new Map<string, string>();
  for (const block of body.blocks) {
    const value = block.body.attribute('default')?.value;
    const text = block.type.value === 'variable' && value && textOf(value, values);
    if (typeof text === 'string') values.set(block.labels[0]?.value ?? '', text);
  }
  const entries = (type: string) =>
    body.blocks
      .filter((block) => block.type.value === type)
      .flatMap((block) => [...entriesOf(block, values)]);
  return documentOf(source, problems, { targets: entries('target'), groups: entries('group') });
}

/** As many targets of a matrix as are looked at. */
const most = 100;

/** The target of a block, or each of its matrix (https://docs.docker.com/build/bake/matrices/). */
function* entriesOf(block: Block, values: ReadonlyMap<string, string>): Iterable<Entry> {
  const label = block.labels[0]?.value ?? '';
  const matrix = block.body.attribute('matrix')?.value;
  const name = block.body.attribute('name')?.value;
  for (const chosen of matrix ? rows(matrix, values).slice(0, most) : [values]) {
    yield {
      name: (name && textOf(name, chosen)) ?? label,
      label,
      has: (key) => block.body.attribute(key) !== undefined,
      setting: (key) => {
        const value = block.body.attribute(key)?.value;
        if (!value) return undefined;
        return value.kind === 'list'
          ? value.items.map((item) => textOf(item, chosen))
          : textOf(value, chosen);
      },
      range: block.range,
    };
  }
}

/** What the variables of a matrix stand for, all combinations; what is not known stands for nothing. */
function rows(
  matrix: Expression,
  values: ReadonlyMap<string, string>,
): readonly ReadonlyMap<string, string>[] {
  let found: readonly ReadonlyMap<string, string>[] = [values];
  for (const { key, value } of matrix.kind === 'object' ? matrix.entries : []) {
    const items = value.kind === 'list' ? value.items : [];
    if (!key || items.length === 0) continue;
    found = found.flatMap((row) =>
      items.map((item) => {
        const next = new Map(row);
        const text = textOf(item, values);
        if (text === undefined) next.delete(key.value);
        else next.set(key.value, text);
        for (const field of item.kind === 'object' ? item.entries : []) {
          const inner = field.key && textOf(field.value, values);
          if (inner !== undefined) next.set(`${key.value}.${field.key!.value}`, inner);
        }
        return next;
      }),
    );
    if (found.length > most) return found;
  }
  return found;
}

/** The text of an expression with variables at their defaults; undefined where that is not known. */
function textOf(expression: Expression, values: ReadonlyMap<string, string>): string | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value === null ? undefined : String(expression.value);
    case 'reference':
      return values.get(expression.path.join('.'));
    case 'template': {
      const texts = expression.parts.map((part) => textOf(part, values));
      return texts.includes(undefined) ? undefined : texts.join('');
    }
    default:
      return undefined;
  }
}

function jsonDocument(source: Source): Document<BakeNodes> {
  const { root, problems } = parseJson(source);
  const values = new Map<string, string>();
  const below = (key: string) => {
    const node = root instanceof JsonObject ? root.get(key) : undefined;
    return node instanceof JsonObject ? node.entries : [];
  };
  for (const [name, variable] of below('variable')) {
    const value = variable instanceof JsonObject ? variable.get('default') : undefined;
    if (value instanceof JsonScalar) values.set(name, String(value.value));
  }
  const text = (node: unknown) => {
    if (!(node instanceof JsonScalar) || node.value === null) return undefined;
    let isKnown = true;
    const filled = String(node.value).replace(/\$\{([^{}]*)\}/g, (_, name: string) => {
      const value = values.get(name.trim());
      isKnown &&= value !== undefined;
      return value ?? '';
    });
    return isKnown ? filled : undefined;
  };
  const entries = (key: string) =>
    below(key).flatMap(([name, node]): Entry[] =>
      node instanceof JsonObject
        ? [
            {
              name,
              label: name,
              has: (setting) => node.get(setting) !== undefined,
              setting: (setting) => {
                const value = node.get(setting);
                return value instanceof JsonList ? value.items.map(text) : text(value);
              },
              range: node.range,
            },
          ]
        : [],
    );
  return documentOf(source, problems, { targets: entries('target'), groups: entries('group') });
}
