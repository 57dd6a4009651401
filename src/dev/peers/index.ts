import { ansibleLint } from './ansible-lint';
import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';
import { glsec } from './glsec';
import { hadolint } from './hadolint';
import { kubeLinter } from './kube-linter';
import { kubeScore } from './kube-score';
import type { Peer } from './peer';
import { polaris } from './polaris';
import { zizmor } from './zizmor';

/** Tools whose labelled cases Andon is asked, one line each, sorted by name. */
export const peersWithCases: readonly Peer[] = [
  //
  ansibleLint,
  cfnLint,
  checkov,
  glsec,
  hadolint,
  kubeLinter,
  kubeScore,
  polaris,
  zizmor,
];
