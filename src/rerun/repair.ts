import type { Fix } from '../engine/rule';
import { say, type Wording } from '../engine/said';
import type { Command, Script } from '../formats/shell';
import type { Word } from '../syntax/shell';
import type { Edit } from '../text/edit';
import { lookUp } from '../text/look-up';
import type { Told } from './trouble';

/** What a repair looks at: the command, its script, and what the second run does. */
interface Place extends Told {
  readonly command: Command;
}

/** Edits with what they do; undefined where the command is written in a way they do not fit. */
type Repair = (
  place: Place,
) => { readonly title: Wording; readonly edits: readonly Edit[] } | undefined;

/** Repairs that keep what a first run does, and let a second one pass. */
const safe = new Set([
  'mkdir',
  'ln',
  'rm',
  'rmdir',
  'unlink',
  'groupadd',
  'kubectl',
  'helm',
  'echo',
  'printf',
  'tee',
]);

/** The repair of a place, by the command that stands there. */
export function repair(told: Told): Fix | undefined {
  const { command, script, run } = told;
  if (!command?.name || command.background) return undefined;
  const recipe = lookUp(recipes, command.name);
  const place = { ...told, command };
  const made = recipe?.(place);
  if (!made) return undefined;
  // A command module of Ansible has no shell to ask with.
  if (script.wordsOnly && made.edits.some(({ text }) => /[|;>{]/.test(text))) return undefined;
  return { ...made, safe: safe.has(command.name) && run.effect !== 'rewrites' };
}

/** The same as a part of a report. */
export function fixed(told: Told): { readonly fix?: Fix } {
  const fix = repair(told);
  return fix ? { fix } : {};
}

// Ways to repair

const insert = (at: number, text: string): Edit => ({ range: [at, at], text });

/** A flag behind the command's name. */
const addFlag =
  (flag: string, title: Wording = say`Add ${flag}`): Repair =>
  ({ command }) =>
    command.word && { title, edits: [insert(command.word.range[1], ` ${flag}`)] };

/** The command runs only where a question says that it is needed. */
function guarded(place: Place, question: string, title: Wording): ReturnType<Repair> {
  const { command, script } = place;
  // What its failure leads to is part of it.
  if (command.pipeline.length > 1 || command.substituted || command.fallbacks.length > 0) {
    return undefined;
  }
  const [from] = command.syntax.range;
  const end = endOf(command);
  // Inside a list the pair needs a frame: `a && { asks || does; } && b`.
  const alone = isAlone(script, from, end);
  return {
    title,
    edits: alone
      ? [insert(from, `${question} || `)]
      : [insert(from, `{ ${question} || `), insert(end, '; }')],
  };
}

/** The end of the command with its redirections on its own line; a here-document's text lies behind that. */
function endOf({ syntax }: Command): number {
  const ends = [
    ...syntax.words.map(({ range }) => range[1]),
    ...syntax.redirects.flatMap(({ target, range, heredoc }) =>
      heredoc ? [] : [target?.range[1] ?? range[1]],
    ),
  ];
  return Math.max(...ends, syntax.range[0]);
}

const isAlone = ({ text }: Script, from: number, end: number): boolean =>
  /(?:^|[\n;]|\bthen\b|\bdo\b|\belse\b|\{|\()[ \t]*$/.test(text.slice(0, from)) &&
  /^[ \t]*(?:\r?\n|;|$|\}|#)/.test(text.slice(end));

const isHeredoc = ({ syntax }: Command) => syntax.redirects.some(({ heredoc }) => heredoc);

const sudo = ({ wrappers }: Command) => (wrappers.includes('sudo') ? 'sudo ' : '');

/** `sudo -u postgres `: how the command itself is run. */
const front = (place: Place): string =>
  place.script.text.slice(place.command.syntax.range[0], place.command.word!.range[0]);

const lastOf = (words: readonly Word[]): Word | undefined => words.at(-1);

const verb = (command: Command, ...words: readonly string[]): boolean =>
  words.every((word, index) => command.operands[index]?.value === word);

/** Asks whether a path is there, in the words of the script. */
const pathGuard =
  (pathOf: (place: Place) => string | undefined, test = '-e'): Repair =>
  (place) => {
    const path = pathOf(place);
    return path === undefined
      ? undefined
      : guarded(place, `[ ${test} ${path} ]`, say`Run it only where ${path} is missing`);
  };

const textOf = (word: Word | undefined): string | undefined => word?.text;

/** A name, asked for with a program of its own. */
function nameGuard(
  place: Place,
  word: Word | undefined,
  ask: (name: string) => string,
): ReturnType<Repair> {
  if (!word) return undefined;
  return guarded(
    place,
    `${ask(word.text)} >/dev/null 2>&1`,
    say`Run it only where ${word.text} is missing`,
  );
}

// Recipes

/** `grep -qsxF -- 'line' file || …`, for one line that is known. */
const appendGuard: Repair = (place) => {
  const { command, run } = place;
  if (run.effect !== 'adds' || run.line === undefined || command.loop) return undefined;
  if (isHeredoc(command)) return undefined;
  const [line, ...more] = command.args;
  const target = command.redirects.find(({ operator }) => operator === '>>')?.target;
  const isPlain =
    command.name === 'echo' &&
    line !== undefined &&
    more.length === 0 &&
    !/^-|\n/.test(line.value ?? line.text) &&
    !/\\/.test(line.value ?? '') &&
    command.pipeline.length === 1;
  if (!isPlain || !target) return undefined;
  const quoted = /^["']/.test(line.text)
    ? line.text
    : line.value !== undefined
      ? `'${line.value}'`
      : `"${line.text}"`;
  return guarded(
    place,
    `${sudo(command)}grep -qsxF -- ${quoted} ${target.text}`,
    say`Add the line only where it is missing`,
  );
};

/** `echo line | tee -a file`: the whole pipeline is guarded. */
const teeGuard: Repair = (place) => {
  const { command, script, run } = place;
  const [first] = command.pipeline;
  if (run.effect !== 'adds' || command.stage !== 1 || command.pipeline.length !== 2 || !first)
    return undefined;
  const [line, ...more] = first.args;
  const file = command.operands[0];
  const isPlain =
    first.name === 'echo' &&
    line !== undefined &&
    more.length === 0 &&
    !/^-|\\|\n/.test(line.value ?? line.text);
  if (!isPlain || !file || command.operands.length !== 1) return undefined;
  const [from] = first.syntax.range;
  const end = endOf(command);
  if (!isAlone(script, from, end)) return undefined;
  const quoted = /^["']/.test(line.text) ? line.text : `'${line.value ?? line.text}'`;
  return {
    title: 'Add the line only where it is missing',
    edits: [insert(from, `${sudo(command)}grep -qsxF -- ${quoted} ${file.text} || `)],
  };
};

const user: Repair = (place) => {
  const word = lastOf(place.command.operands);
  return place.run.why === 'there' && place.command.operands.length === 1
    ? nameGuard(place, word, (name) => `id -u ${name}`)
    : undefined;
};

const group: Repair = (place) =>
  place.command.operands.length === 1
    ? nameGuard(place, place.command.operands[0], (name) => `getent group ${name}`)
    : undefined;

/** Replaces words of the command. */
const replace = (word: Word, text: string): Edit => ({ range: word.range, text });

const kubectl: Repair = (place) => {
  const { command, run } = place;
  const [first, second] = command.operands;
  if (!first || (run.why !== 'there' && run.why !== 'gone')) return undefined;
  if (first.value === 'delete')
    return {
      title: 'Add --ignore-not-found',
      edits: [insert(first.range[1], ' --ignore-not-found')],
    };
  if (first.value !== 'create') return undefined;
  if (command.has('-f', '--filename', '-k'))
    return { title: 'Use kubectl apply', edits: [replace(first, 'apply')] };
  if (!second || command.pipeline.length > 1 || command.redirects.length > 0) return undefined;
  return {
    title: 'Create or update it with kubectl apply',
    edits: [
      insert(endOf(command), ` --dry-run=client -o yaml | ${sudo(command)}kubectl apply -f -`),
    ],
  };
};

const helm: Repair = ({ command, run }) => {
  const [first] = command.operands;
  if (!first || run.effect !== 'fails') return undefined;
  if (first.value === 'install')
    return { title: 'Use helm upgrade --install', edits: [replace(first, 'upgrade --install')] };
  if (first.value === 'uninstall' || first.value === 'delete') {
    return {
      title: 'Add --ignore-not-found',
      edits: [insert(first.range[1], ' --ignore-not-found')],
    };
  }
  return undefined;
};

const docker: Repair = (place) => {
  const { command, run } = place;
  const name = command.option('--name');
  if (run.effect !== 'fails') return undefined;
  if (verb(command, 'run') && name)
    return nameGuard(place, name, (each) => `${sudo(command)}docker container inspect ${each}`);
  if (verb(command, 'network', 'create')) {
    return nameGuard(
      place,
      lastOf(command.operands),
      (each) => `${sudo(command)}docker network inspect ${each}`,
    );
  }
  if (verb(command, 'swarm', 'init')) {
    return guarded(
      place,
      `${sudo(command)}docker info 2>/dev/null | grep -q 'Swarm: active'`,
      say`Run it only outside a swarm`,
    );
  }
  const removes = command.operands[0];
  if (removes && run.why === 'gone' && /^rm$/.test(removes.value ?? '')) {
    return { title: 'Add -f', edits: [insert(removes.range[1], ' -f')] };
  }
  return undefined;
};

/** The directory a clone goes to, as the script would write it. */
function cloneTarget({ command }: Place): string | undefined {
  const words = command.operands.slice(1);
  const [address, into] = words;
  if (into) return into.text;
  if (address?.value === undefined) return undefined;
  return address.value
    .replace(/\/+$/, '')
    .split(/[/:]/)
    .at(-1)!
    .replace(/\.git$/, '');
}

const git: Repair = (place) => {
  const { command, run } = place;
  const words = command.operands;
  const [first, second, third] = words;
  const asGit = `${front(place)}git`;
  if (command.args[0]?.value?.startsWith('-')) return undefined;
  switch (first?.value) {
    case 'clone':
      return pathGuard(cloneTarget, '-d')(place);
    case 'tag':
      return second && run.why === 'there'
        ? nameGuard(place, second, (name) => `${asGit} rev-parse -q --verify refs/tags/${name}`)
        : undefined;
    case 'branch':
      return second && run.why === 'there'
        ? nameGuard(place, second, (name) => `${asGit} rev-parse -q --verify refs/heads/${name}`)
        : undefined;
    case 'remote':
      return second?.value === 'add' && third
        ? nameGuard(place, third, (name) => `${asGit} remote get-url ${name}`)
        : undefined;
    case 'checkout': {
      const flag = command.args.find(({ value }) => value === '-b');
      return flag && run.why === 'there'
        ? { title: 'Use checkout -B', edits: [replace(flag, '-B')] }
        : undefined;
    }
    case 'commit':
      return run.why === 'other'
        ? guarded(place, `${asGit} diff --cached --quiet`, say`Commit only what has changed`)
        : undefined;
    case 'config': {
      const scope =
        command.args.find(({ value }) => /^--(?:global|system|local)$/.test(value ?? ''))?.text ??
        '';
      if (!second || !third) return undefined;
      return guarded(
        place,
        `${asGit} config ${scope} --get-all ${second.text} | grep -qxF -- ${third.text}`,
        say`Add the value only where it is missing`,
      );
    }
    default:
      return undefined;
  }
};

/** `iptables -A …` becomes `iptables -C … || iptables -A …`. */
const iptables: Repair = (place) => {
  const { command, script, run } = place;
  if (run.effect === 'fails' && !command.args.some(({ value }) => value === '-N')) return undefined;
  const at = command.args.findIndex(({ value }) =>
    /^(?:-[AIN]|--(?:append|insert|new-chain))$/.test(value ?? ''),
  );
  const flag = command.args[at];
  const chain = command.args[at + 1];
  if (!flag || !chain || !command.word) return undefined;
  const numbered = command.args[at + 2];
  const text = (range: readonly [number, number]) => script.text.slice(...range);
  const start = text([command.syntax.range[0], flag.range[0]]);
  if (/^(?:-N|--new-chain)$/.test(flag.value ?? '')) {
    return guarded(
      place,
      `${start}-n -L ${chain.text} >/dev/null 2>&1`,
      say`Make the chain only where it is missing`,
    );
  }
  const isNumber = /^\d+$/.test(numbered?.value ?? '');
  const rest = text([(isNumber ? numbered! : chain).range[1], lastOf(command.args)!.range[1]]);
  return guarded(
    place,
    `${start}-C ${chain.text}${rest} 2>/dev/null`,
    say`Add the rule only where it is missing`,
  );
};

const ip: Repair = (place) => {
  const { command } = place;
  const [kind, does, name] = command.operands;
  if (!kind || does?.value !== 'add') return undefined;
  if (/^(?:a|addr|address|r|route|neigh)$/.test(kind.value ?? '')) {
    return { title: 'Use replace', edits: [replace(does, 'replace')] };
  }
  const device = name?.value === 'name' ? command.operands[3] : name;
  if (/^(?:l|link)$/.test(kind.value ?? ''))
    return nameGuard(place, device, (each) => `ip link show ${each}`);
  if (kind.value === 'netns') {
    return (
      name &&
      guarded(
        place,
        `ip netns list | grep -qw -- ${name.text}`,
        say`Run it only where ${name.text} is missing`,
      )
    );
  }
  return undefined;
};

/** `CREATE TABLE` in a literal becomes `CREATE TABLE IF NOT EXISTS`, where the database knows that. */
const sql =
  (kinds: RegExp): Repair =>
  ({ command, script, run }) => {
    if (run.why !== 'there') return undefined;
    const end = Math.max(
      command.range[1],
      ...command.redirects.map(({ heredoc }) => heredoc?.body[1] ?? 0),
    );
    const text = script.text.slice(command.range[0], end);
    const edits = [...text.matchAll(/\bcreate\s+(?:unique\s+)?(\w+)\s+(?!if\b)/gi)]
      .filter((match) => kinds.test(match[1]!))
      .map((match) => {
        const upper = match[1] === match[1]!.toUpperCase();
        const at = command.range[0] + match.index! + match[0].length;
        return insert(at, upper ? 'IF NOT EXISTS ' : 'if not exists ');
      });
    return edits.length > 0 ? { title: 'Add IF NOT EXISTS', edits } : undefined;
  };

/** `sed -i` that would change its own result: only where the new text is missing. */
const sed: Repair = (place) => {
  const { command, run } = place;
  if (run.effect !== 'rewrites' && run.effect !== 'adds') return undefined;
  const script = command.operands[0]?.value ?? command.option('-e', '--expression')?.value;
  const file = lastOf(command.operands);
  if (script === undefined || !file || file.value === script) return undefined;
  const added = /^(?:\/(?:\\.|[^/])*\/|\$|\d+)?\s*[ai]\s*\\?\s*(.+)$/.exec(script)?.[1];
  const replaced =
    /^(?:\/(?:\\.|[^/])*\/\s*)?s(.)(?:\\.|(?!\1).)*\1((?:\\.|(?!\1).)*)\1[gI]*$/.exec(script)?.[2];
  const text = added ?? replaced;
  if (text === undefined || text.trim().length < 3 || /[&'\\]|^\s*$/.test(text)) return undefined;
  return guarded(
    place,
    `${sudo(command)}grep -qF -- '${text.trim()}' ${file.text}`,
    say`Change it only where the new text is missing`,
  );
};

/** The file a key or certificate is written to. */
const written =
  (...flags: readonly string[]): Repair =>
  (place) =>
    pathGuard(({ command }) => textOf(command.option(...flags)), '-f')(place);

const mount: Repair = (place) => {
  const point = lastOf(place.command.operands);
  return (
    point &&
    guarded(place, `mountpoint -q ${point.text}`, say`Mount it only where nothing is mounted`)
  );
};

const recipes: Readonly<Record<string, Repair>> = {
  mkdir: addFlag('-p'),
  ln: (place) => {
    const flags = place.command.args.find(({ value }) => /^-[a-z]*s[a-z]*$/.test(value ?? ''));
    if (flags) return { title: 'Replace the link: -sfn', edits: [insert(flags.range[1], 'fn')] };
    return addFlag('-f')(place);
  },
  rm: addFlag('-f'),
  unlink: ({ command }) =>
    command.word && { title: 'Use rm -f', edits: [replace(command.word, 'rm -f')] },
  rmdir: (place) => {
    const word = place.command.operands[0];
    if (!word || place.command.operands.length > 1) return undefined;
    return guarded(place, `[ ! -d ${word.text} ]`, say`Remove it only where it is there`);
  },
  mv: (place) => {
    const [from, ...more] = place.command.operands;
    if (place.run.why !== 'gone' || !from || more.length !== 1 || /[*?[]/.test(from.text))
      return undefined;
    return guarded(place, `[ ! -e ${from.text} ]`, say`Move it only where it is there`);
  },
  useradd: user,
  adduser: user,
  groupadd: addFlag('-f'),
  addgroup: group,
  userdel: (place) => {
    const word = lastOf(place.command.operands);
    return (
      word &&
      guarded(
        place,
        `! id -u ${word.text} >/dev/null 2>&1`,
        say`Remove ${word.text} only where it is there`,
      )
    );
  },
  kubectl,
  helm,
  docker,
  git,
  iptables,
  ip6tables: iptables,
  ip,
  echo: appendGuard,
  printf: appendGuard,
  tee: teeGuard,
  sed,
  unzip: addFlag('-o'),
  gunzip: (place) => (place.run.why === 'asks' ? addFlag('-f')(place) : undefined),
  gpg: (place) =>
    place.run.why === 'asks' ? addFlag('--batch --yes', say`Add --yes`)(place) : undefined,
  wget: (place) => (place.run.effect === 'makes another' ? addFlag('-N')(place) : undefined),
  'ssh-keygen': written('-f'),
  openssl: (place) => {
    const key = place.command.option('-keyout') ?? place.command.option('-out');
    return (
      key && guarded(place, `[ -f ${key.text} ]`, say`Run it only where ${key.text} is missing`)
    );
  },
  mkswap: (place) => {
    const word = lastOf(place.command.operands);
    return place.run.effect === 'renews' && word
      ? guarded(
          place,
          `${sudo(place.command)}blkid ${word.text} >/dev/null 2>&1`,
          say`Run it only where there is no swap yet`,
        )
      : undefined;
  },
  mount,
  createdb: (place) => {
    const word = lastOf(place.command.operands);
    return (
      word &&
      guarded(
        place,
        `${front(place)}psql -lqt | cut -d'|' -f1 | grep -qw -- ${word.text}`,
        say`Run it only where ${word.text} is missing`,
      )
    );
  },
  createuser: (place) => {
    const word = lastOf(place.command.operands);
    return (
      word &&
      guarded(
        place,
        `${front(place)}psql -tAc "SELECT 1 FROM pg_roles WHERE rolname='${word.value ?? ''}'" | grep -q 1`,
        say`Run it only where ${word.text} is missing`,
      )
    );
  },
  mysql: sql(/^(?:database|table|user|schema)$/i),
  sqlite3: sql(/^(?:table|index|view|trigger)$/i),
  psql: sql(/^(?:table|schema|extension|index|sequence)$/i),
  terraform: (place) => {
    const [, does, name] = place.command.operands;
    return does?.value === 'new'
      ? nameGuard(place, name, (each) => `terraform workspace select ${each}`)
      : undefined;
  },
  rabbitmqctl: (place) => {
    const [does, name] = place.command.operands;
    return does?.value === 'add_user' && name
      ? guarded(
          place,
          `${front(place)}rabbitmqctl list_users | grep -qw -- ${name.text}`,
          say`Run it only where ${name.text} is missing`,
        )
      : undefined;
  },
  aws: (place) => {
    const name = place.command.option('--repository-name');
    return verb(place.command, 'ecr', 'create-repository')
      ? nameGuard(place, name, (each) => `aws ecr describe-repositories --repository-names ${each}`)
      : undefined;
  },
  composer: (place) => pathGuard(({ command }) => textOf(command.operands[2]), '-d')(place),
};
