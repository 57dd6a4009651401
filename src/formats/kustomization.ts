import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Embedded, embed, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import { parseYaml, scalar, type YamlMap, type YamlScalar, yamlRoute } from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { pathIn, toFile } from './delivery';
import { image } from './image';
import { movingPart } from './moving-url';

/** An entry of `images`: the image so named in the manifests is exchanged. */
export interface ImageTransform extends Located {
  readonly name: YamlScalar;
  readonly newName: YamlScalar | undefined;
  readonly newTag: YamlScalar | undefined;
  readonly digest: YamlScalar | undefined;
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export interface Kustomization extends Located {
  readonly map: YamlMap;
  readonly images: readonly ImageTransform[];
}

export type KustomizationNodes = { kustomization: Kustomization };

/** A kustomization: which manifests belong together, and what is changed in them. */
export const kustomization = defineFormat<KustomizationNodes>({
  id: 'kustomization',
  title: 'Kustomization',
  files: ['**/{kustomization.yaml,kustomization.yml,Kustomization}'],
  nodes: ['kustomization'],

  recognises(file) {
    if (/^(?:kustomization\.ya?ml|Kustomization)$/.test(file.name)) return 'by-name';
    const said = /\.ya?ml$/.test(file.name) && file.text.includes('kustomize.config.k8s.io/');
    return said && /^apiVersion:\s*["']?kustomize\.config\.k8s\.io\//m.test(file.text)
      ? 'by-content'
      : undefined;
  },

  alone: () => undefined,

  parse(source) {
    return read(source);
  },
});

function read(source: Source): Document<KustomizationNodes> {
  const { roots, problems } = parseYaml(source);
  const root = roots[0]?.kind === 'map' ? roots[0] : undefined;
  const list = root?.get('images');
  const images = (list?.kind === 'list' ? list.items : []).flatMap((each): ImageTransform[] => {
    const name = each.kind === 'map' ? scalar(each.get('name')) : undefined;
    if (each.kind !== 'map' || !name) return [];
    return [
      {
        name,
        newName: scalar(each.get('newName')),
        newTag: scalar(each.get('newTag')),
        digest: scalar(each.get('digest')),
        range: each.range,
      },
    ];
  });
  return {
    source,
    problems,
    facts: images
      .filter((each) => each.newTag || each.digest || each.newName)
      .map((each): Fact => ({ kind: 'image/replaced', key: each.name.string, range: each.range })),
    get parts() {
      return root ? [listed(source.path, root)] : [];
    },
    embedded: images.flatMap((each) => reference(source, each)),
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<KustomizationNodes>> {
      if (root) yield ['kustomization', { map: root, images, range: root.range }];
    },
  };
}

/** The files and folders it puts together: who applies it applies them. */
function listed(path: string, root: YamlMap): Part {
  const folder = path.replace(/\/?[^/]*$/, '');
  const links = ['resources', 'bases', 'components'].flatMap((key) => {
    const value = root.get(key);
    return (value?.kind === 'list' ? value.items : []).flatMap((each): Link[] => {
      const target = each.kind === 'scalar' ? pathIn(folder, each.string) : undefined;
      return target === undefined ? [] : [toFile('deploys', target, 'kubectl')];
    });
  });
  return { kind: 'chart', name: '', links, range: [root.range[0], root.range[0]] };
}

/** The reference the transform makes: the new name, or the old one, with the new tag. */
function reference(source: Source, each: ImageTransform): readonly Embedded[] {
  const { newTag } = each;
  if (!newTag || newTag.string === '' || each.digest) return [];
  const name = each.newName ?? each.name;
  const builder = source.derive();
  for (const part of [name, newTag]) {
    if (part === newTag) builder.insert(':');
    const at = source.text.indexOf(part.string, part.range[0]);
    if (at < 0 || at + part.string.length > part.range[1]) return [];
    // Findings are about the tag: the name may stand in another place, before or behind it.
    if (part === newTag) builder.copy(part.string, at);
    else builder.insert(part.string);
  }
  const facts = { use: 'run', incomplete: false, defaulted: [], label: each.name.string } as const;
  return [embed(image, builder.build(), facts, newTag)];
}

/** Something a kustomization takes from another place, where it follows what moves there. */
export interface MovingSource {
  readonly at: YamlScalar;
  /** A branch; undefined where nothing is named, which means the newest. */
  readonly moving: string | undefined;
}

const branches = /^(?:main|master|HEAD|develop|dev|trunk|latest|refs\/heads\/.*)$/;

/**
 * Remote manifests and bases without a version
 * (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md), and charts of `helmCharts`
 * (https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_).
 */
export function* movingSources({ map }: Kustomization): Iterable<MovingSource> {
  for (const key of ['resources', 'bases', 'components', 'crds']) {
    const list = map.get(key);
    for (const each of list?.kind === 'list' ? list.items : []) {
      const at = scalar(each);
      const moving = at && movingRef(at.string);
      if (at && moving !== false) yield { at, moving };
    }
  }
  const charts = map.get('helmCharts');
  for (const each of charts?.kind === 'list' ? charts.items : []) {
    const chart = each.kind === 'map' ? each : undefined;
    const name = scalar(chart?.get('name'));
    if (name && chart?.has('repo') && !chart.has('version')) yield { at: name, moving: undefined };
  }
}

/** The branch a remote entry follows, undefined for the default one; false where it is local, pinned or not clear. */
function movingRef(text: string): string | undefined | false {
  const [address = '', query = ''] = text.split('?');
  const isGit =
    /^(?:git@|ssh:\/\/|git::)/.test(address) ||
    /\.git(?:\/|$)/.test(address) ||
    /^(?:https?:\/\/)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)\/[^/]+\/[^/]+(?!.*\/(?:releases|raw|blob|archive)\/)/.test(
      address,
    );
  if (isGit) {
    const ref =
      new URLSearchParams(query).get('ref') ?? new URLSearchParams(query).get('version') ?? '';
    if (ref === '') return undefined;
    return branches.test(ref) ? ref : false;
  }
  return movingPart(text) ?? false;
}
