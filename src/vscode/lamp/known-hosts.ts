import type * as vscode from 'vscode';
import { Fault } from '../../pipeline/fault';
import { type Http, isLoopback } from '../../pipeline/http';
import { probe } from '../../pipeline/probe';
import { originOf, type Remote } from '../../pipeline/remote';

/** What a host answered. */
interface Known {
  /** Id of the service; empty: none we know. */
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const key = 'andon.knownHosts';
const day = 24 * 3_600_000;
/** A server may be replaced by another. */
const lasts = 7 * day;
/** A host nobody answers at is tried again after this. */
const pause = day / 24;

/** Which service runs at hosts that are not known by name: asked once without any credential, and remembered. */
export class KnownHosts {
  readonly #memory: vscode.Memento;
  readonly #http: Http;
  readonly #tried = new Map<string, number>();

  constructor(memory: vscode.Memento, http: Http) {
    this.#memory = memory;
    this.#http = http;
  }

  /** Ids of services by host, as the setting andon.hosts has them. */
  get services(): Readonly<Record<string, string>> {
    const found = Object.entries(this.#known).filter(([, { service }]) => service !== '');
    return Object.fromEntries(found.map(([host, { service }]) => [host, service]));
  }

  /** Asks a remote's host, unless it was asked lately; `again`: even so. Resolves to whether something new is known. */
  async find(remote: Remote, again = false): Promise<boolean> {
    const { host } = remote;
    // Without a point it is the alias of an ssh configuration, and leads nowhere.
    if (!host.includes('.') && !isLoopback(host)) return false;
    const now = Date.now();
    const known = this.#known[host];
    const recent = (at: number | undefined, time: number) =>
      at !== undefined && at <= now && now - at < time;
    if (!again && (recent(known?.at, lasts) || recent(this.#tried.get(host), pause))) return false;
    this.#tried.set(host, now);
    try {
      const service = (await probe(originOf(remote), this.#http)) ?? '';
      await this.#memory.update(key, { ...this.#known, [host]: { service, at: now } });
      return service !== (known?.service ?? '');
    } catch (error) {
      if (error instanceof Fault) return false;
      throw error;
    }
  }

  get #known(): Readonly<Record<string, Known>> {
    return this.#memory.get<Readonly<Record<string, Known>>>(key) ?? {};
  }
}
