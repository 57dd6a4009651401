import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Peer } from './peer';
import { specTexts } from './ruby-specs';

/** A spec for each cop: recipes in which it is to find an offense, underlined with carets, or none. */
const specs: Readonly<Record<string, string>> = {
  'Chef/Correctness/BlockGuardWithOnlyString': 'block_guard_clause_string_only_spec.rb',
  'Chef/Correctness/EmptyResourceGuard': 'empty_resource_guard_spec.rb',
  'Chef/Correctness/RubyGuardWithoutBlock': 'ruby_guard_without_block_spec.rb',
};

export const cookstyle: Peer = {
  name: 'cookstyle',
  home: 'https://github.com/chef/cookstyle',
  shared: Object.fromEntries(
    Object.keys(specs).map((check) => [check, ['chef/guard-always-true']]),
  ),
  cases(folder) {
    return Object.entries(specs).flatMap(([check, file]) => {
      const path = `spec/rubocop/cop/chef/correctness/${file}`;
      return specTexts(path, readFileSync(join(folder, path), 'utf8')).flatMap(
        ({ line, text, before }): Case | readonly Case[] => {
          const [, expected] = /expect_(\w+)\($/.exec(before) ?? [];
          if (expected === 'correction') return [];
          if (expected !== 'offense' && expected !== 'no_offenses') {
            throw new Error(`${path}:${line}: neither an offense nor none`);
          }
          return {
            check,
            name: `${path}:${line}`,
            path: 'cookbooks/web/recipes/default.rb',
            text: text.replace(/^ *\^+ .*\n/gm, ''),
            flagged: expected === 'offense',
          };
        },
      );
    });
  },
};
