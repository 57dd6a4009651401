import type { Severity } from '../engine/finding';

/** One setting: the manifest, the typed reader and the documentation are all made of this. */
export interface Setting {
  readonly type:
    | 'boolean'
    | 'string'
    | 'object'
    | 'number'
    | 'array'
    | readonly ['string', 'array'];
  readonly default: unknown;
  /**
   * `application`: the user's own only, never a workspace's, as it decides where a token goes; and, other than
   * `machine`, also where VS Code runs on another machine.
   */
  readonly scope: 'window' | 'resource' | 'machine' | 'application';
  /** What else the manifest says of its values, in the words of JSON Schema. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Not taken from a workspace that is not trusted. */
  readonly restricted?: boolean;
  /** Has to do with asking servers. */
  readonly online?: boolean;
  /** Markdown; may link to other settings and commands. */
  readonly description: string;
  /** Allowed values with what each does. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** Every setting, in the order of the settings editor, by its name after `andon.`. */
export const settings = {
  enable: {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Check infrastructure and pipelines as code.',
  },
  run: {
    type: 'string',
    default: 'onType',
    scope: 'resource',
    description: 'When an open file is checked.',
    choices: {
      onType: 'While you type.',
      onSave: 'When it is opened and saved.',
      manual: 'Only by the commands **Check Current File** and **Check Workspace**.',
    },
  },
  workspaceCheck: {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description:
      'Check all relevant files of the workspace in the background and keep the findings current, not only open files.',
  },
  extends: {
    type: 'string',
    default: 'recommended',
    scope: 'resource',
    description:
      'The set of rules that is active where `.andon.yaml` does not say `extends`. Settings of a team belong in `.andon.yaml`, which the command line reads too.',
    choices: {
      recommended: 'Rules that are right in nearly all cases.',
      strict: 'All rules, also those that are a matter of opinion.',
    },
  },
  proveImage: {
    type: 'string',
    default: '',
    scope: 'machine',
    description:
      'A container image that podman or docker has on this machine, to run scripts in for **Prove Idempotency**. Empty: a sandbox over a throw-away copy of this machine, on Linux only. Nothing is downloaded.',
  },
  rules: {
    type: 'object',
    default: {},
    scope: 'resource',
    description:
      'Severity of single rules. Only for rules that `.andon.yaml` does not mention: the file wins, so that editor and command line agree.',
  },
  'guard.commitBox': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description:
      'Warn in the message box of the Source Control view while the build of the branch is red. Blocks nothing.',
  },
  'guard.mode': {
    type: 'string',
    default: 'ask',
    scope: 'resource',
    description:
      'What the hook does before a commit while the build is red, once it is installed by **Andon: Install Commit Guard**. Set here, it goes before what was chosen at the installation.',
    choices: {
      off: 'Nothing, and no warning in the message box.',
      warn: 'A line in the terminal.',
      ask: 'It asks in the VS Code window that has the repository open.',
      block: 'It stops what neither says that it is a fix nor why it goes in.',
    },
  },
  'guard.branches': {
    type: 'string',
    default: 'line',
    scope: 'resource',
    description: 'On which branches the commit guard speaks.',
    choices: {
      line: 'On the branch everybody shares.',
      every: 'Also on each branch whose own build is red.',
    },
  },
  'guard.fixWords': {
    type: 'array',
    default: [],
    scope: 'resource',
    schema: { items: { type: 'string' } },
    description:
      'Further beginnings of commit messages that repair something. Known already: those of Conventional Commits, and plain verbs in a dozen languages.',
  },
  'guard.branchProtection': {
    type: 'boolean',
    default: false,
    scope: 'resource',
    description:
      'Also have VS Code ask its own question about protected branches while the build is red. Its words are about permissions, and it stands in the place of `git.branchProtection`.',
  },
} as const satisfies Record<string, Setting>;

/** The settings as they hold for one resource. */
export interface Settings {
  readonly enable: boolean;
  readonly run: 'onType' | 'onSave' | 'manual';
  readonly workspaceCheck: boolean;
  readonly proveImage: string;
  readonly extends: 'recommended' | 'strict';
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
}

/** Severities a rule can be set to. */
export const severities = ['off', 'info', 'warning', 'error'] as const;

/** Reads the settings; whatever is not of its type counts as not set, as nobody checks settings.json. */
export function readSettings(get: (name: keyof Settings) => unknown): Settings {
  const flag = (name: 'enable' | 'workspaceCheck'): boolean => {
    const value = get(name);
    return typeof value === 'boolean' ? value : settings[name].default;
  };
  const choice = <N extends 'run' | 'extends'>(name: N): Settings[N] => {
    const value = get(name);
    const known = typeof value === 'string' && Object.hasOwn(settings[name].choices, value);
    return (known ? value : settings[name].default) as Settings[N];
  };
  const image = get('proveImage');
  const rules: Record<string, Severity | 'off'> = {};
  for (const [id, severity] of Object.entries((get('rules') ?? {}) as object)) {
    const known = severities.find((each) => each === severity);
    if (known) rules[id] = known;
  }
  return {
    enable: flag('enable'),
    run: choice('run'),
    workspaceCheck: flag('workspaceCheck'),
    proveImage: typeof image === 'string' ? image : settings.proveImage.default,
    extends: choice('extends'),
    rules,
  };
}
