import type { SimpleCommand } from '../syntax/shell';
import type { Located } from '../text/range';
import type { Answer } from './call';
import { termsOf, testHolds } from './condition';
import { arithmetic, expandText } from './expand';
import { type Input, Leave, type Shell } from './run';
import { isKnown, joinLines, linesOf, type Text } from './text';

/** A command the shell runs itself, on its own state. */
interface BuiltinCall {
  readonly shell: Shell;
  readonly name: string;
  readonly args: readonly Text[];
  readonly syntax: SimpleCommand | undefined;
  readonly around: { readonly input: Input | undefined; readonly tested: boolean };
  readonly by: Located;
}

/** Undefined where it is no builtin after all. */
type Builtin = (call: BuiltinCall) => Answer | undefined;

const well: Builtin = () => ({});

const test: Builtin = ({ shell, args, name }) => {
  const given = name === '[' && args.at(-1) === ']' ? args.slice(0, -1) : args;
  const holds = testHolds(
    given.map((text) => ({ text })),
    { world: shell.world, scope: shell.scope, path: (text) => shell.path(text) },
  );
  return { status: holds ? 0 : 1 };
};

const doubleTest: Builtin = ({ shell, syntax, args }) => {
  const words = syntax?.words.slice(1) ?? [];
  const terms = syntax ? termsOf(words, shell.scope) : args.map((text) => ({ text }));
  const holds = testHolds(terms, {
    world: shell.world,
    scope: shell.scope,
    path: (text) => shell.path(text),
  });
  return { status: holds ? 0 : 1 };
};

/** `(( i++ ))`, `let i+=1`: sums that set variables. */
function counts(shell: Shell, written: string): Answer {
  const text = expandText(written, shell.scope);
  const change = /^\s*(?:(\+\+|--)\s*(\w+)|(\w+)\s*(\+\+|--|[-+*/%]?=(?!=))(.*))\s*$/s.exec(text);
  const name = change?.[2] ?? change?.[3];
  if (change && name !== undefined) {
    const operator = change[1] ?? change[4]!;
    const old = shell.variable(name) ?? '0';
    const value =
      operator === '++' || operator === '--'
        ? arithmetic(`${old} ${operator[0]} 1`, shell.scope)
        : operator === '='
          ? arithmetic(change[5]!, shell.scope)
          : arithmetic(`${old} ${operator[0]} (${change[5]})`, shell.scope);
    shell.assign(name, value);
    return {};
  }
  const compared = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(text);
  if (!compared) return { status: arithmetic(text, shell.scope) === '0' ? 1 : 0 };
  const [left, right] = [compared[1]!, compared[3]!].map((side) => arithmetic(side, shell.scope));
  const operators: Readonly<Record<string, string>> = {
    '==': '-eq',
    '!=': '-ne',
    '<=': '-le',
    '>=': '-ge',
    '<': '-lt',
    '>': '-gt',
  };
  const holds = testHolds([{ text: left! }, { text: operators[compared[2]!]! }, { text: right! }], {
    world: shell.world,
    scope: shell.scope,
    path: (path) => shell.path(path),
  });
  return { status: holds ? 0 : 1 };
}

const cd: Builtin = ({ shell, args }) => {
  const to = args.filter((arg) => arg === '-' || !arg.startsWith('-'))[0];
  const target = to === '-' ? shell.state.before : to === undefined ? shell.home : shell.path(to);
  const entry = shell.world.at(target);
  if (entry && !entry.present) return { status: 1 };
  shell.moveTo(target);
  return {};
};

/** https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html */
const set: Builtin = ({ shell, args }) => {
  const { state } = shell;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const flags = /^([-+])([A-Za-z]+)$/.exec(arg);
    if (!flags) {
      state.positional = args.slice(arg === '--' ? i + 1 : i);
      return {};
    }
    const on = flags[1] === '-';
    if (flags[2]!.includes('e')) state.errexit = on;
    if (flags[2]!.includes('C')) state.noclobber = on;
    if (!flags[2]!.endsWith('o')) continue;
    const name = args[++i];
    if (name === 'errexit') state.errexit = on;
    if (name === 'pipefail') state.pipefail = on;
    if (name === 'noclobber') state.noclobber = on;
  }
  return {};
};

