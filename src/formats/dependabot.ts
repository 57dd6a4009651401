import { type Document, defineFormat, type Visit } from '../engine/format';
import { map, maps, parseYaml, scalar, type YamlMap, yamlRoute } from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';

/** What Dependabot is to keep up to date. */
export interface DependabotConfiguration extends Located {
  readonly root: YamlMap;
  /** Names of package managers, `github-actions`, `docker`, …, each with an entry of its own. */
  readonly ecosystems: ReadonlySet<string>;
  /** The folder `.github` stands in, with a slash at its end. */
  readonly repository: string;
}

export type DependabotNodes = { configuration: DependabotConfiguration };

/** Dependabot (https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference). */
export const dependabot = defineFormat<DependabotNodes>({
  id: 'dependabot',
  title: 'Dependabot configuration',
  files: ['**/.github/dependabot.{yml,yaml}'],
  nodes: ['configuration'],
  recognises: (file) =>
    /(?:^|\/)\.github\/dependabot\.ya?ml$/.test(file.path) ? 'by-name' : undefined,
  alone: () => undefined,

  parse(source: Source): Document<DependabotNodes> {
    const { roots, problems } = parseYaml(source);
    const root = map(roots[0]);
    return {
      source,
      problems,
      embedded: [],
      route: (offset) => yamlRoute(roots, offset),
      *walk(): Iterable<Visit<DependabotNodes>> {
        if (!root) return;
        const ecosystems = maps(root.get('updates')).flatMap(
          (each) => scalar(each.get('package-ecosystem'))?.string ?? [],
        );
        yield [
          'configuration',
          {
            root,
            ecosystems: new Set(ecosystems),
            repository: source.path.replace(/\.github\/[^/]*$/, ''),
            range: root.range,
          },
        ];
      },
    };
  },
});
