import { ansibleLint } from './ansible-lint';
import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';
import { cookstyle } from './cookstyle';
import { dashboardLinter } from './dashboard-linter';
import { dclint } from './dclint';
import { glsec } from './glsec';
import { hadolint } from './hadolint';
import { kubeLinter } from './kube-linter';
import { kubeScore } from './kube-score';
import type { Peer } from './peer';
import { pint } from './pint';
import { polaris } from './polaris';
import { puppetLintExecIdempotency, puppetLintPackageEnsure } from './puppet-lint-plugins';
import { tflint } from './tflint';
import { trivy } from './trivy';
import { zizmor } from './zizmor';

/** Tools whose labelled cases Andon is asked, one line each, sorted by name. */
export const peersWithCases: readonly Peer[] = [
  //
  ansibleLint,
  cfnLint,
  checkov,
  cookstyle,
  dashboardLinter,
  dclint,
  glsec,
  hadolint,
  kubeLinter,
  kubeScore,
  pint,
  polaris,
  puppetLintExecIdempotency,
  puppetLintPackageEnsure,
  tflint,
  trivy,
  zizmor,
];
