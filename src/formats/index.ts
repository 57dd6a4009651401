import type { Format } from '../engine/format';
import { alertmanager } from './alertmanager';
import { ansible } from './ansible';
import { ansibleRequirements } from './ansible-requirements';
import { compose } from './compose';
import { dockerfile } from './dockerfile';
import { dotenv } from './dotenv';
import { flags } from './flags';
import { githubActions } from './github-actions';
import { gitlabCi } from './gitlab-ci';
import { grafana } from './grafana';
import { helmValues } from './helm-values';
import { image } from './image';
import { kubernetes } from './kubernetes';
import { kustomization } from './kustomization';
import { prometheus } from './prometheus';
import { shell } from './shell';
import { skaffold } from './skaffold';
import { terraform } from './terraform';

/** Every format, one line each, sorted. Their order decides nothing. */
export const formats: readonly Format<any, any>[] = [
  //
  alertmanager,
  ansible,
  ansibleRequirements,
  compose,
  dockerfile,
  dotenv,
  flags,
  githubActions,
  gitlabCi,
  grafana,
  helmValues,
  image,
  kubernetes,
  kustomization,
  prometheus,
  shell,
  skaffold,
  terraform,
];
