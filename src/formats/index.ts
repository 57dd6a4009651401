import type { Format } from '../engine/format';
import { ansible } from './ansible';
import { ansibleRequirements } from './ansible-requirements';
import { buildspec } from './buildspec';
import { cloudInit } from './cloud-init';
import { cloudFormation } from './cloudformation';
import { compose } from './compose';
import { dockerfile } from './dockerfile';
import { dotenv } from './dotenv';
import { githubActions } from './github-actions';
import { gitignore } from './gitignore';
import { gitlabCi } from './gitlab-ci';
import { helmValues } from './helm-values';
import { image } from './image';
import { justfile } from './justfile';
import { kubernetes } from './kubernetes';
import { kustomization } from './kustomization';
import { makefile } from './makefile';
import { packageJson } from './package-json';
import { packer } from './packer';
import { preCommit } from './pre-commit';
import { shell } from './shell';
import { skaffold } from './skaffold';
import { taskfile } from './taskfile';
import { terraform } from './terraform';

/** Every format, one line each, sorted. Their order decides nothing. */
export const formats: readonly Format<any, any>[] = [
  //
  ansible,
  ansibleRequirements,
  buildspec,
  cloudInit,
  cloudFormation,
  compose,
  dockerfile,
  dotenv,
  githubActions,
  gitignore,
  gitlabCi,
  helmValues,
  image,
  justfile,
  kubernetes,
  kustomization,
  makefile,
  packageJson,
  packer,
  preCommit,
  shell,
  skaffold,
  taskfile,
  terraform,
];
