import type { Format } from '../engine/format';
import { ansible } from './ansible';
import { ansibleRequirements } from './ansible-requirements';
import { compose } from './compose';
import { dockerfile } from './dockerfile';
import { dotenv } from './dotenv';
import { githubActions } from './github-actions';
import { gitlabCi } from './gitlab-ci';
import { helmValues } from './helm-values';
import { image } from './image';
import { justfile } from './justfile';
import { kubernetes } from './kubernetes';
import { kustomization } from './kustomization';
import { makefile } from './makefile';
import { packageJson } from './package-json';
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
  compose,
  dockerfile,
  dotenv,
  githubActions,
  gitlabCi,
  helmValues,
  image,
  justfile,
  kubernetes,
  kustomization,
  makefile,
  packageJson,
  preCommit,
  shell,
  skaffold,
  taskfile,
  terraform,
];
