import type { Link, Part } from '../engine/part';
import type { Call } from '../syntax/groovy';
import { linksOf, pathIn, toFile, unique } from './delivery';
import { imageName } from './image';
import { callsIn, type Pipeline, type Step, textIn } from './jenkins-model';

/** A Jenkins pipeline and its stages, each as a job that follows the one before. */
export function jenkinsParts({ path, stages, steps, call, agents }: Pipeline): readonly Part[] {
  // A file of a shared library is run by pipelines elsewhere.
  const shared = /(?:^|\/)vars\//.test(path);
  const parts: Part[] = [
    {
      kind: shared ? 'task' : 'pipeline',
      name: '',
      ...(!shared && { events: ['push'] }),
      links: unique([...(stages.length === 0 ? stepLinks(steps) : []), ...agents.map(agentLink)]),
      range: call ? [call.range[0], call.range[0] + 'pipeline'.length] : [0, 0],
    },
  ];
  let before: string | undefined;
  const seen = new Set<string>();
  for (const { name, steps: own, call: stage } of stages) {
    // Stages around others only group them.
    if (name === undefined || own.length === 0 || seen.has(name)) continue;
    seen.add(name);
    const follows: Link[] =
      before === undefined ? [] : [{ verb: 'follows', to: { kind: 'job', key: before } }];
    parts.push({
      kind: 'job',
      name,
      links: unique([...follows, ...stepLinks(own)]),
      range: [stage.range[0], stage.range[0] + 'stage'.length],
    });
    before = name;
  }
  return parts;
}

/** https://www.jenkins.io/doc/book/pipeline/syntax/#agent-parameters: the Dockerfile an agent is built from. */
function agentLink(agent: Call): Link {
  const setting = (name: string) =>
    textIn(
      agent.named(name) ??
        callsIn(agent.block?.body ?? []).find((each) => each.name === name)?.first,
    );
  const path = pathIn(setting('dir') ?? '', setting('filename') ?? 'Dockerfile');
  return toFile('builds', path ?? '', 'docker');
}

const stepLinks = (steps: readonly Step[]): readonly Link[] =>
  unique(
    steps.flatMap((step) => [
      ...(step.embedded ? linksOf(step.embedded.parse()) : []),
      ...imageLinks(step),
    ]),
  );

/** `docker.build('name', '-f ci/Dockerfile web')` (https://www.jenkins.io/doc/book/pipeline/docker/#building-containers). */
function* imageLinks({ name, call, within }: Step): Iterable<Link> {
  const { receiver } = call;
  if (name !== 'build' || receiver?.kind !== 'reference' || receiver.name !== 'docker') return;
  // A node is taken to stand where the repository is checked out.
  const folders = within.filter((each) => each.name === 'dir').map((each) => textIn(each.first));
  const directory = folders.includes(undefined) ? undefined : folders.toReversed().join('/');
  const image = textIn(call.first);
  const as = image === undefined ? {} : { as: imageName(image) };
  const [, second] = call.args;
  const given = second === undefined ? '.' : textIn(second.value);
  const words = given?.trim().split(/\s+/);
  const file = named(words);
  const context = words?.at(-1);
  const path =
    directory === undefined || context === undefined
      ? undefined
      : file !== undefined
        ? pathIn(directory, file)
        : pathIn(directory, `${context}/Dockerfile`);
  // A path only the run knows may be any.
  yield { ...toFile('builds', path ?? '', 'docker'), ...as };
}

/** The value of `-f` among words. */
function named(words: readonly string[] | undefined): string | undefined {
  const at = words?.findIndex((each) => each === '-f' || each === '--file') ?? -1;
  return at < 0 ? words?.find((each) => each.startsWith('--file='))?.slice(7) : words![at + 1];
}
