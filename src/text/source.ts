import type { Edit } from './edit';
import type { Range } from './range';

/** A run of characters whose place in the parent is known. `verbatim`: they stand there letter for letter. */
interface Segment {
  readonly at: number;
  readonly length: number;
  readonly from: number;
  readonly fromLength: number;
  readonly verbatim: boolean;
}

/** A source within a joined one, and where it begins there. */
interface Piece {
  readonly at: number;
  readonly source: Source;
}

/** Where a piece of derived text stands in the outermost file. */
export interface FilePlace {
  readonly range: Range;
  /** An edit of this range may be written back: the characters are the file's own. */
  readonly exact: boolean;
}

/**
 * How text has to be written so that the parent reads it as `text` there: escapes of a quoted scalar, indentation
 * of a block. Undefined where the parent has no way to say it.
 */
export type Encode = (text: string) => string | undefined;

/**
 * Text to analyse and the way back from it to the file the user sees. The text of a shell block inside a YAML
 * scalar is a source derived from the file's; sources nest to any depth.
 */
export class Source {
  readonly path: string;
  readonly text: string;
  readonly parent: Source | undefined;
  readonly #segments: readonly Segment[];
  readonly #encode: Encode | undefined;
  /** What a joined source is made of. */
  readonly #pieces: readonly Piece[] | undefined;

  private constructor(
    path: string,
    text: string,
    parent?: Source,
    segments: readonly Segment[] = [],
    encode?: Encode,
    pieces?: readonly Piece[],
  ) {
    this.path = path;
    this.text = text;
    this.parent = parent;
    this.#segments = segments;
    this.#encode = encode;
    this.#pieces = pieces;
  }

  /** A file's text. `path` is relative to the workspace, with `/`. */
  static file(path: string, text: string): Source {
    return new Source(path, text);
  }

  /**
   * Sources of one file one after another, such as the lines of a list that run as one script, with `between` between
   * them. Strings among them have no place in the file.
   */
  static joined(parts: readonly [Source, ...(Source | string)[]], between = ''): Source {
    const pieces: Piece[] = [];
    let text = '';
    for (const [index, part] of parts.entries()) {
      if (index > 0) text += between;
      if (typeof part !== 'string') pieces.push({ at: text.length, source: part });
      text += typeof part === 'string' ? part : part.text;
    }
    const { file } = parts[0];
    return new Source(file.path, text, file, [], undefined, pieces);
  }

  /** The file at the outermost end. */
  get file(): Source {
    return this.parent ? this.parent.file : this;
  }

  /** Starts a source whose text is assembled from pieces of this one; `encode` writes new text back. */
  derive(encode?: Encode): SourceBuilder {
    return new SourceBuilder(
      (text, segments) => new Source(this.path, text, this, segments, encode),
    );
  }

  /** A part of this source as a source of its own. */
  slice(range: Range): Source {
    return this.derive().copy(this.text.slice(range[0], range[1]), range[0]).build();
  }

  /** This source with every match of `pattern` (global) turned into underscores of the same length. */
  mask(pattern: RegExp): Source {
    pattern.lastIndex = 0;
    let match = pattern.exec(this.text);
    if (!match) return this;
    const builder = this.derive();
    let at = 0;
    for (; match; match = pattern.exec(this.text)) {
      if (match[0] === '') {
        pattern.lastIndex++;
        continue;
      }
      builder.copy(this.text.slice(at, match.index), at);
      builder.mask(match[0], match.index);
      at = match.index + match[0].length;
    }
    return builder.copy(this.text.slice(at), at).build();
  }

