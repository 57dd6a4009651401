import type { Answer, Call, Programs } from '../call';
import { joinLines, linesOf, type Text } from '../text';
import type { Key } from '../world';

/** Whether a thing is there, as a first run that went well has found it. */
function there(call: Call, key: Key, first: boolean): boolean {
  const known = call.world.at(key);
  if (known) return known.present;
  if (call.tested && first) return call.world.exists(key, true);
  call.world.assume(key, { present: first });
  return first;
}

// Disks

/** https://man7.org/linux/man-pages/man8/mount.8.html: a bind and a tmpfs stack, a device is mounted once at a place. */
function mount(call: Call): Answer {
  const { world, by } = call;
  const words = call.operands.filter(
    (word) => word !== call.option('-t', '--types') && word !== call.option('-o', '--options'),
  );
  if (words.length === 0) {
    if (call.has('-a', '--all')) return {};
    return {
      out: `${[...world.named('mount'), world.unknowns.stable('list mount', { name: 'the mounts', lines: true })].join('\n')}\n`,
    };
  }
  const place = words.at(-1)!;
  const key = `mount:${call.path(place)}`;
  const options = call.option('-o', '--options') ?? '';
  if (/remount/.test(options) || call.has('--make-rprivate', '--make-shared', '--make-rshared'))
    return {};
  const stacks =
    call.has('--bind', '-B', '--rbind', '-R') ||
    /bind/.test(options) ||
    call.option('-t', '--types') === 'tmpfs' ||
    words[0] === 'tmpfs';
  if (world.at(key)?.present) {
    if (!stacks) return call.fail(32, { kind: 'there', key });
    world.add(key, 'again\n', by);
    return {};
  }
  world.make(key, { content: '' }, by);
  return {};
}

function umount(call: Call): Answer {
  for (const word of call.operands) {
    const key = `mount:${call.path(word)}`;
    if (!there(call, key, true)) return call.fail(32, { kind: 'gone', key });
    call.world.remove(key, call.by);
  }
  return {};
}

function swapon(call: Call): Answer {
  if (call.has('-s', '--show', '--summary') || call.operands.length === 0) {
    if (call.has('-a', '--all')) return {};
    return {
      out: `${[...call.world.named('swap'), call.world.unknowns.stable('list swap', { name: 'the swap', lines: true })].join('\n')}\n`,
    };
  }
  for (const word of call.operands) {
    const key = `swap:${call.path(word)}`;
    if (call.world.at(key)?.present) return call.fail(255, { kind: 'there', key });
    call.world.make(key, {}, call.by);
  }
  return {};
}

function swapoff(call: Call): Answer {
  if (call.has('-a', '--all')) {
    for (const name of call.world.named('swap')) call.world.remove(`swap:${name}`, call.by);
    return {};
  }
  for (const word of call.operands) {
    const key = `swap:${call.path(word)}`;
    if (!there(call, key, true)) return call.fail(255, { kind: 'gone', key });
    call.world.remove(key, call.by);
  }
  return {};
}

function mkswap(call: Call): Answer {
  const word = call.operands.at(-1);
  if (word === undefined) return {};
  const key = call.path(word);
  if (call.world.at(`swap:${key}`)?.present) return call.fail(1, { kind: 'busy', key });
  const id = call.option('-U', '--uuid') ?? call.world.unknowns.varying('mkswap');
  call.world.write(`file system:on ${word}`, id, call.by);
  return {};
}

// Services

