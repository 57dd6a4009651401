import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Embedded, embed, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import { parseYaml, type YamlMap, type YamlNode, type YamlScalar, yamlRoute } from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { pathIn, toFile } from './delivery';
import { image } from './image';

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

const scalar = (node: YamlNode | undefined) => (node?.kind === 'scalar' ? node : undefined);

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
