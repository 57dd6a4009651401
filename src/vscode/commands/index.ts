import { allowHere, allowInFile } from './allow';
import { checkFile } from './check-file';
import { checkWorkspace } from './check-workspace';
import { claim, releaseClaim } from './claim';
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
import { mute, unmute } from './mute';
import { openConfiguration } from './open-configuration';
import { openFailingJob } from './open-failing-job';
import { proveIdempotency, showProofDifference } from './prove-idempotency';
import { refreshStatus } from './refresh-status';
import { rerunFailed } from './rerun-failed';
import { runLocalCheck } from './run-local-check';
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
  changeFilter,
  checkFile,
  checkWorkspace,
  claim,
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
  mute,
  openConfiguration,
  openFailingJob,
  proveIdempotency,
  refreshStatus,
  releaseClaim,
  rerunFailed,
  runLocalCheck,
  showAllFiles,
  showConnections,
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
