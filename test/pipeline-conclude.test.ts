import assert from 'node:assert/strict';
import { ask, type Question, type Subject, withFault } from '../src/pipeline/conclude';
import { Fault } from '../src/pipeline/fault';
import { localStatus } from '../src/pipeline/local';
import { ownCommit } from '../src/pipeline/own-commit';
import type { Service } from '../src/pipeline/service';
import type { Check, Revision, State, Status } from '../src/pipeline/status';

const now = 1_800_000_000;
const history = ['e', 'd', 'c', 'b', 'a'].map((letter) => letter.repeat(40));
const [head, before1, before2, before3, before4] = history as [
  string,
  string,
  string,
  string,
  string,
];

const one = (state: State, at = now - 100, name = 'unit'): Check => ({
  key: name,
  id: String(at),
  name,
  state,
  startedAt: at - 60,
  ...(state !== 'running' && state !== 'pending' && { finishedAt: at }),
});

/** A service that knows these checks of commits; `asked` collects what it was asked. */
function service(known: Readonly<Record<string, readonly Check[]>>, asked: string[] = []): Service {
  return {
    id: 'fake',
    title: 'Fake',
    least: [20, 300],
    asks: 'commit',
    locate: () => undefined,
    named: () => undefined,
    runs: async (_project, { sha }) => {
      asked.push(sha);
      return [{ sha, checks: known[sha] ?? [] }];
    },
  };
}

const project = { service: 'fake', api: 'https://ci.example', slug: 'a/b', web: '' };

function status(
  known: Readonly<Record<string, readonly Check[]>>,
  more: Partial<Omit<Question, 'subject'>> & { subject?: Partial<Subject>; asked?: string[] } = {},
): Promise<Status> {
  const { subject, asked, ...rest } = more;
  return ask({
    service: service(known, asked),
    projects: [project],
    subject: { kind: 'line', branch: 'main', sha: head, history, ...subject },
    remotes: [],
    weights: {},
    before: undefined,
    http: {} as never,
    now,
    ...rest,
  });
}

