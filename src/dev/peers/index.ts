import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';
import { kubeLinter } from './kube-linter';
import { kubeScore } from './kube-score';
import type { Peer } from './peer';
import { polaris } from './polaris';

export const peersWithCases: readonly Peer[] = [cfnLint, checkov, kubeLinter, kubeScore, polaris];
