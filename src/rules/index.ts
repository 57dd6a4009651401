import type { Rule } from '../engine/rule';
import githubActionsContinueOnError from './github-actions/continue-on-error';
import shellCurlNoFail from './shell/curl-no-fail';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
  githubActionsContinueOnError,
  shellCurlNoFail,
];
