import assert from 'node:assert/strict';
import { Fault } from '../src/pipeline/fault';
import { createHttp, type Http, type HttpSurroundings, isLoopback } from '../src/pipeline/http';
import { type FakeServer, fakeServer, type Reply } from './fake-server';

describe('requests', () => {
  let own: FakeServer;
  let other: FakeServer;
  let clock = 1_800_000_000_000;
  const secret = { authorization: 'Bearer SECRET', account: 'ann' };

  before(async () => {
    own = await fakeServer();
    other = await fakeServer(() => ({ body: { from: 'other' } }));
  });
  after(async () => {
    await own.close();
    await other.close();
  });
  beforeEach(() => {
    own.got.length = 0;
    other.got.length = 0;
    own.answer = () => ({ body: { from: 'own' } });
    other.answer = () => ({ body: { from: 'other' } });
    clock = 1_800_000_000_000;
  });
  const make = (more: Partial<HttpSurroundings> = {}): Http =>
    createHttp({
      fetch: (url, init) => fetch(url, init),
      credential: async (origin) => (origin === own.origin ? secret : undefined),
      now: () => clock,
      userAgent: 'andon-test',
      ...more,
    });
  const leaked = (server: FakeServer) => JSON.stringify(server.got).includes('SECRET');
  const to = (location: string, status = 302): Reply => ({
    status,
    headers: { location },
    body: '',
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`redirected by ${status} to another host are not followed, and the token stays`, async () => {
      own.answer = () => to(`${other.origin}/x`, status);
      await assert.rejects(make().json(`${own.origin}/`), { reason: 'bad-answer' });
      assert.equal(other.got.length, 0);
    });

    it(`for a log, redirected by ${status}, are followed without the token, also when that leads back`, async () => {
      own.answer = ({ url }) =>
        url === '/log' ? to(`${other.origin}/x`, status) : { body: 'own' };
      other.answer = () => to(`${own.origin}/back`, status);
      const { body } = await make().request(`${own.origin}/log`, { as: 'text', elsewhere: true });
      assert.equal(body, 'own');
      assert.equal(leaked(other), false);
      assert.deepEqual(
        own.got.map(({ url }) => url),
        ['/log', '/back'],
      );
    });
  }

  it('redirected within the origin keep the token', async () => {
    own.answer = ({ url }) => (url === '/old' ? to('/new', 301) : { body: { from: url } });
    assert.deepEqual(await make().json(`${own.origin}/old`), { from: '/new' });
    assert.ok(own.got.every(({ headers }) => headers.authorization === 'Bearer SECRET'));
  });

  it('are not sent again elsewhere when they change something', async () => {
    own.answer = () => to('/new', 307);
    await assert.rejects(make().request(`${own.origin}/`, { method: 'POST', body: {} }), {
      reason: 'bad-answer',
    });
    assert.equal(own.got.length, 1);
  });

  const addresses: Readonly<Record<string, RegExp>> = {
    'ftp://ci.example.com/': /does not follow/,
    'file:///etc/passwd': /does not follow/,
    'javascript:alert(1)': /does not follow/,
    'https://ann:secret@ci.example.com/': /does not follow/,
    'not an address': /is none/,
  };
  for (const [url, message] of Object.entries(addresses)) {
    it(`to ${url} are not made`, async () => {
      await assert.rejects(make().json(url), message);
    });
    it(`redirected to ${url} are not made`, async () => {
      own.answer = () => to(url);
      await assert.rejects(
        make().request(`${own.origin}/`, { as: 'text', elsewhere: true }),
        Fault,
      );
      assert.equal(other.got.length, 0);
    });
  }

  it('over http to another machine carry the token only where the user agreed', async () => {
    const seen: Record<string, unknown>[] = [];
    const fetched = async (_url: string, init: RequestInit) => {
      seen.push({ ...(init.headers as Record<string, string>) });
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    };
    const credential = async () => secret;
    await make({ fetch: fetched, credential }).json('http://ci.example.com/');
    await make({ fetch: fetched, credential, allowsPlain: () => true }).json(
      'http://ci.example.com/',
    );
    await make({ fetch: fetched, credential }).json('https://ci.example.com/');
    assert.deepEqual(
      seen.map(({ authorization }) => authorization),
      [undefined, 'Bearer SECRET', 'Bearer SECRET'],
    );
  });

  it('ask for the credential of exactly the origin, port and protocol included', async () => {
    const asked: string[] = [];
    const fetched = async () =>
      new Response('{}', { headers: { 'content-type': 'application/json' } });
    const credential = async (origin: string) => void asked.push(origin);
    const http = make({ fetch: fetched, credential });
    await http.json('https://ci.example.com/a');
    await http.json('https://ci.example.com:8443/a');
    await http.json('https://CI.example.com./a').catch(() => {});
    assert.deepEqual(asked, [
      'https://ci.example.com',
      'https://ci.example.com:8443',
      'https://ci.example.com.',
    ]);
  });

  it('never mix answers to different accounts', async () => {
    let account = 'ann';
    own.answer = ({ headers }) => ({ body: { for: headers.authorization } });
    const http = make({ credential: async () => ({ authorization: account, account }) });
    assert.deepEqual(await http.json(`${own.origin}/`), { for: 'ann' });
    account = 'bob';
    assert.deepEqual(await http.json(`${own.origin}/`), { for: 'bob' });
    assert.equal(own.got[1]!.headers['if-none-match'], undefined);
  });

  it('to one origin are made one after the other', async () => {
    let [open, most] = [0, 0];
    own.answer = () => ({
      raw: (response) => {
        most = Math.max(most, ++open);
        setTimeout(() => {
          open--;
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{}');
        }, 20);
      },
    });
    const http = make();
    await Promise.all(Array.from({ length: 5 }, () => http.json(`${own.origin}/`)));
    assert.equal(most, 1);
  });

  it('go on after one has failed', async () => {
    const http = make();
    own.answer = () => ({ status: 500, body: '' });
    await assert.rejects(http.json(`${own.origin}/`));
    own.answer = () => ({ body: { ok: true } });
    assert.deepEqual(await http.json(`${own.origin}/`), { ok: true });
  });

  it('wait until a limit lifts, and longer each time where nobody says when', async () => {
    const http = make();
    own.answer = () => ({ status: 429, body: 'Retry later' });
    await assert.rejects(http.json(`${own.origin}/`), {
      reason: 'rate-limited',
      until: 1_800_000_060,
    });
    await assert.rejects(http.json(`${own.origin}/`), { reason: 'rate-limited' });
    assert.equal(own.got.length, 1);
    clock += 61_000;
    await assert.rejects(http.json(`${own.origin}/`), {
      reason: 'rate-limited',
      until: 1_800_000_061 + 120,
    });
    assert.equal(own.got.length, 2);
    own.answer = () => ({ body: {} });
    clock += 121_000;
    await http.json(`${own.origin}/`);
  });

  it('are not kept back for days by a clock that is wrong', async () => {
    own.answer = () => ({
      status: 429,
      headers: { 'retry-after': 'Fri, 31 Dec 2100 23:59:59 GMT' },
      body: '',
    });
    await assert.rejects(make().json(`${own.origin}/`), { until: 1_800_000_000 + 86_400 });
  });

  describe('while somebody signs out', () => {
    let signedIn = true;
    beforeEach(() => {
      signedIn = true;
    });
    const credential = async () => (signedIn ? secret : undefined);
    /** Signs out as the accounts do: first the credential is no longer given out. */
    const signOut = (http: Http) => {
      signedIn = false;
      own.got.length = 0;
      http.drop(own.origin);
    };

    it('are broken off on the way, and made again without the token', async () => {
      let sent = () => {};
      const isSent = new Promise<void>((done) => (sent = done));
      own.answer = ({ headers }) => {
        if (!headers.authorization) return { status: 401, body: { message: 'no' } };
        sent();
        // Answered never.
        return { raw: () => {} };
      };
      const http = make({ credential });
      const asked = http.json(`${own.origin}/slow`);
      await isSent;
      signOut(http);
      await assert.rejects(asked, { reason: 'auth' });
      assert.deepEqual([own.got.length, leaked(own)], [1, false]);
    });

    it('do not leave with a token that was looked up before', async () => {
      let give: (found: typeof secret) => void = () => {};
      const slow = new Promise<typeof secret>((done) => (give = done));
      let looked = 0;
      const http = make({ credential: async () => (looked++ === 0 ? slow : undefined) });
      const asked = http.json(`${own.origin}/x`);
      await new Promise((next) => setImmediate(next));
      signOut(http);
      give(secret);
      assert.deepEqual(await asked, { from: 'own' });
      assert.deepEqual([own.got.length, leaked(own)], [1, false]);
    });

    it('wait for their turn, and then go without', async () => {
      own.answer = ({ headers }) =>
        headers.authorization ? { raw: () => {} } : { body: { from: 'own' } };
      const http = make({ credential });
      const all = ['/a', '/b', '/c'].map((path) => http.json(own.origin + path));
      await new Promise((next) => setTimeout(next, 50));
      signOut(http);
      await Promise.all(all);
      assert.deepEqual([own.got.length, leaked(own)], [3, false]);
    });

    it('are not followed to where a redirect leads with the old token', async () => {
      const http = make({ credential });
      own.answer = ({ url }) => {
        if (url !== '/old') return { body: { from: url } };
        signedIn = false;
        http.drop(own.origin);
        return to('/new', 301);
      };
      await http.json(`${own.origin}/old`).catch(() => {});
      const later = own.got.slice(1);
      assert.ok(later.every(({ headers }) => headers.authorization === undefined));
    });

    it('that change something are not made again', async () => {
      own.answer = () => ({ raw: () => {} });
      const http = make({ credential });
      const asked = http.request(`${own.origin}/run`, { method: 'POST', body: {} });
      await new Promise((next) => setTimeout(next, 50));
      signOut(http);
      await assert.rejects(asked, /signed in or out/);
      assert.equal(own.got.length, 0);
    });
  });

  it('for addresses nobody entered carry nothing, and go to another machine encrypted only', async () => {
    const http = make({ credential: async () => secret });
    await http.json(`${own.origin}/x`, { anonymous: true });
    assert.equal(leaked(own), false);
    const plain = http.json('http://ci.example.com/x', { anonymous: true });
    await assert.rejects(plain, /without encryption/);
  });

  it('take a refusal for an answer where that is asked for', async () => {
    own.answer = () => ({ status: 401, body: { message: '401 Unauthorized' } });
    const { status, body } = await make().request(own.origin, { accept: [401] });
    assert.deepEqual([status, body], [401, { message: '401 Unauthorized' }]);
    await assert.rejects(make().request(own.origin, { accept: [403] }), { reason: 'auth' });
  });

  it('know when little of the limit is left', async () => {
    const http = make();
    own.answer = () => ({
      body: {},
      headers: { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '499' },
    });
    await http.json(`${own.origin}/`);
    assert.equal(http.isShort(own.origin), true);
    own.answer = () => ({
      body: { more: 1 },
      headers: { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '501' },
    });
    await http.json(`${own.origin}/`);
    assert.equal(http.isShort(own.origin), false);
  });

  it('tell why a server cannot be reached', async () => {
    await assert.rejects(make().json('http://127.0.0.1:9/'), (error) => {
      assert.ok(error instanceof Fault);
      assert.equal(error.reason, 'offline');
      assert.match(error.message, /ECONNREFUSED|bad port/);
      return true;
    });
  });

  it('keep the end of a long text', async () => {
    own.answer = () => ({ body: `${'x'.repeat(1_000_000)}the end` });
    const { body } = await make().request(`${own.origin}/`, { as: 'text', tail: 1000 });
    assert.match(String(body), /the end$/);
    assert.ok(String(body).length < 300_000);
  });

  it('are logged without what follows the path', async () => {
    const lines: string[] = [];
    await make({ log: (line) => void lines.push(line) }).json(`${own.origin}/a?token=SECRET`);
    assert.deepEqual(lines, [`GET ${own.origin}/a 200`]);
  });

  it('know this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '[::1]'])
      assert.ok(isLoopback(host), host);
    for (const host of [
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      '::1',
      '',
    ]) {
      assert.ok(!isLoopback(host), host);
    }
  });
});
