import type { Project, Service } from './service';
import type { Check } from './status';

/** A check with whom to ask about it. */
export interface Source {
  readonly service: Service;
  readonly project: Project;
  readonly check: Check;
}

/**
 * The server that ran a check another service only tells of, as far as the address of its page says: Jenkins, CircleCI
 * and others leave it with their commit statuses. Nothing is asked for this; whether that server may be asked is for the
 * user to say, as anybody who may write a status can name any server in it.
 */
export function behind(check: Check, services: readonly Service[]): Source | undefined {
  const { url, log, inside, rerun } = check;
  const known = log !== undefined || inside !== undefined || check.parts !== undefined;
  if (known || url === undefined || !URL.canParse(url)) return undefined;
  const page = new URL(url);
  for (const service of services) {
    const found = service.atPage?.(page);
    if (!found) continue;
    return { service, project: found.project, check: { ...check, ...found.check, rerun } };
  }
  return undefined;
}
