import {
  entryCommand,
  entryFile,
  entryLines,
  entryYaml,
  type GuardHook,
  guardHooks,
  hookPath,
  leadsToGuard,
  withEntry,
} from './hook-entry';

/** A file where a hook may be. */
export type HookFile =
  | { readonly kind: 'none' }
  /** A shell script, which takes lines of ours; `text` is UTF-8. */
  | { readonly kind: 'shell'; readonly text: string }
  /** Another interpreter's script, or a program. */
  | { readonly kind: 'other' }
  /** Not executable, so git passes it by. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'link' };

/** What is to be known of a repository before anything is put into it. Paths are absolute, with `/`. */
export interface Surroundings {
  readonly gitVersion: readonly [major: number, minor: number];
  readonly commonDir: string;
  /** The top of the work tree. */
  readonly top: string;
  /** Where git looks for hooks; undefined if it looks nowhere. */
  readonly hooksDir: string | undefined;
  /** Whether that is in the git directory, in the work tree, or elsewhere, where other repositories look too. */
  readonly hooksAt: 'git' | 'tree' | 'outside';
  hookFile(path: string): HookFile;
  /** The text of a file, or undefined. */
  read(path: string): string | undefined;
}

/** One change. Each can be undone, as long as nobody else changed the same. */
export type Step =
  | {
      readonly do: 'write';
      readonly path: string;
      readonly text: string;
      /** What was there; undefined: no file. */
      readonly before: string | undefined;
      /** What of the text is ours, if it is not all of it. */
      readonly ours?: string;
      readonly executable: boolean;
      /** Whether it lies in the work tree, where a commit gives it to everyone. */
      readonly shared: boolean;
    }
  | { readonly do: 'keep'; readonly path: string; readonly to: string }
  | {
      readonly do: 'configure';
      readonly name: string;
      readonly event: GuardHook;
      readonly command: string;
    }
  /** A manager has to write its hooks anew. */
  | { readonly do: 'run'; readonly command: readonly string[] };

/** Who runs the hook: git's configuration, a hook manager, or a hook of our own. */
export type Way =
  | 'git'
  | 'hk'
  | 'hook'
  | 'husky'
  | 'lefthook'
  | 'overcommit'
  | 'pre-commit'
  | 'simple-git-hooks';

export type InstallPlan =
  | { readonly way: Way; readonly steps: readonly Step[] }
  /** Nothing is done: why, and what a person can put where. */
  | { readonly refused: string; readonly lines?: string };

/** Git runs hooks from its configuration since 2.54 (https://git-scm.com/docs/git-hook). */
const configuredHooks = ([major, minor]: Surroundings['gitVersion']) =>
  major > 2 || (major === 2 && minor >= 54);

/**
 * What to do so that git calls the guard: the least intrusive way that works here. Where it is not clear how, it
 * refuses and says what a person can do. `files` are what is written below the common directory besides.
 */
export function installPlan(
  here: Surroundings,
  files: readonly (readonly [path: string, text: string])[],
): InstallPlan {
  const steps: Step[] = files.map(([path, text]) => ({
    do: 'write',
    path: `${here.commonDir}/${path}`,
    text,
    before: here.read(`${here.commonDir}/${path}`),
    executable: path === hookPath,
    shared: false,
  }));
  const entries = entrySteps(here);
  if ('refused' in entries) return entries;
  return { way: entries.way, steps: [...steps, ...entries.steps] };
}

function entrySteps(here: Surroundings): InstallPlan {
  if (configuredHooks(here.gitVersion)) {
    const steps = guardHooks.map(
      (event): Step => ({
        do: 'configure',
        name: `andon-${event}`,
        event,
        command: entryCommand(event),
      }),
    );
    return { way: 'git', steps };
  }
  const { hooksDir, top } = here;
  if (hooksDir === undefined) {
    return { refused: 'core.hooksPath is set to nothing, so git runs no hooks here' };
  }
  if (here.hooksAt === 'outside') {
    return {
      refused: `core.hooksPath names ${hooksDir}, which other repositories use too`,
      lines: guardHooks.map((hook) => `${hook}:\n${entryLines(hook)}`).join('\n'),
    };
  }
  // Husky 9 takes .husky/_ for itself and writes it anew at each npm install; the scripts lie beside it.
  if (hooksDir === `${top}/.husky/_`) return husky(here, `${top}/.husky`, 9);
  if (hooksDir === `${top}/.husky`) return husky(here, hooksDir, 8);
  return lefthook(here) ?? simpleGitHooks(here) ?? hookFiles(here, hooksDir);
}

