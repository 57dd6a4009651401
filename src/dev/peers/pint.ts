import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GoCase, goCases, goString } from './go-cases';
import type { Case, Peer } from './peer';

/** The table of cases of a check: a list of rules, how the check is configured, and whether it has problems with them. */
const tables: Readonly<Record<string, string>> = {
  'alerts/absent': 'alerts_absent_test.go',
  'alerts/annotation': 'alerts_annotation_test.go',
  'alerts/comparison': 'alerts_comparison_test.go',
  'rule/label': 'rule_label_test.go',
};

export const pint: Peer = {
  name: 'pint',
  home: 'https://github.com/cloudflare/pint',
  shared: {
    'alerts/absent': ['prometheus/alert-flapping-or-dead'],
    'alerts/annotation': ['prometheus/alert-no-purpose'],
    'alerts/comparison': ['prometheus/alert-flapping-or-dead'],
    'rule/label': ['prometheus/alert-no-severity'],
  },
  cases(folder) {
    return Object.entries(tables).flatMap(([check, file]) => {
      const path = `internal/checks/${file}`;
      return goCases(path, readFileSync(join(folder, path), 'utf8')).map((each): Case => {
        const problems = each.fields.get('problems');
        if (problems !== undefined && problems !== 'true') throw new Error(`${path}: ${problems}`);
        const required = requiredAnnotation(each);
        return {
          check,
          name: `${path}:${each.line}`,
          path: 'rules.yml',
          text: asFile(goString(each.fields.get('content'))),
          ...(required && { options: { 'prometheus/alert-no-purpose': { required: [required] } } }),
          flagged: problems !== undefined,
        };
      });
    });
  },
};

/** Its tests hold lists of rules, which it reads too; Prometheus reads groups. */
function asFile(content: string): string {
  if (/^groups:/m.test(content)) return content;
  const rules = content.replace(/^(?=.)/gm, '      ');
  return `groups:\n  - name: cases\n    rules:\n${rules}`;
}

/** The annotation each alert must have, as the check is told in this case. */
function requiredAnnotation({ fields }: GoCase): string | undefined {
  const told =
    /NewAnnotationCheck\(\s*checks\.MustTemplatedRegexp\("(\w+)"\)[\s\S]*?,\s*true,\s*"/.exec(
      fields.get('checker') ?? '',
    );
  return told?.[1];
}
