import type { Place } from '../text/place';
import type { Located } from '../text/range';

/** What a part of the delivery is. */
export type PartKind =
  /** A file of a CI system; its events start it. */
  | 'pipeline'
  | 'job'
  /** A make target, an npm script and the like. */
  | 'task'
  | 'script'
  /** What an image is built from: a Dockerfile. */
  | 'recipe'
  /** What runs a container: a Compose service, a pod of a manifest. */
  | 'workload'
  /** A Terraform root or child module: a folder. */
  | 'module'
  | 'playbook'
  | 'chart'
  /** What a machine image is built from: a Packer template. */
  | 'template'
  /** What a cloud makes and changes as one: a CloudFormation template. */
  | 'stack'
  /** A machine set up at its first boot by what is written for it: user data of cloud-init. */
  | 'machine'
  /** What brings a machine to a state: a Chef recipe, a Puppet manifest. */
  | 'configuration'
  /** What stands on a developer's own machine: a Vagrantfile, a Tiltfile, a dev container. */
  | 'development'
  /** Checks that run before a commit. */
  | 'hooks';

/** What a part does with another one. */
export type Verb =
  /** It starts after it. */
  | 'follows'
  | 'runs'
  | 'builds'
  | 'publishes'
  | 'uses'
  | 'tests'
  | 'lints'
  | 'scans'
  | 'deploys'
  | 'migrates'
  | 'notifies';

/**
 * What a link leads to. `file`: a path relative to the workspace, with `/`, of a file or a folder; `` is all of the
 * workspace. `image`: a name without tag. `task`: `make:folder/:name`. `job`: in the same file. `pipeline`: a name.
 */
export interface Target {
  readonly kind: 'file' | 'image' | 'task' | 'job' | 'pipeline';
  readonly key: string;
}

export interface Link {
  readonly verb: Verb;
  readonly to: Target;
  /** The program that does it, such as `terraform`; decides which files of a folder are meant. */
  readonly tool?: string;
  /** The image that is built. */
  readonly as?: string;
}

/** Something that stands on the way from a commit to where it runs. Plain data: it crosses threads. */
export interface Part extends Located {
  readonly kind: PartKind;
  /** Unique among the parts of its kind in the file; `` for the file as a whole. */
  readonly name: string;
  /** What people call it, where that is another word. */
  readonly title?: string;
  readonly links: readonly Link[];
  /** What starts a pipeline: `push`, `pull_request`, `schedule`, `manual`, … */
  readonly events?: readonly string[];
}

/** A part with its place in the file as people count. */
export type PlacedPart = Part & Place;
