import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { engine } from '../catalog';
import { configurationSchema } from './configuration-schema';
import { fixWordMarks, fixWordPatterns } from './fix-word-patterns';
import { catalogDescription, manifestParts, manifestTexts } from './manifest';
import { agreementPage } from './peer-agreement';
import { peersWithCases } from './peers';
import { precisionPage, sampleFiles } from './precision';
import { headMarks, replaceBetween, ruleHead, ruleTable } from './rule-head';
import { withRuleTexts } from './rule-texts';

const tableMarks = ['<!-- rules -->', '<!-- /rules -->'] as const;

/**
 * Everything that is made of the registries: path → text, paths relative to the repository. `read` gives the text a
 * file has now, undefined where it is not there.
 */
export function generated(read: (path: string) => string | undefined): ReadonlyMap<string, string> {
  const products = new Map<string, string>();
  for (const rule of engine.rules) {
    const path = `src/rules/${rule.id}.md`;
    const page = read(path);
    if (page === undefined) continue;
    const head = ruleHead(rule);
    products.set(
      path,
      replaceBetween(page, headMarks, head) ?? `${headMarks[0]}\n${head}${headMarks[1]}\n\n${page}`,
    );
  }
  const readme = read('README.md');
  const table = readme && replaceBetween(readme, tableMarks, ruleTable(engine.rules));
  if (table) products.set('README.md', table);
  products.set('docs/precision.md', precisionPage(engine, sampleFiles(engine), read));
  products.set('docs/peers.md', agreementPage(peersWithCases, read));
  products.set('schema/andon.schema.json', json(configurationSchema(engine)));
  const manifest = read('package.json');
  if (manifest) products.set('package.json', json({ ...JSON.parse(manifest), ...manifestParts() }));
  const script = read('src/guard/hook.sh');
  const hook = script && replaceBetween(script, fixWordMarks, fixWordPatterns());
  if (hook) products.set('src/guard/hook.sh', hook);
  for (const path of ['l10n/rules.ko.json']) {
    products.set(path, json(withRuleTexts(JSON.parse(read(path) ?? '{}'))));
  }
  products.set('package.nls.json', json(manifestTexts()));
  products.set('src/vscode/catalog.json', json(catalogDescription()));
  return products;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** `npm run generate [-- --check]`: writes what differs, or says what does. */
function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  const root = join(__dirname, '../..');
  const read = (path: string) => {
    const file = join(root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const stale = [...generated(read)].filter(([path, text]) => read(path) !== text);
  for (const [path, text] of stale) {
    console.log(values.check ? `${path} is not up to date` : path);
    if (values.check) continue;
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (values.check && stale.length > 0) {
    console.error('npm run generate brings them up to date');
    process.exitCode = 1;
  }
}

if (require.main === module) main();
