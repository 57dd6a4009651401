import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { version } from '../../package.json';

const root = join(__dirname, '../..');
const registry = join(root, 'src/rules/index.ts');

/** `github-actions/uses-mutable-ref` as a name of JavaScript. */
const nameOf = (id: string) => id.replace(/[-/](\w)/g, (_, letter: string) => letter.toUpperCase());

/** The export of a format and the file it is in; `kubernetes` for a folder that is no format's id, as a start. */
function formatFor(folder: string): { readonly name: string; readonly file: string } | undefined {
  const formats = join(root, 'src/formats');
  for (const file of readdirSync(formats)) {
    const text = readFileSync(join(formats, file), 'utf8');
    const found = /export const (\w+) = defineFormat[\s\S]*?\bid: '([a-z-]+)'/.exec(text);
    if (found?.[2] === folder) return { name: found[1]!, file: file.slice(0, -3) };
  }
  return undefined;
}

function rule(id: string, format: { readonly name: string; readonly file: string }): string {
  return `import { defineRule } from '../../engine/rule';
import { ${format.name} } from '../../formats/${format.file}';

export default defineRule({
  id: '${id}',
  on: ${format.name},
  summary: 'TODO: what is wrong, in one line',
  why: 'TODO: what goes wrong, and when.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: false,
  since: '${version}',

  create: ({ report: _ }) => ({
    // A function for each node kind of the format that matters.
  }),
});
`;
}

function page(id: string, folder: string): string {
  const [language, bad, good] = (
    {
      dockerfile: ['dockerfile', 'FROM debian:12', 'FROM debian:12'],
      shell: ['sh', 'true', 'true'],
      terraform: ['hcl', 'terraform {}', 'terraform {}'],
    } as Readonly<Record<string, readonly string[]>>
  )[folder] ?? [`yaml ${folder}`, 'a: b', 'a: b'];
  return `<!-- andon -->
<!-- /andon -->

TODO: what goes wrong, and when.

## Bad

\`\`\`${language}
${bad}
^^^^ ${id}
\`\`\`

## Good

\`\`\`${language}
${good}
\`\`\`

## When to allow it

TODO

## Sources

- TODO
`;
}

/** The registry with a line more in both of its lists, sorted by id. */
export function withRule(text: string, id: string): string {
  const imports = [...text.matchAll(/^import (\w+) from '\.\/(.+)';$/gm)].map((match) => match[2]!);
  const ids = [...new Set([...imports, id])].sort();
  const head = text
    .split('\n')
    .filter((line) => !/^import \w+ from '\.\//.test(line))
    .join('\n');
  const lines = ids.map((each) => `import ${nameOf(each)} from './${each}';`).join('\n');
  const entries = ids.map((each) => `  ${nameOf(each)},`).join('\n');
  return head
    .replace(/^(import type .*\n)/m, `$1${lines}\n`)
    .replace(/(= \[\n(?: {2}\/\/\n)?)[\s\S]*?(\n?\];)/, `$1${entries}\n];`);
}

/** `npm run new-rule shell/repeated-thing`: the rule, its page and its line in the registry. */
function main(): void {
  const [id = ''] = process.argv.slice(2);
  if (!/^[a-z-]+\/[a-z0-9-]+$/.test(id)) {
    console.error(
      'npm run new-rule FORMAT/NAME, in small letters and hyphens: shell/repeated-thing',
    );
    process.exitCode = 2;
    return;
  }
  const folder = dirname(id);
  const format = formatFor(folder) ?? formatFor('kubernetes');
  const files = [`src/rules/${id}.ts`, `src/rules/${id}.md`] as const;
  const taken = files.find((file) => existsSync(join(root, file)));
  if (taken || !format) {
    console.error(taken ? `${taken} is there already` : `no format for ${folder}`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(join(root, 'src/rules', folder), { recursive: true });
  writeFileSync(join(root, files[0]), rule(id, format));
  writeFileSync(join(root, files[1]), page(id, folder));
  writeFileSync(registry, withRule(readFileSync(registry, 'utf8'), id));
  console.log(`${files.join('\n')}\nsrc/rules/index.ts`);
}

if (require.main === module) main();