const read: Builtin = ({ shell, args, around }) => {
  const names = args.filter(
    (arg, at) => !arg.startsWith('-') && !/^-[pdtnNu]$/.test(args[at - 1] ?? ''),
  );
  const { input } = around;
  if (!input) {
    for (const name of names) {
      shell.assign(name, shell.world.unknowns.stable(`read ${name}`, { name: `$${name}` }));
    }
    return {};
  }
  if (input.text === '') return { status: 1 };
  const end = input.text.indexOf('\n');
  const line = end < 0 ? input.text : input.text.slice(0, end);
  input.text = end < 0 ? '' : input.text.slice(end + 1);
  const separators = shell.variable('IFS');
  const words =
    separators !== undefined && separators.trim() !== ''
      ? line.split(separators.trim()[0]!)
      : line.split(/\s+/).filter(Boolean);
  names.forEach((name, index) => {
    const last = index === names.length - 1;
    const value =
      names.length === 1 ? line.trim() : last ? words.slice(index).join(' ') : words[index];
    shell.assign(name, value ?? '');
  });
  return {};
};

/** `. file`: settings of a file the script wrote are known. */
const source: Builtin = ({ shell, args }) => {
  const key = args[0] === undefined ? undefined : shell.path(args[0]);
  if (key === undefined) return {};
  shell.world.didUnknown();
  for (const line of linesOf(shell.world.read(key))) {
    const setting = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(["']?)(.*)\2\s*$/.exec(line);
    if (setting) shell.assign(setting[1]!, setting[3]!);
  }
  return {};
};

/** `command -v x`, `which x`, `type x`: a program the script may have brought. */
const finds: Builtin = ({ shell, args }) => {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const out: Text[] = [];
  const missing = names.find((name) => {
    if (shell.state.functions.has(name)) return false;
    const brought = shell.world
      .keys()
      .find(
        (key) =>
          key.endsWith(`/${name}`) && /\/s?bin\/[^/]+$/.test(key) && shell.world.at(key)!.present,
      );
    out.push(brought ?? `/usr/bin/${name}`);
    return brought === undefined && !shell.world.exists(`program:${name}`);
  });
  if (missing !== undefined) return { status: 1 };
  return { out: joinLines(out) };
};

const lookUp: Builtin = (call) => (call.args[0]?.startsWith('-') ? finds(call) : undefined);

const leave =
  (how: Leave['how']): Builtin =>
  ({ shell, args }) => {
    const given = args[0];
    const status =
      how === 'break' || how === 'continue' || given === undefined
        ? shell.state.status
        : isKnown(given)
          ? Number(given) % 256 || 0
          : 1;
    throw new Leave(how, status);
  };

export const builtins: Readonly<Record<string, Builtin>> = {
  ':': well,
  true: well,
  false: () => ({ status: 1 }),
  '[': test,
  test,
  '[[': doubleTest,
  '((': ({ shell, syntax }) =>
    counts(
      shell,
      (syntax?.words.slice(1) ?? [])
        .map((word) => word.text)
        .join(' ')
        .replace(/(\w+) (\+\+|--)/, '$1$2'),
    ),
  let: ({ shell, args }) => args.map((arg) => counts(shell, arg)).at(-1) ?? {},
  cd,
  pwd: ({ shell }) => ({ out: `${shell.workingDirectory}\n` }),
  pushd: cd,
  popd: ({ shell }) => {
    shell.moveTo(shell.state.before);
    return {};
  },
  set,
  shopt: ({ shell, args }) => {
    if (args.includes('nullglob')) shell.state.nullglob = args.includes('-s');
    return {};
  },
  shift: ({ shell, args }) => {
    shell.state.positional = shell.state.positional.slice(Number(args[0] ?? 1));
    return {};
  },
  export: well,
  readonly: well,
  declare: well,
  typeset: well,
  local: ({ shell, args }) => {
    shell.local(args);
    return {};
  },
  unset: ({ shell, args }) => {
    for (const arg of args) if (!arg.startsWith('-')) shell.unset(arg);
    return {};
  },
  read,
  '.': source,
  source,
  eval: ({ shell, args, around, by }) => {
    const text = args.join(' ');
    return isKnown(text) ? shell.evaluate(text, around, by) : {};
  },
  trap: ({ shell, args }) => {
    const [action, ...signals] = args;
    // A trap on errors that leaves is errexit by another name.
    if (signals.includes('ERR') && /\bexit\b/.test(action ?? '')) shell.state.errexit = true;
    if (signals.some((signal) => signal === 'EXIT' || signal === '0')) {
      shell.state.trap = action === '-' ? undefined : action;
    }
    return {};
  },
  exit: leave('exit'),
  return: leave('return'),
  break: leave('break'),
  continue: leave('continue'),
  wait: well,
  umask: well,
  ulimit: well,
  sleep: well,
  hash: finds,
  which: finds,
  type: finds,
  command: lookUp,
  getopts: () => ({ status: 1 }),
};
