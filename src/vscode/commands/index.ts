import { allowHere, allowInFile } from './allow';
import { answerGuard } from './answer-guard';
import { checkFile } from './check-file';
import { checkWorkspace } from './check-workspace';
import { claimFix } from './claim-fix';
import { collectDiagnostics } from './collect-diagnostics';
import type { Command } from './command';
import { createBaseline } from './create-baseline';
import { disable, enable } from './enablement';
import { explainRule } from './explain-rule';
import { changeFilter, filterFindings } from './filter-findings';
import { fix } from './fix';
import { fixAll } from './fix-all';
import { focusFindings } from './focus-findings';
import { installGuard } from './install-guard';
import { openConfiguration } from './open-configuration';
import { pauseGuard } from './pause-guard';
import { proveIdempotency, showProofDifference } from './prove-idempotency';
import { removeGuard } from './remove-guard';
import { revertRed } from './revert-red';
import { showLog } from './show-log';
import { showAllFiles, showThisFileOnly } from './this-file-only';
import { turnRuleOff } from './turn-rule-off';

/** Every command, one line each, sorted. */
export const commands: readonly Command[] = [
  allowHere,
  allowInFile,
  answerGuard,
  changeFilter,
  checkFile,
  checkWorkspace,
  claimFix,
  collectDiagnostics,
  createBaseline,
  disable,
  enable,
  explainRule,
  filterFindings,
  fix,
  fixAll,
  focusFindings,
  installGuard,
  openConfiguration,
  pauseGuard,
  proveIdempotency,
  removeGuard,
  revertRed,
  showAllFiles,
  showLog,
  showProofDifference,
  showThisFileOnly,
  turnRuleOff,
];
