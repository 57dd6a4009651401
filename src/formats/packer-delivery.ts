import type { Link, Part } from '../engine/part';
import type { Block, Expression } from '../syntax/hcl';
import type { YamlMap, YamlNode } from '../syntax/yaml';
import type { Range } from '../text/range';
import type { Source } from '../text/source';
import { linksOfCommands } from './command-links';
import { folderOf, recipesOf, toFile, toNearest, unique } from './delivery';

/** The strings of a setting, alone or in a list; what is not known is left out. */
type Settings = (name: string) => readonly string[];

/** A provisioner or post-processor and its settings. */
interface Step {
  readonly type: string;
  readonly settings: Settings;
}

/** The template as a part: what its provisioners run, and what its sources are given. */
export function templatePart(
  source: Source,
  steps: readonly Step[],
  sources: readonly Settings[],
  range: Range,
): Part {
  const folder = folderOf(source.path);
  const links = [
    ...steps.flatMap((step) => [...stepLinks(source, folder, step)]),
    ...sources.flatMap((settings) =>
      // What is served to an installer is, among other things, its user data.
      [
        ...settings('user_data_file'),
        ...settings('http_directory').map((at) => `${at}/user-data`),
      ].flatMap((path) => toPath('uses', folder, path)),
    ),
  ];
  return { kind: 'template', name: '', links: unique(links), range };
}

/**
 * A path is relative to where Packer is started, unless it begins at the template's own folder
 * (https://developer.hashicorp.com/packer/docs/templates/hcl_templates/path-variables).
 */
function toPath(verb: Link['verb'], folder: string, path: string, tool?: string): readonly Link[] {
  return path.startsWith('./')
    ? toNearest(verb, folder, path, tool).slice(0, 1)
    : toNearest(verb, folder, path, tool);
}

/** https://developer.hashicorp.com/packer/docs/provisioners */
function* stepLinks(source: Source, folder: string, { type, settings }: Step): Iterable<Link> {
  const paths = (verb: Link['verb'], names: readonly string[], tool?: string) =>
    names.flatMap(settings).flatMap((path) => toPath(verb, folder, path, tool));
  switch (type) {
    case 'shell':
    case 'powershell':
      yield* paths('runs', ['script', 'scripts']);
      return;
    case 'shell-local':
      yield* paths('runs', ['script', 'scripts']);
      yield* localLinks(source, [...settings('inline'), ...settings('command')]);
      return;
    case 'ansible':
    case 'ansible-local':
      yield* paths('runs', ['playbook_file', 'playbook_files'], 'ansible');
      return;
    case 'puppet-masterless':
      yield* paths('runs', ['manifest_file'], 'puppet');
      return;
    case 'chef-client':
    case 'chef-solo':
      for (const cookbooks of settings('cookbook_paths'))
        for (const { to } of toPath('runs', folder, cookbooks))
          for (const link of recipesOf(settings('run_list'), [to.key])) {
            yield toFile('runs', link.to.key, 'chef');
          }
  }
}

/** What `shell-local` does where Packer runs: at the workspace's root, as far as is known. */
const localLinks = (source: Source, lines: readonly string[]): readonly Link[] =>
  linksOfCommands(source, lines.join('\n'));

/** Settings of a block of HCL. `${path.root}` is the template's folder. */
export const blockSettings =
  ({ body }: Block): Settings =>
  (name) => {
    const value = body.attribute(name)?.value;
    const items = value?.kind === 'list' ? value.items : value ? [value] : [];
    return items.flatMap((item) => textOf(item) ?? []);
  };

/** `./x` is where Packer is started, as `x` is. */
const started = (path: string) => path.replace(/^(?:\.\/)+/, '');

function textOf(expression: Expression): string | undefined {
  if (expression.kind === 'literal')
    return typeof expression.value === 'string' ? started(expression.value) : undefined;
  if (expression.kind !== 'template') return undefined;
  const [first, ...rest] = expression.parts;
  const texts = rest.map((each) => (each.kind === 'literal' ? String(each.value) : undefined));
  const fromRoot = first?.kind === 'reference' && first.path.join('.') === 'path.root';
  return fromRoot && !texts.includes(undefined) ? `./${texts.join('')}` : undefined;
}

/** Settings of an object of the older JSON. `{{template_dir}}` is the template's folder. */
export const jsonSettings =
  (map: YamlMap): Settings =>
  (name) => {
    const value: YamlNode | undefined = map.get(name);
    const items = value?.kind === 'list' ? value.items : value ? [value] : [];
    return items.flatMap((item) => {
      if (item.kind !== 'scalar') return [];
      const text = started(item.string).replace(/^\{\{\s*template_dir\s*\}\}/, '.');
      return text.includes('{{') ? [] : [text];
    });
  };
