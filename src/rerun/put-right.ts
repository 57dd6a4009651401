import type { Script } from '../formats/shell';
import type { Told } from './trouble';

/** Whether a second run is there to do otherwise than the first. */
export const isMeant = ({ run, trouble }: Told, script: Script): boolean =>
  (run.effect === 'differs' && takesTurns(script)) ||
  // A job that starts a machine in the cloud is there to start one each time.
  (script.use === 'ci' && trouble === 'one more' && run.outside === 'cloud');

/** Whether something other than the script puts right what its first run left: its host, or the rest of the file. */
export const isPutRight = (told: Told, script: Script, file: string): boolean =>
  (script.checkedOut === true && told.run.key.startsWith('.')) ||
  (script.ownCluster === true && told.run.outside === 'cluster') ||
  (script.precededBy !== undefined && isUndone(told, script, script.precededBy)) ||
  isTakenBack(told.run.key, file);

/**
 * Two slots that take turns, as in a blue-green deployment (https://martinfowler.com/bliki/BlueGreenDeployment.html):
 * that a second run changes the other one is what it is for.
 */
const takesTurns = ({ text }: Script): boolean =>
  /(["'])blue\1/.test(text) && /(["'])green\1/.test(text);

/**
 * What a host does before may put back what a script takes away, or take away what it makes: a task of a play is not
 * alone.
 */
function isUndone({ run, trouble }: Told, { use }: Script, before: string): boolean {
  const [key] = run.key.split(' in ') as [string];
  const name = key.slice(Math.max(key.lastIndexOf('/'), key.lastIndexOf(':')) + 1);
  if (trouble === 'remove') return use !== 'ci' || before.includes(name);
  return before
    .split(/^\s*- /m)
    .some(
      (task) =>
        task.includes(name) &&
        /\b(?:rm|remove|delete|absent|stop|prune|kill|down|purge)\b/.test(task),
    );
}

/** What takes back a thing that has no name to look for. */
const takingBack: readonly (readonly [noun: string, command: RegExp])[] = [
  ['swarm:', /\bswarm leave\b/],
  ['control plane:', /\bkubeadm reset\b/],
  ['rule:of ', /\brevoke-security-group-(?:in|e)gress\b/],
];

/** Whether the same file takes back what a script makes, before it or when it is done. */
const isTakenBack = (key: string, file: string): boolean =>
  takingBack.some(([noun, command]) => key.includes(noun) && command.test(file));
