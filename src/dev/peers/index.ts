import { ansibleLint } from './ansible-lint';
import { glsec } from './glsec';
import { hadolint } from './hadolint';
import { kubeLinter } from './kube-linter';
import type { Peer } from './peer';
import { zizmor } from './zizmor';

export const peersWithCases: readonly Peer[] = [ansibleLint, glsec, hadolint, kubeLinter, zizmor];
