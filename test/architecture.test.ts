import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const src = join(__dirname, '../src');

interface Layer {
  /** Folders of src, or files directly below it. */
  readonly may: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages; `node:` stands for all of Node's own modules. */
  readonly packages?: readonly string[];
}

const core = [
  'text',
  'syntax',
  'engine',
  'formats',
  'rerun',
  'rules',
  'project',
  'report',
  'prove',
  'catalog',
];

/** The table of the design: what each folder may import. Nothing imports upwards. */
const layers: Readonly<Record<string, Layer>> = {
  text: { may: [] },
  syntax: { may: ['text'], packages: ['jsonc-parser', 'yaml', 'web-tree-sitter'] },
  engine: { may: ['text'], packages: ['zeptomatch'] },
  formats: { may: ['text', 'syntax', 'engine'] },
  rerun: { may: ['text', 'syntax', 'engine', 'formats'] },
  rules: { may: ['text', 'engine', 'formats', 'rerun'], types: ['syntax'] },
  project: { may: ['text', 'engine', 'formats'] },
  'map-view': { may: [], types: ['project'], packages: ['@dagrejs/dagre'] },
  pipeline: { may: [] },
  guard: { may: [], types: ['pipeline'] },
  report: { may: ['text', 'engine'] },
  prove: { may: ['report'], packages: ['diff'] },
  catalog: { may: ['engine', 'formats', 'rules'] },
  node: { may: [...core, 'pipeline', 'guard'], packages: ['node:', 'ignore', 'modern-tar'] },
  cli: { may: [...core, 'node'], packages: ['node:'] },
  vscode: { may: [...core, 'pipeline', 'guard', 'node'], packages: ['vscode', 'ignore'] },
  extension: { may: ['vscode'], packages: ['vscode'] },
  dev: {
    may: [...core, 'pipeline', 'guard', 'node', 'vscode', 'cli'],
    packages: ['node:', 'esbuild', 'typescript', 'yaml'],
  },
};

/** Files of src/vscode, and folders of them, that only a host with Node loads. */
const onNode = [
  'vscode/guard/',
  // The lamp, too, is a bundle of its own, which a browser never loads; so is what proves scripts.
  'vscode/lamp/',
  'vscode/prove/',
  'vscode/engine.ts',
  'vscode/git-path.ts',
  'vscode/linter-in-threads.ts',
  'vscode/local-files.ts',
  'vscode/node-host.ts',
];

const isOnNode = (path: string) =>
  onNode.some((each) => path === each || (each.endsWith('/') && path.startsWith(each)));

interface Import {
  readonly from: string;
  readonly what: string;
  readonly typeOnly: boolean;
}

const known = new Map<string, readonly Import[]>();

/** What a file imports, by whichever way of writing it. */
function importsOf(from: string): readonly Import[] {
  let found = known.get(from);
  if (!found) {
    const text = readFileSync(join(src, from), 'utf8');
    found = [...importsIn(ts.createSourceFile(from, text, ts.ScriptTarget.Latest))].map(
      ([what, typeOnly]) => ({ from, what, typeOnly }),
    );
    known.set(from, found);
  }
  return found;
}

function* importsIn(node: ts.Node): Iterable<readonly [what: string, typeOnly: boolean]> {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* importsIn(child);
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    yield [node.moduleSpecifier.text, onlyTypes(node.importClause)];
  } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    yield [(node.moduleSpecifier as ts.StringLiteral).text, node.isTypeOnly];
  } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    yield [(node.argument.literal as ts.StringLiteral).text, true];
  } else if (ts.isCallExpression(node)) {
    const callee = node.expression;
    const [argument] = node.arguments;
    const loads =
      callee.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(callee) && callee.text === 'require');
    if (loads && argument && ts.isStringLiteral(argument)) yield [argument.text, false];
  }
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every((element) => element.isTypeOnly);
}

const files = readdirSync(src, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'));

const layerOf = (path: string) => path.split('/')[0]!.replace(/(\.web)?\.ts$/, '');

/** The file of src an import leads to, without its ending; undefined for packages and what lies outside. */
function targetOf({ from, what }: Import): string | undefined {
  if (!what.startsWith('.')) return undefined;
  const target = relative(src, join(src, dirname(from), what)).replaceAll('\\', '/');
  return target.startsWith('..') ? undefined : target;
}

/** Whether loading a file loads a module of Node's. */
function needsNode(path: string, seen = new Set<string>()): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  return importsOf(path).some((each) => {
    if (each.typeOnly) return false;
    if (each.what.startsWith('node:')) return true;
    const target = targetOf(each);
    const file =
      target && [`${target}.ts`, `${target}/index.ts`].find((name) => files.includes(name));
    return file !== undefined && file !== '' && needsNode(file, seen);
  });
}

/** What the table says against an import, or undefined. */
function objection(each: Import): string | undefined {
  const { from, what, typeOnly } = each;
  const layer = layers[layerOf(from)]!;
  if (!what.startsWith('.')) {
    const allowed = layer.packages?.some((name) =>
      name === 'node:' ? what.startsWith('node:') : what === name || what.startsWith(`${name}/`),
    );
    if (allowed || (what.startsWith('node:') && isOnNode(from))) return undefined;
    return `${from} imports the package ${what}`;
  }
  const target = targetOf(each);
  if (target === undefined) {
    // Facts about the package itself may come from its manifest.
    return what.endsWith('/package.json') ? undefined : `${from} imports ${what}`;
  }
  const to = layerOf(target);
  if (to === layerOf(from) || layer.may.includes(to)) return undefined;
  if (layer.types?.includes(to)) {
    return typeOnly ? undefined : `${from} imports more than types of ${what}`;
  }
  return `${from} imports ${what}`;
}

describe('architecture', () => {
  for (const layer of Object.keys(layers)) {
    const own = files.filter((path) => layerOf(path) === layer);
    if (own.length === 0) continue;
    it(`${layer} imports what it may`, () => {
      assert.deepEqual(own.flatMap(importsOf).map(objection).filter(Boolean), []);
    });
  }

  it('loads nothing of Node where there may be a browser', () => {
    const own = files.filter((path) => layerOf(path) === 'vscode' && !isOnNode(path));
    assert.deepEqual(
      own.filter((path) => needsNode(path)),
      [],
    );
  });

  it('has no folder or file outside the table', () => {
    const known = Object.keys(layers);
    assert.deepEqual(
      [...new Set(files.map(layerOf))].filter((layer) => !known.includes(layer)),
      [],
    );
  });

  it('has no cupboards', () => {
    const cupboards = /(^|\/)(utils?|helpers?|common|types|misc|shared)(\.ts$|\/)/;
    assert.deepEqual(
      files.filter((path) => cupboards.test(path)),
      [],
    );
  });

  it('names files in kebab case', () => {
    const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.web)?\.ts$/;
    assert.deepEqual(
      files.filter((path) => !kebab.test(path)),
      [],
    );
  });
});
