import type { Fact } from '../engine/fact';
import type { Link } from '../engine/part';
import type { Source } from '../text/source';
import { linksOf } from './delivery';
import { embedShell, type ShellDocument } from './shell';

/**
 * What commands do that a file hands to a shell, where nothing of them is shown at its place: the text alone matters.
 * `directory`: where they run, from the workspace on; its root if left out.
 */
export function linksOfCommands(source: Source, text: string, directory?: string): readonly Link[] {
  return text.trim() === '' ? [] : linksOf(commandsOf(source, text, directory));
}

/** What such commands tell the rest of the workspace. */
export function factsOfCommands(source: Source, text: string): readonly Fact[] {
  return text.trim() === '' ? [] : (commandsOf(source, text).facts ?? []);
}

function commandsOf(source: Source, text: string, directory?: string): ShellDocument {
  const piece = source.derive().insert(text).build();
  const facts = {
    dialect: 'sh',
    stopsOnError: true,
    pipefail: false,
    machine: undefined,
    use: 'script',
    ...(directory !== undefined && { directory }),
  } as const;
  return embedShell(piece, facts, { range: [0, 0] }).parse();
}
