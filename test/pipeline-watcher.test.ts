import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answerFolder } from '../src/node/answer-folder';
import { ask, type Subject } from '../src/pipeline/conclude';
import { Fault } from '../src/pipeline/fault';
import { createHttp } from '../src/pipeline/http';
import { memoryAnswers } from '../src/pipeline/memory-answers';
import { nextPoll, type Situation } from '../src/pipeline/polling';
import { github } from '../src/pipeline/services/github';
import type { Status } from '../src/pipeline/status';
import { type Answers, type Clock, type Shared, Watcher } from '../src/pipeline/watcher';
import { fakeGithub } from './fake-github';
import { type FakeServer, fakeServer } from './fake-server';

const begin = Date.parse('2026-11-02T08:00:00Z');

/** A clock that runs as fast as there is something to do. */
class FakeClock implements Clock {
  time = begin;
  #timers: { at: number; then: () => void }[] = [];
  #seed = 7;

  now = () => this.time;
  random = () => {
    this.#seed = (this.#seed * 1103515245 + 12345) & 0x7fffffff;
    return this.#seed / 0x7fffffff;
  };
  after = (milliseconds: number, then: () => void) => {
    const timer = { at: this.time + milliseconds, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  /** Lets time pass, and what is due happen. `settle` waits for what has been started. */
  async pass(milliseconds: number, settle: () => Promise<void>): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const [next] = this.#timers.sort((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.#timers.shift();
      this.time = Math.max(this.time, next.at);
      next.then();
    }
    this.time = end;
  }
}

const subjectOf = (sha: string): Subject => ({ kind: 'line', branch: 'main', sha, history: [sha] });
const settled: Status = {
  ...{ verdict: 'passing', reason: 'ok', running: false, sinceExact: true, source: 'fake' },
  ...{ checks: [], failing: [], past: [], branch: 'main', sha: 'a', checked: begin / 1000 },
};

describe('when to ask next', () => {
  const now = begin / 1000;
  const usual: Situation = {
    now,
    status: settled,
    failures: 0,
    wanted: 60,
    least: 20,
    short: false,
  };
  const table: readonly (readonly [string, Partial<Situation>, number])[] = [
    ['a settled line that is looked at', {}, 60],
    ['just after a push', { stirredAt: now - 5 }, 20],
    ['just after a push, of a service that takes it', { stirredAt: now - 5, least: 5 }, 10],
    ['two minutes after a push', { stirredAt: now - 121 }, 60],
    ['something running', { status: { ...settled, running: true } }, 20],
    ['no CI', { status: { ...settled, reason: 'no-ci' } }, 900],
    ['nobody looking', { unfocusedSince: now - 60 }, 300],
    ['nobody looking for long', { unfocusedSince: now - 3600 }, 900],
    [
      'running and nobody looking',
      { unfocusedSince: now - 60, status: { ...settled, running: true } },
      60,
    ],
    ['little of the limit left', { short: true }, 180],
    ['a service that does not take so much', { least: 300 }, 300],
    ['no access', { failures: 1, status: { ...settled, reason: 'auth' } }, 3600],
    ['not found', { failures: 3, status: { ...settled, reason: 'not-found' } }, 3600],
    [
      'a limit',
      { failures: 1, status: { ...settled, reason: 'rate-limited', until: now + 400 } },
      400,
    ],
  ];
  for (const [title, situation, seconds] of table) {
    it(`${title}: ${seconds} s`, () => {
      for (const random of [0, 0.5, 0.999]) {
        const next = nextPoll({ ...usual, ...situation }, random);
        assert.ok(Math.abs(next - seconds) <= seconds * 0.1 + 5, `${next}`);
        assert.ok(next >= (situation.least ?? usual.least) * 0.9);
      }
    });
  }

  it('backs off from what cannot be reached, to a quarter of an hour', () => {
    const after = (failures: number) =>
      nextPoll({ ...usual, failures, status: { ...settled, reason: 'offline' } }, 0.999);
    assert.deepEqual(
      [1, 2, 3, 4, 9, 60].map((each) => Math.round(after(each))),
      [30, 60, 120, 240, 900, 900],
    );
  });
});

