import type { RuleMeta } from './rule';

/** What the engine itself reports: no rule of a format, yet a finding like any other. */
export const ownRules = {
  crash: {
    id: 'andon/crash',
    summary: 'A rule failed on this file',
    why: 'The rule said nothing about this file; the others went on.',
    severity: 'info',
  },
  syntax: {
    id: 'andon/syntax',
    summary: 'The file could not be read to its end',
    why: 'What follows the place may be unchecked.',
    severity: 'info',
  },
  configuration: {
    id: 'andon/configuration',
    summary: 'Something in .andon.yaml is not understood',
    why: 'That part of the configuration has no effect.',
    severity: 'warning',
  },
  suppression: {
    id: 'andon/suppression',
    summary: 'An andon-allow comment is unused, past its date or without a reason',
    why: 'A suppression nobody needs hides the next finding on that line.',
    severity: 'info',
  },
} as const satisfies Record<string, Pick<RuleMeta, 'id' | 'summary' | 'why' | 'severity'>>;
