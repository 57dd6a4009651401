import { Fault } from './fault';

/** A secret as it is sent: the whole value of the `Authorization` header. */
export interface Credential {
  readonly authorization: string;
  /** Whose it is; answers to different accounts are never mixed. */
  readonly account: string;
}

/** What the outside gives. Nothing here is called before a request is made. */
export interface HttpSurroundings {
  /** The global one, taken at call time: VS Code gives it the user's proxy and certificates. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** The credential that was entered for exactly this origin, or undefined. */
  credential(origin: string): Promise<Credential | undefined>;
  /** Whether the user agreed that the credential of this origin goes over http without encryption. */
  allowsPlain?(origin: string): boolean;
  /** Milliseconds since 1970. */
  now(): number;
  readonly userAgent: string;
  /** Hears of each request: no address parameters, no headers. */
  log?(line: string): void;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `json` (usual) insists on that content type. */
  readonly as?: 'json' | 'text' | 'xml';
  /** A redirect to another origin is followed, without any credential: for logs that lie elsewhere. */
  readonly elsewhere?: boolean;
  /** Never with a credential, nor unencrypted to another machine: for addresses no user has entered. */
  readonly anonymous?: boolean;
  /** How much of a long text is wanted, in bytes from its end; the rest is dropped, not an error. */
  readonly tail?: number;
  /** Statuses besides those of success that are an answer here. */
  readonly accept?: readonly number[];
}

/** An answer with a status of success, or one the request accepts. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  header(name: string): string | undefined;
  /** The next page, if there is one and it lies at the same origin. */
  readonly next: string | undefined;
}

/** Asks servers by the rules: see createHttp. */
export interface Http {
  /** Rejects with a Fault, whatever went wrong. */
  request(url: string, options?: RequestOptions): Promise<Answer>;
  /** The body of a GET that answers JSON. Rejects with a Fault. */
  json(url: string, options?: RequestOptions): Promise<any>;
  /** Less than a tenth of the server's limit is left. */
  isShort(origin: string): boolean;
  /**
   * Somebody signs in or out of an origin: what is under way there is broken off, so that no request leaves with a
   * credential that was taken before this call, and asked again with the one that holds now. Who calls has seen to it
   * that the old one is no longer given out.
   */
  drop(origin: string): void;
}

const timeout = 15_000;
const sizeLimit = 5 * 1024 * 1024;
const redirectLimit = 3;
const remembered = 300;
/** Without a word of when a limit lifts: this long, doubled each time. Seconds. */
const limitPause = 60;

/** Why a request is broken off. */
const signedOut = new Error('signed out');

interface Limit {
  until: number;
  short: boolean;
  pauses: number;
}

interface Known {
  readonly etag: string;
  readonly answer: Answer;
}

/**
 * The only way to the network. A credential goes to the very origin it was entered for, over https (or to this
 * machine), and is attached here after the address is parsed, so that no service, setting or answer can send it
 * elsewhere. Redirects are followed by hand, at most three, within the origin; Node's own fetch would hand headers such
 * as `Private-Token` on to another host. Answers are capped in size and time and have to be what was asked for: a
 * sign-in page with status 200 or 203 is no answer. Requests to one origin run one after the other, known answers are
 * asked for with `If-None-Match`, and a server that says when it wants to be asked again is not asked before.
 */
