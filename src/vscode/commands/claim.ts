import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** "I am fixing it": said on this machine, until it is green or two hours have passed. */
export const claim: Command = {
  id: 'andon.claim',
  title: 'I Am Fixing the Line',
  palette: 'andon.lineFailing && !andon.claimed',
  run: withLamp((lamp) => lamp.claim(true)),
};

/** Takes it back. */
export const releaseClaim: Command = {
  id: 'andon.releaseClaim',
  title: 'I Am No Longer Fixing the Line',
  palette: 'andon.claimed',
  run: withLamp((lamp) => lamp.claim(false)),
};