function write(path: string, before: string | undefined, text: string, ours: string): Step {
  return { do: 'write', path, text, before, ours, executable: true, shared: true };
}

/** https://typicode.github.io/husky/ */
function husky(here: Surroundings, folder: string, version: 8 | 9): InstallPlan {
  const steps: Step[] = [];
  for (const hook of guardHooks) {
    const path = `${folder}/${hook}`;
    const before = here.read(path);
    if (before !== undefined && leadsToGuard(before, hook)) continue;
    const ours = entryLines(hook);
    const fresh = version === 9 ? ours : entryFile(hook);
    steps.push(write(path, before, before === undefined ? fresh : withEntry(before, hook), ours));
  }
  return { way: 'husky', steps };
}

/**
 * https://lefthook.dev/configuration/: where the file all share has no such hook, it gets one; else, and where it is no
 * YAML, the file of one's own beside it, which lefthook joins to it, whatever the form of either.
 */
function lefthook(here: Surroundings): InstallPlan | undefined {
  const shared = lefthookFile(here, '');
  if (shared === undefined) return undefined;
  const way = 'lefthook';
  const run: Step = { do: 'run', command: ['lefthook', 'install'] };
  const local = lefthookFile(here, '-local');
  const known = `${here.read(shared)}${local ? here.read(local) : ''}`;
  const missing = guardHooks.filter((hook) => !leadsToGuard(known, hook));
  if (missing.length === 0) return { way, steps: [] };
  const ours = missing.map(entryYaml).join('');
  const edit = withKeys(here, shared, missing, ours);
  if (edit) return { way, steps: [edit, run] };
  if (local === undefined) {
    const name = 'lefthook-local.yml';
    const ignored = `${here.commonDir}/info/exclude`;
    const before = here.read(ignored);
    const line = `/${name}\n`;
    const common = { do: 'write', executable: false, shared: false } as const;
    const steps: Step[] = [
      { ...common, path: `${here.top}/${name}`, text: ours, before: undefined, ours },
      { ...common, path: ignored, text: `${onNewLine(before ?? '')}${line}`, before, ours: line },
      run,
    ];
    return { way, steps };
  }
  const own = withKeys(here, local, missing, ours);
  if (own) return { way, steps: [{ ...own, shared: false }, run] };
  return { refused: `${shared} and ${local} have hooks of their own`, lines: ours };
}

/** A configuration of lefthook's, in the order in which it looks for them. */
function lefthookFile(here: Surroundings, suffix: '' | '-local'): string | undefined {
  const endings = ['yml', 'yaml', 'toml', 'json', 'jsonc'];
  return ['lefthook', '.lefthook', '.config/lefthook']
    .flatMap((name) => endings.map((ending) => `${here.top}/${name}${suffix}.${ending}`))
    .find((path) => here.read(path) !== undefined);
}