describe('a watcher', () => {
  let clock: FakeClock;
  let asked: number[];
  let outcome: () => Status;
  let shown: Shared[];
  const answers = () => memoryAnswers();
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const make = (shared: Answers, more: Partial<ConstructorParameters<typeof Watcher>[0]> = {}) =>
    new Watcher({
      ...{ key: 'k', subject: subjectOf('a'), service: 'fake', least: 5, answers: shared, clock },
      ask: async (subject) => {
        asked.push(clock.time);
        return { ...outcome(), sha: subject.sha, checked: clock.time / 1000 };
      },
      wanted: () => 60,
      unfocusedSince: () => undefined,
      isShort: () => false,
      onAnswer: (answer) => void shown.push(answer),
      onError: (error) => assert.fail(String(error)),
      ...more,
    });
  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    shown = [];
    outcome = () => settled;
  });

  it('asks at once, then at its pace', async () => {
    const watcher = make(answers());
    watcher.start();
    await clock.pass(10 * 60_000, settle);
    watcher.stop();
    assert.ok(asked.length >= 9 && asked.length <= 12, `${asked.length}`);
    assert.equal(asked[0], begin);
  });

  it('asks soon after a push, and slower when that has settled', async () => {
    const watcher = make(answers());
    watcher.start();
    await clock.pass(5 * 60_000, settle);
    asked.length = 0;
    watcher.moved(subjectOf('b'));
    await clock.pass(120_000, settle);
    assert.ok(asked.length >= 10, `${asked.length}`);
    assert.equal(shown.at(-1)?.status.sha, 'b');
    asked.length = 0;
    await clock.pass(10 * 60_000, settle);
    assert.ok(asked.length <= 12, `${asked.length}`);
    watcher.stop();
  });

  it('shares answers: of six only one asks, and all see it', async () => {
    const shared = answers();
    const seen = Array.from({ length: 6 }, () => new Set<number>());
    const watchers = seen.map((each) =>
      make(shared, { onAnswer: ({ askedAt }) => void each.add(askedAt) }),
    );
    for (const watcher of watchers) watcher.start();
    await clock.pass(10 * 60_000, settle);
    for (const watcher of watchers) watcher.stop();
    assert.ok(asked.length >= 9 && asked.length <= 13, `${asked.length}`);
    for (const each of seen)
      assert.ok(each.size >= asked.length - 2, `${each.size} of ${asked.length}`);
  });

  it('keeps the verdict when the service fails, and backs off', async () => {
    const watcher = make(answers(), {
      ask: async () => {
        asked.push(clock.time);
        if (asked.length > 1) throw new Fault('offline', 'no network');
        return { ...settled, verdict: 'failing' };
      },
    });
    watcher.start();
    await clock.pass(3600_000, settle);
    watcher.stop();
    const last = shown.at(-1)!.status;
    assert.deepEqual(
      [last.verdict, last.reason, last.checked],
      ['failing', 'offline', begin / 1000],
    );
    assert.ok(asked.length < 16, `${asked.length}`);
  });

  it('takes an error of its own for an answer that is not understood', async () => {
    const errors: unknown[] = [];
    const watcher = make(answers(), {
      ask: async () => {
        throw new TypeError('x is not a function');
      },
      onError: (error) => void errors.push(error),
    });
    watcher.start();
    await clock.pass(1000, settle);
    watcher.stop();
    assert.equal(shown.at(-1)?.status.reason, 'bad-answer');
    assert.equal(errors.length, 1);
  });

  it('waits a moment after sleep, then asks', async () => {
    const watcher = make(answers());
    watcher.start();
    await clock.pass(1000, settle);
    asked.length = 0;
    clock.time += 8 * 3600_000;
    const awake = clock.time;
    await clock.pass(0, settle);
    assert.equal(asked.length, 0);
    await clock.pass(9000, settle);
    assert.equal(asked.length, 1);
    assert.ok(asked[0]! - awake >= 3000);
    watcher.stop();
  });

  it('does not rely on an answer of the future', async () => {
    const shared = answers();
    await shared.write('k', {
      status: { ...settled, verdict: 'failing' },
      askedAt: begin / 1000 + 9999,
      failures: 0,
    });
    const watcher = make(shared);
    watcher.start();
    await clock.pass(1000, settle);
    watcher.stop();
    assert.equal(asked.length, 1);
    assert.equal(shown.at(-1)?.status.verdict, 'passing');
  });

  it('shares no answer it got after it was stopped', async () => {
    const shared = answers();
    let give = () => {};
    const slow = new Promise<void>((done) => (give = done));
    const watcher = make(shared, {
      ask: async () => {
        await slow;
        throw new Fault('auth', 'signed out');
      },
    });
    watcher.start();
    await clock.pass(1000, settle);
    watcher.stop();
    give();
    await settle();
    assert.equal(await shared.read('k'), undefined);
    assert.ok(await shared.lease('k'), 'the lease was given back');
    assert.deepEqual(shown, []);
  });

  it('asks now when told to', async () => {
    const watcher = make(answers());
    watcher.start();
    await clock.pass(1000, settle);
    await watcher.refresh();
    assert.equal(asked.length, 2);
    watcher.look();
    await clock.pass(1000, settle);
    assert.equal(asked.length, 2);
    watcher.stop();
  });
});

