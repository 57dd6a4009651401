import type { Condition } from '../engine/fact';
import { defineFormat, type Visit } from '../engine/format';
import { type Said, say } from '../engine/said';
import type { Located, Range } from '../text/range';
import { databaseFacts } from './database-versions';
import { isOfficialImage } from './official-images';

/** What the place an image reference stands in says of it. */
export interface ImageFacts {
  /** `base`: FROM; `copy`: COPY --from; `run`: a container is started from it; `tool`: a CI job runs in it. */
  readonly use: 'base' | 'copy' | 'run' | 'tool';
  /** Part of the reference could not be resolved and stands as underscores. */
  readonly incomplete: boolean;
  /** Parts that only a default in the file supplies; offsets in the reference's text. */
  readonly defaulted: readonly Range[];
  /** Names of the reference's place, such as the service or container. */
  readonly label?: string;
  /** Findings about it hold only then: it is not built here, not replaced by a tool. */
  readonly condition?: Condition;
}

/** A container image reference (https://github.com/distribution/reference/blob/main/reference.go). */
export interface ImageReference extends Located, ImageFacts {
  readonly text: string;
  /** Host and port of the registry, when written. */
  readonly registry: string | undefined;
  /** Path without registry, tag and digest: `library/node`, `node`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** The tag's place; the end of the name where there is none. */
  readonly tagRange: Range;
}

export type ImageNodes = { image: ImageReference };

/** Splits a reference. A colon before the last slash belongs to the registry's port, not to a tag. */
export function parseImage(text: string, facts: ImageFacts): ImageReference {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  const first = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
  // https://github.com/distribution/reference/blob/main/normalize.go: a first part is a host only if it looks like one.
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return {
    ...facts,
    text,
    range: [0, text.length],
    registry: isHost ? first : undefined,
    repository: isHost ? path.slice(first.length + 1) : path,
    tag: colon < 0 ? undefined : named.slice(colon + 1),
    digest,
    tagRange: colon < 0 ? [named.length, named.length] : [colon + 1, named.length],
  };
}

/** A reference without tag and digest: what builders and kustomize know an image by. */
export function imageName(text: string): string {
  const named = text.replace(/@.*$/, '');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon < 0 ? named : named.slice(0, colon);
}

/** Tags that are moved from one image to the next by convention. */
export const floatingTags: readonly string[] = [
  'latest',
  'stable',
  'edge',
  'nightly',
  'lts',
  'current',
  'rolling',
  'main',
  'master',
  'dev',
  'develop',
  'canary',
  'beta',
  'testing',
  'unstable',
  'mainline',
];

/** Repositories that publish no version tags: only a digest could pin them, which is a policy of its own. */
const withoutVersions = /(?:^|\/)distroless\//;

/**
 * Why the reference may name another image tomorrow: no tag, or one of `floating`. Undefined when it is pinned, or
 * when nothing certain can be said.
 */
export function floats(
  image: ImageReference,
  floating: readonly string[] = floatingTags,
): 'untagged' | 'floating' | undefined {
  // Not images: no base at all, YAML's word for none, nothing but a variable.
  if (image.digest !== undefined || /^(?:scratch|null|_*)$/.test(image.text)) return undefined;
  if (!/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?$/.test(image.text)) return undefined;
  // A name with capitals is none (https://github.com/distribution/reference): a script puts another in its place.
  if (/[A-Z]/.test(image.repository)) return undefined;
  const host = `${image.registry ?? ''}/${image.repository}`;
  if (withoutVersions.test(host)) return undefined;
  if (image.tag !== undefined) {
    return floating.includes(image.tag.toLowerCase()) ? 'floating' : undefined;
  }
  return image.incomplete ? undefined : 'untagged';
}

/**
 * Whether what a Dockerfile names can only have been built on the same machine, or is a build context that was given a
 * name (https://docs.docker.com/reference/cli/docker/buildx/build/#build-context): a bare name that Docker Hub has not
 * (https://docs.docker.com/docker-hub/repos/manage/trusted-content/official-images/).
 */
export const isBuiltBefore = ({ registry, repository, incomplete }: ImageReference): boolean =>
  !incomplete &&
  registry === undefined &&
  !repository.includes('/') &&
  !isOfficialImage(repository);

/** Whether a default written in the file supplies what makes the reference move: its tag, or all of an untagged name. */
export function comesFromDefault(image: ImageReference): boolean {
  const [start, end] = image.tag === undefined ? image.range : image.tagRange;
  return image.defaulted.some((range) => range[0] <= start && end <= range[1]);
}

/** What to say of a reference that floats. */
export function floatingMessage(image: ImageReference, kind: 'untagged' | 'floating'): Said {
  const byDefault = comesFromDefault(image);
  if (kind === 'untagged') {
    return byDefault
      ? say`By default this is ${image.text}, which has no tag`
      : say`${image.text} has no tag: it is what "latest" names on the day`;
  }
  if (byDefault)
    return say`By default the tag is "${image.tag ?? ''}", which names another image later`;
  // Underscores in place of a variable are nothing the author wrote.
  if (image.incomplete) return say`The tag "${image.tag ?? ''}" names another image later`;
  return say`${image.text} moves: the tag "${image.tag ?? ''}" names another image later`;
}

/** Images of a file that move, those of one text together: one image is often named by many jobs, and told once. */
export function* movingImages<T extends { readonly reference: ImageReference }>(
  images: readonly T[],
  floating: readonly string[],
): Iterable<{ readonly first: T; readonly more: readonly T[]; readonly message: Said }> {
  const byText = new Map<string, [T, ...T[]]>();
  for (const each of images) {
    const alike = byText.get(each.reference.text);
    if (alike) alike.push(each);
    else byText.set(each.reference.text, [each]);
  }
  for (const [first, ...more] of byText.values()) {
    const kind = floats(first.reference, floating);
    if (kind) yield { first, more, message: floatingMessage(first.reference, kind) };
  }
}

/** A container image reference in a Dockerfile, Compose file, manifest or pipeline. */
export const image = defineFormat<ImageNodes, ImageFacts>({
  id: 'image',
  title: 'Image reference',
  files: [],
  nodes: ['image'],
  recognises: () => undefined,
  alone: () => ({ use: 'run', incomplete: false, defaulted: [] }),
  parse(source, facts) {
    const text = source.text.trimEnd();
    const reference = text === '' ? undefined : parseImage(text, facts);
    return {
      source,
      problems: [],
      embedded: [],
      facts: reference ? databaseFacts(reference, source.path) : [],
      *walk(): Iterable<Visit<ImageNodes>> {
        if (reference) yield ['image', reference];
      },
    };
  },
});
