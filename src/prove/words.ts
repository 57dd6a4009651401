import type { Aspect, Change } from './compare';
import type { ObstacleKind } from './obstacle';
import type { Doubt, Run, Verdict } from './proof';
import type { Entry } from './snapshot';

/** A verdict in a few words, to stand behind the name of the script. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  idempotent: 'idempotent: run again it changed nothing',
  'fails-on-rerun': 'not idempotent: it fails when run again',
  'changes-on-rerun': 'not idempotent: run again it changed something',
  'cannot-tell': 'cannot tell',
};

const obstacleWords: Readonly<Record<ObstacleKind, string>> = {
  network: 'it needs the network, which the sandbox does not have',
  command: 'a command is not installed on this machine',
  'service-manager': 'it talks to systemd, which does not run in the sandbox',
  daemon: 'it talks to a service that does not run in the sandbox',
  rights: 'it does what takes more rights than the sandbox has',
  space: 'the space of the sandbox is used up',
  processes: 'it starts more processes than the sandbox allows',
};

/** Why nothing can be said, as a sentence without its full stop. */
export function doubtWords(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'first-run-failed':
      return `the first run fails (exit ${doubt.code}), and says nothing of a second one${
        doubt.obstacle ? `: ${obstacleWords[doubt.obstacle.kind]}` : ''
      }`;
    case 'limit':
      return doubt.limit === 'time'
        ? `run ${doubt.run} did not end within the time limit (--timeout)`
        : `run ${doubt.run} took more memory than the sandbox allows`;
    case 'lost':
      return `run ${doubt.run} ended the sandbox itself`;
    case 'obstacle':
      return `a part of run ${doubt.run} failed: ${obstacleWords[doubt.obstacle.kind]}`;
  }
}

/** How a run ended. */
export function endingWords({ ending }: Run): string {
  if (ending.kind === 'exit') return `exit ${ending.code}`;
  return ending.kind === 'limit' ? `stopped: ${ending.limit} limit` : 'ended the sandbox';
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0');

function aspectWords(aspect: Aspect, was: Entry, is: Entry): string {
  switch (aspect) {
    case 'content':
      return was.kind === 'file' && is.kind === 'file' && was.size !== is.size
        ? `content, ${was.size} to ${is.size} bytes`
        : 'content';
    case 'mode':
      return 'mode' in was && 'mode' in is
        ? `mode ${octal(was.mode)} to ${octal(is.mode)}`
        : 'mode';
    case 'owner':
      return 'owner' in was && 'owner' in is ? `owner ${was.owner} to ${is.owner}` : 'owner';
    case 'target':
      return was.kind === 'link' && is.kind === 'link'
        ? `link ${was.target} to ${is.target}`
        : 'link';
    case 'type':
      return `${was.kind} to ${is.kind}`;
    case 'emptied':
      return 'emptied and filled anew';
  }
}

/** What happened to a path, beside its sign. */
export function changeWords({ was, is, aspects }: Change): string {
  if (aspects.length > 0) {
    return aspects.map((aspect) => aspectWords(aspect, was, is)).join('; ');
  }
  const there = is.kind === 'gone' ? was : is;
  switch (there.kind) {
    case 'file':
      return `file, ${there.size} bytes`;
    case 'link':
      return `link to ${there.target}`;
    case 'special':
      return there.what;
    default:
      return there.kind;
  }
}
