import assert from 'node:assert/strict';
import { jenkins } from '../src/pipeline/services/jenkins';
import {
  array,
  describeService,
  maybe,
  number,
  object,
  type Routes,
  sha,
  text,
} from './service-harness';

const job = '/job/acme/job/shop';
const build = (count: number, result: string, more: object = {}) => ({
  ...{
    number: count,
    building: result === 'building',
    result: result === 'building' ? null : result,
  },
  ...{ timestamp: Date.parse('2026-11-01T10:00:00Z'), duration: 60_000, displayName: `#${count}` },
  actions: [
    {},
    { lastBuiltRevision: { SHA1: sha, branch: [{ name: 'refs/remotes/origin/main' }] } },
  ],
  ...more,
});
const routes = (builds: readonly object[], more: object = {}): Routes => ({
  [`${job}/api/json`]: { name: 'shop', inQueue: false, builds, ...more },
});
const ofJob = object(
  {
    name: text,
    inQueue: { type: 'boolean' },
    builds: array(
      object({
        number,
        building: { type: 'boolean' },
        result: maybe(text),
        timestamp: number,
        duration: number,
        actions: array({ type: 'object' }),
      }),
    ),
    jobs: array(object({ name: text, url: text })),
  },
  ['inQueue', 'builds', 'jobs'],
);

describeService(
  {
    service: jenkins,
    project: (origin) => jenkins.named({ service: 'jenkins', url: `${origin}${job}/` }, undefined),
    green: 'SUCCESS',
    words: {
      ABORTED: 'cancelled',
      FAILURE: 'failing',
      NOT_BUILT: 'skipped',
      SUCCESS: 'passing',
      UNSTABLE: 'failing',
      building: 'running',
    },
    routes: (word) => routes([build(7, word)]),
    // https://www.jenkins.io/doc/book/using/remote-access-api/, and each server's own /api/schema
    schemas: { [`${job}/api/json`]: ofJob, [`${job}/job/*/api/json`]: ofJob },
  },
  (get) => {
    it('waits while it is in the queue, and stays red meanwhile', async () => {
      const { verdict, running } = await get().status(
        routes([build(7, 'FAILURE')], { inQueue: true }),
      );
      assert.deepEqual([verdict, running], ['failing', true]);
    });

    it('finds the job of a branch, whose name is encoded in it', async () => {
      const branch = {
        name: 'feature%2Ftill',
        url: 'http://inside.example/job/acme/job/shop/job/feature%252Ftill/',
      };
      const actions = [{ lastBuiltRevision: { SHA1: sha, branch: [{ name: 'feature/till' }] } }];
      const { fake, status } = get();
      const { verdict } = await status(
        {
          [`${job}/api/json`]: { name: 'shop', jobs: [{ name: 'main', url: 'x' }, branch] },
          [`${job}/job/feature%2Ftill/api/json`]: {
            name: 'feature%2Ftill',
            inQueue: false,
            builds: [build(1, 'SUCCESS', { actions })],
          },
        },
        { branch: 'feature/till' },
      );
      assert.equal(verdict, 'passing');
      // Never to the address in the answer, which is another host's.
      assert.match(fake.got[1]!.url, /^\/job\/acme\/job\/shop\/job\/feature%252Ftill\/api\/json\?/);
    });

    it('has no CI for a branch without a job', async () => {
      const { reason } = await get().status({ [`${job}/api/json`]: { name: 'shop', jobs: [] } });
      assert.equal(reason, 'no-ci');
    });

    it('leaves out builds of other branches', async () => {
      const actions = [{ lastBuiltRevision: { SHA1: sha, branch: [{ name: 'origin/other' }] } }];
      const { verdict } = await get().status(
        routes([build(8, 'FAILURE', { actions }), build(7, 'SUCCESS')]),
      );
      assert.equal(verdict, 'passing');
    });

    it('is of use only by the address of a job', () => {
      assert.equal(
        jenkins.named({ service: 'jenkins', url: 'https://ci.example.com' }, undefined),
        undefined,
      );
    });
  },
);