  /** Range in the direct parent, or undefined where no character of it has an origin. */
  toParent(range: Range): FilePlace | undefined {
    if (this.#pieces) return this.#placeInPieces(range);
    const [start, end] = range;
    const first = this.#segmentFrom(start, end);
    if (!first) return undefined;
    if (start === end) {
      return { range: collapse(this.#place(first, start)), exact: first.verbatim };
    }
    const last = this.#segmentUpTo(end);
    if (!last || last.at < first.at) return undefined;
    const from = this.#place(first, Math.max(start, first.at))[0];
    const to = this.#place(last, Math.min(end, last.at + last.length) - 1)[1];
    const exact =
      first === last && first.verbatim && first.at <= start && end <= last.at + last.length;
    return { range: [from, Math.max(from, to)], exact };
  }

  /** The outermost file's range; undefined where the text has no origin. */
  toFile(range: Range): FilePlace | undefined {
    if (!this.parent) return { range, exact: true };
    const place = this.toParent(range);
    if (!place) return undefined;
    const outer = this.parent.toFile(place.range);
    return outer && { range: outer.range, exact: outer.exact && place.exact };
  }

  /** The characters of a range as the outermost file has them, templates and escapes and all. */
  asWritten(range: Range): string {
    const place = this.toFile(range);
    return place ? this.file.text.slice(...place.range) : this.text.slice(...range);
  }

  /** The edit as it has to be made in the outermost file; undefined where it cannot be written back. */
  editInFile(edit: Edit): Edit | undefined {
    if (!this.parent) return edit;
    if (this.#pieces) {
      const [part] = this.#partsOf(edit.range);
      return part && lengthOf(part.range) === lengthOf(edit.range)
        ? part.source.editInFile({ range: part.range, text: edit.text })
        : undefined;
    }
    const place = this.toParent(edit.range);
    if (!place?.exact) return undefined;
    const text = this.#encode ? this.#encode(edit.text) : edit.text;
    return text === undefined ? undefined : this.parent.editInFile({ range: place.range, text });
  }

  /** Whether every character of the range stands letter for letter in the file. */
  isVerbatim(range: Range): boolean {
    if (!this.parent) return true;
    if (this.#pieces) {
      const parts = this.#partsOf(range);
      const length = parts.reduce((sum, part) => sum + lengthOf(part.range), 0);
      return (
        length === lengthOf(range) && parts.every((part) => part.source.isVerbatim(part.range))
      );
    }
    let at = range[0];
    for (let i = this.#indexFrom(at); at < range[1]; i++) {
      const segment = this.#segments[i];
      if (!segment || segment.at > at || !segment.verbatim) return false;
      const to = Math.min(segment.at + segment.length, range[1]);
      const from = segment.from + (at - segment.at);
      if (!this.parent.isVerbatim([from, from + (to - at)])) return false;
      at = to;
    }
    return true;
  }

  /** The pieces of a joined source a range touches, each with the part of the range in its own offsets. */
  #partsOf([start, end]: Range): readonly { readonly source: Source; readonly range: Range }[] {
    const parts: { source: Source; range: Range }[] = [];
    for (const { at, source } of this.#pieces ?? []) {
      const to = at + source.text.length;
      const touches = start === end ? at <= start && start <= to : at < end && start < to;
      if (!touches) continue;
      parts.push({ source, range: [Math.max(start, at) - at, Math.min(end, to) - at] });
      // At a seam the text before it is the better anchor.
      if (start === end) break;
    }
    return parts;
  }

  #placeInPieces(range: Range): FilePlace | undefined {
    const parts = this.#partsOf(range);
    const places = parts.flatMap((part) => part.source.toFile(part.range) ?? []);
    const [first] = places;
    if (!first) return undefined;
    const whole = lengthOf(parts[0]!.range) === lengthOf(range);
    return {
      range: [first.range[0], Math.max(first.range[0], ...places.map((place) => place.range[1]))],
      exact: whole && first.exact,
    };
  }

  /** Parent range of the one character at `offset`, which lies in (or at the end of) the segment. */
  #place(segment: Segment, offset: number): Range {
    if (segment.length === segment.fromLength) {
      const from = segment.from + (offset - segment.at);
      return [from, from + 1];
    }
    return [segment.from, segment.from + segment.fromLength];
  }

  /** The first segment that holds a character of [start, end); for an empty range the one it touches. */
  #segmentFrom(start: number, end: number): Segment | undefined {
    const segments = this.#segments;
    const low = this.#indexFrom(start);
    const found = segments[low];
    if (start === end) {
      // At the seam of two segments the text before it is the better anchor for an insertion at a line's end.
      if (found && found.at <= start) return found;
      const before = segments[low - 1];
      return before && before.at + before.length === start ? before : found;
    }
    return found && found.at < end ? found : undefined;
  }

  /** Index of the first segment that ends after `offset`. */
  #indexFrom(offset: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const segment = this.#segments[middle]!;
      if (segment.at + segment.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #segmentUpTo(end: number): Segment | undefined {
    const segments = this.#segments;
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (segments[middle]!.at < end) low = middle + 1;
      else high = middle;
    }
    return segments[low - 1];
  }
}

const lengthOf = ([start, end]: Range): number => end - start;
const collapse = (range: Range): Range => [range[0], range[0]];

/** Assembles a derived source piece by piece, in the order of its text. */
export class SourceBuilder {
  readonly #finish: (text: string, segments: readonly Segment[]) => Source;
  readonly #parts: string[] = [];
  readonly #segments: Segment[] = [];
  #length = 0;

  constructor(finish: (text: string, segments: readonly Segment[]) => Source) {
    this.#finish = finish;
  }

  /** Text the parent holds, letter for letter, at `from`. */
  copy(text: string, from: number): this {
    return this.#add(text, from, text.length, true);
  }

  /** As many underscores as `text` is long, standing for the parent's text at `from`. */
  mask(text: string, from: number): this {
    return this.#add(text.replace(/[^\n\r]/g, '_'), from, text.length, false);
  }

  /** Text that stands for `fromLength` characters of the parent: an escape, a folded line break. */
  decoded(text: string, from: number, fromLength: number): this {
    return this.#add(text, from, fromLength, false);
  }

  /** Text the parent does not hold, such as a separator. */
  insert(text: string): this {
    this.#parts.push(text);
    this.#length += text.length;
    return this;
  }

  build(): Source {
    return this.#finish(this.#parts.join(''), this.#segments);
  }

  #add(text: string, from: number, fromLength: number, verbatim: boolean): this {
    if (text === '') return this;
    const last = this.#segments.at(-1);
    const joins =
      last !== undefined &&
      last.verbatim === verbatim &&
      last.length === last.fromLength &&
      text.length === fromLength &&
      last.at + last.length === this.#length &&
      last.from + last.fromLength === from;
    if (joins) {
      this.#segments[this.#segments.length - 1] = {
        ...last,
        length: last.length + text.length,
        fromLength: last.fromLength + fromLength,
      };
    } else {
      this.#segments.push({ at: this.#length, length: text.length, from, fromLength, verbatim });
    }
    this.#parts.push(text);
    this.#length += text.length;
    return this;
  }
}
