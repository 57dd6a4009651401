import type { Setting } from './settings';

/**
 * The settings of the lamp, by their name after `andon.`. For the manifest only: what they say is read where the lamp
 * is, and no window has to carry their descriptions along.
 */
export const lampSettings = {
  'pipeline.enable': {
    type: 'boolean',
    default: true,
    scope: 'window',
    online: true,
    description:
      'Show the state of the line in the status bar: whether the build of your commit, and of the branch everybody shares, is green.',
  },
  line: {
    type: 'string',
    default: '',
    scope: 'resource',
    description: 'The branch everybody shares. Empty: the default branch.',
  },
  'pipeline.checks': {
    type: 'string',
    default: 'required',
    scope: 'resource',
    description: 'Which checks make the verdict.',
    choices: {
      required:
        'Those that have to pass before something is merged; all where the service names none.',
      all: 'All.',
    },
  },
  'pipeline.ignoredChecks': {
    type: 'array',
    default: [],
    scope: 'resource',
    schema: { items: { type: 'string' } },
    description: 'Names of checks that never count.',
  },
  'pipeline.interval': {
    type: 'number',
    default: 60,
    scope: 'window',
    online: true,
    schema: { minimum: 15 },
    description:
      'Seconds between two questions to the CI service while you look at the window and nothing runs. All windows share the answers; a service may be asked less often than that.',
  },
  'pipeline.notifications': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description: 'Tell when the line turns red or green again, and when your push turned red.',
  },
  hosts: {
    type: 'object',
    default: {},
    scope: 'application',
    online: true,
    schema: { additionalProperties: { type: 'string' } },
    description:
      'What hosts of git remotes are: for an ssh alias the real host, for a server of your own the service it runs, such as `{ "git.example.com": "gitlab" }`.',
  },
  ci: {
    type: 'object',
    default: {},
    scope: 'application',
    online: true,
    schema: {
      additionalProperties: {
        type: 'object',
        properties: {
          service: { type: 'string' },
          url: { type: 'string', format: 'uri' },
          project: { type: 'string' },
        },
        required: ['service', 'url'],
        additionalProperties: false,
      },
    },
    description:
      'The CI service of repositories where the remote does not tell it: by `host/path` of the remote, by the path of the folder, or `*` for all.',
  },
  'local.command': {
    type: ['string', 'array'],
    default: '',
    scope: 'resource',
    restricted: true,
    schema: { items: { type: 'string' } },
    description:
      'How this project checks itself: a line for the shell, or a program with its arguments. Empty: what its files say, such as `npm test`. Its exit code is the verdict where no CI service is asked.',
  },
  'local.run': {
    type: 'string',
    default: 'manual',
    scope: 'resource',
    restricted: true,
    description: 'When Andon runs that by itself.',
    choices: {
      manual:
        'Only by the command **Run Local Check**. What you run yourself, as a task or in a terminal, counts too.',
      onCommit: 'After each commit.',
      onSave: 'After files are saved.',
    },
  },
  'local.task': {
    type: 'string',
    default: '',
    scope: 'resource',
    description: 'Name of the task whose exit code counts. Empty: each task of the group test.',
  },
} as const satisfies Record<string, Setting>;
