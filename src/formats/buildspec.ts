import { type Document, defineFormat, type Visit } from '../engine/format';
import type { Part } from '../engine/part';
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
import { linksOf, unique } from './delivery';
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
    const shellName = shell?.kind === 'scalar' ? shell.string : 'sh';
    const phases = (map(root?.get('phases'))?.entries ?? []).flatMap(({ key, value }) =>
      value?.kind === 'map'
        ? [{ name: { value: key.string, range: key.range }, map: value, range: value.range }]
        : [],
    );
    const scripts = phases.map((phase) =>
      ['commands', 'finally'].flatMap((key) => scriptOf(phase.map.get(key), shellName) ?? []),
    );
    return {
      source,
      problems,
      embedded: scripts.flat(),
      get parts() {
        return [
          pipeline(root),
          ...phases.map((phase, at) => job(phase, phases[at - 1], scripts[at]!)),
        ];
      },
      route: (offset) => yamlRoute(roots, offset),
      *walk(): Iterable<Visit<BuildspecNodes>> {
        for (const phase of phases) yield ['phase', phase];
      },
    };
  },
});

/** What starts it stands in the build project, not here. */
const pipeline = (root: YamlMap | undefined): Part => ({
  kind: 'pipeline',
  name: '',
  links: [],
  range: root?.range ?? [0, 0],
});

/** A phase as a job behind the one before. */
const job = (
  { name }: BuildPhase,
  before: BuildPhase | undefined,
  scripts: readonly Script[],
): Part => ({
  kind: 'job',
  name: name.value,
  links: unique([
    ...(before ? [{ verb: 'follows', to: { kind: 'job', key: before.name.value } } as const] : []),
    ...scripts.flatMap((script) => linksOf(script.parse())),
  ]),
  range: name.range,
});

type Script = ReturnType<typeof embedShell>;

/**
 * The commands of a phase run one after another in one shell, and the first that fails ends it
 * (https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-cmd.html); of several lines in one of them only
 * the last counts.
 */
function scriptOf(commands: YamlNode | undefined, shell: string): Script | undefined {
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
    directory: '',
  };
  const source = Source.joined([first, '\n', ...rest.flatMap((line) => [line, '\n'])]);
  return embedShell(source, facts, commands);
}
