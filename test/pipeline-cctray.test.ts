import assert from 'node:assert/strict';
import { cctray, readCctray } from '../src/pipeline/services/cctray';
import { describeService, type Routes } from './service-harness';

const project = (name: string, activity: string, status: string, more = '') =>
  `<Project name="${name}" activity="${activity}" lastBuildStatus="${status}" lastBuildLabel="8" lastBuildTime="2026-11-01T10:00:00.1234567Z" webUrl="https://ci.example.com/${name}"${more}/>`;
const feed = (...projects: readonly string[]) =>
  `<?xml version="1.0"?>\n<!-- x -->\n<Projects>${projects.join('\n')}</Projects>\n`;
const routes = (xml: string): Routes => ({
  '/cc.xml': () => ({ body: xml, headers: { 'content-type': 'text/xml' } }),
});

describeService(
  {
    service: cctray,
    project: (origin) => cctray.named({ service: 'cctray', url: `${origin}/cc.xml` }, undefined),
    green: 'Sleeping/Success',
    words: {
      'CheckingModifications/Success': 'passing',
      'Sleeping/Exception': 'failing',
      'Sleeping/Failure': 'failing',
      'Sleeping/Pending': 'pending',
      'Sleeping/Success': 'passing',
      'Sleeping/Unknown': 'unknown',
      'Building/Unknown': 'running',
      'Pending/Unknown': 'pending',
    },
    routes: (word) => {
      const [activity = '', status = word] = word.split('/');
      return routes(feed(project('shop', activity, status)));
    },
    schemas: {},
  },
  (get) => {
    it('keeps the last verdict while it builds', async () => {
      const red = await get().status(routes(feed(project('shop', 'Building', 'Failure'))));
      assert.deepEqual([red.verdict, red.running], ['failing', true]);
      const green = await get().status(routes(feed(project('shop', 'Building', 'Success'))));
      assert.deepEqual([green.verdict, green.running], ['passing', true]);
    });

    it('knows nothing of my commit', async () => {
      const { verdict, reason } = await get().status(
        routes(feed(project('shop', 'Sleeping', 'Success'))),
        { kind: 'commit' },
      );
      assert.deepEqual([verdict, reason], ['unknown', 'no-ci']);
    });

    it('counts the projects the user names', async () => {
      const { fake, http, status } = get();
      await status(
        routes(
          feed(
            project('shop :: unit', 'Sleeping', 'Success'),
            project('other', 'Sleeping', 'Failure'),
          ),
        ),
      );
      const named = cctray.named(
        { service: 'cctray', url: `${fake.origin}/cc.xml`, project: 'shop*, x' },
        undefined,
      )!;
      const found = await cctray.runs(
        named,
        { branch: 'main', sha: '', remotes: [], kind: 'line' },
        http,
      );
      assert.deepEqual(
        found.map(({ checks }) => checks[0]?.name),
        ['shop :: unit'],
      );
    });
  },
);

describe('feeds of CCTray', () => {
  it('are read with entities, either quote and messages inside', () => {
    const xml = feed(
      `<Project name='a &amp; b &#x41;&#66;' activity="Sleeping" lastBuildStatus="Failure"><messages><message kind="Breakers" text="Ann"/></messages></Project>`,
    );
    assert.deepEqual(readCctray(xml), [
      { name: 'a & b AB', activity: 'Sleeping', lastBuildStatus: 'Failure' },
    ]);
    assert.deepEqual(readCctray('\uFEFF<Projects/>'), []);
  });

  const bad: Readonly<Record<string, string>> = {
    'a page': '<!doctype html><html><body>Please sign in<br></body></html>',
    'half an answer': feed(project('shop', 'Sleeping', 'Success')).slice(0, 200),
    'an entity bomb': `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${feed(project('&b;', 'Sleeping', 'Success'))}`,
    'an external entity': `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Projects><Project name="&x;"/></Projects>`,
    nothing: '',
    JSON: '{"Projects":[]}',
  };
  for (const [name, text] of Object.entries(bad)) {
    it(`are not ${name}`, () => assert.throws(() => readCctray(text), { reason: 'bad-answer' }));
  }

  it('leave unknown entities as they are', () => {
    assert.equal(
      readCctray(feed('<Project name="&lol;&#99999999;"/>'))[0]?.name,
      '&lol;&#99999999;',
    );
  });

  it('of five thousand projects take little time, and hostile ones no longer', () => {
    const many = feed(
      ...Array.from({ length: 5000 }, (_, i) => project(`p${i}`, 'Sleeping', 'Success')),
    );
    assert.equal(readCctray(many).length, 5000);
    const hostile = `<Projects>${'<Project a="'.repeat(20_000)}${' b="c"'.repeat(20_000)}</Projects>`;
    const begun = process.cpuUsage();
    readCctray(hostile);
    // Of the processor's time, of which a busy machine takes nothing away.
    assert.ok(process.cpuUsage(begun).user < 2_000_000);
  });
});
