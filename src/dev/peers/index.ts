import { cookstyle } from './cookstyle';
import { dashboardLinter } from './dashboard-linter';
import { dclint } from './dclint';
import { kubeLinter } from './kube-linter';
import type { Peer } from './peer';
import { pint } from './pint';
import { puppetLintExecIdempotency, puppetLintPackageEnsure } from './puppet-lint-plugins';
import { tflint } from './tflint';
import { trivy } from './trivy';

export const peersWithCases: readonly Peer[] = [
  cookstyle,
  dashboardLinter,
  dclint,
  kubeLinter,
  pint,
  puppetLintExecIdempotency,
  puppetLintPackageEnsure,
  tflint,
  trivy,
];