export function createHttp(outside: HttpSurroundings): Http {
  const known = new Map<string, Known>();
  const limits = new Map<string, Limit>();
  const queues = new Map<string, Promise<unknown>>();
  const underWay = new Map<string, AbortController>();

  const limitOf = (origin: string): Limit => {
    let limit = limits.get(origin);
    if (!limit) {
      limit = { until: 0, short: false, pauses: 0 };
      limits.set(origin, limit);
    }
    return limit;
  };

  /** Carries a request out as long as it takes and nobody signs out. */
  async function guarded(address: URL, options: RequestOptions, tries = 0): Promise<Answer> {
    const { origin, host } = address;
    const own = new AbortController();
    const late = () => own.abort(new DOMException('no answer', 'TimeoutError'));
    const timer = setTimeout(late, timeout);
    underWay.set(origin, own);
    try {
      return await carryOut(address, options, own.signal);
    } catch (error) {
      if (own.signal.reason !== signedOut) throw error;
      if (tries < 3 && (options.method ?? 'GET') === 'GET') {
        return await guarded(address, options, tries + 1);
      }
      throw new Fault('offline', `signed in or out of ${host} meanwhile`);
    } finally {
      clearTimeout(timer);
      underWay.delete(origin);
    }
  }

  async function carryOut(
    address: URL,
    options: RequestOptions,
    signal: AbortSignal,
  ): Promise<Answer> {
    const limit = limitOf(address.origin);
    if (limit.until * 1000 > outside.now()) {
      throw new Fault('rate-limited', `${address.host}: no requests for now`, limit);
    }
    const { method = 'GET', as = 'json', anonymous } = options;
    if (anonymous && !isSafe(address)) {
      throw new Fault('bad-answer', `${address.host} is not asked without encryption`);
    }
    const mayCarry = !anonymous && (isSafe(address) || outside.allowsPlain?.(address.origin));
    const credential = mayCarry ? await outside.credential(address.origin) : undefined;
    const key = `${credential?.account ?? ''} ${as} ${address.href}`;
    const cached = method === 'GET' ? known.get(key) : undefined;
    const headers: Record<string, string> = {
      accept: { json: 'application/json', xml: 'application/xml, text/xml', text: '*/*' }[as],
      ...options.headers,
      'user-agent': outside.userAgent,
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...(cached && { 'if-none-match': cached.etag }),
    };
    const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
    let at = address;
    // Once another host has had a word in where to go, the credential stays at home for good.
    let left = false;
    for (let redirects = 0; ; redirects++) {
      const sent = left
        ? { 'user-agent': outside.userAgent }
        : { ...headers, ...(credential && { authorization: credential.authorization }) };
      // Does not send if somebody signed out after the credential was taken.
      const response = await send(at, {
        method,
        headers: sent,
        ...body,
        signal,
        redirect: 'manual',
      });
      outside.log?.(`${method} ${at.origin}${at.pathname} ${response.status}`);
      const target = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && response.status !== 304) {
        void response.body?.cancel().catch(() => {});
        if (!target || redirects === redirectLimit || method !== 'GET') {
          throw new Fault('bad-answer', `${at.host} redirects (HTTP ${response.status})`);
        }
        const next = parsed(target, at);
        if (next.origin !== address.origin) {
          if (isSignIn(next)) throw new Fault('auth', `${at.host} wants a sign-in`);
          if (!options.elsewhere || !isSafe(next)) {
            throw new Fault('bad-answer', `${at.host} redirects to another host`);
          }
          left = true;
        } else if (isSignIn(next)) throw new Fault('auth', `${at.host} wants a sign-in`);
        at = next;
        continue;
      }
      if (at.origin === address.origin) note(limit, response);
      if (response.status === 304 && cached) return cached.answer;
      if (!response.ok && !options.accept?.includes(response.status)) {
        throw await refused(at, response, limit);
      }
      const answer = await read(at, response, as, options.tail);
      limit.pauses = 0;
      const etag = response.headers.get('etag');
      if (etag && method === 'GET' && at === address) {
        known.delete(key);
        known.set(key, { etag, answer });
        if (known.size > remembered) known.delete(known.keys().next().value!);
      }
      return answer;
    }
  }

  async function send(address: URL, init: RequestInit): Promise<Response> {
    try {
      return await outside.fetch(address.href, init);
    } catch (error) {
      throw unreachable(address, error);
    }
  }

  function note(limit: Limit, { headers }: Response): void {
    const number = (name: string) => {
      const value = headers.get(`x-ratelimit-${name}`) ?? headers.get(`ratelimit-${name}`);
      return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
    };
    const [left, of] = [number('remaining'), number('limit')];
    limit.short = left !== undefined && of !== undefined && left < of / 10;
    const reset = number('reset');
    // Some servers give the moment, some the seconds until then.
    const seconds = outside.now() / 1000;
    if (left === 0 && reset !== undefined) {
      const until = reset > 1e9 ? reset : seconds + reset;
      // A clock that is wrong on either side must not keep us quiet for days.
      limit.until = Math.min(until, seconds + 3600);
    }
  }

  async function refused(address: URL, response: Response, limit: Limit): Promise<Fault> {
    const { status, headers } = response;
    const text = await bodyOf(address, response, 2048).catch(() => '');
    const seconds = outside.now() / 1000;
    const retry = retryAfter(headers.get('retry-after'), seconds);
    const limited =
      status === 429 ||
      (status === 403 &&
        (retry !== undefined || limit.until > seconds || /rate limit/i.test(text)));
    if (limited || (status === 503 && retry !== undefined)) {
      const pause = limitPause * 2 ** Math.min(limit.pauses++, 5);
      limit.until =
        Math.max(retry ?? 0, limit.until > seconds ? limit.until : 0) || seconds + pause;
      return new Fault('rate-limited', `${address.host} limits requests`, {
        until: limit.until,
        status,
      });
    }
    const said = /"message"\s*:\s*"([^"]{1,200})"/.exec(text)?.[1];
    const message = `${address.host}: HTTP ${status}${said ? `, ${said}` : ''}`;
    if (status === 401 || status === 403 || status === 407) {
      return new Fault('auth', message, { status });
    }
    if (status === 404 || status === 410) return new Fault('not-found', message, { status });
    return new Fault('bad-answer', message, { status });
  }

  async function read(
    address: URL,
    response: Response,
    as: NonNullable<RequestOptions['as']>,
    tail: number | undefined,
  ): Promise<Answer> {
    const [type = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(/\s*;/);
    // https://learn.microsoft.com/azure/devops answers a bad token with 203 and a page.
    if (response.status === 203 || (as !== 'text' && type === 'text/html')) {
      void response.body?.cancel().catch(() => {});
      throw new Fault('auth', `${address.host} answers with a page, probably a sign-in`);
    }
    const text = await bodyOf(address, response, sizeLimit, tail);
    let body: unknown = text;
    if (as === 'json' && response.status !== 204) {
      if (!/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
        throw new Fault('bad-answer', `${address.host} answers ${type || 'without a type'}`);
      }
      try {
        body = JSON.parse(text);
      } catch {
        throw new Fault('bad-answer', `${address.host} answers broken JSON`);
      }
    }
    const link = nextLink(response.headers.get('link'));
    const next = link === undefined ? undefined : parsed(link, address);
    return {
      status: response.status,
      body,
      header: (name) => response.headers.get(name) ?? undefined,
      next: next?.origin === address.origin ? next.href : undefined,
    };
  }

  async function request(url: string, options: RequestOptions = {}): Promise<Answer> {
    const address = parsed(url);
    const before = queues.get(address.origin) ?? Promise.resolve();
    const turn = before.then(() => guarded(address, options));
    const settled = turn.catch(() => {});
    queues.set(address.origin, settled);
    return turn;
  }

  return {
    request,
    json: async (url, options) => (await request(url, options)).body,
    isShort: (origin) => limits.get(origin)?.short ?? false,
    drop: (origin) => underWay.get(origin)?.abort(signedOut),
  };
}