describe('the state of the line', () => {
  it('is that of its newest commit', async () => {
    const { verdict, reason, verdictSha, running } = await status({ [head]: [one('passing')] });
    assert.deepEqual(
      { verdict, reason, verdictSha, running },
      { verdict: 'passing', reason: 'ok', verdictSha: head, running: false },
    );
  });

  it('stays red while it is building again', async () => {
    const { verdict, running, verdictSha, failing } = await status({
      [head]: [one('running')],
      [before1]: [one('failing')],
      [before2]: [one('passing')],
    });
    assert.deepEqual(
      { verdict, running, verdictSha },
      { verdict: 'failing', running: true, verdictSha: before1 },
    );
    assert.equal(failing[0]?.name, 'unit');
  });

  it('stays red through a cancelled, skipped or missing run', async () => {
    for (const checks of [[one('cancelled')], [one('skipped')], []]) {
      const { verdict, verdictSha } = await status({ [head]: checks, [before1]: [one('failing')] });
      assert.deepEqual({ verdict, verdictSha }, { verdict: 'failing', verdictSha: before1 });
    }
  });

  it('names the first red commit and since when', async () => {
    const { firstRed, since, sinceExact } = await status({
      [head]: [one('failing', now - 100)],
      [before1]: [one('cancelled', now - 200)],
      [before2]: [one('failing', now - 300)],
      [before3]: [one('passing', now - 400)],
    });
    assert.deepEqual(
      { firstRed, since, sinceExact },
      { firstRed: before2, since: now - 300, sinceExact: true },
    );
  });

  it('says "at least" where the green commit is out of sight', async () => {
    const all = Object.fromEntries(
      history.map((sha, i) => [sha, [one('failing', now - 100 * (i + 1))]]),
    );
    const { firstRed, since, sinceExact } = await status(all);
    assert.deepEqual(
      { firstRed, since, sinceExact },
      { firstRed: before4, since: now - 500, sinceExact: false },
    );
  });

  it('keeps since and first red over polls, and asks of the past once', async () => {
    const known = {
      [head]: [one('failing', now - 100)],
      [before1]: [one('failing', now - 200)],
      [before2]: [one('passing', now - 300)],
    };
    const first = await status(known);
    const asked: string[] = [];
    const second = await status(known, { before: first, asked, now: now + 60 });
    assert.deepEqual(asked, [head]);
    assert.deepEqual(
      [second.since, second.firstRed, second.sinceExact],
      [now - 200, before1, true],
    );
    // Another red commit on top changes nothing of that.
    const third = await status(
      { ...known, x: [one('failing', now - 10)] },
      { before: second, subject: { sha: 'x', history: ['x', ...history] }, asked, now: now + 120 },
    );
    assert.deepEqual([third.since, third.firstRed, third.verdictSha], [now - 200, before1, 'x']);
    assert.deepEqual(asked, [head, 'x']);
  });

  it('notices a green commit between two red ones', async () => {
    const first = await status({
      [head]: [one('failing', now - 100)],
      [before1]: [one('passing')],
    });
    const next = await status(
      {
        y: [one('failing', now - 10)],
        x: [one('passing', now - 50)],
        [head]: [one('failing', now - 100)],
      },
      { before: first, subject: { sha: 'y', history: ['y', 'x', ...history] } },
    );
    assert.deepEqual([next.since, next.firstRed, next.sinceExact], [now - 10, 'y', true]);
  });

  it('is not green before all that belongs to it has registered', async () => {
    const subject = { seenAt: now - 10 };
    const empty = await status({}, { subject });
    assert.deepEqual(
      [empty.verdict, empty.reason, empty.running],
      ['unknown', 'not-registered-yet', true],
    );
    const early = await status({ [head]: [one('passing', now - 5, 'quick')] }, { subject });
    assert.deepEqual([early.verdict, early.reason], ['unknown', 'not-registered-yet']);
    const red = await status({ [head]: [one('failing', now - 5, 'quick')] }, { subject });
    assert.equal(red.verdict, 'failing');
    const later = await status(
      { [head]: [one('passing', now - 5, 'quick')] },
      { subject: { seenAt: now - 121 } },
    );
    assert.equal(later.verdict, 'passing');
  });

  it('has no CI only when there is time enough for it to have registered', async () => {
    assert.equal(
      (await status({}, { subject: { seenAt: now - 119 } })).reason,
      'not-registered-yet',
    );
    assert.equal((await status({}, { subject: { seenAt: now - 121 } })).reason, 'no-ci');
    assert.equal((await status({})).reason, 'no-ci');
  });

  it('waits for a required check for an hour at most', async () => {
    const weights = { required: ['unit', 'e2e'] };
    const fresh = await status({ [head]: [one('passing', now - 100)] }, { weights });
    assert.deepEqual([fresh.verdict, fresh.reason], ['unknown', 'running']);
    const old = await status({ [head]: [one('passing', now - 4000)] }, { weights });
    assert.equal(old.verdict, 'passing');
    const mine = await status(
      { [head]: [one('passing', now - 4000)] },
      { weights, subject: { kind: 'commit' } },
    );
    assert.equal(mine.verdict, 'unknown');
  });

  it('looks back a few commits only', async () => {
    const many = Array.from({ length: 40 }, (_, i) => `${i}`);
    const asked: string[] = [];
    const { verdict } = await status({}, { subject: { sha: '0', history: many }, asked });
    assert.equal(verdict, 'unknown');
    assert.equal(asked.length, 9);
  });

  it('takes what a service does not know of old commits for no verdict', async () => {
    const known = service({ [head]: [one('running')] });
    const { runs } = known;
    const partly: Service = {
      ...known,
      runs: async (...all) => {
        if (all[1].sha === before1) throw new Fault('not-found', 'no such commit');
        return runs(...all);
      },
    };
    const { verdict, reason } = await status({}, { service: partly });
    assert.deepEqual([verdict, reason], ['unknown', 'running']);
  });
});

