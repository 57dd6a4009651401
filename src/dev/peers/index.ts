import { kubeLinter } from './kube-linter';
import type { Peer } from './peer';

export const peersWithCases: readonly Peer[] = [kubeLinter];