/** Whether this is the machine we run on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const isSafe = (address: URL) =>
  address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback(address.hostname));

const isSignIn = ({ pathname }: URL) => /\/(?:_signin|login|sign_in|signin)\b/i.test(pathname);

function parsed(url: string, base?: URL): URL {
  let address: URL;
  try {
    address = new URL(url, base);
  } catch {
    throw new Fault('bad-answer', 'an address that is none');
  }
  if (!/^https?:$/.test(address.protocol) || address.username || address.password) {
    throw new Fault('bad-answer', `an address Andon does not follow: ${address.protocol}`);
  }
  address.hash = '';
  return address;
}

/** Reads a body up to a limit; with `tail` only its end is kept and there is no limit but time and 16 times as much. */
async function bodyOf(
  address: URL,
  response: Response,
  limit: number,
  tail?: number,
): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const parts: Uint8Array[] = [];
  let kept = 0;
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      kept += value.length;
      total += value.length;
      while (tail !== undefined && kept - parts[0]!.length >= tail) kept -= parts.shift()!.length;
      if (total > (tail === undefined ? limit : limit * 16)) {
        throw new Fault('bad-answer', `${address.host} answers without end`);
      }
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    throw error instanceof Fault ? error : unreachable(address, error);
  }
  const bytes = new Uint8Array(kept);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new TextDecoder().decode(bytes);
}

/** Behind a proxy all that fetch says is "fetch failed"; the reason is in its cause. */
function unreachable(address: URL, error: unknown): Fault {
  const { cause, name, message } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message ?? (name === 'TimeoutError' ? 'no answer' : message);
  return new Fault('offline', `${address.host}: ${reason}`);
}

function retryAfter(value: string | null, seconds: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return seconds + Math.min(Number(value), 86_400);
  const date = Date.parse(value) / 1000;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date, seconds + 1), seconds + 86_400);
}

const nextLink = (header: string | null) =>
  header?.split(',').flatMap((part) => /<([^>]*)>\s*;.*\brel="?next\b/.exec(part)?.[1] ?? [])[0];
