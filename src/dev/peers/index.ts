import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';
import { ansibleLint } from './ansible-lint';
import { glsec } from './glsec';
import { hadolint } from './hadolint';
import { kubeLinter } from './kube-linter';
import { kubeScore } from './kube-score';
import type { Peer } from './peer';
import { polaris } from './polaris';

export const peersWithCases: readonly Peer[] = [cfnLint, checkov, kubeLinter, kubeScore, polaris];
import { zizmor } from './zizmor';

export const peersWithCases: readonly Peer[] = [ansibleLint, glsec, hadolint, kubeLinter, zizmor];
