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
import { explainVerdict } from './explain-verdict';
import { changeFilter, filterFindings } from './filter-findings';
import { fix } from './fix';
import { fixAll } from './fix-all';
import { focusFindings } from './focus-findings';
import { focusPipeline } from './focus-pipeline';
import { installGuard } from './install-guard';
import { mute, unmute } from './mute';
import { openConfiguration } from './open-configuration';
import { openFailingJob } from './open-failing-job';
import { pauseGuard } from './pause-guard';
import { proveIdempotency, showProofDifference } from './prove-idempotency';
import { refreshStatus } from './refresh-status';
import { removeGuard } from './remove-guard';
import { rerunFailed } from './rerun-failed';
import { revertRed } from './revert-red';
import { runLocalCheck } from './run-local-check';
import { showDeliveryMap } from './show-delivery-map';
import { showFailingLog } from './show-failing-log';
import { showLog } from './show-log';
import { showStatus } from './show-status';
import { showConnections, signIn, signOut } from './sign-in';
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
  explainVerdict,
  filterFindings,
  fix,
  fixAll,
  focusFindings,
  focusPipeline,
  installGuard,
  mute,
  openConfiguration,
  openFailingJob,
  pauseGuard,
  proveIdempotency,
  refreshStatus,
  removeGuard,
  rerunFailed,
  revertRed,
  runLocalCheck,
  showAllFiles,
  showConnections,
  showDeliveryMap,
  showFailingLog,
  showLog,
  showProofDifference,
  showStatus,
  showThisFileOnly,
  signIn,
  signOut,
  turnRuleOff,
  unmute,
];
