import type { Rule } from '../engine/rule';
import dockerfileArgFloatingBase from './dockerfile/arg-floating-base';
import dockerfileFromFloatingTag from './dockerfile/from-floating-tag';
import dockerfileHeredocNoErrexit from './dockerfile/heredoc-no-errexit';
import githubActionsContinueOnError from './github-actions/continue-on-error';
import shellCurlNoFail from './shell/curl-no-fail';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
  dockerfileArgFloatingBase,
  dockerfileFromFloatingTag,
  dockerfileHeredocNoErrexit,
  githubActionsContinueOnError,
  shellCurlNoFail,
];
