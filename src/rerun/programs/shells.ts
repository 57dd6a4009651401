import type { Answer, Call, Programs } from '../call';
import { isKnown, type Text } from '../text';

/** `bash -c '…'`, `bash <<E`, `bash script.sh`. */
function shell(call: Call): Answer {
  const stopsOnError = call.args.some((arg) => /^-[a-z]*e/.test(arg) && !arg.startsWith('--'));
  const at = call.args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  if (at >= 0) {
    const script = call.args[at + 1] ?? '';
    return call.run(script, { stopsOnError, args: call.args.slice(at + 3) });
  }
  const file = call.operands[0];
  if (file !== undefined && file !== '-') {
    const entry = call.world.at(call.path(file));
    if (entry?.present === false) return call.fail(127, { kind: 'gone', key: call.path(file) });
    const content = entry?.content;
    if (content !== undefined && isKnown(content.slice(0, 1)) && content !== '') {
      return call.run(content, { stopsOnError, args: call.operands.slice(1) });
    }
    call.world.didUnknown();
    return { out: call.output(call.stdin) };
  }
  const script = call.stdin ?? '';
  // What a server sends may do anything.
  if (isKnown(script.slice(0, 1)) && script !== '') return call.run(script, { stopsOnError });
  call.world.didUnknown();
  return {};
}

/** `su user -c '…'`, `su - user <<E`. */
function su(call: Call): Answer {
  const script = call.option('-c', '--command') ?? call.stdin;
  return script === undefined ? {} : call.run(script);
}

/** What runs on another host is read on its own. */
const elsewhere = (call: Call): Answer => ({ out: call.output(call.stdin) });

/** Files a short program opens for writing or adding to. */
function python(call: Call): Answer {
  const at = call.args.indexOf('-c');
  const text: Text =
    at >= 0
      ? (call.args[at + 1] ?? '')
      : call.operands[0] === '-' || call.operands.length === 0
        ? (call.stdin ?? '')
        : '';
  const names = new Map(
    [...text.matchAll(/^\s*(\w+)\s*=\s*(?:Path\()?["']([^"']+)["']/gm)].map(
      (match) => [match[1]!, match[2]!] as const,
    ),
  );
  const opens = text.matchAll(
    /open\(\s*(?:["']([^"']+)["']|(\w+))\s*,\s*(?:mode\s*=\s*)?["']([awx])[bt+]*["']/g,
  );
  for (const [, literal, name, mode] of opens) {
    const path = literal ?? names.get(name ?? '');
    if (path === undefined) continue;
    const key = call.path(path);
    const random = /\brandom\b|\bsecrets\b|uuid|datetime\.|time\.time/.test(text);
    const data = random
      ? call.world.unknowns.varying('python')
      : call.world.unknowns.stable(`python ${text}`);
    if (mode === 'a') call.world.add(key, `${data}\n`, call.by);
    else if (mode === 'x' && call.world.at(key)?.present)
      return call.fail(1, { kind: 'there', key });
    else call.world.write(key, `${data}\n`, call.by);
  }
  const made = /os\.(?:makedirs|mkdir)\(\s*["']([^"']+)["']\s*([^)]*)\)/.exec(text);
  if (made && !/exist_ok\s*=\s*True/.test(made[2]!)) {
    const key = call.path(made[1]!);
    if (call.world.at(key)?.present) return call.fail(1, { kind: 'there', key });
    call.world.make(key, { kind: 'dir' }, call.by);
  }
  if (text === '') call.world.didUnknown();
  if (/\brandom\b|\bsecrets\b|uuid/.test(text))
    return { out: `${call.world.unknowns.varying('python')}\n` };
  if (call.args.includes('http.server') && call.background) {
    const key = `server:on port ${call.operands.find((word) => /^\d+$/.test(word)) ?? '8000'}`;
    if (call.world.at(key)?.present) return call.fail(1, { kind: 'there', key });
    call.world.make(key, {}, call.by);
  }
  return { out: call.output(call.stdin) };
}

export const shells: Programs = {
  ash: shell,
  bash: shell,
  dash: shell,
  sh: shell,
  su,
  runuser: su,
  ssh: elsewhere,
  python,
};
