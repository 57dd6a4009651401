import type { Configuration, Names } from '../engine/configuration';
import { parseConfiguration } from '../formats/andon-configuration';
import { parseYaml, type YamlProblem } from '../syntax/yaml';
import { Source } from '../text/source';

/** An `.andon.yaml` as read. */
export interface ConfigurationFile {
  readonly configuration: Configuration;
  /** Keys at its top: what it is not silent about. */
  readonly says: readonly string[];
  /** Offsets in its text. */
  readonly problems: readonly YamlProblem[];
  /** It is no YAML at all, so nothing of it can be taken: the last good one stays in force. */
  readonly broken: boolean;
}

/** Reads the text of an `.andon.yaml`. */
export function readConfigurationFile(text: string, names: Names): ConfigurationFile {
  const { roots, problems: broken } = parseYaml(Source.file('.andon.yaml', text));
  const [root] = roots;
  const { configuration, problems } = parseConfiguration(text, names);
  const says = root?.kind === 'map' ? root.entries.map(({ key }) => key.string) : [];
  const readable = root === undefined || root.kind === 'map';
  return { configuration, says, problems, broken: broken.length > 0 || !readable };
}
