import type { YamlMap } from '../syntax/yaml';
import type { Edit } from '../text/edit';
import type { ComposeProject, Service } from './compose';

/**
 * Writes a key with the lines below it into a service, behind one of its own keys; undefined where the service is not
 * written in a way that has room for it. `lines` are indented against the key.
 */
export function addToService(
  service: Service,
  key: string,
  lines: readonly string[],
): Edit | undefined {
  const { text } = service.project.source;
  const indent = indentOf(service.map, text);
  const behind = service.map.entry('image') ?? service.map.entries[0];
  if (indent === undefined || !behind?.value || behind.value.kind !== 'scalar') return undefined;
  if (!within(service.map, behind.key.range[0])) return undefined;
  const step = ' '.repeat(Math.max(2, indent.length - columnOf(service.name.range[0], text)));
  const block = [`${key}:`, ...lines.map((line) => step + line)];
  return insertBelow(behind.value.range[1], block, indent, text);
}

/** Mounts a named volume on `path` and declares it for the project. */
export function addVolume(service: Service, path: string): readonly Edit[] | undefined {
  const { project } = service;
  const name = `${service.name.string}-data`;
  if (project.volumes.some((volume) => volume.string === name)) return undefined;
  const mount = addMount(service, `${name}:${path}`);
  const volume = addTopLevelVolume(project, name);
  return mount && volume && [mount, volume];
}

function addMount(service: Service, mount: string): Edit | undefined {
  const { text } = service.project.source;
  const { map } = service;
  const volumes = map.get('volumes');
  if (!map.has('volumes')) return addToService(service, 'volumes', [`- ${mount}`]);
  const last = volumes?.kind === 'list' && !volumes.flow ? volumes.items.at(-1) : undefined;
  if (!last || !within(map, last.range[0]) || last.kind !== 'scalar') return undefined;
  const [, indent] =
    /^([ ]*)- *$/.exec(text.slice(startOfLine(last.range[0], text), last.range[0])) ?? [];
  if (indent === undefined) return undefined;
  return insertBelow(last.range[1], [`- ${mount}`], indent, text);
}

function addTopLevelVolume(project: ComposeProject, name: string): Edit | undefined {
  const { root, source } = project;
  const { text } = source;
  const entry = root.entry('volumes');
  if (!entry) {
    if (root.flow || /^(?:---|\.\.\.)/m.test(text.slice(root.range[0]))) return undefined;
    const eol = eolOf(text);
    const end = text.trimEnd().length;
    return { range: [end, end], text: `${eol}${eol}volumes:${eol}  ${name}:` };
  }
  const declared = entry.value;
  if (!declared) return insertBelow(entry.key.range[1] + 1, [`${name}:`], '  ', text);
  if (declared.kind !== 'map') return undefined;
  const [first] = declared.entries;
  const indent = indentOf(declared, text);
  if (indent === undefined || !first || !within(declared, first.key.range[0])) return undefined;
  return {
    range: [first.key.range[0], first.key.range[0]],
    text: `${name}:${eolOf(text)}${indent}`,
  };
}

const within = (map: YamlMap, offset: number) => map.range[0] <= offset && offset < map.range[1];
const startOfLine = (offset: number, text: string) => text.lastIndexOf('\n', offset - 1) + 1;
const columnOf = (offset: number, text: string) => offset - startOfLine(offset, text);
const eolOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

/** The white space before the keys of a block map. */
function indentOf(map: YamlMap, text: string): string | undefined {
  if (map.flow) return undefined;
  const before = text.slice(startOfLine(map.range[0], text), map.range[0]);
  return /^ *$/.test(before) ? before : undefined;
}

/** Lines below the one that holds `offset`. */
function insertBelow(offset: number, lines: readonly string[], indent: string, text: string): Edit {
  const rest = /[^\r\n]*/.exec(text.slice(offset))![0].length;
  const at = offset + rest;
  const eol = eolOf(text);
  return { range: [at, at], text: lines.map((line) => eol + indent + line).join('') };
}
