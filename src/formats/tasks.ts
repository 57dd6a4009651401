import type { Document } from '../engine/format';
import type { Link, Part } from '../engine/part';
import type { Range } from '../text/range';
import type { Source } from '../text/source';
import { factsOfCommands, linksOfCommands } from './command-links';
import { unique } from './delivery';

/** A task of a file that lists tasks: what make, npm and their like run by name. */
export interface Task {
  readonly name: string;
  readonly range: Range;
  /** Lines of shell, each run by itself; what only the run knows is masked with underscores. */
  readonly commands: readonly string[];
  /** Tasks of the same file that run before it. */
  readonly before: readonly string[];
}

/** A file of tasks as callers: what each of them runs, and nothing that rules visit. */
export function taskDocument(
  source: Source,
  runner: string,
  tasks: readonly Task[],
): Document<Record<never, never>> {
  const folder = source.path.replace(/\/?[^/]*$/, '');
  return {
    source,
    problems: [],
    embedded: [],
    get facts() {
      return tasks.flatMap(({ commands }) =>
        commands.flatMap((text) => factsOfCommands(source, text)),
      );
    },
    get parts() {
      return tasks.map((task): Part => taskPart(source, runner, folder, task));
    },
    walk: () => [],
  };
}

function taskPart(source: Source, runner: string, folder: string, task: Task): Part {
  const links: Link[] = task.before.map((name) => ({
    verb: 'runs',
    to: { kind: 'task', key: `${runner}:${folder}:${name}` },
  }));
  for (const text of task.commands) {
    links.push(...linksOfCommands(source, text, folder));
  }
  return { kind: 'task', name: task.name, links: unique(links), range: task.range };
}
