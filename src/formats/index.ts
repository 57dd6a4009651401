import type { Format } from '../engine/format';
import { alertmanager } from './alertmanager';
import { ansible } from './ansible';
import { ansibleRequirements } from './ansible-requirements';
import { azurePipelines } from './azure-pipelines';
import { bake } from './bake';
import { bitbucketPipelines } from './bitbucket-pipelines';
import { buildspec } from './buildspec';
import { chef } from './chef';
import { circleci } from './circleci';
import { cloudInit } from './cloud-init';
import { cloudFormation } from './cloudformation';
import { compose } from './compose';
import { dependabot } from './dependabot';
import { devcontainer } from './devcontainer';
import { dockerfile } from './dockerfile';
import { dotenv } from './dotenv';
import { flags } from './flags';
import { githubActions } from './github-actions';
import { gitignore } from './gitignore';
import { gitlabCi } from './gitlab-ci';
import { grafana } from './grafana';
import { helmValues } from './helm-values';
import { image } from './image';
import { jenkins } from './jenkins';
import { justfile } from './justfile';
import { keptFiles } from './kept-files';
import { kubernetes } from './kubernetes';
import { kustomization } from './kustomization';
import { makefile } from './makefile';
import { packageJson } from './package-json';
import { packer } from './packer';
import { preCommit } from './pre-commit';
import { prometheus } from './prometheus';
import { puppet } from './puppet';
import { puppetfile } from './puppetfile';
import { shell } from './shell';
import { skaffold } from './skaffold';
import { taskfile } from './taskfile';
import { terraform } from './terraform';
import { tiltfile } from './tiltfile';
import { vagrant } from './vagrant';

/** Every format, one line each, sorted. Their order decides nothing. */
export const formats: readonly Format<any, any>[] = [
  //
  alertmanager,
  ansible,
  ansibleRequirements,
  azurePipelines,
  bake,
  bitbucketPipelines,
  buildspec,
  chef,
  circleci,
  cloudInit,
  cloudFormation,
  compose,
  dependabot,
  devcontainer,
  dockerfile,
  dotenv,
  flags,
  githubActions,
  gitignore,
  gitlabCi,
  grafana,
  helmValues,
  image,
  jenkins,
  justfile,
  keptFiles,
  kubernetes,
  kustomization,
  makefile,
  packageJson,
  packer,
  preCommit,
  prometheus,
  puppet,
  puppetfile,
  shell,
  skaffold,
  taskfile,
  terraform,
  tiltfile,
  vagrant,
];
