import { type Answer, baseName, type Call } from '../call';
import { filled, type Text } from '../text';
import { isPath, type Key, thing } from '../world';
import type { Does, Row } from './effect';
import { rowsByCommand } from './index';

/** What the effect table says of a call; undefined where it has no row for it. */
export function applyEffects(call: Call): Answer | undefined {
  for (const { row, outside } of rowsByCommand.get(call.name) ?? []) {
    const operands = matched(row, call);
    if (!operands) continue;
    const [, does, template, conditions = {}] = row;
    if (does === 'nothing') return {};
    const flag = conditions.unless?.find((each) => call.has(each) || call.args.includes(each));
    // Only shown: nothing is done.
    if (flag?.includes('dry-run')) return {};
    if (does === 'list')
      return { out: listed(call, named(template, call, operands, undefined) ?? template) };
    const each = template.includes('{each}') ? operands : [undefined];
    const names = each.map((operand) => named(template, call, operands, operand));
    if (names.length === 0 || names.includes(undefined)) continue;
    let answer: Answer = {};
    for (const given of names as readonly Text[]) {
      const name = given.replace(
        /^package:(.*)$/s,
        (_, file) => `package:${packageIn(file, call)}`,
      );
      const keys = does === 'rename' ? name.split(' ') : [name];
      const [key, other] = keys.map((text) =>
        text.startsWith('@') ? call.path(text.slice(1)) : thing(text, outside),
      );
      const done = perform(row, key!, other, call, operands, flag !== undefined);
      if (done.status) answer = done;
      else if (!answer.status) answer = done;
    }
    // `id=$(docker create …)`: each has another.
    const isContainer = /container:$|container:[^/]*$/.test(template) && does === 'create';
    return isContainer && !answer.status
      ? { out: `${call.world.unknowns.varying('container')}\n` }
      : answer;
  }
  return undefined;
}

/** The operands behind a row's words, where the call begins with these. */
function matched([on]: Row, call: Call): readonly Text[] | undefined {
  let { operands } = call;
  for (const word of on.split(' ').slice(1)) {
    if (word.startsWith('-')) {
      if (!call.has(word) && !call.args.includes(word)) return undefined;
      const value = call.args[call.args.indexOf(word) + 1];
      if (operands[0] !== undefined && operands[0] === value && word.startsWith('--new')) continue;
    } else {
      if (!word.split('|').includes(operands[0] ?? '')) return undefined;
      operands = operands.slice(1);
    }
  }
  return operands;
}

/** A template filled in; undefined where something it names is not given. */
function named(
  template: string,
  call: Call,
  operands: readonly Text[],
  each: Text | undefined,
): Text | undefined {
  let missing = false;
  const text = template.replace(/\{(\??)([^}]*)\}/g, (_, optional: string, what: string) => {
    const value = placed(what, call, operands, each);
    if (value === undefined || value === '') missing ||= optional === '';
    return value === undefined ? '' : optional === '' ? value : ` in ${value}`;
  });
  return missing ? undefined : text.trim();
}

function placed(
  what: string,
  call: Call,
  operands: readonly Text[],
  each: Text | undefined,
): Text | undefined {
  if (what === 'each') return each;
  if (what === '*') return operands.join(' ');
  if (/^-?\d$/.test(what)) return operands.at(Number(what));
  if (what.startsWith('-')) return call.option(what);
  // `ip link add name br0`, `ip link add br0`: a keyword, or the first operand without one.
  if (what === 'name') return operands[/^(?:name|dev)$/.test(operands[0] ?? '') ? 1 : 0];
  const at = call.args.indexOf(what);
  if (at >= 0) return call.args[at + 1];
  return undefined;
}

/** The same package is in a file whatever directory it was put in for the moment, and whatever name it got there. */
function packageIn(file: Text, { world }: Call): Text {
  if (!/^(?:[./~]|\w+:\/\/)|^[^a-zA-Z].*\//.test(file)) return file;
  const name = baseName(file);
  return world.unknowns.varies(name) ? filled(name, '…') : name;
}

/** What it does with a flag that lets it pass where it would fail. */
const gentle: { readonly [does in Does]?: Does } = {
  create: 'ensure',
  remove: 'discard',
  need: 'nothing',
};

function perform(
  [, usually, , conditions = {}]: Row,
  key: Key,
  other: Key | undefined,
  call: Call,
  operands: readonly Text[],
  gently: boolean,
): Answer {
  const does = gently ? (gentle[usually] ?? usually) : usually;
  const { world, by } = call;
  const status = conditions.status ?? 1;
  /** Whether it is there; what a command needs, a first run that went well has found. */
  const there = (first: boolean) => {
    const known = world.at(key);
    if (known) return known.present;
    if (call.tested && first) return world.exists(key);
    world.assume(key, { present: first });
    return first;
  };
  switch (does) {
    case 'create':
      if (there(false)) return call.fail(status, { kind: conditions.asks ? 'asks' : 'there', key });
      world.make(key, {}, by);
      if (bringsMore(key)) world.didUnknown();
      return {};
    case 'ensure':
      if (bringsMore(key)) world.didUnknown();
      if (world.at(key)?.present !== true) world.make(key, {}, by);
      return {};
    case 'remove':
      if (!there(true)) return call.fail(status, { kind: 'gone', key });
      world.remove(key, by);
      return {};
    case 'discard':
      if (world.at(key)?.present !== false) world.remove(key, by);
      return {};
    case 'need':
      return there(true) ? {} : call.fail(status, { kind: 'gone', key });
    case 'rename':
      if (!there(true)) return call.fail(status, { kind: 'gone', key });
      world.remove(key, by);
      world.make(other!, {}, by);
      return {};
    case 'probe':
      return world.exists(key)
        ? call.has('-f', '--format', '-o', '--output')
          ? { out: call.output() }
          : { out: `${key.slice(key.indexOf(':') + 1).split(' in ')[0]}\n` }
        : { status };
    case 'set': {
      const value = named(conditions.value ?? '{*}', call, operands, undefined) ?? '';
      if (world.at(key)?.content !== value) world.write(key, value, by);
      return {};
    }
    case 'add':
      world.add(key, `${call.args.join(' ')}\n`, by);
      return {};
    case 'renew':
      world.write(key, world.unknowns.varying(key), by);
      return {};
    default:
      return {};
  }
}

/** Whether making it also puts files or objects somewhere that the row does not name. */
const bringsMore = (key: Key): boolean =>
  isPath(key) ||
  /^(?:\w+!)?(?:(?:python )?package|gem|(?:python|ruby) version|environment|control plane|cluster|release|download|plugin|helm plugin|application|project):/.test(
    key,
  );

/** Names of the things there are: those the script made, and those that were there before. */
function listed(call: Call, noun: string): Text {
  const names = call.world.named(noun).flatMap((name) => {
    const [bare] = name.split(' in ');
    // `ip rule show` says `lookup` where one adds a `table`.
    // Vault writes a path with its slash: `secret/`.
    if (/^(?:secrets engine|auth method)$/.test(noun)) return [`${name.split(' in ').at(-1)}/`];
    return noun === 'rule' ? [bare!, bare!.replace(' table ', ' lookup ')] : [bare!];
  });
  return `${[...names, call.world.unknowns.stable(`list ${noun}`, { name: `the ${noun}s`, lines: true })].join('\n')}\n`;
}
