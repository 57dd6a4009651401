import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from './peer';
import { specTexts } from './ruby-specs';

/** puppet-lint itself checks nothing that Andon checks too; its plugins are repositories of their own. */
export const puppetLintExecIdempotency = plugin(
  'voxpupuli/puppet-lint-exec_idempotency-check',
  'exec_idempotency',
  'spec/puppet-lint/plugins/check_exec_idempotency/check_exec_idempotency_spec.rb',
  'puppet/exec-not-idempotent',
);

export const puppetLintPackageEnsure = plugin(
  'danzilio/puppet-lint-package_ensure-check',
  'package_ensure',
  'spec/puppet-lint/plugins/check_package_ensure/check_package_ensure_spec.rb',
  'puppet/package-latest',
);

/** Manifests, each followed by how many problems are to be found in it. */
function plugin(repository: string, check: string, path: string, rule: string): Peer {
  return {
    name: repository.split('/')[1]!,
    home: `https://github.com/${repository}`,
    shared: { [check]: [rule] },
    cases(folder) {
      const manifests = specTexts(path, readFileSync(join(folder, path), 'utf8'));
      return manifests.flatMap(({ line, text, before, after }, index) => {
        if (!/let ?\(:code\) (?:do|\{)\s*$/.test(before)) return [];
        // With its repairs on, the tool is asked the same once more.
        if (manifests.slice(0, index).some((earlier) => earlier.text === text)) return [];
        const count = /expect\(problems(?:\.size)?\)\.to (?:eq|have)\((\d+)\)/.exec(after)?.[1];
        if (count === undefined) throw new Error(`${path}:${line}: no number of problems`);
        return {
          check,
          name: `${path}:${line}`,
          path: 'modules/app/manifests/init.pp',
          text,
          flagged: count !== '0',
        };
      });
    },
  };
}
