import type { Embedded } from '../engine/format';
import type { TemplateExpression } from '../syntax/template-mask';
import { items, map, type YamlEntry, type YamlMap, type YamlScalar } from '../syntax/yaml';
import type { Located, Value } from '../text/range';
import type { Script } from './shell';

/** An object of the Kubernetes API, as a manifest writes it. */
export interface KubernetesObject extends Located {
  readonly apiVersion: string;
  readonly kind: string;
  /** `metadata.name`; undefined for `generateName` and for fragments. */
  readonly name: YamlScalar | undefined;
  /** `Deployment/web`, for people. */
  readonly label: string;
  /** Names the object among those applied together, for facts: unit, kind and name as written. */
  readonly key: string;
  /** What is applied together: the chart, else the folder. */
  readonly unit: string;
  readonly annotations: ReadonlyMap<string, string>;
  readonly map: YamlMap;
  readonly spec: YamlMap | undefined;
  /** The spec may have keys that only rendering brings. */
  readonly open: boolean;
  /** The `if`, `with`, `range` and `define` of a template around a part of it, outermost first. */
  around(at: Located): readonly string[];
  readonly pods: readonly Pod[];
}

/** The pod of a Pod, or the pod template of what creates pods. */
export interface Pod extends Located {
  readonly owner: KubernetesObject;
  /** The pod's spec. */
  readonly map: YamlMap;
  /** `app=web`; text that a template brings stands for itself. */
  readonly labels: readonly string[];
  /** Main, init and ephemeral containers, in this order. */
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  /** There may be volumes that only rendering brings. */
  readonly open: boolean;
}

export interface Volume extends Located {
  readonly name: string;
  /** `persistentVolumeClaim`, `emptyDir`, …; several where a template chooses, none where it brings them. */
  readonly types: readonly string[];
  /** The name of the PersistentVolumeClaim as written. */
  readonly claim: Value | undefined;
  readonly readOnly: boolean;
}

export interface VolumeMount extends Located {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** Names and numbers as written, quotes removed. */
export interface ContainerPort extends Located {
  readonly port: string;
  readonly name: string | undefined;
}

export interface Container extends Located {
  readonly kind: 'main' | 'init' | 'ephemeral';
  readonly pod: Pod;
  readonly map: YamlMap;
  readonly name: YamlScalar | undefined;
  /** The name as written, templates and all. */
  readonly label: string;
  /** More than one only where a template chooses. */
  readonly images: readonly YamlScalar[];
  /** `command` and `args`. */
  readonly argv: readonly YamlScalar[];
  readonly ports: readonly ContainerPort[];
  readonly mounts: readonly VolumeMount[];
  readonly environment: ReadonlySet<string>;
  /** Shell scripts it holds in itself. */
  readonly scripts: readonly ContainerScript[];
  /** It may have keys or mounts that only rendering brings. */
  readonly open: boolean;
  has(key: string): boolean;
}

/** A script a container runs. */
export interface ContainerScript {
  readonly when: 'start' | 'postStart' | 'preStop' | 'probe';
  /** Read when first asked for. */
  readonly script: Script;
  readonly embedded: Embedded;
  /** Where a node of the script stands in the manifest. */
  locate(node: Located): Located;
}

/** An expression of a Helm chart's template. */
export interface ChartTemplate extends TemplateExpression {
  /** The `if`, `with`, `range` and `define` around it, outermost first. */
  readonly around: readonly string[];
  /** The object whose text it stands in; undefined in a file of named templates. */
  readonly object: KubernetesObject | undefined;
  /** All expressions of its file. */
  readonly siblings: readonly TemplateExpression[];
  /** The key of the YAML line it stands on. */
  readonly key: string | undefined;
}

export type KubernetesNodes = {
  object: KubernetesObject;
  pod: Pod;
  container: Container;
  template: ChartTemplate;
};

/** Offset of the first character of the line an offset is on. */
const lineStart = (text: string, offset: number): number =>
  // Below 0, lastIndexOf would look at the first character.
  offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** What of a manifest stands in its text beside the YAML tree: values as written, and what rendering adds where. */
export class ManifestText {
  readonly #raw: string;
  readonly #masked: string;
  readonly #expressions: readonly TemplateExpression[];
  /** Expressions that render to lines of their own, with the column those lines begin at. */
  readonly #holes: readonly {
    readonly at: number;
    readonly column: number;
    readonly text: string;
  }[];

