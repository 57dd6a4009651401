import type { Command } from './command';

/** Has git ask before a commit while the build is red. Shows first what will be changed. */
export const installGuard: Command = {
  id: 'andon.guard.install',
  title: 'Install Commit Guard',
  palette: 'workspaceFolderCount > 0',
  run: ({ guardSwitch }) => guardSwitch.wanted?.install(),
};
