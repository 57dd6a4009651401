import type { Range } from '../text/range';
import type { Source } from '../text/source';

/** A text whose variables were replaced as far as their values are known. */
export interface Expanded {
  /** Each character mapped to where it, or the variable it came from, is written. */
  readonly source: Source;
  /** False when a variable's value is not known: it stands as underscores. */
  readonly complete: boolean;
  /** Where a default written in the file (`${TAG:-latest}`, `ARG TAG=latest`) supplied a value. */
  readonly defaulted: readonly Range[];
}

/** A variable's value, and whether it is only the default that applies when nobody sets it. */
export interface VariableValue {
  readonly value: string;
  readonly isDefault: boolean;
}

/**
 * Replaces `$X`, `${X}`, `${X:-default}`, `${X-default}` as Docker and Compose do
 * (https://docs.docker.com/reference/compose-file/interpolation/). `$$` is a dollar sign.
 */
export function expandVariables(
  source: Source,
  lookup: (name: string) => VariableValue | undefined,
): Expanded {
  const pattern = /\$\$|\$(\w+)|\$\{(\w+)(?:(:?[-+?])((?:[^${}]|\$\{[^{}]*\})*))?\}/g;
  const { text } = source;
  if (!text.includes('$')) return { source, complete: true, defaulted: [] };
  const builder = source.derive();
  const defaulted: Range[] = [];
  let complete = true;
  let at = 0;
  let length = 0;
  const add = (value: string) => {
    length += value.length;
  };
  for (const match of text.matchAll(pattern)) {
    const before = text.slice(at, match.index);
    builder.copy(before, at);
    add(before);
    at = match.index + match[0].length;
    if (match[0] === '$$') {
      builder.decoded('$', match.index, 2);
      add('$');
      continue;
    }
    const known = lookup(match[1] ?? match[2]!);
    const fallback = match[3] === ':-' || match[3] === '-' ? match[4] : undefined;
    let value = known?.value;
    let isDefault = known?.isDefault ?? false;
    if (value === undefined || (value === '' && match[3] === ':-')) {
      value = fallback !== undefined && !fallback.includes('$') ? fallback : undefined;
      isDefault = true;
    }
    if (value === undefined) {
      complete = false;
      builder.mask(match[0], match.index);
      add(match[0]);
    } else {
      if (isDefault) defaulted.push([length, length + value.length]);
      builder.decoded(value, match.index, match[0].length);
      add(value);
    }
  }
  builder.copy(text.slice(at), at);
  return { source: builder.build(), complete, defaulted };
}
