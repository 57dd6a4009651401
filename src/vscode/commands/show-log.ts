import type { Command } from './command';

/** Shows what Andon did and what went wrong; the level is set in that panel. */
export const showLog: Command = {
  id: 'andon.showLog',
  title: 'Show Log',
  run({ log }) {
    log.show();
  },
};
