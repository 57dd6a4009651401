import type { Engine } from '../engine/engine';
import type { Rule } from '../engine/rule';

/** A finding on a public repository that somebody has read and judged: a line of `docs/precision/<name>.tsv`. */
export interface Judged {
  readonly rule: string;
  /** The repository, `owner/name`. */
  readonly repository: string;
  /** Where it stands there: `path:line`. */
  readonly place: string;
  readonly verdict: 'right' | 'wrong';
  readonly reason: string;
}

/** What has been read of a format: a line of `docs/precision/seen.tsv`. */
export interface Seen {
  readonly format: string;
  readonly repositories: number;
  readonly files: number;
}

const folder = 'docs/precision';
/** Share of right findings from which a rule may be recommended. */
const bar = 0.9;
/** From this many judged findings on, a share says something. */
const enough = 10;

/** The files of the sample: one for a format, or for a family of rules. */
export function sampleFiles({ formats, rules }: Engine): readonly string[] {
  const names = new Set([...formats.map(({ id }) => id), ...rules.map(({ id }) => family(id))]);
  return [...names].sort().map((name) => `${folder}/${name}.tsv`);
}

/** @throws Error naming the line that is not of the form of a judged finding. */
export function readJudged(text: string): readonly Judged[] {
  return rows(text).map(([rule, repository, place, verdict, reason, ...more], index) => {
    const whole =
      rule &&
      /^[\w.-]+\/[\w.-]+$/.test(repository ?? '') &&
      /^.+:[1-9]\d*$/.test(place ?? '') &&
      (verdict === 'right' || verdict === 'wrong') &&
      reason?.trim() &&
      more.length === 0;
    if (!whole) throw new Error(`line ${index + 1} is no judged finding`);
    return { rule, repository, place, verdict, reason } as Judged;
  });
}

/** @throws Error naming the line that is not a format with two numbers. */
export function readSeen(text: string): readonly Seen[] {
  return rows(text).map(([format, repositories, files, ...more], index) => {
    const numbers = [repositories, files].every((each) => /^[1-9]\d*$/.test(each ?? ''));
    if (!format || !numbers || more.length > 0) throw new Error(`line ${index + 1} counts nothing`);
    return { format, repositories: Number(repositories), files: Number(files) };
  });
}

const rows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

const family = (id: string) => id.slice(0, id.indexOf('/'));

/** The page on what was judged, made of the sample. `read` gives the text of a file of the repository. */
export function precisionPage(
  { formats, rules }: Engine,
  files: readonly string[],
  read: (path: string) => string | undefined,
): string {
  const judged = files.flatMap((file) => readJudged(read(file) ?? ''));
  const seen = new Map(
    readSeen(read(`${folder}/seen.tsv`) ?? '').map((each) => [each.format, each]),
  );
  const known = new Set(formats.map(({ id }) => id));
  const tallies = rules.map((rule) => {
    const own = judged.filter((each) => each.rule === rule.id);
    const right = own.filter(({ verdict }) => verdict === 'right').length;
    return { rule, seen: seen.get(formatOf(rule, known)), judged: own.length, right };
  });
  const recommended = tallies.filter(({ rule }) => rule.recommended);
  const judgedOnce = recommended.filter((each) => each.judged > 0);
  const unread = recommended.filter((each) => each.judged === 0);
  const off = tallies.filter(({ rule, judged }) => !rule.recommended && judged > 0);
  const total = (of: readonly Tally[]) => ({
    judged: of.reduce((sum, each) => sum + each.judged, 0),
    right: of.reduce((sum, each) => sum + each.right, 0),
  });
  const all = total(judgedOnce);
  return `${[
    '<!-- Made by npm run generate of the files in docs/precision. -->',
    '# What findings on public repositories are worth',
    '',
    'The bar for a recommended rule is that at least nine of ten of its findings on real files are right. This page counts',
    'what was read and judged, finding by finding; [docs/precision](precision) holds each with its place and the reason.',
    'Where few were judged, or fewer are right, the last column says so.',
    'A finding is right if what it says goes wrong would go wrong there, whether or not anybody minds. Most of the sample was',
    'drawn at random from what hundreds of public repositories gave (`npm run survey`); the rest is what came when a rule was',
    'made, read by its makers. A wrong finding that a repair has taken away since is not in it: the shares are those of the',
    'rules as they are, seen on the files they were repaired by, and so on the high side.',
    '',
    'How much on the high side, a sample of strangers tells: on 177 repositories no rule had been made or repaired on, chosen',
    'by the names of their files, 776 findings were drawn and read before anything was changed. 760 were right (98 %). Most of',
    'the wrong ones were of two rules, shell/create-not-idempotent (16 of 20 right) and shell/rewrite-not-idempotent (7 of',
    '12); their causes are repaired, and 72 further repositories read for second runs alone gave 31 of 32.',
    '',
    `Of the recommended rules' ${all.judged} judged findings ${all.right} are right (${percent(all)}). ${judgedOnce.length} rules have been judged at`,
    `least once, ${judgedOnce.filter(({ judged }) => judged >= enough).length} of them ${enough} times or more; ${unread.length} have no judged finding.`,
    '',
    '## Recommended rules',
    '',
    'Repositories and files are those of the format that have been checked.',
    '',
    ...table(judgedOnce),
    '',
    '## Recommended rules without a judged finding',
    '',
    'They rest on the facts and the cases of their pages; what share of their findings is right is not counted here.',
    '',
    ...unread.map(({ rule, seen }) => `- ${link(rule)}${seen ? `: ${extent(seen)}` : ''}`),
    '',
    '## Rules that are off by default',
    '',
    'Judged as well; some of them find what is right and still not worth a warning to everybody.',
    '',
    ...table(off),
  ].join('\n')}\n`;
}

interface Tally {
  readonly rule: Rule;
  readonly seen?: Seen | undefined;
  readonly judged: number;
  readonly right: number;
}

/** The format whose files a rule is looked for in: for a piece that stands in others, the host its name tells. */
function formatOf({ id, on }: Rule, known: ReadonlySet<string>): string {
  const inside = on.id === 'image' || on.id === 'shell';
  return inside && known.has(family(id)) ? family(id) : on.id;
}

function table(tallies: readonly Tally[]): readonly string[] {
  return [
    '| Rule | Repositories | Files | Judged | Right | Wrong | Share | |',
    '|---|--:|--:|--:|--:|--:|--:|---|',
    ...tallies.map((tally) => {
      const { rule, seen, judged, right } = tally;
      const counts = [seen?.repositories ?? '', seen?.files ?? '', judged, right, judged - right];
      return `| ${link(rule)} | ${counts.join(' | ')} | ${percent(tally)} | ${remark(tally)} |`;
    }),
  ];
}

function remark({ judged, right }: Tally): string {
  const below = right < bar * judged ? ['below nine of ten'] : [];
  const thin = judged < enough ? [`thin: ${judged} judged`] : [];
  return [...below, ...thin].join('; ');
}

const link = ({ id }: Rule) => `[${id}](../src/rules/${id}.md)`;

const extent = ({ repositories, files }: Seen) =>
  `${repositories} ${repositories === 1 ? 'repository' : 'repositories'}, ${files} ${files === 1 ? 'file' : 'files'}`;

/** Rounded down, so that a hundred is said only of all. */
const percent = ({ judged, right }: { readonly judged: number; readonly right: number }) =>
  `${judged === 0 ? 0 : Math.floor((100 * right) / judged)} %`;
