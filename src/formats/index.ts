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
import { helmValues } from './helm-values';
import { image } from './image';
import { kubernetes } from './kubernetes';
import { kustomization } from './kustomization';
import { packer } from './packer';
import { shell } from './shell';
import { skaffold } from './skaffold';
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
  helmValues,
  image,
  kubernetes,
  kustomization,
  packer,
  shell,
  skaffold,
  terraform,
];
