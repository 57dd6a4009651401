import { type Answer, baseName, type Call, type Programs } from '../call';
import type { Text } from '../text';

/** What an address gives: the same on each run, as far as a script can know. */
const content = (call: Call, address: Text): Text =>
  `${call.world.unknowns.stable(`content of ${address}`, { name: baseName(address) || address, lines: true })}\n`;

const addresses = (call: Call): readonly Text[] => {
  const given = call.option('--url');
  const words = call.operands.filter((word) => /^\w+:\/\/|[./]/.test(word) || !/^\d/.test(word));
  return given === undefined ? words : [given, ...words];
};

/** The name a download is kept under: the last part of the address without its query. */
const fileName = (address: Text): Text => baseName(address.replace(/[?#].*$/, '')) || 'index.html';

/** https://curl.se/docs/manpage.html */
function curl(call: Call): Answer {
  const urls = addresses(call);
  const [first = ''] = urls;
  const to = call.option('-o', '--output');
  const directory = call.option('--output-dir');
  const at = (name: Text) => call.path(directory === undefined ? name : `${directory}/${name}`);
  const named = call.has('-O', '--remote-name', '--remote-name-all');
  const targets = to !== undefined ? [to] : named ? urls.map(fileName) : [];
  const method = call.option('-X', '--request');
  if (targets.length === 0) {
    const hasBody =
      call.has('-d', '--data', '--data-raw', '--data-binary', '--json', '-F', '--form') &&
      !call.has('-G', '--get');
    const sends = method === undefined ? hasBody : /^(?:POST)$/i.test(method);
    if (sends) call.world.add(`request:to ${first}`, `${call.args.join(' ')}\n`, call.by, 'sends');
    return sends || method !== undefined ? { out: call.output() } : { out: content(call, first) };
  }
  for (const [index, target] of targets.entries()) {
    if (target === '-') return { out: content(call, first) };
    const key = at(target);
    if (call.option('-C', '--continue-at') !== undefined && call.world.at(key)?.present) {
      // The server has nothing behind the end of a file that is whole.
      return call.fail(22, { kind: 'there', key });
    }
    if (call.world.at(`swap:${key}`)?.present) return call.fail(23, { kind: 'busy', key });
    if (!key.startsWith('/dev/'))
      call.world.write(key, content(call, urls[index] ?? first), call.by);
  }
  return {};
}

/** https://www.gnu.org/software/wget/manual/wget.html: without -O, -N or -nc a second copy gets a number. */
function wget(call: Call): Answer {
  const urls = call.operands;
  const [first] = urls;
  const to = call.option('-O', '--output-document');
  if (call.has('--spider')) return {};
  if (first === undefined) return {};
  if (to === '-') return { out: content(call, first) };
  // `-qO-`, `-O-`
  if (call.args.some((arg) => /^-[a-zA-Z]*O-$/.test(arg))) return { out: content(call, first) };
  if (to !== undefined) {
    const key = call.path(to);
    if (!key.startsWith('/dev/')) call.world.write(key, content(call, first), call.by);
    return {};
  }
  const directory = call.option('-P', '--directory-prefix') ?? '.';
  const keeps = call.has(
    '-N',
    '--timestamping',
    '-nc',
    '--no-clobber',
    '-c',
    '--continue',
    '-r',
    '--recursive',
    '-m',
    '--mirror',
    '--content-disposition',
  );
  const keepsShort = call.args.some((arg) => arg === '-nc' || arg === '-nd');
  for (const url of urls) {
    const name = fileName(url);
    let key = call.path(`${directory}/${name}`);
    if (!keeps && !keepsShort && call.world.at(key)?.present) {
      let copy = 1;
      while (call.world.at(`${key}.${copy}`)?.present) copy++;
      key = `${key}.${copy}`;
    }
    call.world.write(key, content(call, url), call.by);
  }
  return {};
}

export const downloads: Programs = { curl, wget };
