import { originOf, parseRemote, type Remote } from './remote';
import type { Named, Project, Service } from './service';

/** What git says of a checkout. */
export interface Checkout {
  /** The working tree, absolute. */
  readonly root: string;
  readonly gitDir: string;
  /** Shared by all worktrees of a repository. */
  readonly commonDir: string;
  /** Undefined before the first commit. */
  readonly head?: string | undefined;
  /** Undefined with a detached head. */
  readonly branch?: string | undefined;
  /** Addresses with `insteadOf` applied; may hold passwords, and is never shown. */
  readonly remotes: readonly { readonly name: string; readonly url: string }[];
  /** Of `branch.<name>.*` and `remote.pushdefault`, names in lower case. */
  readonly configuration: ReadonlyMap<string, string>;
  /** Hashes by full name, and targets (as `ref: <name>`) of symbolic ones. */
  readonly refs: ReadonlyMap<string, string>;
}

/** How Andon is set up for a repository. */
export interface LineSettings {
  /** Name of the line's branch; empty: the default branch. */
  readonly line: string;
  /** What stands for a host: another host (an ssh alias) or the id of a service that runs there. */
  readonly hosts: Readonly<Record<string, string>>;
  /** The CI of repositories: by `host/path` of a remote, by the folder's path, or `*`. */
  readonly ci: Readonly<Record<string, Named>>;
}

/** A branch to watch, at a service or in the checkout itself. */
export interface Watched {
  readonly branch: string;
  /** Undefined: nothing of it is where the service could know it. */
  readonly sha: string | undefined;
  readonly service: Service | undefined;
  /** Where to ask: of my commit in a fork, the fork and what it was forked from. */
  readonly projects: readonly Project[];
  readonly remotes: readonly Remote[];
}

/** The two subjects of a checkout. */
export interface Subjects {
  readonly line: Watched;
  /** Undefined with a detached head and before the first commit. */
  readonly commit: Watched | undefined;
  /** The line's remote, if neither its name nor a setting tells which service it is. */
  readonly unknown: Remote | undefined;
}

/** What is out of the ordinary about a checkout, each by its name. */
export type Trait =
  | 'detached'
  | 'fork'
  | 'local'
  | 'no-commit'
  | 'not-pushed'
  | 'submodule'
  | 'unknown-host'
  | 'worktree';

/** Tells what is out of the ordinary about a checkout, as it decides what is asked and shown. */
export function traitsOf(checkout: Checkout, subjects: Subjects): readonly Trait[] {
  const { gitDir, commonDir, branch, head, remotes } = checkout;
  const { line, commit, unknown } = subjects;
  const slugs = new Set([...line.projects, ...(commit?.projects ?? [])].map(({ slug }) => slug));
  const traits: Readonly<Record<Trait, boolean>> = {
    detached: branch === undefined && head !== undefined,
    fork: slugs.size > 1,
    local: remotes.length === 0,
    'no-commit': head === undefined,
    'not-pushed': commit?.service !== undefined && commit.sha === undefined,
    // https://git-scm.com/docs/gitrepository-layout#Documentation/gitrepository-layout.txt-modules
    submodule: /[\\/]\.git[\\/](?:.*[\\/])?modules[\\/]/.test(commonDir),
    'unknown-host': unknown !== undefined,
    worktree: gitDir !== commonDir,
  };
  return (Object.keys(traits) as Trait[]).filter((trait) => traits[trait]);
}

const short = (ref: string | undefined, prefix: string) =>
  ref?.startsWith(`ref: ${prefix}`) ? ref.slice(5 + prefix.length) : undefined;

/** The remote a branch is pushed to. https://git-scm.com/docs/git-config#Documentation/git-config.txt-remotepushDefault */
export function pushRemote({ branch, remotes, configuration }: Checkout): string | undefined {
  const of = (key: string) => configuration.get(key);
  const own = branch === undefined ? '' : `branch.${branch}`;
  const named =
    of(`${own}.pushremote`) ?? of('remote.pushdefault') ?? of(`${own}.remote`) ?? 'origin';
  const names = remotes.map((remote) => remote.name);
  return names.includes(named) ? named : names.length === 1 ? names[0] : undefined;
}

/** The remote the line is at: in a fork's clone `upstream`. */
function lineRemote(checkout: Checkout): string | undefined {
  const names = checkout.remotes.map((remote) => remote.name);
  return ['upstream', 'origin'].find((name) => names.includes(name)) ?? names[0];
}

