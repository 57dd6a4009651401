import { defineFormat } from '../engine/format';
import { parseYaml } from '../syntax/yaml';
import { type Task, taskDocument } from './tasks';
import { keptUpToDate } from './update-bots';

/** The scripts of a package.json (https://docs.npmjs.com/cli/v11/using-npm/scripts), as callers. */
export const packageJson = defineFormat<Record<never, never>>({
  id: 'package-json',
  title: 'Scripts of package.json',
  files: ['**/package.json'],
  nodes: [],
  recognises: (file) => (file.name === 'package.json' ? 'by-name' : undefined),
  alone: () => undefined,
  parse(source) {
    // https://docs.renovatebot.com/configuration-options/
    const bot = /^\s*"renovate"\s*:/m.test(source.text)
      ? { facts: [keptUpToDate(source.path.replace(/[^/]*$/, ''))] }
      : {};
    // Most have no word of what is delivered; a large file is not read for nothing.
    if (!/"scripts"\s*:/.test(source.text)) return { ...taskDocument(source, 'npm', []), ...bot };
    const root = parseYaml(source).roots[0];
    const scripts = root?.kind === 'map' ? root.get('scripts') : undefined;
    const tasks = (scripts?.kind === 'map' ? scripts.entries : []).flatMap(
      ({ key, value }): Task[] =>
        value?.kind === 'scalar'
          ? [
              {
                name: key.string,
                range: key.range,
                commands: [value.string],
                before: [`pre${key.string}`, `post${key.string}`].filter((name) =>
                  scripts?.kind === 'map' ? scripts.has(name) : false,
                ),
              },
            ]
          : [],
    );
    return { ...taskDocument(source, 'npm', tasks), ...bot };
  },
});
