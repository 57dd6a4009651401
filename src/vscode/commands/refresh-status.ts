import { withLamp } from '../lamp-command';
import type { Command } from './command';

/** Asks the CI service now. */
export const refreshStatus: Command = {
  id: 'andon.refreshStatus',
  title: 'Refresh State of the Line',
  icon: '$(refresh)',
  menus: { 'view/title': { when: 'view == andon.pipeline', group: 'navigation@1' } },
  run: withLamp((lamp) => lamp.refresh()),
};
