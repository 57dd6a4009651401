import { type Configuration, type Names, readConfiguration } from '../engine/configuration';
import { parseYaml, type YamlProblem } from '../syntax/yaml';
import { Source } from '../text/source';

export { configurationFiles } from '../engine/configuration';

/** Reads the text of an `.andon.yaml`. Offsets of the problems are those of the text. */
export function parseConfiguration(
  text: string,
  names: Names,
): { configuration: Configuration; problems: readonly YamlProblem[] } {
  const file = parseYaml(Source.file('.andon.yaml', text));
  const read = readConfiguration(file.roots[0], names);
  return {
    configuration: read.configuration,
    problems: [...file.problems, ...read.problems],
  };
}
