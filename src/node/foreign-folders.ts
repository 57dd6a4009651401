/** Files beside a `vendor` folder whose tool fills it: Composer, Go, Bundler, jsonnet-bundler. */
const fillers = ['composer.json', 'go.mod', 'Gemfile', 'jsonnetfile.json'] as const;

/**
 * Whether what lies in a folder is somebody else's: git's own, packages of npm, and a `vendor` that is filled by a tool
 * (https://getcomposer.org/doc/01-basic-usage.md, https://go.dev/ref/mod#vendoring). A folder of that name without
 * such a tool beside it may be a service for vendors. `beside` tells whether a file of this name stands next to it.
 */
export function isForeign(name: string, beside: (file: string) => boolean): boolean {
  if (name === '.git' || name === 'node_modules') return true;
  return name === 'vendor' && fillers.some(beside);
}
