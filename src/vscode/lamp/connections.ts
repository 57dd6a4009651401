import { behind } from '../../pipeline/behind';
import type { Project, Service } from '../../pipeline/service';
import { services } from '../../pipeline/services';
import type { Accounts } from './accounts';
import type { Repository } from './repository';

/** A server that is asked, or one that a check names and that could be. */
export interface Connection {
  readonly service: Service;
  readonly project: Project;
  readonly origin: string;
  readonly account: string | undefined;
  /** Named by the page of a check only; nothing is asked there unless the user signs in. */
  readonly named: boolean;
}

/** What is asked about some repositories, or could be, and whose credential goes there. */
export function connectionsOf(
  repositories: readonly Repository[],
  accounts: Accounts,
): Promise<readonly Connection[]> {
  const found = new Map<string, Omit<Connection, 'account'>>();
  const add = (service: Service, project: Project, named: boolean) => {
    const { origin } = new URL(project.api);
    // Of what a check names there is one for each job; the server is what one signs in to.
    const known = named && [...found.values()].some((each) => each.origin === origin);
    if (!known) found.set(`${origin} ${project.slug}`, { service, project, origin, named });
  };
  const subjects = repositories.flatMap((repository) =>
    (['line', 'commit'] as const).map((which) => [repository, which] as const),
  );
  for (const [repository, which] of subjects) {
    const target = repository.target(which);
    if (target) add(target.service, target.project, false);
  }
  for (const [repository, which] of subjects) {
    for (const check of repository.state?.[which]?.checks ?? []) {
      const other = repository.target(which) && behind(check, services);
      if (other) add(other.service, other.project, true);
    }
  }
  return Promise.all(
    [...found.values()].map(async (each) => ({
      ...each,
      account: (await accounts.credential(each.origin))?.account,
    })),
  );
}
