import type { Service } from '../service';
import { azurePipelines } from './azure-pipelines';
import { bitbucket } from './bitbucket';
import { buildbot } from './buildbot';
import { cctray } from './cctray';
import { circleci } from './circleci';
import { gitea } from './gitea';
import { github } from './github';
import { gitlab } from './gitlab';
import { jenkins } from './jenkins';

/** Every CI service, one line each, sorted. */
export const services: readonly Service[] = [
  azurePipelines,
  bitbucket,
  buildbot,
  cctray,
  circleci,
  gitea,
  github,
  gitlab,
  jenkins,
];
