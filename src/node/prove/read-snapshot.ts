import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createTarDecoder, type TarHeader } from 'modern-tar';
import type { Entry } from '../../prove/snapshot';

/** Bytes up to which a text is kept to be shown. */
const longestText = 256 * 1024;

/** How overlayfs and fuse-overlayfs mark what is gone (https://docs.kernel.org/filesystems/overlayfs.html). */
const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** What an archive holds. */
export interface SnapshotOptions {
  /** The upper layer of an overlay: what is gone is marked, and owners are not the real ones. */
  readonly layer: boolean;
  /** The path of the folder the names in the archive begin in; usually the root. */
  readonly base?: string;
}

/** Reads a tar stream. Rejects if it is damaged or cut short. */
export async function readSnapshot(
  archive: Readable,
  { layer, base = '' }: SnapshotOptions,
): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const emptied = new Set<string>();
  const decoded = Readable.toWeb(archive).pipeThrough(createTarDecoder({ strict: true }) as never);
  for await (const { header, body } of decoded as AsyncIterable<{
    header: TarHeader;
    body: AsyncIterable<Uint8Array>;
  }>) {
    const path = `${base}/${header.name.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '')}`;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (layer && name === opaque) emptied.add(folder);
    else if (layer && name.startsWith(whiteout)) {
      entries.set(`${folder}/${name.slice(whiteout.length)}`, { kind: 'gone' });
    } else if (path !== '/') {
      const entry = await entryOf(header, body, layer, (target) =>
        entries.get(`${base}/${target.replace(/^\.?\/+/, '')}`),
      );
      entries.set(path, entry);
      continue;
    }
    for await (const _ of body);
  }
  for (const path of emptied) {
    const entry = entries.get(path);
    if (entry?.kind === 'directory') entries.set(path, { ...entry, emptied: true });
  }
  return entries;
}

async function entryOf(
  header: TarHeader,
  body: AsyncIterable<Uint8Array>,
  layer: boolean,
  known: (path: string) => Entry | undefined,
): Promise<Entry> {
  const { type = 'file', mode = 0, linkname = '' } = header;
  const owner = layer ? {} : { owner: `${header.uid}:${header.gid}` };
  const hash = createHash('sha256');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    hash.update(part);
    if (size <= longestText) parts.push(part);
    size += part.length;
  }
  switch (type) {
    case 'directory':
      return { kind: 'directory', mode: mode & 0o7777, ...owner, emptied: false };
    case 'symlink':
      return { kind: 'link', target: linkname, ...owner };
    case 'link':
      // A second name of a file that came before.
      return known(linkname) ?? { kind: 'special', mode: mode & 0o7777, what: 'hard link' };
    case 'character-device':
      // In the layer of an overlay a device without numbers is a mark; making a real one takes rights nobody has there.
      if (layer) return { kind: 'gone' };
      return { kind: 'special', mode: mode & 0o7777, what: type };
    case 'file': {
      const text = textOf(parts, size);
      const digest = hash.digest('base64');
      const file = { mode: mode & 0o7777, ...owner, size, digest };
      return { kind: 'file', ...file, ...(text !== undefined && { text }) };
    }
    default:
      return { kind: 'special', mode: mode & 0o7777, what: type };
  }
}

function textOf(parts: readonly Uint8Array[], size: number): string | undefined {
  if (size > longestText) return undefined;
  const bytes = Buffer.concat(parts);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
