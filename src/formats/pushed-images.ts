import type { Word } from '../syntax/shell';
import type { Located } from '../text/range';
import type { Command, Script } from './shell-model';

/** An image that is handed to a registry. */
export interface PushedImage extends Located {
  /** The reference as written. */
  readonly text: string;
  /** The name in front of the tag, as written: what other pushes of the same image begin with. */
  readonly name: string;
  /** Undefined where it is not known before the script runs. */
  readonly tag: string | undefined;
}

/** Tags that stand for the release people run; a `nightly` or `dev` is a channel beside it. */
const releaseTags = new Set([
  'latest',
  'stable',
  'current',
  'main',
  'master',
  'prod',
  'production',
  'release',
]);

/** Registries that are gone with the job, and images no release is made of. */
const asides =
  /^["']?(?:localhost|127\.0\.0\.1|registry\.local|kind-registry|\$\{?\w*LOCAL)|(?:^|[-_/])(?:cache|tests?|testing|ci|base|builder|build|devcontainer|runner|nightly|docs)(?=[-_:/"']|$)/i;

/** Whether an image is pushed for tests, for other images to start from, or for the length of a job. */
export const isAside = ({ text }: { readonly text: string }): boolean => asides.test(text);

/**
 * The images a command pushes: https://docs.docker.com/reference/cli/docker/image/push/,
 * https://docs.docker.com/reference/cli/docker/buildx/build/#push,
 * https://github.com/GoogleContainerTools/kaniko#flag---destination.
 */
export function imagesPushed(command: Command, script: Script): readonly PushedImage[] {
  return referencesIn(command)
    .filter((word) => !isAside(word))
    .map((word) => pushedImage(word, script));
}

function referencesIn(command: Command): readonly Word[] {
  const { name, operands } = command;
  if (name === 'docker' || name === 'buildah') {
    const words = operands.map((each) => each.value ?? each.text);
    const verb = words[0] === 'image' ? 1 : 0;
    if (words[verb] === 'push') return operands.slice(verb + 1, verb + 2);
    const builds = words[0] === 'build' || (words[0] === 'buildx' && words[1] === 'build');
    return builds && command.has('--push') ? valuesOf(command, ['-t', '--tag']) : [];
  }
  if (name === 'executor' && command.has('--destination'))
    return valuesOf(command, ['--destination', '-d']);
  return [];
}

/** All values of a flag that may be given several times. */
function valuesOf(command: Command, flags: readonly string[]): readonly Word[] {
  return command.args.flatMap((arg, at) => {
    if (flags.includes(arg.text)) return command.args[at + 1] ?? [];
    const flag = flags.find((each) => arg.text.startsWith(`${each}=`));
    if (flag === undefined) return [];
    const from = flag.length + 1;
    return {
      ...arg,
      text: arg.text.slice(from),
      value: arg.value?.slice(from),
      parts: [{ kind: 'literal', text: arg.text.slice(from), quoted: false }],
      range: [arg.range[0] + from, arg.range[1]] as const,
    };
  });
}

function pushedImage(word: Word, script: Script): PushedImage {
  const written = word.text.replace(/["']/g, '');
  const text = script.resolve(word) ?? written;
  const [, name = text, tag] = /^(.*?)(?::([^:/{}$]*|\$\{?\w+\}?))?$/.exec(text) ?? [];
  const open = /\$|`|__/;
  const isKnown = tag === undefined ? !open.test(text) : !open.test(tag);
  return {
    text: written,
    name: name || text,
    tag: isKnown ? (tag ?? 'latest') : undefined,
    range: word.range,
  };
}

/** Whether a pushed image can only be told from the next one by the day: its tag is moved on. */
export const isFloatingPush = ({ tag }: PushedImage): boolean =>
  tag !== undefined && releaseTags.has(tag.toLowerCase());

/**
 * Whether a file gives the image another tag as well, or may: a line that pushes or tags it with something else than a
 * floating tag, or a tool that makes tags. `text` is the whole file.
 */
export function hasVersionedTag(text: string, { name }: PushedImage): boolean {
  const said = text.replace(/^[ \t]*#.*$/gm, '');
  if (/metadata-action|--all-tags|\bpush\s+-a\b|imagetools\s+create|semantic-release/.test(said))
    return true;
  const last = name.slice(name.lastIndexOf('/') + 1);
  for (const match of said.matchAll(/[\w./${}-]+:([\w.${}-]+)/g)) {
    if (!match[0].includes(last) || match[0].startsWith('http')) continue;
    const tag = match[1]!.replace(/^\$\{\w+:?-(.*)\}$/, '$1');
    if (!releaseTags.has(tag.toLowerCase()) && !/^\d{2,5}$/.test(tag)) return true;
  }
  return /:\$\{\{|:\$\{?[\w.]*(?:SHA|TAG|VERSION|COMMIT|BUILD)\w*/i.test(
    said
      .split('\n')
      .filter((line) => /push|tag/i.test(line))
      .join('\n'),
  );
}
