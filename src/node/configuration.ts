import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Configuration,
  defaultConfiguration,
  readConfiguration,
} from '../engine/configuration';
import type { Engine } from '../engine/engine';
import type { Finding } from '../engine/finding';
import { placeOf } from '../engine/lint';
import { ownRules } from '../engine/own-rules';
import { configurationFiles } from '../formats/andon-configuration';
import { parseYaml } from '../syntax/yaml';
import { LineIndex } from '../text/line-index';
import { Source } from '../text/source';
import { readText } from './read-text';

/** The configuration cannot be used at all; the message names file and place. */
export class ConfigurationError extends Error {}

export interface FoundConfiguration {
  readonly configuration: Configuration;
  /** Absolute; undefined where there is none. */
  readonly file: string | undefined;
  /** What in it is not understood and therefore without effect. */
  readonly findings: readonly Finding[];
}

/** The configuration file of a workspace, absolute, or undefined. */
export function configurationFile(root: string): string | undefined {
  return configurationFiles.map((name) => join(root, name)).find((file) => existsSync(file));
}

/**
 * Reads a configuration file. `path` is what it is called in messages. Throws ConfigurationError when it cannot be
 * read or is not YAML.
 */
export function readConfigurationFile(
  file: string,
  path: string,
  engine: Pick<Engine, 'rules' | 'formats'>,
): FoundConfiguration {
  const read = readText(file, { named: true });
  if (read.kind !== 'text') {
    throw new ConfigurationError(
      `${path}: ${read.kind === 'problem' ? read.message : 'not a file'}`,
    );
  }
  const lines = new LineIndex(read.text);
  const yaml = parseYaml(Source.file(path, read.text));
  const [broken] = yaml.problems;
  if (broken) {
    const { line, column } = lines.position(broken.range[0]);
    throw new ConfigurationError(
      `${path}:${line}:${column}: not readable as YAML: ${broken.message}`,
    );
  }
  const names = { rules: engine.rules, formats: engine.formats.map((format) => format.id) };
  const { configuration, problems } = readConfiguration(yaml.roots[0], names);
  const { id, severity } = ownRules.configuration;
  const findings = problems.map(
    ({ range, message }): Finding => ({
      rule: id,
      concern: undefined,
      severity,
      path,
      ...placeOf(range, lines),
      message: message[0]!.toUpperCase() + message.slice(1),
      fingerprint: `${id}|${path}||${message}`,
    }),
  );
  return { configuration, file, findings };
}

/** What holds where there is no configuration file. */
export const noConfiguration: FoundConfiguration = {
  configuration: defaultConfiguration,
  file: undefined,
  findings: [],
};
