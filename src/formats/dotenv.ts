import type { FactName } from '../engine/fact';
import { defineFormat } from '../engine/format';

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm;

/**
 * What is stated when the `.env` file of a folder, or one made to be copied there (`.env.example`), sets a variable.
 * `folder` is relative to the workspace, `` at its root.
 */
export const setInDotenv = (folder: string, variable: string): FactName => ({
  kind: 'env',
  key: `${folder === '' ? '' : `${folder}/`}.env:${variable}`,
});

/**
 * `.env` files (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file). Only
 * the names of the variables are of interest, never their values.
 */
export const dotenv = defineFormat<Record<never, never>>({
  id: 'dotenv',
  title: 'Environment file',
  files: ['**/.env', '**/.env.*'],
  nodes: [],
  recognises: (file) => (/^\.env(?:\.[\w.-]+)?$/.test(file.name) ? 'by-name' : undefined),
  alone: () => {},
  parse(source) {
    const folder = source.path.slice(0, Math.max(0, source.path.lastIndexOf('/')));
    return {
      source,
      problems: [],
      embedded: [],
      facts: [...source.text.matchAll(assignment)].map((match) => {
        const start = match.index + match[0].indexOf(match[1]!);
        return { ...setInDotenv(folder, match[1]!), range: [start, start + match[1]!.length] };
      }),
      walk: () => [],
    };
  },
});
