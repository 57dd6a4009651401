import { type Document, defineFormat, type Visit } from '../engine/format';
import type { Located } from '../text/range';
import type { Source } from '../text/source';

/** A line of a .gitignore that names something. */
export interface IgnorePattern extends Located {
  readonly text: string;
  /** Written with `!`: what it names is not ignored after all. */
  readonly negated: boolean;
  /** Whether a file of this name in any folder below is meant; of patterns with folders only the last part counts. */
  names(file: string): boolean;
}

export interface IgnoreFile extends Located {
  readonly patterns: readonly IgnorePattern[];
  /** The folder it holds for, relative to the workspace, without a slash at its end; `` is the workspace's root. */
  readonly folder: string;
}

export type GitignoreNodes = { file: IgnoreFile };

/** What git leaves out (https://git-scm.com/docs/gitignore). */
export const gitignore = defineFormat<GitignoreNodes>({
  id: 'gitignore',
  title: 'Git ignore file',
  files: ['**/.gitignore'],
  nodes: ['file'],
  recognises: (file) => (file.name === '.gitignore' ? 'by-name' : undefined),
  alone: () => undefined,

  parse(source): Document<GitignoreNodes> {
    const file: IgnoreFile = {
      patterns: patternsOf(source),
      folder: source.path.replace(/\/?[^/]*$/, ''),
      range: [0, source.text.length],
    };
    return {
      source,
      problems: [],
      embedded: [],
      *walk(): Iterable<Visit<GitignoreNodes>> {
        yield ['file', file];
      },
    };
  },
});

function patternsOf(source: Source): readonly IgnorePattern[] {
  return [...source.text.matchAll(/^(?!\s*(?:#|$))[^\r\n]*/gm)].map(({ 0: line, index }) => {
    const text = line.replace(/(?<!\\)\s+$/, '');
    const negated = text.startsWith('!');
    const named = text.replace(/^!/, '');
    const last = named.slice(named.lastIndexOf('/') + 1);
    // With a slash at its end it names folders only, and of what is all wildcards the folder before it decides.
    const isName = /[^*?]/.test(last) && last.length <= longestName;
    const pattern = isName ? wildcards(last) : undefined;
    return {
      text,
      negated,
      names: (file) => pattern?.test(file) ?? false,
      range: [index, index + text.length],
    };
  });
}

/** In characters; no system has a longer one (https://man7.org/linux/man-pages/man0/limits.h.0p.html, NAME_MAX). */
const longestName = 255;

/** `*` and `?` of one part of a path; sets in brackets are taken for any character. */
function wildcards(part: string): RegExp {
  const body = part
    .replace(/\[[^\]]*\]/g, '?')
    .replace(/[\\^$+.()|{}[\]]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${body}$`);
}