describe('the state of my commit', () => {
  const subject = { kind: 'commit', branch: 'feature', history: [head] } as const;

  it('is never lent by another commit', async () => {
    const known = { [head]: [one('running')], [before1]: [one('passing')] };
    const { verdict, reason, running } = await status(known, { subject: { ...subject, history } });
    assert.deepEqual([verdict, reason, running], ['unknown', 'running', true]);
  });

  it('stays red while the same commit runs again', async () => {
    const first = await status({ [head]: [one('failing')] }, { subject });
    const again = await status({ [head]: [one('running')] }, { subject, before: first });
    assert.deepEqual([again.verdict, again.running, again.failing.length], ['failing', true, 1]);
    const green = await status({ [head]: [one('passing')] }, { subject, before: again });
    assert.equal(green.verdict, 'passing');
  });

  it('on the line is what of the line is about that commit', async () => {
    const line = await status({ [head]: [one('running')], [before1]: [one('passing')] });
    assert.equal(line.verdict, 'passing');
    const mine = ownCommit(line);
    assert.deepEqual([mine.verdict, mine.reason, mine.since], ['unknown', 'running', undefined]);
  });
});

describe('a service that cannot be asked', () => {
  const subject: Subject = { kind: 'line', branch: 'main', sha: head, history };
  for (const reason of ['auth', 'bad-answer', 'not-found', 'offline', 'rate-limited'] as const) {
    it(`leaves the verdict as it was, with the reason: ${reason}`, async () => {
      const before = await status({ [head]: [one('failing')] });
      const after = withFault(
        before,
        subject,
        new Fault(reason, 'why', { until: now + 60 }),
        'fake',
      );
      assert.deepEqual(
        [after.verdict, after.reason, after.checked, after.until],
        ['failing', reason, now, now + 60],
      );
      const never = withFault(undefined, subject, new Fault(reason, 'why'), 'fake');
      assert.deepEqual(
        [never.verdict, never.reason, never.checked],
        ['unknown', reason, undefined],
      );
      const mine = withFault(
        before,
        { ...subject, kind: 'commit', sha: 'x' },
        new Fault(reason, 'why'),
        'fake',
      );
      assert.equal(mine.verdict, 'unknown');
    });
  }
});

describe('the newest runs of a branch', () => {
  const at = (sha: string | undefined, ...checks: readonly Check[]): Revision => ({ sha, checks });
  const build = (job: string, number: number, state: State, time = now - 1000 + number): Check => ({
    key: job,
    id: String(number),
    name: job,
    state,
    startedAt: time - 5,
    ...(state !== 'running' && state !== 'pending' && { finishedAt: time }),
  });
  const branch = (revisions: readonly Revision[], more: Parameters<typeof status>[1] = {}) =>
    status(
      {},
      { service: { ...service({}), asks: 'branch', runs: async () => revisions }, ...more },
    );

  it('count by job: the newest finished one', async () => {
    const { verdict, running, verdictSha } = await branch([
      at(head, build('unit', 9, 'running')),
      at(before1, build('unit', 8, 'failing'), build('lint', 7, 'passing')),
      at(before2, build('unit', 6, 'passing')),
    ]);
    assert.deepEqual(
      { verdict, running, verdictSha },
      { verdict: 'failing', running: true, verdictSha: before1 },
    );
  });

  it('tell since when and because of which commit', async () => {
    const { since, sinceExact, firstRed } = await branch([
      at(head, build('unit', 9, 'failing')),
      at(before1, build('unit', 8, 'cancelled')),
      at(before2, build('unit', 7, 'failing')),
      at(before3, build('unit', 6, 'passing')),
    ]);
    assert.deepEqual(
      { since, sinceExact, firstRed },
      { since: now - 993, sinceExact: true, firstRed: before2 },
    );
  });

  it('stay green through a cancelled one', async () => {
    const { verdict } = await branch([
      at(head, build('unit', 9, 'cancelled')),
      at(before1, build('unit', 8, 'passing')),
    ]);
    assert.equal(verdict, 'passing');
  });

  it('are not green while a job has never come to an end', async () => {
    const { verdict, reason } = await branch([
      at(head, build('unit', 9, 'passing'), build('lint', 1, 'running')),
    ]);
    assert.deepEqual([verdict, reason], ['unknown', 'running']);
  });

  it('of my commit are its own only', async () => {
    const revisions = [
      at(head, build('unit', 9, 'running')),
      at(before1, build('unit', 8, 'passing')),
    ];
    const { verdict, reason } = await branch(revisions, { subject: { kind: 'commit' } });
    assert.deepEqual([verdict, reason], ['unknown', 'running']);
  });

  it('that are none are no CI', async () => {
    assert.equal((await branch([])).reason, 'no-ci');
    assert.equal((await branch([], { subject: { seenAt: now - 5 } })).reason, 'not-registered-yet');
  });

  it('turn green when the rebuild of the same commit passes', async () => {
    const { verdict } = await branch([
      at(head, build('unit', 9, 'passing'), build('unit', 8, 'failing')),
    ]);
    assert.equal(verdict, 'passing');
  });
});

