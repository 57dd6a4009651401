import type { Andon } from '../andon';

/** A command: one file each. The manifest is made of these. */
export interface Command {
  readonly id: `andon.${string}`;
  /** As in the palette, where "Andon: " stands before it. */
  readonly title: string;
  /** A codicon such as `$(refresh)`, where the command is a button. */
  readonly icon?: `$(${string})`;
  /** When the palette offers it; `false`: never, as it needs an argument that only its other places give. */
  readonly palette?: string | false;
  /** Other places that offer it, by the menu's name in the manifest. */
  readonly menus?: Readonly<Record<string, { readonly when: string; readonly group: string }>>;
  run(andon: Andon, ...args: readonly unknown[]): unknown;
}