describe('a day of eight hours', function () {
  this.timeout(120_000);

  it('with ten pushes and six windows costs at most 3 % of the limit in any hour, by one poller', async () => {
    const fake = await fakeGithub();
    const clock = new FakeClock();
    const http = createHttp({
      fetch: (url, init) => fetch(url, init),
      credential: async () => ({ authorization: 'Bearer x', account: 'ann' }),
      now: clock.now,
      userAgent: 'andon-test',
    });
    const project = github.named(
      { service: 'github', url: fake.origin },
      { host: 'x', path: 'acme/shop' },
    )!;
    const shared = memoryAnswers();
    let open = 0;
    let most = 0;
    const commit = (done: boolean, name = 'unit') => ({
      checks: [
        { name, status: done ? 'completed' : 'in_progress', conclusion: done ? 'success' : null },
      ],
      workflows: [
        {
          name: 'ci',
          suite: 5,
          status: done ? 'completed' : 'in_progress',
          conclusion: done ? 'success' : null,
        },
      ],
    });
    const sha = (i: number) => String(i).padStart(40, '0');
    fake.commits.set(sha(0), commit(true));
    let unfocusedSince: number | undefined;
    const perHour: number[] = Array.from({ length: 8 }, () => 0);
    const counted: number[] = Array.from({ length: 8 }, () => 0);
    fake.before = (got, right) => {
      const hour = Math.min(7, Math.floor((clock.time - begin) / 3600_000));
      perHour[hour] = perHour[hour]! + 1;
      // What is not modified does not count against the limit of who is signed in.
      setImmediate(() => {
        if (got.status !== 304) counted[hour] = counted[hour]! + 1;
      });
      return right();
    };
    const settle = async () => {
      do await new Promise((done) => setImmediate(done));
      while (open > 0);
      for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done));
    };
    const watchers = Array.from(
      { length: 6 },
      (_, window) =>
        new Watcher({
          ...{
            key: 'k',
            subject: subjectOf(sha(0)),
            service: 'github',
            least: 20,
            answers: shared,
            clock,
          },
          ask: async (subject, before) => {
            most = Math.max(most, ++open);
            try {
              const question = {
                service: github,
                projects: [project],
                subject,
                remotes: [],
                weights: {},
              };
              return await ask({ ...question, before, http, now: clock.time / 1000 });
            } finally {
              open--;
            }
          },
          wanted: () => 60,
          // One window is looked at, or none.
          unfocusedSince: () => (window === 0 ? unfocusedSince : begin / 1000),
          isShort: () => false,
          onAnswer: () => {},
          onError: (error) => assert.fail(String(error)),
        }),
    );
    for (const watcher of watchers) watcher.start();
    try {
      for (let minute = 0; minute < 480; minute++) {
        const push = Math.floor(minute / 48);
        if (minute % 48 === 5) {
          fake.commits.set(sha(push + 1), commit(false));
          for (const watcher of watchers) watcher.moved(subjectOf(sha(push + 1)));
        }
        if (minute % 48 === 13) fake.commits.set(sha(push + 1), commit(true));
        // Looked at for nine minutes of fifteen.
        unfocusedSince =
          minute % 15 < 9 ? undefined : (begin + (minute - (minute % 15) + 9) * 60_000) / 1000;
        if (minute % 15 === 0) for (const watcher of watchers) watcher.look();
        await clock.pass(60_000, settle);
      }
    } finally {
      for (const watcher of watchers) watcher.stop();
      await fake.close();
    }
    const all = perHour.reduce((sum, each) => sum + each);
    const [peak, worst] = [Math.max(...perHour), Math.max(...counted)];
    console.log(
      `      ${all} requests a day, at most ${peak} an hour, of which ${worst} count: ${((worst / 5000) * 100).toFixed(1)} % of 5,000`,
    );
    assert.equal(most, 1);
    assert.ok(worst <= 150, `${worst} of 5,000`);
    assert.ok(peak <= 500, `${peak}`);
  });
});

