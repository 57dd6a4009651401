import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { behind } from '../src/pipeline/behind';
import { ask } from '../src/pipeline/conclude';
import { createHttp } from '../src/pipeline/http';
import { services } from '../src/pipeline/services';
import { buildbot } from '../src/pipeline/services/buildbot';
import type { Status } from '../src/pipeline/status';
import { type BuildbotServer, ensureBuildbot, startBuildbot } from './buildbot-server';

const repository = 'https://git.example.com/acme/shop.git';
const [first, second] = ['a'.repeat(40), 'b'.repeat(40)];

describe('a real Buildbot', function () {
  this.timeout(120_000);
  let server: BuildbotServer;
  let sha = first;
  let history: readonly string[] = [first];
  let last: Status | undefined;

  before(async function () {
    this.timeout(600_000);
    const missing = ensureBuildbot();
    if (missing) {
      console.log(`      skipped: ${missing}`);
      this.skip();
    }
    server = await startBuildbot();
  });
  after(() => server?.close());

  const http = createHttp({
    fetch: (url, init) => fetch(url, init),
    credential: async () => undefined,
    now: Date.now,
    userAgent: 'andon-test',
  });
  const look = async (kind: 'line' | 'commit' = 'line') => {
    const status = await ask({
      service: buildbot,
      projects: [buildbot.named({ service: 'buildbot', url: server.url }, undefined)!],
      subject: { kind, branch: 'main', sha, history },
      remotes: [{ host: 'git.example.com', path: 'acme/shop' }],
      weights: {},
      before: kind === 'line' ? last : undefined,
      http,
      now: Date.now() / 1000,
    });
    if (kind === 'line') last = status;
    return status;
  };
  const until = async (
    fits: (status: Status) => boolean,
    kind?: 'line' | 'commit',
  ): Promise<Status> => {
    for (let i = 0; i < 150; i++) {
      const status = await look(kind);
      if (fits(status)) return status;
      await pause(100);
    }
    throw new Error(`the state did not come; last ${JSON.stringify(await look(kind))}`);
  };
  const settled = (status: Status) => !status.running && status.reason === 'ok';

  it('has nothing to say at first', async () => {
    assert.equal((await look()).reason, 'no-ci');
  });

  it('is green', async () => {
    await server.push(first, 'main', repository);
    const { verdict, verdictSha } = await until(settled);
    assert.deepEqual([verdict, verdictSha], ['passing', first]);
  });

  it('is building, with the verdict before', async () => {
    server.steer(1, 4);
    [sha, history] = [second, [second, first]];
    await server.push(second, 'main', repository);
    const { verdict } = await until((status) => status.running);
    assert.equal(verdict, 'passing');
    // A build that has just begun does not say yet which commit it is of.
    const mine = await until((status) => status.running, 'commit');
    assert.deepEqual([mine.verdict, mine.reason], ['unknown', 'running']);
  });

  it('is red, with the log that says why', async () => {
    const { verdict, firstRed, failing, sinceExact } = await until(settled);
    assert.deepEqual([verdict, firstRed, sinceExact], ['failing', second, true]);
    const project = buildbot.named({ service: 'buildbot', url: server.url }, undefined)!;
    assert.match(
      await buildbot.log!(project, failing[0]!, http),
      /src\/till\.ts:3:7: error: the till/,
    );
    assert.equal((await look('commit')).verdict, 'failing');
  });

  it('tells the steps of a build, and their logs, also by its page', async () => {
    const project = buildbot.named({ service: 'buildbot', url: server.url }, undefined)!;
    const [check] = last!.failing;
    const steps = await buildbot.parts!(project, check!, http);
    const failed = steps.find(({ state }) => state === 'failing');
    assert.ok(failed, JSON.stringify(steps));
    assert.match(await buildbot.log!(project, failed, http), /error: the till/);
    const page = behind({ ...check!, log: undefined, inside: undefined }, services);
    assert.equal(page?.service.id, 'buildbot');
    assert.deepEqual(await buildbot.parts!(page!.project, page!.check, http), steps);
    assert.match(await buildbot.log!(page!.project, page!.check, http), /error: the till/);
  });

  it('stays red while it is built again, queued behind that, and after both are cancelled', async () => {
    server.steer(0, 20);
    const project = buildbot.named({ service: 'buildbot', url: server.url }, undefined)!;
    await buildbot.rerun!(project, last!.failing[0]!, http);
    assert.equal((await until((status) => status.running)).verdict, 'failing');
    await server.push(second, 'main', repository);
    const queued = await until(({ checks }) => checks.some(({ state }) => state === 'pending'));
    assert.equal(queued.verdict, 'failing');
    server.steer(0, 20);
    await server.stopNewest();
    await until(({ checks }) => checks.some(({ state }) => state === 'running'));
    await server.stopNewest();
    const { verdict, checks } = await until((status) => !status.running);
    assert.deepEqual([verdict, checks[0]?.state], ['failing', 'cancelled']);
  });

  it('is green when the rebuild passes', async () => {
    server.steer(0);
    const project = buildbot.named({ service: 'buildbot', url: server.url }, undefined)!;
    await buildbot.rerun!(project, last!.failing[0]!, http);
    const { verdict } = await until((status) => settled(status) && status.verdict === 'passing');
    assert.equal(verdict, 'passing');
  });

  it('leaves other branches and repositories alone', async () => {
    server.steer(1);
    const count = (await server.builds()).length;
    await server.push(second, 'other', repository);
    await server.push(second, 'main', 'https://git.example.com/acme/other.git');
    for (;;) {
      const builds = await server.builds();
      if (builds.length === count + 2 && builds.every(({ complete }) => complete)) break;
      await pause(100);
    }
    assert.equal((await look()).verdict, 'passing');
  });
});
