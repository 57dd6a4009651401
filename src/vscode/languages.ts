/**
 * Language ids under which people have infrastructure and pipelines as code open, whichever extensions they use.
 * Andon declares none of them itself: it works on what is there.
 */
export const languages = [
  'ansible',
  'azure-pipelines',
  'dockercompose',
  'dockerfile',
  'github-actions-workflow',
  'helm',
  'hcl',
  'jinja-yaml',
  'opentofu',
  'puppet',
  'shellscript',
  'terraform',
  'terraform-vars',
  'yaml',
] as const;

const known: ReadonlySet<string> = new Set(languages);

/** Whether documents of this language are checked wherever they are, also unsaved ones. */
export const isOurs = (languageId: string): boolean => known.has(languageId);
