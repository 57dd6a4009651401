import type { Command } from './command';

/** Narrows the Findings view to the file in the active editor. */
export const showThisFileOnly: Command = {
  id: 'andon.showThisFileOnly',
  title: 'Show Findings of This File Only',
  icon: '$(file)',
  palette: '!andon.thisFileOnly',
  menus: {
    'view/title': { when: 'view == andon.findings && !andon.thisFileOnly', group: 'navigation@3' },
  },
  run: ({ view }) => view.setThisFileOnly(true),
};

/** Widens it to all files again. */
export const showAllFiles: Command = {
  id: 'andon.showAllFiles',
  title: 'Show Findings of All Files',
  icon: '$(files)',
  palette: 'andon.thisFileOnly',
  menus: {
    'view/title': { when: 'view == andon.findings && andon.thisFileOnly', group: 'navigation@3' },
  },
  run: ({ view }) => view.setThisFileOnly(false),
};
