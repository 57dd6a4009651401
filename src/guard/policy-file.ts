import { readKeyedLines, readSeconds, writeKeyedLines } from './keyed-lines';
import { type GuardMode, guardModes } from './status-file';

/** What was chosen when the hook was installed; lies beside the status file, where the hook reads it. */
export const policyPath = 'andon/guard';

/** Until when the guard is silent; lies beside it. */
export const pausePath = 'andon/pause';

/** When the hook last spoke of a red that lasts for days; lies beside it too. */
export const toldPath = 'andon/told';

/** When a commit box last did. Apart, as a squiggle asks for no answer and is no reason for the hook not to ask. */
export const boxToldPath = 'andon/told-box';

/** Which branches the guard speaks on: the shared line, or each branch whose own build is red. */
export type GuardBranches = (typeof guardBranches)[number];

export const guardBranches = ['line', 'every'] as const;

/** How the guard of one repository behaves. */
export interface GuardPolicy {
  /** Undefined: as the status file wants, else to ask. */
  readonly mode?: GuardMode | undefined;
  readonly branches: GuardBranches;
  /** Beginnings of messages that repair, besides those Andon knows. */
  readonly fixWords: readonly string[];
}

export const defaultPolicy: GuardPolicy = { branches: 'line', fixWords: [] };

/** Reads a policy file; what it does not say, or says wrongly, is as by default. Never throws. */
export function parsePolicy(text: string): GuardPolicy {
  const values = readKeyedLines('andon-guard', text);
  return {
    mode: guardModes.find((each) => each === values?.get('mode')),
    branches: guardBranches.find((each) => each === values?.get('branches')) ?? 'line',
    fixWords: (values?.get('fix') ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  };
}

/** The text of a policy file. Words with a comma in them cannot be kept and are left out; case does not count. */
export function serialisePolicy({ mode, branches, fixWords }: GuardPolicy): string {
  const words = fixWords
    .map((word) => word.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
    .filter((word) => word && !word.includes(','));
  return writeKeyedLines('andon-guard', [
    ['mode', mode],
    ['branches', branches],
    ['fix', words.join(',')],
  ]);
}

/** Until when a pause lasts, in seconds since 1970; undefined if the text is no pause file. */
export function parsePause(text: string): number | undefined {
  return readSeconds(readKeyedLines('andon-pause', text)?.get('until'));
}

/** When that was, in seconds since 1970; undefined if the text is no such file. */
export function parseTold(text: string): number | undefined {
  return readSeconds(readKeyedLines('andon-told', text)?.get('at'));
}

/** The text of such a file. */
export function serialiseTold(at: number): string {
  return writeKeyedLines('andon-told', [['at', Math.floor(at)]]);
}

/** The text of a pause file. */
export function serialisePause(until: number): string {
  return writeKeyedLines('andon-pause', [['until', Math.floor(until)]]);
}
