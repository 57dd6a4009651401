import type * as vscode from 'vscode';
import type { Background } from './background';
import type { Checker } from './checker';
import type { Diagnostics } from './diagnostics';
import type { Documents } from './documents';
import type { FindingsView } from './findings-view';
import type { GuardSwitch } from './guard-switch';
import type { LampSwitch } from './lamp-switch';
import type { ProveSwitch } from './prove-switch';
import type { RuleText } from './rule-catalog';
import type { Shown } from './shown';

/** The parts of the extension, as commands and providers get them. */
export interface Andon {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly shown: Shown;
  readonly checker: Checker;
  readonly documents: Documents;
  readonly background: Background;
  readonly diagnostics: Diagnostics;
  readonly view: FindingsView;
  readonly lampSwitch: LampSwitch;
  readonly guardSwitch: GuardSwitch;
  readonly proveSwitch: ProveSwitch;
  /** All rules by id. */
  readonly rules: ReadonlyMap<string, RuleText>;
}
