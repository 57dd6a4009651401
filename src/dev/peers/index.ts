import { dclint } from './dclint';
import { kubeLinter } from './kube-linter';
import type { Peer } from './peer';
import { pint } from './pint';
import { tflint } from './tflint';

export const peersWithCases: readonly Peer[] = [dclint, kubeLinter, pint, tflint];
