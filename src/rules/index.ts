import type { Rule } from '../engine/rule';
import ansibleCommandAlwaysChanged from './ansible/command-always-changed';
import ansibleFailureSwallowed from './ansible/failure-swallowed';
import ansiblePackageLatest from './ansible/package-latest';
import ansibleRestartEveryRun from './ansible/restart-every-run';
import dockerfileArgFloatingBase from './dockerfile/arg-floating-base';
import dockerfileFromFloatingTag from './dockerfile/from-floating-tag';
import dockerfileHeredocNoErrexit from './dockerfile/heredoc-no-errexit';
import githubActionsContinueOnError from './github-actions/continue-on-error';
import shellCurlNoFail from './shell/curl-no-fail';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
  ansibleCommandAlwaysChanged,
  ansibleFailureSwallowed,
  ansiblePackageLatest,
  ansibleRestartEveryRun,
  dockerfileArgFloatingBase,
  dockerfileFromFloatingTag,
  dockerfileHeredocNoErrexit,
  githubActionsContinueOnError,
  shellCurlNoFail,
];
