/** No file of this kind that Andon or a tool writes for it comes near these; what lies beyond is not read. */
const maxLines = 40;
const maxBytes = 512;

/** ASCII and C1 control characters, line separators, and marks that turn the writing direction. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const encoder = new TextEncoder();

/**
 * The files of `<git common dir>/andon` are lines `key=value`, split at the first `=`, without quoting, so that a POSIX
 * shell reads them without evaluating anything. This reads one: the first line must be `<kind>=1`, otherwise it is
 * another file or a later version of this one, and undefined is returned. A value that is too long or holds control
 * characters is left out; of two with one key the later counts.
 */
export function readKeyedLines(
  kind: string,
  text: string,
): ReadonlyMap<string, string> | undefined {
  const lines = text
    .slice(0, maxLines * (maxBytes + 64))
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, maxLines);
  if (lines[0] !== `${kind}=1`) return undefined;
  const values = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const value = line.slice(at + 1);
    if (unprintable.test(value) || encoder.encode(value).length > maxBytes) continue;
    values.set(line.slice(0, at), value);
  }
  return values;
}

/** Such a file, with the values that are there in the order given; control characters become spaces, long text is cut. */
export function writeKeyedLines(
  kind: string,
  values: readonly (readonly [key: string, value: string | number | undefined])[],
): string {
  const lines = values.flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${onOneLine(String(value))}\n`],
  );
  return `${kind}=1\n${lines.join('')}`;
}

/** Text as it may stand in one line of such a file, or on a terminal. */
export function onOneLine(text: string): string {
  const line = text
    .slice(0, maxBytes)
    .replace(new RegExp(unprintable, 'g'), ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  let kept = '';
  let bytes = 0;
  for (const character of line) {
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}

/** Seconds since 1970, or undefined for anything a shell could not calculate with. */
export function readSeconds(value: string | undefined): number | undefined {
  return value !== undefined && /^[1-9][0-9]{0,10}$/.test(value) ? Number(value) : undefined;
}
