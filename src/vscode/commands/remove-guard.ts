import type { Command } from './command';

/** Takes the hook out again; what was there before is put back. */
export const removeGuard: Command = {
  id: 'andon.guard.remove',
  title: 'Remove Commit Guard',
  palette: 'workspaceFolderCount > 0',
  run: ({ guardSwitch }) => guardSwitch.wanted?.remove(),
};
