import { allowHere, allowInFile } from './allow';
import { checkFile } from './check-file';
import { checkWorkspace } from './check-workspace';
import { collectDiagnostics } from './collect-diagnostics';
import type { Command } from './command';
import { createBaseline } from './create-baseline';
import { disable, enable } from './enablement';
import { explainRule } from './explain-rule';
import { changeFilter, filterFindings } from './filter-findings';
import { fix } from './fix';
import { fixAll } from './fix-all';
import { focusFindings } from './focus-findings';
import { openConfiguration } from './open-configuration';
import { proveIdempotency, showProofDifference } from './prove-idempotency';
import { showLog } from './show-log';
import { showAllFiles, showThisFileOnly } from './this-file-only';
import { turnRuleOff } from './turn-rule-off';

/** Every command, one line each, sorted. */
export const commands: readonly Command[] = [
  allowHere,
  allowInFile,
  changeFilter,
  checkFile,
  checkWorkspace,
  collectDiagnostics,
  createBaseline,
  disable,
  enable,
  explainRule,
  filterFindings,
  fix,
  fixAll,
  focusFindings,
  openConfiguration,
  proveIdempotency,
  showAllFiles,
  showLog,
  showProofDifference,
  showThisFileOnly,
  turnRuleOff,
];
