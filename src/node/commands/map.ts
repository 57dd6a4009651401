import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { engine } from '../../catalog';
import type { DeliveryMap } from '../../project/delivery';
import { mapAsMermaid } from '../../project/map-mermaid';
import { mapAsText } from '../../project/map-text';
import { count } from '../../report/check-report';
import { checkFiles } from '../check-files';
import { configurationFile, noConfiguration, readConfigurationFile } from '../configuration';
import { createLintPool } from '../lint-pool';
import { UsageError } from '../options';
import { progressOn } from '../terminal';
import { slashes, workspaceRoot } from '../workspace-root';
import type { Command } from './command';

/** `andon map`: how a commit gets from here to where it runs. */
export const map: Command = {
  name: 'map',
  operands: '[FOLDER]',
  summary: 'show how a commit gets from here to where it runs',
  options: [
    {
      name: 'format',
      value: 'FORMAT',
      help: 'text, mermaid (https://mermaid.js.org), or json',
    },
  ],
  async run(given, terminal) {
    if (given.operands.length > 1) throw new UsageError('map takes one folder');
    const format = given.get('format') ?? 'text';
    if (!['text', 'mermaid', 'json'].includes(format))
      throw new UsageError(`--format is one of text, mermaid, json, not "${format}"`);
    const named = given.operands[0];
    const folder = named === undefined ? undefined : resolve(terminal.cwd, named);
    if (folder !== undefined && !existsSync(folder)) throw new UsageError(`no folder "${named}"`);
    const root = folder ?? workspaceRoot(terminal.cwd).folder;
    const file = configurationFile(root);
    const { configuration } = file
      ? readConfigurationFile(file, slashes(relative(root, file)), engine)
      : noConfiguration;
    const pool = createLintPool({
      worker: join(terminal.home, 'worker.js'),
      size: Math.min(4, availableParallelism()),
    });
    const progress = progressOn(terminal);
    try {
      // No rule has to run for the map.
      pool.configure(configuration, []);
      const { workspace } = await checkFiles({
        root,
        targets: [root],
        configuration,
        engine,
        pool,
        signal: terminal.signal,
        progress: (done, known) => progress.show(`read ${done} of ${count(known, 'file')}`),
      });
      progress.clear();
      const drawn = workspace.map;
      terminal.out(
        format === 'json'
          ? `${JSON.stringify(asData(drawn), undefined, 2)}\n`
          : format === 'mermaid'
            ? mapAsMermaid(drawn)
            : mapAsText(drawn),
      );
      return 0;
    } finally {
      progress.clear();
      await pool.dispose();
    }
  },
};

/** The map as plain data: stations by id, ways between their ids. */
function asData({ stations, ways }: DeliveryMap) {
  return {
    stations: stations.map(({ id, kind, title, path, part, reached, does }) => ({
      id,
      kind,
      title,
      ...(path !== undefined && { path }),
      ...(part && { line: part.start.line }),
      reached,
      does: [...does],
    })),
    ways: ways.map(({ from, verb, to }) => ({ from: from.id, verb, to: to.id })),
  };
}
