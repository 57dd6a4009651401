import { followGitPath } from '../git-path';
import type { GuardParts } from '../guard-switch';
import { Guard } from './guard';

/** The entry of the bundle: a guard for this window, which follows its repositories from now on. */
export function startGuard(parts: GuardParts): Guard {
  parts.extension.subscriptions.push(followGitPath());
  const guard = new Guard(parts);
  guard.start();
  return guard;
}