describe('answers in a folder', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'andon-answers-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const answer: Shared = { status: settled, askedAt: 1, failures: 0 };

  it('are read as written, by nobody else', async () => {
    const answers = answerFolder(folder);
    assert.equal(await answers.read('k'), undefined);
    await answers.write('k', answer);
    assert.deepEqual(await answers.read('k'), answer);
    const [file] = readdirSync(folder);
    if (process.platform !== 'win32')
      assert.equal(statSync(join(folder, file!)).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(join(folder, file!), 'utf8'), /authorization|Bearer/i);
  });

  it('are leased to one at a time, and to another when that one has gone', async () => {
    const answers = answerFolder(folder, 200);
    const release = await answers.lease('k');
    assert.ok(release);
    assert.equal(await answers.lease('k'), undefined);
    await pause(500);
    // It was renewed meanwhile.
    assert.equal(await answers.lease('k'), undefined);
    await release();
    const again = await answers.lease('k');
    assert.ok(again);
    await again();
  });

  it('left behind are taken over by exactly one', async () => {
    const answers = answerFolder(folder, 1000);
    await (await answers.lease('k'))!();
    const dead = await answers.lease('k');
    assert.ok(dead);
    const [file] = readdirSync(folder);
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(folder, file!), old, old);
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => answerFolder(folder, 1000).lease('k')),
    );
    assert.equal(taken.filter(Boolean).length, 1);
    await taken.find(Boolean)!();
    await dead();
  });

  it('asked for by four processes, one of which is killed, are asked for once at a time', async () => {
    const server: FakeServer = await fakeServer(() => ({ body: {} }));
    const children: ChildProcess[] = [];
    try {
      for (let i = 0; i < 4; i++) {
        children.push(
          fork(join(__dirname, 'poller.ts'), [folder, server.origin], {
            execArgv: ['--import', 'tsx'],
            stdio: 'ignore',
          }),
        );
      }
      const wait = async (count: number) => {
        for (let i = 0; i < 300 && server.got.length < count; i++) await pause(100);
        assert.ok(server.got.length >= count, `${server.got.length} of ${count}`);
      };
      await wait(3);
      // Whoever holds the lease, or not: any of them may be killed.
      children[0]!.kill('SIGKILL');
      children[1]!.kill('SIGKILL');
      await wait(server.got.length + 4);
      const begun = Date.now();
      const count = server.got.length;
      await pause(3000);
      const rate = (server.got.length - count) / ((Date.now() - begun) / 1000);
      // One a second, not one a second each.
      assert.ok(rate <= 1.7, `${rate}`);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await server.close();
    }
  });
});
