import { type Document, defineFormat, type Visit } from '../engine/format';
import type { Link, Part } from '../engine/part';
import { JsonList, type JsonNode, JsonObject, JsonScalar, parseJson } from '../syntax/json';
import type { Source } from '../text/source';
import { linksOfCommands } from './command-links';
import { folderOf, pathIn, toFile, toImage, unique } from './delivery';

/** A dev container (https://containers.dev/implementors/json_reference/). */
export type DevcontainerNodes = { container: JsonObject };

/**
 * The file that describes a dev container. Its images are left alone: they follow the newest version by intent, and
 * nothing is delivered from them.
 */
export const devcontainer = defineFormat<DevcontainerNodes>({
  id: 'devcontainer',
  title: 'Dev container',
  files: ['**/devcontainer.json', '**/.devcontainer.json'],
  nodes: ['container'],
  recognises: (file) => (/^\.?devcontainer\.json$/.test(file.name) ? 'by-name' : undefined),
  alone: () => undefined,

  parse(source): Document<DevcontainerNodes> {
    const { root, problems } = parseJson(source);
    return {
      source,
      // Templates have holes that JSON does not have to like.
      problems: /\$\{templateOption:|\{\{/.test(source.text) ? [] : problems,
      embedded: [],
      get parts() {
        return root instanceof JsonObject ? [container(source, root)] : [];
      },
      *walk(): Iterable<Visit<DevcontainerNodes>> {
        if (root instanceof JsonObject) yield ['container', root];
      },
    };
  },
});

/** Paths in it are relative to the file; its commands run in the folder it is for. */
function container(source: Source, root: JsonObject): Part {
  const folder = folderOf(source.path);
  const build = root.get('build');
  const inner = build instanceof JsonObject ? build : undefined;
  const dockerfile = text(inner?.get('dockerfile')) ?? text(root.get('dockerFile'));
  const recipe = dockerfile === undefined ? undefined : pathIn(folder, dockerfile);
  const image = text(root.get('image'));
  const features = root.get('features');
  return {
    kind: 'development',
    name: '',
    links: unique([
      ...(recipe ? [toFile('builds', recipe, 'docker')] : []),
      ...(image !== undefined && !image.includes('${') ? [toImage('uses', image)] : []),
      ...texts(root.get('dockerComposeFile')).flatMap((file): readonly Link[] => {
        const path = pathIn(folder, file);
        return path ? [toFile('runs', path, 'compose')] : [];
      }),
      ...(features instanceof JsonObject ? features.entries : []).flatMap(([name]) => {
        const path = /^\.\.?\//.test(name) ? pathIn(folder, `${name}/install.sh`) : undefined;
        return path ? [toFile('runs', path)] : [];
      }),
      ...commandsOf(root).flatMap((command) => [...commandLinks(source, command)]),
    ]),
    range: root.range,
  };
}

const text = (node: JsonNode | undefined): string | undefined =>
  node instanceof JsonScalar && typeof node.value === 'string' ? node.value : undefined;

const texts = (node: JsonNode | undefined): readonly string[] =>
  (node instanceof JsonList ? node.items : [node]).flatMap((each) => text(each) ?? []);

/**
 * https://containers.dev/implementors/json_reference/#lifecycle-scripts: a text for a shell, the words of one command,
 * or an object of both, which run side by side.
 */
function commandsOf(root: JsonObject): readonly string[] {
  return [
    'initializeCommand',
    'onCreateCommand',
    'updateContentCommand',
    'postCreateCommand',
    'postStartCommand',
    'postAttachCommand',
  ].flatMap((name) => {
    const node = root.get(name);
    const given = node instanceof JsonObject ? node.entries.map(([, value]) => value) : [node];
    return given.map((each) => texts(each).join(' ')).filter((each) => each !== '');
  });
}

function commandLinks(source: Source, command: string): readonly Link[] {
  const text = command.replace(/\$\{(?:containerWorkspaceFolder|localWorkspaceFolder)\}/g, '.');
  const directory = folderOf(source.path).replace(/\/?\.devcontainer(?:\/.*)?$/, '');
  return linksOfCommands(source, text, directory);
}
