import { hasFlag, operandsAt, optionAt } from '../formats/shell-arguments';
import type { Located } from '../text/range';
import type { Text } from './text';
import type { Key, World } from './world';

/** What a command found the second time that it had not found the first time. */
export type Why =
  | { readonly kind: 'there' | 'gone' | 'asks' | 'busy'; readonly key: Key }
  /** `unclear`: what it depends on is not known. */
  | { readonly kind: 'other' | 'unclear'; readonly text: string };

export interface Answer {
  /** The exit status; 0 where it is left out. */
  readonly status?: number;
  /** What it prints. */
  readonly out?: Text;
}

/** What a command is called with, and the world it acts on. */
export interface Call {
  /** Its usual name: `pip3` is `pip`. */
  readonly name: string;
  readonly args: readonly Text[];
  /** Arguments that are neither flags nor values of flags. */
  readonly operands: readonly Text[];
  /** What comes through a pipe, a `<` or a here-document; undefined where nothing does. */
  readonly stdin: Text | undefined;
  /** Its exit status is asked about: what it does where it fails is part of the script. */
  readonly tested: boolean;
  readonly background: boolean;
  readonly by: Located;
  readonly world: World;
  readonly home: Text;
  /** The user it runs as, as far as the script says. */
  readonly user: string;
  has(...flags: readonly string[]): boolean;
  option(...flags: readonly string[]): Text | undefined;
  /** The value of a variable of the shell; undefined where the script does not set it. */
  variable(name: string): Text | undefined;
  /** Names of all variables the script has set. */
  variables(): readonly string[];
  /** The key of a path: absolute, or from the working directory. */
  path(text: Text): Key;
  /** Ends with a failure. */
  fail(status: number, why: Why): Answer;
  /** Runs a script in a shell of its own. */
  run(
    script: Text,
    options?: { readonly stopsOnError?: boolean; readonly args?: readonly Text[] },
  ): Answer;
  /** Runs a command, as `xargs`, `find -exec` and `watch` do. */
  command(words: readonly Text[], stdin?: Text): Answer;
  /** Text that stands for what the command prints, of which no more is known than the call. */
  output(more?: Text): Text;
}

/** The part of a call that its words decide. */
export function wordsOf(
  name: string,
  args: readonly Text[],
): Pick<Call, 'name' | 'args' | 'operands' | 'has' | 'option'> {
  let operands: readonly Text[] | undefined;
  return {
    name,
    args,
    get operands() {
      operands ??= operandsAt(name, args).map((index) => args[index]!);
      return operands;
    },
    has: (...flags) => flags.some((flag) => hasFlag(name, args, flag)),
    option: (...flags) => {
      for (const flag of flags) {
        const at = optionAt(name, args, flag);
        if (at) return args[at.index]!.slice(at.from);
      }
      return undefined;
    },
  };
}

/** A program that is modelled: what a call of it does to the world. */
export type Program = (call: Call) => Answer;

export type Programs = Readonly<Record<string, Program>>;

/** The last part of a path. */
export const baseName = (path: Text): Text => {
  const bare = path.replace(/\/+$/, '');
  return bare.slice(bare.lastIndexOf('/') + 1);
};

/** The path of the directory a path lies in. */
export const dirName = (path: Text): Text => {
  const bare = path.replace(/\/+$/, '');
  const slash = bare.lastIndexOf('/');
  return slash < 0 ? '.' : slash === 0 ? '/' : bare.slice(0, slash);
};
