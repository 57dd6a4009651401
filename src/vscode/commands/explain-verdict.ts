import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Tells everything the verdict stands on. */
export const explainVerdict: Command = {
  id: 'andon.explainVerdict',
  title: 'Explain State of the Line',
  menus: { 'view/title': { when: 'view == andon.pipeline', group: '2_explain@1' } },
  run: withLamp((lamp) => lamp.explain()),
};
