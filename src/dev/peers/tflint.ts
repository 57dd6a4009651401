import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goCases, goString } from './go-cases';
import type { Case, Peer } from './peer';

/** A table of cases for each check: a configuration, what the tool is told, the issues that come of it. */
export const tflint: Peer = {
  name: 'tflint',
  home: 'https://github.com/terraform-linters/tflint-ruleset-terraform',
  shared: {
    terraform_module_pinned_source: ['terraform/module-unpinned'],
    terraform_module_version: ['terraform/module-unpinned'],
  },
  cases(folder) {
    return Object.keys(this.shared).flatMap((check) => {
      const path = `rules/${check}_test.go`;
      const text = readFileSync(join(folder, path), 'utf8');
      return goCases(path, text).map(({ line, fields }): Case => {
        const branches = /default_branches = (\[.*\])/.exec(fields.get('Config') ?? '')?.[1];
        const expected = fields.get('Expected');
        // A second table has sources alone, of which none is to be found.
        const content = fields.has('Source')
          ? `module "m" {\n  source = ${fields.get('Source')}\n}\n`
          : goString(fields.get('Content'));
        if (!fields.has('Source') && !expected?.startsWith('helper.Issues{')) {
          throw new Error(`${path}:${line}: no issues expected, nor none`);
        }
        return {
          check,
          name: `${path}:${line}`,
          path: 'main.tf',
          text: content,
          ...(branches && {
            options: { 'terraform/module-unpinned': { branches: JSON.parse(branches) } },
          }),
          flagged: expected !== undefined && expected !== 'helper.Issues{}',
        };
      });
    });
  },
};
