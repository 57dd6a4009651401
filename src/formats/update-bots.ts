import type { FactName } from '../engine/fact';

/** Where Renovate looks for its configuration (https://docs.renovatebot.com/configuration-options/), and others for theirs. */
const files = [
  'renovate.json',
  'renovate.json5',
  '.github/renovate.json',
  '.github/renovate.json5',
  '.gitlab/renovate.json',
  '.gitlab/renovate.json5',
  '.renovaterc',
  '.renovaterc.json',
  '.renovaterc.json5',
  // https://www.updatecli.io/docs/core/configuration/
  'updatecli.yaml',
  'updatecli.yml',
  // https://pyup.io/docs/bot/config/
  '.pyup.yml',
];

/** https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference */
export const dependabotFiles: readonly string[] = [
  '.github/dependabot.yml',
  '.github/dependabot.yaml',
];

/** Stated where something in the repository looks for newer versions by itself; `repository` with a slash at its end. */
export const keptUpToDate = (repository: string): FactName => ({
  kind: 'updates/bot',
  key: repository,
});

/** Whatever says that a bot other than Dependabot looks after a repository. */
export const otherBots = (repository: string): readonly FactName[] => [
  keptUpToDate(repository),
  ...files.map((file) => ({ kind: 'file', key: `${repository}${file}` })),
];