/** https://man7.org/linux/man-pages/man1/systemctl.1.html: a masked unit can be neither enabled nor started. */
function systemctl(call: Call): Answer {
  const [verb = '', ...units] = call.operands;
  const { world, by } = call;
  const now = call.has('--now');
  const user = call.has('--user') ? 'user ' : '';
  const set = (noun: string, unit: Text, on: boolean) => {
    const key = `${noun}:${user}${unit.replace(/\.service$/, '')}`;
    if (world.at(key)?.present === on) return;
    if (on) world.make(key, {}, by);
    else world.remove(key, by);
  };
  const name = (unit: Text) => unit.replace(/\.service$/, '');
  for (const unit of units) {
    const masked = world.at(`masked unit:${user}${name(unit)}`)?.present === true;
    switch (verb) {
      case 'start':
      case 'restart':
      case 'enable':
      case 'reload-or-restart':
        if (masked) return call.fail(1, { kind: 'busy', key: `masked unit:${name(unit)}` });
        if (verb !== 'enable' || now) set('running unit', unit, true);
        if (verb === 'enable') set('enabled unit', unit, true);
        break;
      case 'stop':
      case 'kill':
        set('running unit', unit, false);
        break;
      case 'disable':
        set('enabled unit', unit, false);
        if (now) set('running unit', unit, false);
        break;
      case 'mask':
        set('masked unit', unit, true);
        break;
      case 'unmask':
        set('masked unit', unit, false);
        break;
      case 'is-active':
        return world.exists(`running unit:${user}${name(unit)}`)
          ? { out: 'active\n' }
          : { status: 3, out: 'inactive\n' };
      case 'is-enabled':
        return world.exists(`enabled unit:${user}${name(unit)}`)
          ? { out: 'enabled\n' }
          : { status: 1, out: 'disabled\n' };
      case 'status':
        return !call.tested || world.exists(`running unit:${user}${name(unit)}`)
          ? { out: call.output() }
          : { status: 3 };
      default:
        return { out: call.output() };
    }
  }
  return units.length === 0 ? { out: call.output() } : {};
}

function service(call: Call): Answer {
  const [unit, verb] = call.operands;
  if (unit === undefined || verb === undefined) return {};
  return systemctl({ ...call, operands: [verb, unit], has: () => false });
}

/** A process is gone once it was told to end. */
function kill(call: Call): Answer {
  const { world, by, operands } = call;
  const asks = call.has('-0') || call.args.includes('-0');
  for (const word of operands) {
    if (/^\d$/.test(word)) continue;
    const key = `process:${word}`;
    if (word === '') return call.fail(1, { kind: 'other', text: 'kill is given no process' });
    const own = [...world.unknowns.in(word)].some((token) => world.unknowns.nameOf(token) === '$!');
    const ended = world.at(key)?.present === false;
    if (asks && ended) return call.fail(1, { kind: 'other', text: 'the process has ended' });
    if (asks) return own || world.exists(key) ? {} : { status: 1 };
    // What a program says now is another process by then.
    if (own || world.unknowns.looks(word)) continue;
    if (!there(call, key, true)) return call.fail(1, { kind: 'gone', key });
    world.remove(key, by);
  }
  return {};
}

/** Ends processes by name. */
function pkill(call: Call): Answer {
  const name = call.operands.at(-1) ?? '';
  const named = call.world.named('process').filter((each) => each.includes(name));
  for (const each of [...named, name]) {
    if (call.world.at(`process:${each}`)?.present !== false)
      call.world.remove(`process:${each}`, call.by);
  }
  return call.tested && !call.world.ask(`process ${name}`, true) ? { status: 1 } : {};
}

// Filters of packets

