import { Fault } from '../fault';
import { base, page, type Service, seconds, stateOf } from '../service';
import type { Check, Revision, State } from '../status';

/**
 * Activity and status of a project, as a check under way and one that has finished. https://cctray.org/v1/
 * `Pending` is not in the specification, and is sent.
 */
export function cctrayState(
  activity: unknown,
  lastBuildStatus: unknown,
): {
  readonly now: State | undefined;
  readonly last: Pick<Check, 'state' | 'word'>;
} {
  const now = activity === 'Building' ? 'running' : activity === 'Pending' ? 'pending' : undefined;
  return { now, last: stateOf(words, lastBuildStatus) };
}

const words: Readonly<Record<string, State>> = {
  Exception: 'failing',
  Failure: 'failing',
  Pending: 'pending',
  Success: 'passing',
  Unknown: 'unknown',
};

/**
 * A feed in the format of CCTray, which many servers have: of projects only, without branch or commit. It is what the
 * line is said to be; of my commit it knows nothing.
 */
export const cctray: Service = {
  id: 'cctray',
  title: 'CCTray',
  least: [15, 15],
  asks: 'branch',
  scheme: 'basic',
  locate: () => undefined,

  /** `url`: of the feed; `project`: names of projects that count, joined with commas, `*` for any text; usually all. */
  named({ url, project }) {
    const feed = base(url);
    if (feed === undefined) return undefined;
    return { service: 'cctray', api: feed, slug: project ?? '', web: feed };
  },

  async runs({ api, slug }, _wanted, http) {
    const { body } = await http.request(api, { as: 'xml' });
    const wanted = slug.split(',').flatMap((name) => name.trim() || []);
    const matches = wanted.map(asPattern);
    const revisions: Revision[] = [];
    for (const project of readCctray(String(body))) {
      const { name, activity, lastBuildStatus, lastBuildTime, lastBuildLabel, webUrl } = project;
      if (name === undefined || (matches.length > 0 && !matches.some((each) => each.test(name))))
        continue;
      const { now, last } = cctrayState(activity, lastBuildStatus);
      const check = { key: name, id: lastBuildLabel ?? '1', name, url: page(webUrl) };
      const time = seconds(lastBuildTime);
      const open: Revision[] = now
        ? [{ checks: [{ ...check, id: `${check.id}+`, state: now }] }]
        : [];
      const ended: Check = { ...check, ...last, startedAt: time, finishedAt: time };
      revisions.push(...open, { checks: [ended] });
    }
    return revisions;
  },
};

const asPattern = (name: string) =>
  new RegExp(`^${name.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`);

type Attributes = Readonly<Record<string, string | undefined>>;

const named: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
};
const comments = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g;
const whole = /^\s*<Projects(?:\s[^<>]*)?(?:\/>\s*|>[\s\S]*<\/Projects\s*>\s*)$/;
const element = /<Project((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/g;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * The attributes of the projects of a feed. This reads the one flat form the format has and no more XML than that; a
 * parser would be a third of the lamp. Throws a Fault for what is no whole feed, such as a sign-in page or half an
 * answer, and for documents that declare entities.
 */
export function readCctray(text: string): readonly Attributes[] {
  const feed = text.replace(/^\uFEFF/, '').replace(comments, '');
  if (!whole.test(feed)) throw new Fault('bad-answer', 'the answer is no CCTray feed');
  return [...feed.matchAll(element)].map(([, attributes = '']) =>
    Object.fromEntries(
      [...attributes.matchAll(attribute)].map(([, name = '', double, single]) => [
        name,
        (double ?? single ?? '').replace(/&(?:(\w+)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, character),
      ]),
    ),
  );
}

function character(entity: string, name?: string, decimal?: string, hex?: string): string {
  if (name !== undefined) return named[name] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