/** The branch everybody shares, and the remote it is at. */
export function lineOf(
  checkout: Checkout,
  wanted: string,
): { readonly branch: string; readonly remote: string | undefined } {
  const { refs, branch } = checkout;
  const remote = lineRemote(checkout);
  const at = remote === undefined ? 'refs/heads/' : `refs/remotes/${remote}/`;
  const there = (name: string) => refs.has(at + name);
  const usual =
    (remote && short(refs.get(`${at}HEAD`), at)) ??
    ['main', 'master', 'trunk', 'develop'].find(there);
  return { branch: wanted || usual || branch || 'main', remote };
}

/** Which branches are watched, and where. Pure: decided from remotes and settings alone. */
export function subjectsOf(
  checkout: Checkout,
  settings: LineSettings,
  services: readonly Service[],
): Subjects {
  const { branch, head, refs, configuration } = checkout;
  const at = (remote: string | undefined, name: string) =>
    refs.get(remote === undefined ? `refs/heads/${name}` : `refs/remotes/${remote}/${name}`);
  const urlOf = (name: string | undefined) =>
    checkout.remotes.find((remote) => remote.name === name)?.url;
  const parsed = (name: string | undefined) => {
    const url = urlOf(name);
    return url === undefined ? undefined : parseRemote(url, settings.hosts);
  };
  const remotes = checkout.remotes.flatMap(({ url }) => parseRemote(url, settings.hosts) ?? []);
  const line = lineOf(checkout, settings.line);
  const found = locate(parsed(line.remote), checkout.root, settings, services);
  // Without a service that looks at a remote, what counts is what is here.
  const lineSha = found ? at(line.remote, line.branch) : refs.get(`refs/heads/${line.branch}`);
  const watchedLine: Watched = {
    branch: line.branch,
    sha: lineSha,
    service: found?.service,
    projects: found ? [found.project] : [],
    remotes,
  };
  const unknown = found ? undefined : unnamed(parsed(line.remote), checkout.root, settings);
  if (branch === undefined || head === undefined) {
    return { line: watchedLine, commit: undefined, unknown };
  }
  const push = pushRemote(checkout);
  const own = locate(parsed(push), checkout.root, settings, services) ?? found;
  const tracked = configuration.get(`branch.${branch}.merge`)?.replace(/^refs\/heads\//, '');
  const sameRemote = configuration.get(`branch.${branch}.remote`) === push;
  const pushedAs = (sameRemote && tracked) || branch;
  const upstream = found && own && found.service === own.service ? found.project : undefined;
  const projects = [own?.project, upstream].filter((project) => project !== undefined);
  return {
    line: watchedLine,
    unknown,
    commit: {
      branch: own ? pushedAs : branch,
      sha: own ? at(push, pushedAs) : head,
      service: own?.service,
      projects: projects.filter(
        (project, i) =>
          projects.findIndex(({ api, slug }) => api === project.api && slug === project.slug) === i,
      ),
      remotes,
    },
  };
}

/** What the user may say of a repository's CI, by what: the most particular first. */
const keysOf = (remote: Remote | undefined, root: string): readonly string[] => [
  ...(remote ? [`${remote.host}/${remote.path}`] : []),
  root,
  '*',
];

/** A remote of which nobody has said anything. */
function unnamed(
  remote: Remote | undefined,
  root: string,
  { hosts, ci }: LineSettings,
): Remote | undefined {
  const said = remote && (hosts[remote.host] ?? keysOf(remote, root).find((key) => ci[key]));
  return said === undefined ? remote : undefined;
}

/** The service of a repository: what the user says, then what the remote's host tells. */
function locate(
  remote: Remote | undefined,
  root: string,
  { hosts, ci }: LineSettings,
  services: readonly Service[],
): { readonly service: Service; readonly project: Project } | undefined {
  const said = keysOf(remote, root)
    .map((key) => ci[key])
    .find((each) => each !== undefined);
  if (said) {
    const service = services.find(({ id }) => id === said.service);
    const url = said.url || (remote ? originOf(remote) : '');
    const project = service?.named({ ...said, url }, remote);
    return service && project ? { service, project } : undefined;
  }
  if (!remote) return undefined;
  for (const service of services) {
    const project = service.locate(remote);
    if (project) return { service, project };
  }
  const service = services.find(({ id }) => id === hosts[remote.host]);
  const project = service?.named({ service: service.id, url: originOf(remote) }, remote);
  return service && project ? { service, project } : undefined;
}
