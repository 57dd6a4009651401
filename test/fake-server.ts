import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a fake got it. */
export interface Got {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The status it was answered with. */
  status: number;
}

/** What a fake answers. An object or list is sent as JSON. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes over the whole answer. */
  readonly raw?: (response: ServerResponse) => void;
}

export interface FakeServer {
  readonly origin: string;
  readonly got: Got[];
  /** Decides on each answer; undefined is 404. */
  answer: (got: Got) => Reply | undefined;
  close(): Promise<void>;
}

/** A server on this machine that answers as it is told, with entity tags as the services have them. */
export async function fakeServer(
  answer: FakeServer['answer'] = () => undefined,
): Promise<FakeServer> {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    let body = '';
    open.add(response);
    response.once('close', () => open.delete(response));
    request.on('data', (part) => (body += part));
    request.once('end', () => {
      const { method = '', url = '', headers } = request;
      const got: Got = { method, url, headers, body, status: 0 };
      fake.got.push(got);
      const reply = fake.answer(got) ?? { status: 404, body: { message: 'Not Found' } };
      if (reply.raw) {
        reply.raw(response);
        return;
      }
      const isText = typeof reply.body === 'string';
      const text = isText ? (reply.body as string) : JSON.stringify(reply.body ?? null);
      const etag = `W/"${createHash('sha1').update(text).digest('hex')}"`;
      const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
      const status = reply.status ?? 200;
      const known = status === 200 && headers['if-none-match'] === etag;
      got.status = known ? 304 : status;
      response.writeHead(got.status, { 'content-type': type, etag, ...reply.headers });
      response.end(known ? undefined : text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const fake: FakeServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got: [],
    answer,
    close: () =>
      new Promise((done) => {
        for (const response of open) response.destroy();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return fake;
}

/** What goes wrong on the way, as an answer in place of the right one. `elsewhere` is another server. */
export const faults: Readonly<
  Record<string, (right: Reply | undefined, elsewhere: string) => Reply>
> = {
  '401': () => ({ status: 401, body: { message: 'Bad credentials' } }),
  '403': () => ({ status: 403, body: { message: 'Forbidden' } }),
  '404': () => ({ status: 404, body: { message: 'Not Found' } }),
  '429 with Retry-After': () => ({ status: 429, headers: { 'retry-after': '30' }, body: {} }),
  '429 without a word': () => ({ status: 429, body: 'Retry later' }),
  '403 with nothing left': () => ({
    status: 403,
    headers: {
      'x-ratelimit-limit': '60',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '2000000000',
    },
    body: { message: 'API rate limit exceeded' },
  }),
  '500': () => ({ status: 500, body: { message: 'boom' } }),
  '502 with a page': () => ({ status: 502, headers: html, body: '<html>Bad gateway</html>' }),
  '503 with Retry-After': () => ({ status: 503, headers: { 'retry-after': '60' }, body: '' }),
  'a sign-in page with 200': () => ({ headers: html, body: '<html>Sign in</html>' }),
  'a sign-in page with 203': () => ({ status: 203, headers: html, body: '<html>Sign in</html>' }),
  'broken JSON': (right) => ({
    headers: { 'content-type': 'application/json' },
    body: (JSON.stringify(right?.body) ?? '{"a"').slice(0, -3),
  }),
  'a connection that breaks': (right) => ({
    raw(response) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
      response.write(String(JSON.stringify(right?.body)).slice(0, 10));
      setTimeout(() => response.destroy(), 10);
    },
  }),
  'another host': (_right, elsewhere) => ({
    status: 302,
    headers: { location: `${elsewhere}/x` },
    body: '',
  }),
  'another host for good': (_right, elsewhere) => ({
    status: 308,
    headers: { location: `${elsewhere}/x` },
    body: '',
  }),
  'a sign-in by redirect': () => ({
    status: 302,
    headers: { location: '/users/sign_in' },
    body: '',
  }),
  'a circle of redirects': () => ({ status: 302, headers: { location: '?again' }, body: '' }),
  'an answer without end': () => ({
    raw(response) {
      response.writeHead(200, { 'content-type': 'application/json' });
      const part = `"${'x'.repeat(256 * 1024)}",`;
      response.write('[');
      const more = () => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', more);
      more();
    },
  }),
  'an empty object': () => ({ body: {} }),
  'an empty list': () => ({ body: [] }),
  null: () => ({ body: null }),
  'plain text': () => ({ body: 'ok' }),
};

const html = { 'content-type': 'text/html; charset=utf-8' };