/** Rules stand in chains one after another: `-A` and `-I` put the same rule there once more. */
function iptables(call: Call): Answer {
  const { world, by } = call;
  const table = call.option('-t', '--table') ?? 'filter';
  const key = `rules:of ${call.name}, table ${table}`;
  const without = call.args.filter(
    (arg, at) =>
      arg !== '-w' &&
      arg !== '-t' &&
      arg !== '--table' &&
      call.args[at - 1] !== '-t' &&
      call.args[at - 1] !== '--table',
  );
  const at = without.findIndex((arg) =>
    /^(?:-[AIDCNXFPSLR]|--(?:append|insert|delete|check|new-chain|delete-chain|flush|policy|list-rules|list|replace))$/.test(
      arg,
    ),
  );
  const verb = without[at] ?? '';
  const chain = without[at + 1] ?? '';
  const rest = without.filter((_, index) => index !== at && index !== at + 1);
  const numbered =
    /^\d+$/.test(rest[0] ?? '') && /^-[ID]$|^--(?:insert|delete)$/.test(verb)
      ? rest.slice(1)
      : rest;
  const rule = `-A ${chain} ${numbered.join(' ')}`;
  const chainKey = `chain:${chain} of ${call.name}, table ${table}`;
  const lines = linesOf(world.read(key));
  switch (verb) {
    case '-A':
    case '--append':
    case '-I':
    case '--insert':
      world.add(key, `${rule}\n`, by);
      return {};
    case '-C':
    case '--check':
      return lines.includes(rule) || world.ask(`rule ${table} ${rule}`, false) ? {} : { status: 1 };
    case '-D':
    case '--delete': {
      const index = lines.indexOf(rule);
      if (index >= 0) {
        world.rewrite(key, joinLines(lines.toSpliced(index, 1)), by);
        return {};
      }
      const gone = `rule:${rule} ${table}`;
      if (call.tested) return world.ask(`rule ${table} ${rule}`, false) ? {} : { status: 1 };
      if (!there(call, gone, true)) return call.fail(1, { kind: 'gone', key: `rule:${rule}` });
      world.remove(gone, by);
      return {};
    }
    case '-F':
    case '--flush':
      world.write(
        key,
        joinLines(lines.filter((line) => chain !== '' && !line.startsWith(`-A ${chain} `))),
        by,
      );
      return {};
    case '-N':
    case '--new-chain':
      if (world.at(chainKey)?.present) return call.fail(1, { kind: 'there', key: chainKey });
      world.make(chainKey, {}, by);
      return {};
    case '-X':
    case '--delete-chain':
      for (const name of chain === '' ? world.named('chain') : [])
        world.remove(`chain:${name}`, by);
      if (chain !== '') {
        if (!there(call, chainKey, true)) return call.fail(1, { kind: 'gone', key: chainKey });
        world.remove(chainKey, by);
      }
      return {};
    case '-S':
    case '-L':
    case '--list':
    case '--list-rules':
      return { out: world.read(key) };
    default:
      return {};
  }
}

/** `iptables-save`: the rules, and counts of packets that differ each time but with the rules alone. */
const saved = (call: Call): Answer => {
  const name = call.name.replace('-save', '');
  const table = call.option('-t', '--table') ?? 'filter';
  return { out: call.world.read(`rules:of ${name}, table ${table}`) };
};

function restored(call: Call): Answer {
  const key = `rules:of ${call.name.replace('-restore', '')}, table filter`;
  const file = call.operands[0];
  const text = call.stdin ?? (file === undefined ? '' : call.world.read(call.path(file)));
  if (call.has('-n', '--noflush')) call.world.add(key, text, call.by);
  else call.world.write(key, text, call.by);
  return {};
}

// Schedules and processes

/** https://man7.org/linux/man-pages/man1/crontab.1.html */
function crontab(call: Call): Answer {
  const key = `crontab:of ${call.option('-u') ?? (call.user || 'this user')}`;
  if (call.has('-l')) {
    const entry = call.world.at(key);
    if (entry?.present === false) return { status: 1 };
    return { out: call.world.read(key) };
  }
  if (call.has('-r')) {
    if (!there(call, key, true)) return call.fail(1, { kind: 'gone', key });
    call.world.remove(key, call.by);
    return {};
  }
  const file = call.operands.filter((word) => word !== call.option('-u'))[0];
  const text =
    file === undefined || file === '-' ? (call.stdin ?? '') : call.world.read(call.path(file));
  const before = call.world.read(key);
  if (text === before) return {};
  if (text.startsWith(before) && before !== '')
    call.world.add(key, text.slice(before.length), call.by);
  else call.world.write(key, text, call.by);
  return {};
}

/** `apt-mark showhold`, `lsmod`, … of which nothing is modelled print the same again. */
export const machine: Programs = {
  mount,
  umount,
  swapon,
  swapoff,
  mkswap,
  mountpoint: (call) =>
    call.world.exists(`mount:${call.path(call.operands[0] ?? '.')}`) ? {} : { status: 1 },
  findmnt: (call) =>
    call.world.exists(`mount:${call.path(call.operands.at(-1) ?? '.')}`)
      ? { out: call.output() }
      : { status: 1 },
  systemctl,
  service,
  kill,
  killall: pkill,
  pkill,
  iptables,
  ip6tables: iptables,
  'iptables-save': saved,
  'ip6tables-save': saved,
  'iptables-restore': restored,
  'ip6tables-restore': restored,
  crontab,
};
