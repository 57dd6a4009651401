import { isLoopback } from './http';

/** Where a git remote lies. */
export interface Remote {
  /** Lower case, without the names services give their ssh servers. */
  readonly host: string;
  /** Of a web address with a port of its own. */
  readonly port?: string | undefined;
  /** A server on this very machine, by http. */
  readonly plain?: boolean | undefined;
  /** Without slashes around it and without `.git`; percent-decoded. */
  readonly path: string;
}

/** Ssh servers that services run on another name, mostly to get through firewalls on port 443. */
const aliases: Readonly<Record<string, string>> = {
  'altssh.bitbucket.org': 'bitbucket.org',
  'altssh.gitlab.com': 'gitlab.com',
  'ssh.dev.azure.com': 'dev.azure.com',
  'ssh.github.com': 'github.com',
  'vs-ssh.visualstudio.com': 'dev.azure.com',
};

/**
 * Reads the address of a git remote: scp-like, ssh, git, http or https. User names and passwords in it are dropped. A
 * path of this machine, and whatever else has no host, is undefined. `hosts` names the host an ssh alias stands for.
 */
export function parseRemote(
  url: string,
  hosts: Readonly<Record<string, string>> = {},
): Remote | undefined {
  const text = url.trim();
  const long =
    /^(?:git\+)?(ssh|git|https?):\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?\/(.*)$/i.exec(text);
  // Of one letter before the colon it is a drive of Windows.
  const short = /^(?:[^/@\s]+@)?([^/:\s]{2,}):(?!\/\/)(.*)$/.exec(text);
  const [scheme, named, port, rest] = long
    ? [long[1]!.toLowerCase(), long[2]!, long[3], long[4]!]
    : short
      ? ['ssh', short[1]!, undefined, short[2]!]
      : [];
  if (!named || rest === undefined) return undefined;
  const lower = named.toLowerCase();
  const meant = Object.hasOwn(hosts, lower) ? hosts[lower]!.toLowerCase() : undefined;
  // Without a point it is no host but the id of a service.
  const host = meant?.includes('.')
    ? meant
    : Object.hasOwn(aliases, lower)
      ? aliases[lower]!
      : lower;
  const path = decoded(rest.replace(/[?#].*$/, ''))
    .replace(/^[/~]+|\/+$/g, '')
    .replace(/\.git$/, '');
  if (path === '') return undefined;
  const plain = scheme === 'http' && isLoopback(host);
  const own = (scheme === 'https' && port !== '443') || plain ? port : undefined;
  return { host, path, ...(own && { port: own }), ...(plain && { plain }) };
}

/** Where the server of a remote is on the web, as far as the remote tells. */
export const originOf = ({ host, port, plain }: Remote): string =>
  `${plain ? 'http' : 'https'}://${host}${port ? `:${port}` : ''}`;

/** Whether a host is this one or below it; never a mere part of the text. */
export const isUnder = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
