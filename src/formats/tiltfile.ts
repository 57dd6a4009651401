import type { Fact } from '../engine/fact';
import { type Document, defineFormat, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import { type StarlarkCall, type StarlarkValue, starlarkCalls } from '../syntax/starlark';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { linksOfCommands } from './command-links';
import { folderOf, pathIn, toFile, unique } from './delivery';
import { imageName } from './image';

/** An image Tilt builds and whose name it replaces in manifests. */
export interface TiltImage extends Located {
  readonly reference: string;
}

export type TiltfileNodes = { image: TiltImage };

/** A Tiltfile (https://docs.tilt.dev/api.html): literal calls of it; what is worked out is left alone. */
export const tiltfile = defineFormat<TiltfileNodes>({
  id: 'tiltfile',
  title: 'Tiltfile',
  files: ['**/Tiltfile', '**/Tiltfile.*', '**/*.{T,t}iltfile'],
  nodes: ['image'],
  recognises: (file) =>
    file.name === 'Tiltfile' ||
    /\.tiltfile$/i.test(file.name) ||
    /^Tiltfile\.(?!(?:md|ya?ml|json|txt)$)[\w-]+$/.test(file.name)
      ? 'by-name'
      : undefined,
  alone: () => undefined,

  parse(source): Document<TiltfileNodes> {
    const calls = starlarkCalls(source.text);
    const images = calls.flatMap((call): TiltImage[] => {
      const reference = builds.has(call.name) ? string(argument(call, 0, 'ref')) : undefined;
      return reference === undefined ? [] : [{ reference, range: call.range }];
    });
    return {
      source,
      problems: [],
      embedded: [],
      facts: images.map(
        ({ reference, range }): Fact => ({
          kind: 'image/built-here',
          key: imageName(reference),
          range,
        }),
      ),
      get parts() {
        return [tilt(source, calls)];
      },
      *walk(): Iterable<Visit<TiltfileNodes>> {
        for (const image of images) yield ['image', image];
      },
    };
  },
});

/** Calls that build an image, those of https://github.com/tilt-dev/tilt-extensions that wrap them as well. */
const builds = new Set([
  'custom_build',
  'custom_build_with_restart',
  'docker_build',
  'docker_build_sub',
  'docker_build_with_restart',
]);

const string = (value: StarlarkValue | undefined): string | undefined =>
  value?.kind === 'string' ? value.value : undefined;

const strings = (value: StarlarkValue | undefined): readonly string[] =>
  (value?.kind === 'list' ? value.items : [value]).flatMap((each) => string(each) ?? []);

const argument = ({ args, named }: StarlarkCall, index: number, name: string) =>
  named.get(name) ?? args[index];

function tilt(source: Source, calls: readonly StarlarkCall[]): Part {
  const folder = folderOf(source.path);
  return {
    kind: 'development',
    name: '',
    links: unique(calls.flatMap((call) => [...callLinks(source, folder, call)])),
    range: [0, 0],
  };
}

function* callLinks(source: Source, folder: string, call: StarlarkCall): Iterable<Link> {
  const files = (verb: Link['verb'], value: StarlarkValue | undefined, tool?: string) =>
    strings(value).flatMap((each) => {
      const path = pathIn(folder, each);
      return path === undefined ? [] : [toFile(verb, path, tool)];
    });
  switch (call.name) {
    case 'docker_build':
    case 'docker_build_sub':
    case 'docker_build_with_restart':
      yield* imageLinks(folder, call);
      return;
    case 'custom_build':
    case 'custom_build_with_restart':
      yield* shellLinks(source, folder, argument(call, 1, 'command'), call);
      return;
    case 'k8s_yaml':
      yield* files('deploys', argument(call, 0, 'yaml'), 'kubectl');
      return;
    case 'kustomize':
      yield* files('deploys', argument(call, 0, 'pathToDir'), 'kubectl');
      return;
    case 'helm':
      yield* files('deploys', argument(call, 0, 'pathToChartDir'), 'helm');
      return;
    case 'helm_resource':
      yield* files('deploys', argument(call, 1, 'chart'), 'helm');
      return;
    case 'docker_compose':
      yield* files('runs', argument(call, 0, 'configPaths'), 'compose');
      return;
    case 'include':
    case 'load':
    case 'load_dynamic':
      for (const link of files('runs', call.args[0])) {
        yield /tiltfile[^/]*$/i.test(link.to.key)
          ? link
          : toFile('runs', `${link.to.key}/Tiltfile`);
      }
      return;
    case 'local_resource':
      yield* shellLinks(source, folder, argument(call, 1, 'cmd'), call);
      yield* shellLinks(source, folder, call.named.get('serve_cmd'), call);
      return;
    case 'local':
      yield* shellLinks(source, folder, argument(call, 0, 'command'), call);
  }
}

/** https://docs.tilt.dev/api.html#api.docker_build: the Dockerfile is that of the context unless it is named. */
function* imageLinks(folder: string, call: StarlarkCall): Iterable<Link> {
  if (call.named.has('dockerfile_contents')) return;
  const reference = string(argument(call, 0, 'ref'));
  const context = string(argument(call, 1, 'context'));
  const file = call.named.get('dockerfile');
  const named = string(file);
  const place = context === undefined ? undefined : pathIn(folder, context);
  const recipe = file
    ? named === undefined
      ? undefined
      : pathIn(folder, named)
    : place === undefined
      ? undefined
      : pathIn(place, 'Dockerfile');
  yield {
    // Where the path is worked out, any below the file may be meant.
    ...toFile('builds', recipe ?? folder, 'docker'),
    ...(reference !== undefined && { as: imageName(reference) }),
  };
}

/** A command as text, or as its words (https://docs.tilt.dev/api.html#api.local_resource). */
function* shellLinks(
  source: Source,
  folder: string,
  command: StarlarkValue | undefined,
  call: StarlarkCall,
): Iterable<Link> {
  const text = command?.kind === 'list' ? strings(command).join(' ') : string(command);
  const reference = builds.has(call.name) ? string(argument(call, 0, 'ref')) : undefined;
  // Tilt says by a variable what the image is to be called.
  const as = reference === undefined ? {} : { as: imageName(reference) };
  if (text === undefined || text === '') {
    if (builds.has(call.name)) yield { ...toFile('builds', folder, 'docker'), ...as };
    return;
  }
  const given = call.named.get('dir');
  const directory = given ? pathIn(folder, string(given) ?? '') : folder;
  for (const link of linksOfCommands(source, text, directory))
    yield link.verb === 'builds' && link.to.kind === 'file' ? { ...link, ...as } : link;
}
