import { followGitPath } from '../git-path';
import type { LampParts } from '../lamp-switch';
import { Lamp } from './lamp';

/** The entry of dist/lamp.js, which is loaded where a git checkout is open. */
export function startLamp(parts: LampParts): Lamp {
  parts.extension.subscriptions.push(followGitPath());
  return new Lamp(parts);
}
