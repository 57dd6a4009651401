import { type Document, defineFormat, type Embedded, type Visit } from '../engine/format';
import {
  items as list,
  map,
  parseYaml,
  type YamlMap,
  type YamlNode,
  yamlRoute,
} from '../syntax/yaml';
import type { Located, Value } from '../text/range';
import { Source } from '../text/source';
import { embedShell } from './shell';
import type { ShellFacts } from './shell-model';

/** A phase of the build, such as `install` or `post_build`; its range is that of its commands. */
export interface BuildPhase extends Located {
  readonly name: Value;
  readonly map: YamlMap;
}

export type BuildspecNodes = { phase: BuildPhase };

/** What AWS CodeBuild runs (https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html). */
export const buildspec = defineFormat<BuildspecNodes>({
  id: 'buildspec',
  title: 'CodeBuild build specification',
  files: ['**/*.{yml,yaml}'],
  nodes: ['phase'],

  recognises(file) {
    if (!/\.ya?ml$/.test(file.name)) return undefined;
    const keys = file.topLevelKeys();
    if (!keys.has('phases') || !keys.has('version')) return undefined;
    if (!/^\s+(?:commands|finally)[ \t]*:/m.test(file.text)) return undefined;
    if (/^buildspec/i.test(file.name)) return 'by-name';
    const version = /^version[ \t]*:[ \t]*["']?0\.[12]\b/m.test(file.text);
    return version ? 'by-content' : undefined;
  },

  alone: () => undefined,

  parse(source): Document<BuildspecNodes> {
    const { roots, problems } = parseYaml(source);
    const root = map(roots[0]);
    const shell = map(root?.get('env'))?.get('shell');
    const phases = (map(root?.get('phases'))?.entries ?? []).flatMap(({ key, value }) =>
      value?.kind === 'map'
        ? [{ name: { value: key.string, range: key.range }, map: value, range: value.range }]
        : [],
    );
    return {
      source,
      problems,
      embedded: phases.flatMap((phase) =>
        ['commands', 'finally'].flatMap(
          (key) =>
            scriptOf(phase.map.get(key), shell?.kind === 'scalar' ? shell.string : 'sh') ?? [],
        ),
      ),
      route: (offset) => yamlRoute(roots, offset),
      *walk(): Iterable<Visit<BuildspecNodes>> {
        for (const phase of phases) yield ['phase', phase];
      },
    };
  },
});

/**
 * The commands of a phase run one after another in one shell, and the first that fails ends it
 * (https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-cmd.html); of several lines in one of them only
 * the last counts.
 */
function scriptOf(commands: YamlNode | undefined, shell: string): Embedded | undefined {
  const items = commands?.kind === 'scalar' ? [commands] : list(commands);
  const lines = items.flatMap((item) => (item.kind === 'scalar' ? item.text() : []));
  const [first, ...rest] = lines;
  if (!first || !commands || !/^(?:ba)?sh$/.test(shell)) return undefined;
  const facts: ShellFacts = {
    dialect: shell === 'bash' ? 'bash' : 'sh',
    stopsOnError: lines.every(({ text }) => !text.trim().includes('\n')),
    pipefail: false,
    machine: 'fresh',
    use: 'ci',
  };
  const source = Source.joined([first, '\n', ...rest.flatMap((line) => [line, '\n'])]);
  return embedShell(source, facts, commands);
}