/** New top-level keys at the end are all that can be added to YAML without understanding the rest. */
function withKeys(
  here: Surroundings,
  path: string,
  keys: readonly string[],
  ours: string,
): Extract<Step, { do: 'write' }> | undefined {
  const before = here.read(path)!;
  const taken = keys.some((key) => new RegExp(`^["']?${key}["']?\\s*:`, 'm').test(before));
  const strange = /^\s*[{[]/.test(before) || /^(---|\.\.\.)\s*$/m.test(before.slice(1));
  if (!/\.ya?ml$/.test(path) || taken || strange) return undefined;
  const text = `${onNewLine(before)}${ours}`;
  return { do: 'write', path, text, before, ours, executable: false, shared: true };
}

const onNewLine = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** https://github.com/toplenboren/simple-git-hooks: it removes every hook that its configuration does not name. */
function simpleGitHooks(here: Surroundings): InstallPlan | undefined {
  const path = `${here.top}/package.json`;
  const before = here.read(path);
  const found = before && /"simple-git-hooks"\s*:\s*\{(\s*)/.exec(before);
  if (!before || !found) return undefined;
  const missing = guardHooks.filter((hook) => !new RegExp(`"${hook}"\\s*:`).test(before));
  const named = guardHooks.filter((hook) => !missing.includes(hook));
  const strange = named.find((hook) => !leadsToGuard(before, hook));
  if (strange) {
    return { refused: `package.json has a ${strange} of its own`, lines: entryCommand(strange) };
  }
  if (missing.length === 0) return { way: 'simple-git-hooks', steps: [] };
  const at = found.index + found[0].length;
  const empty = before[at] === '}';
  const ours = missing
    .map((hook) => `"${hook}": ${JSON.stringify(`${entryCommand(hook)} "$@"`)}`)
    .join(`,${found[1]}`);
  const inserted = empty ? ours : `${ours},${found[1]}`;
  const text = before.slice(0, at) + inserted + before.slice(at);
  const edit: Step = {
    ...{ do: 'write', path, text, before, ours: inserted },
    ...{ executable: false, shared: true },
  };
  return { way: 'simple-git-hooks', steps: [edit, { do: 'run', command: ['simple-git-hooks'] }] };
}

/** Overcommit moves aside what it does not take for its own (https://github.com/sds/overcommit#installation). */
const overcommitMark =
  '# OVERCOMMIT_DISABLE: by this word overcommit knows hooks that it may replace and remove\n';

/** Hooks as files: ours, lines in a shell script that is there, or ours before another that is moved aside. */
function hookFiles(here: Surroundings, hooksDir: string): InstallPlan {
  const steps: Step[] = [];
  let way: Way = 'hook';
  const shared = here.hooksAt === 'tree';
  const isOvercommit = here.hookFile(`${hooksDir}/overcommit-hook`).kind !== 'none';
  if (isOvercommit) way = 'overcommit';
  for (const hook of guardHooks) {
    let path = `${hooksDir}/${hook}`;
    let file = here.hookFile(path);
    if (file.kind === 'shell' && /File generated by pre-commit: https/.test(file.text)) {
      // It runs what was there before it under this name, and first (https://pre-commit.com/#pre-commit-install).
      path += '.legacy';
      file = here.hookFile(path);
      way = 'pre-commit';
    }
    const common = { do: 'write', path, executable: true, shared } as const;
    if (file.kind === 'none') {
      steps.push({ ...common, before: undefined, text: entryFile(hook), ours: entryLines(hook) });
    } else if (file.kind === 'shell') {
      if (leadsToGuard(file.text, hook)) continue;
      // It writes its hooks anew at "hk install", and takes what has its own lines in it for its own
      // (https://hk.jdx.dev/cli/install.html).
      if (/\bhk run\b/.test(file.text)) way = 'hk';
      const text = withEntry(file.text, hook);
      steps.push({ ...common, before: file.text, text, ours: entryLines(hook) });
    } else {
      const to = freeName(here, hooksDir, hook, file.kind === 'link');
      if (to === undefined) return { refused: `${hooksDir} is full of hooks moved aside` };
      steps.push({ do: 'keep', path, to: `${hooksDir}/${to}` });
      const mark = isOvercommit ? overcommitMark : '';
      const text = `${entryFile(hook, file.kind === 'idle' ? undefined : to)}${mark}`;
      steps.push({ ...common, before: undefined, text });
    }
  }
  return { way, steps };
}

/** Where a hook can be moved aside. Its name stays, as some look at what they are called by; a link's folder stays. */
function freeName(
  here: Surroundings,
  hooksDir: string,
  hook: GuardHook,
  isLink: boolean,
): string | undefined {
  return ['', '-2', '-3', '-4']
    .map((suffix) => (isLink ? `${hook}.andon-kept${suffix}` : `andon-kept${suffix}/${hook}`))
    .find((name) => here.hookFile(`${hooksDir}/${name}`).kind === 'none');
}

/** A plan in words, a line a step; `name` shortens a path for reading. */
export function describePlan(plan: InstallPlan, name: (path: string) => string): readonly string[] {
  if ('refused' in plan) {
    const { refused, lines } = plan;
    const hint = lines ? ['', 'To do it by hand, put there:', '', ...lines.split('\n')] : [];
    return [`Nothing is done: ${refused}.`, ...hint];
  }
  return plan.steps.map((step) => describeStep(step, name));
}

function describeStep(step: Step, name: (path: string) => string): string {
  switch (step.do) {
    case 'write': {
      if (step.before !== undefined && step.ours === undefined) return `renew ${name(step.path)}`;
      const verb = step.before === undefined ? 'write' : 'add to';
      const everyone = step.shared ? ' (in the work tree: commit it, and everyone has it)' : '';
      return `${verb} ${name(step.path)}${everyone}`;
    }
    case 'keep':
      return `move ${name(step.path)} to ${name(step.to)}`;
    case 'configure':
      return `git config --local hook.${step.name}.command '${step.command}', for ${step.event}`;
    case 'run':
      return `run ${step.command.join(' ')}`;
  }
}
