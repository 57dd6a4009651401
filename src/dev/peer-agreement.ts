import type { Peer } from './peers/peer';

/** What was counted for a check of a peer: a line of `docs/peers/counted.tsv`. */
export interface Counted {
  readonly peer: string;
  readonly check: string;
  readonly cases: number;
  readonly agreed: number;
}

/** A case of which Andon says something else, and why: a line of `docs/peers/<peer>.tsv`. */
export interface Difference {
  readonly check: string;
  readonly name: string;
  /** What the peer's tests want there; Andon says the other. */
  readonly wanted: 'finding' | 'nothing';
  /** A question mark where nobody has said it yet. */
  readonly reason: string;
}

export const countedFile = 'docs/peers/counted.tsv';
export const differencesFile = (peer: string): string => `docs/peers/${peer}.tsv`;

/** @throws Error naming the line that counts nothing. */
export function readCounted(text: string): readonly Counted[] {
  return rows(text).map(([peer, check, ...numbers], index) => {
    const [cases, agreed] = numbers.map(Number);
    if (!peer || !check || numbers.length !== 2 || !(agreed! <= cases!)) {
      throw new Error(`line ${index + 1} counts nothing`);
    }
    return { peer, check, cases: cases!, agreed: agreed! };
  });
}

/** @throws Error naming the line that is no difference. */
export function readDifferences(text: string): readonly Difference[] {
  return rows(text).map(([check, name, wanted, reason, ...more], index) => {
    const whole = check && name && (wanted === 'finding' || wanted === 'nothing') && reason;
    if (!whole || more.length > 0) throw new Error(`line ${index + 1} is no difference`);
    return { check, name, wanted, reason };
  });
}

/** The lines of a table of these values, sorted. */
export const tsv = (table: readonly (readonly (string | number)[])[]): string =>
  table
    .map((row) => `${row.join('\t')}\n`)
    .sort()
    .join('');

const rows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

/** The page on how far Andon agrees with the labelled cases of other tools. `read` gives the text of a file. */
export function agreementPage(
  peers: readonly Peer[],
  read: (path: string) => string | undefined,
): string {
  const counted = readCounted(read(countedFile) ?? '');
  const sum = (of: readonly Counted[], key: 'cases' | 'agreed') =>
    of.reduce((total, each) => total + each[key], 0);
  return `${[
    '<!-- Made by npm run generate of the files in docs/peers. -->',
    "# Other tools' own cases",
    '',
    'Where Andon has a rule for what another tool checks too, the cases of that tool’s own tests say how far the two',
    'agree: files in which it is to find something, and files in which it is not. `npm run agreement -- NAME CHECKOUT`',
    'reads them from a checkout of its sources; none of them is kept here. Not every difference is a mistake of one of',
    'the two; what each is about stands below.',
    '',
    `All: ${sum(counted, 'agreed')} of ${sum(counted, 'cases')} cases alike.`,
    ...peers.flatMap(({ name, home, shared }) => {
      const own = counted.filter(({ peer }) => peer === name);
      const differences = readDifferences(read(differencesFile(name)) ?? '');
      return [
        '',
        `## [${name}](${home})`,
        '',
        `${sum(own, 'agreed')} of ${sum(own, 'cases')} cases alike.`,
        '',
        '| Its check | Andon | Cases | Alike |',
        '|---|---|--:|--:|',
        ...own.map(
          ({ check, cases, agreed }) =>
            `| ${check} | ${(shared[check] ?? []).join(', ')} | ${cases} | ${agreed} |`,
        ),
        ...(differences.length === 0
          ? []
          : [
              '',
              `| Where it differs | ${name} | Andon | because |`,
              '|---|---|---|---|',
              ...grouped(differences).map(
                ([{ check, wanted, reason }, n]) =>
                  `| ${check}, ${n} ${n === 1 ? 'case' : 'cases'} | ${wanted} | ${wanted === 'finding' ? 'nothing' : 'finding'} | ${reason} |`,
              ),
            ]),
      ];
    }),
  ].join('\n')}\n`;
}

/** Differences of one check for one reason, with how many there are. */
function grouped(all: readonly Difference[]): readonly (readonly [Difference, number])[] {
  const groups = new Map<string, [Difference, number]>();
  for (const each of all) {
    const key = [each.check, each.wanted, each.reason].join('\t');
    const group = groups.get(key);
    if (group) group[1]++;
    else groups.set(key, [each, 1]);
  }
  return [...groups.values()];
}
