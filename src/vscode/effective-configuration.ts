import { type Configuration, defaultConfiguration } from '../engine/configuration';
import type { ConfigurationFile } from './configuration-file';
import type { Settings } from './settings';

/** What holds for a folder: the file, and the editor's settings where the file is silent. */
export function effectiveConfiguration(
  file: ConfigurationFile | undefined,
  settings: Settings,
): Configuration {
  const { configuration = defaultConfiguration, says } = file ?? {};
  const rules = Object.entries(settings.rules).map(
    ([id, severity]) => [id, { severity, options: {} }] as const,
  );
  return {
    ...configuration,
    extends: says?.includes('extends') ? configuration.extends : settings.extends,
    rules: { ...Object.fromEntries(rules), ...configuration.rules },
  };
}
