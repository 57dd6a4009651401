import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goCases } from './go-cases';
import type { Case, Peer } from './peer';

const check = 'panel-title-description-rule';
const path = 'lint/rule_panel_title_description_test.go';

/** A table of panels, each of which is the only one of a dashboard, and of what comes of it. */
export const dashboardLinter: Peer = {
  name: 'dashboard-linter',
  home: 'https://github.com/grafana/dashboard-linter',
  shared: { [check]: ['grafana/panel-no-description'] },
  cases(folder) {
    return goCases(path, readFileSync(join(folder, path), 'utf8')).map(({ line, fields }): Case => {
      const result = fields.get('result');
      const written = [...(fields.get('panel') ?? '').matchAll(/^\t{4}(\w+):\s+"([^"]*)",$/gm)];
      if (!result || written.length === 0)
        throw new Error(`${path}:${line}: no panel or no result`);
      const panel = Object.fromEntries(written.map(([, key, text]) => [key!.toLowerCase(), text]));
      const dashboard = { title: 'test', schemaVersion: 39, panels: [{ id: 1, ...panel }] };
      return {
        check,
        name: `${path}:${line}`,
        path: 'dashboards/test.json',
        text: JSON.stringify(dashboard, undefined, 2),
        flagged: result !== 'ResultSuccess',
      };
    });
  },
};
