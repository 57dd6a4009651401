import type { Command } from './command';

/** Silence of the guard for some time. */
export const pauseGuard: Command = {
  id: 'andon.guard.pause',
  title: 'Pause Commit Guard',
  palette: 'workspaceFolderCount > 0',
  run: ({ guardSwitch }) => guardSwitch.wanted?.pause(),
};