describe('the local verdict', () => {
  const subject = { kind: 'line', branch: 'main', sha: head, tree: 'tree-of-head' } as const;
  const mine = { ...subject, kind: 'commit' } as const;
  const result = {
    state: 'passing',
    running: false,
    branch: 'main',
    sha: head,
    sinceExact: true,
    checked: now,
  } as const;

  it('is about the commit whose very files were checked', () => {
    assert.equal(
      localStatus(subject, { ...result, tree: subject.tree }, undefined, now).verdict,
      'passing',
    );
    // Checked before the commit was made.
    const earlier = { ...result, sha: before1, tree: subject.tree };
    assert.equal(localStatus(subject, earlier, undefined, now).verdict, 'passing');
  });

  it('with uncommitted changes says nothing of the line', () => {
    const dirty = { ...result, state: 'failing', tree: 'another' } as const;
    const line = localStatus(subject, dirty, undefined, now);
    assert.deepEqual([line.verdict, line.reason], ['unknown', 'not-run']);
    const commit = localStatus(mine, dirty, undefined, now);
    assert.deepEqual([commit.verdict, commit.detail], ['failing', 'uncommitted']);
  });

  it('stays red until something newer is green', () => {
    const red = localStatus(
      subject,
      { ...result, state: 'failing', tree: subject.tree },
      undefined,
      now,
    );
    assert.equal(red.verdict, 'failing');
    const moved = { ...subject, sha: 'x', tree: 'tree-of-x' };
    const still = localStatus(moved, { ...result, state: 'failing', tree: subject.tree }, red, now);
    assert.deepEqual([still.verdict, still.reason, still.verdictSha], ['failing', 'not-run', head]);
    const green = localStatus(moved, { ...result, sha: 'x', tree: 'tree-of-x' }, still, now);
    assert.equal(green.verdict, 'passing');
  });

  it('is green for what was checked only', () => {
    const green = localStatus(subject, { ...result, tree: subject.tree }, undefined, now);
    const moved = localStatus(
      { ...subject, sha: 'x', tree: 'tree-of-x' },
      { ...result, tree: subject.tree },
      green,
      now,
    );
    assert.deepEqual([moved.verdict, moved.reason], ['unknown', 'not-run']);
    const dirty = localStatus(
      subject,
      { ...result, state: 'failing', tree: 'another' },
      green,
      now,
    );
    assert.equal(dirty.verdict, 'passing');
  });

  it('of a tool that says no more than a state is about the branch at hand', () => {
    const bare = { state: 'failing', running: false, sinceExact: true } as const;
    assert.equal(localStatus(subject, bare, undefined, now).verdict, 'failing');
    assert.equal(
      localStatus(subject, { ...bare, branch: 'other' }, undefined, now).verdict,
      'unknown',
    );
    assert.equal(
      localStatus(subject, { ...bare, sha: before1 }, undefined, now).verdict,
      'unknown',
    );
    assert.equal(
      localStatus(subject, { ...bare, expires: now - 1 }, undefined, now).verdict,
      'unknown',
    );
  });

  it('runs beside the verdict', () => {
    const running = localStatus(
      subject,
      { ...result, running: true, tree: subject.tree },
      undefined,
      now,
    );
    assert.deepEqual([running.verdict, running.running], ['passing', true]);
    assert.equal(
      localStatus({ ...subject, sha: undefined }, undefined, undefined, now).reason,
      'no-commit',
    );
  });
});