  constructor(raw: string, masked: string, expressions: readonly TemplateExpression[]) {
    this.#raw = raw;
    this.#masked = masked;
    this.#expressions = expressions;
    this.#holes = expressions
      .filter((each) => each.alone && !each.silent)
      .map(({ range, text }) => {
        const indent = /\bn?indent\s+(\d+)\s*\)*\s*$/.exec(text);
        const column = indent ? Number(indent[1]) : this.#column(range[0]);
        return { at: range[0], column, text: text.replace(/\s*\|\s*n?indent\s+\d+\s*$/, '') };
      });
  }

  /** The scalar as written, templates and all, without quotes; trim marks and spaces do not count. */
  value(node: YamlScalar): string {
    if (!node.templated) return node.string;
    return this.#raw
      .slice(...node.range)
      .replace(/^["']|["']$/g, '')
      .replace(/\{\{-?\s*/g, '{{')
      .replace(/\s*-?\}\}/g, '}}')
      .replace(/\s+/g, ' ');
  }

  /** The control structures of the template around an offset, outermost first; an `else` adds to its `if`. */
  around(offset: number): readonly string[] {
    const open: string[] = [];
    for (const { range, text } of this.#expressions) {
      if (range[0] >= offset) break;
      const word = /^(?:if|with|range|define|block|else|end)\b/.exec(text)?.[0];
      if (word === 'else') open.push(`${open.pop() ?? ''} ${text}`);
      else if (word === 'end') open.pop();
      else if (word) open.push(text);
    }
    return open;
  }

  /** Whether rendering may add keys to the map. */
  mapIsOpen(node: YamlMap): boolean {
    if (this.#holes.length === 0 || node.flow) return false;
    const column = this.#column(node.range[0]);
    const from = this.#before(node.range[0]);
    return this.#between(from, this.#after(node.range[1])).some((hole) => hole.column === column);
  }

  /** Whether rendering may add items to the list below a key, or all of it. */
  listIsOpen(entry: YamlEntry | undefined): boolean {
    if (!entry) return false;
    if (entry.value?.kind === 'scalar' && entry.value.templated) return true;
    const from = this.#column(entry.key.range[0]);
    const first = items(entry.value)[0];
    const to = first ? this.#column(first.range[0]) - 1 : Number.POSITIVE_INFINITY;
    return this.#below(entry).some((hole) => from <= hole.column && hole.column <= to);
  }

  /** Whether rendering may add lines within a node. */
  isOpenWithin({ range }: Located): boolean {
    return this.#between(range[0], range[1]).length > 0;
  }

  /** Whether rendering may add anything below a key. */
  isOpenBelow(entry: YamlEntry): boolean {
    if (entry.value?.kind === 'scalar' && entry.value.templated) return true;
    const column = this.#column(entry.key.range[0]);
    return this.#below(entry).some((hole) => hole.column > column);
  }

  /** `key=value` of the map below a key, and the expressions that bring more. */
  pairs(entry: YamlEntry | undefined): readonly string[] {
    if (!entry) return [];
    const written = (map(entry.value)?.entries ?? []).map(({ key, value }) => {
      const said = value?.kind === 'scalar' ? this.value(value) : '';
      return `${this.value(key)}=${said}`;
    });
    const column = this.#column(entry.key.range[0]);
    const brought = this.#below(entry).filter((hole) => hole.column > column);
    return [...written, ...brought.map((hole) => hole.text)];
  }

  #below(entry: YamlEntry) {
    const end = Math.max(entry.key.range[1] + 1, entry.value?.range[1] ?? 0);
    return this.#between(entry.key.range[1], this.#after(end));
  }

  #between(from: number, to: number) {
    return this.#holes.filter((hole) => from <= hole.at && hole.at < to);
  }

  #column(offset: number): number {
    return offset - lineStart(this.#raw, offset);
  }

  /** The next offset behind blank lines and comments. */
  #after(offset: number): number {
    const empty = /(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t]*/y;
    empty.lastIndex = offset;
    empty.test(this.#masked);
    return Math.max(empty.lastIndex, offset);
  }

  /** The start of the blank lines and comments before an offset. */
  #before(offset: number): number {
    let start = lineStart(this.#masked, offset);
    while (start > 0) {
      const previous = lineStart(this.#masked, start - 1);
      if (!/^\s*(?:#.*)?$/.test(this.#masked.slice(previous, start - 1))) break;
      start = previous;
    }
    return start;
  }
}
