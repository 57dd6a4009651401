import { concerns } from '../engine/finding';
import type { Option, Rule } from '../engine/rule';

/** Marks between which a rule page is generated. */
export const headMarks = ['<!-- andon -->', '<!-- /andon -->'] as const;

/** The text with what stands between the two marks replaced. Undefined where the marks are not both there. */
export function replaceBetween(
  text: string,
  [open, close]: readonly [string, string],
  inner: string,
): string | undefined {
  const from = text.indexOf(open);
  const to = text.indexOf(close, from + open.length);
  if (from === -1 || to === -1) return undefined;
  return `${text.slice(0, from + open.length)}\n${inner}${text.slice(to)}`;
}

/** Text for a table's cell. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const fixes = {
  safe: 'safe: applied by `andon check --fix` and on save',
  suggested: 'suggested: offered in the editor, applied by `andon check --fix=suggested`',
} as const;

/** The head of a rule's page: its name and all that its code states, as tables. */
export function ruleHead(rule: Rule): string {
  const rows: [string, string][] = [
    ['Severity', rule.severity],
    ['Concern', `${rule.concern}: ${concerns[rule.concern]}`],
    ['Recommended', rule.recommended ? 'yes' : 'no: by name, or with `extends: strict`'],
    ['Fix', rule.fix ? fixes[rule.fix] : 'none'],
    ['Reads', rule.on.title],
    ['Since', rule.since],
  ];
  const same = Object.entries(rule.neighbours ?? {}) as [string, readonly string[]][];
  if (same.length > 0) {
    const named = same.map(([tool, codes]) => `${tool} ${codes.join(', ')}`).join('; ');
    rows.push(['Ignored with', `the comments of ${named}`]);
  }
  const lines = [
    `# ${rule.id}`,
    '',
    `${rule.summary}.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`),
  ];
  const options = Object.entries(rule.options ?? {}) as [string, Option<any>][];
  if (options.length > 0) {
    lines.push('', '| Option | Usually | Meaning |', '|---|---|---|');
    for (const [name, { fallback, description, choices }] of options) {
      const usual = Array.isArray(fallback)
        ? fallback.map((each) => `\`${each}\``).join(', ') || 'none'
        : `\`${fallback}\``;
      const meaning = choices ? `${description} One of ${choices.join(', ')}.` : description;
      lines.push(`| \`${name}\` | ${cell(usual)} | ${cell(meaning)} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The table of all rules, for the README. */
export function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, recommended, concern, summary, fix }) => {
    const when = recommended ? severity : 'off';
    const link = `[${id}](src/rules/${id}.md)`;
    return `| ${link} | ${when} | ${concern} | ${cell(summary)} | ${fix ?? ''} |`;
  });
  return `${['| Rule | Severity | Concern | What it finds | Fix |', '|---|---|---|---|---|', ...rows].join('\n')}\n`;
}
