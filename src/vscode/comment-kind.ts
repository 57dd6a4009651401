/** What tells how comments are written in a file. */
export interface CommentedFile {
  /** Its text, or the beginning of it. */
  readonly text: string;
  readonly languageId: string;
  /** Id of the format that read the file. */
  readonly format: string | undefined;
  readonly path: string;
}

export type CommentKind = 'yaml' | 'dockerfile' | 'slashes' | 'other';

/** How comments are written in the file; undefined where there are none. */
export function commentsOf({
  languageId,
  format,
  path,
  text,
}: CommentedFile): CommentKind | undefined {
  if (/\.json$/i.test(path) || languageId === 'json' || /^\s*\{(?![{%])/.test(text)) {
    return undefined;
  }
  if (format === 'dockerfile' || languageId === 'dockerfile') return 'dockerfile';
  if (languageId === 'groovy' || /(?:^|\/)Jenkinsfile/.test(path)) return 'slashes';
  const yaml = /yaml|ansible|azure-pipelines|compose|workflow|helm/;
  return /\.ya?ml$/i.test(path) || yaml.test(languageId) ? 'yaml' : 'other';
}
