import type { Embedded } from '../engine/format';
import type { Link } from '../engine/part';
import { type Block, type Expression, walkExpressions } from '../syntax/hcl';
import type { Source } from '../text/source';
import { linksOfCommands } from './command-links';
import { imagesUsed, pathIn, toFile } from './delivery';

/** Functions that read a file (https://developer.hashicorp.com/terraform/language/functions/file, …/templatefile). */
const reads = new Set(['file', 'filebase64', 'templatefile']);

/**
 * What the blocks of a file lead to beside other modules: files they read, such as user data; charts; images that are
 * built and run; what `local-exec` does where Terraform runs. `folder` is that of the file.
 */
export function* blockLinks(
  source: Source,
  folder: string,
  blocks: readonly Block[],
  embedded: readonly Embedded[],
): Iterable<Link> {
  for (const block of blocks) yield* linksOfBlock(source, folder, block);
  yield* imagesUsed({ embedded });
}

function* linksOfBlock(source: Source, folder: string, block: Block): Iterable<Link> {
  for (const { value } of block.body.attributes)
    for (const each of walkExpressions(value)) {
      if (each.kind !== 'call' || !reads.has(each.name.value)) continue;
      const file = pathOfExpression(folder, each.args[0]);
      if (file !== undefined) yield toFile('uses', file);
    }
  const [type] = block.labels;
  const chart = block.body.attribute('chart');
  if (type?.value === 'helm_release' && chart) {
    const path = pathOfExpression(folder, chart.value);
    if (path !== undefined) yield toFile('deploys', path, 'helm');
  }
  for (const inner of block.body.blocks) {
    if (inner.type.value === 'provisioner') yield* localLinks(source, folder, inner);
    if (type?.value === 'docker_image' && inner.type.value === 'build') {
      const context = pathOfExpression(folder, inner.body.attribute('context')?.value);
      const file = inner.body.attribute('dockerfile')?.value;
      const recipe =
        context !== undefined && pathOfExpression(context, file, file ? undefined : 'Dockerfile');
      // A path only the run knows may be any.
      yield toFile('builds', typeof recipe === 'string' ? recipe : '', 'docker');
    } else yield* linksOfBlock(source, folder, inner);
  }
}

/** https://developer.hashicorp.com/terraform/language/resources/provisioners/local-exec */
function* localLinks(source: Source, folder: string, provisioner: Block): Iterable<Link> {
  const command = provisioner.body.attribute('command')?.value;
  const directory = provisioner.body.attribute('working_dir')?.value;
  if (provisioner.labels[0]?.value !== 'local-exec' || !command) return;
  if (!/^(?:heredoc|literal|template)$/.test(command.kind)) return;
  const written = source.text.slice(...command.range);
  const text = written
    .replace(/^<<-?\w+[^\n]*\n|\n[^\n]*$/g, (found) => (written.startsWith('<<') ? '' : found))
    .replace(/^"|"$/g, '')
    .replace(/\\"/g, '"')
    .replace(/\$\{\s*path\.(?:module|root|cwd)\s*\}/g, '.')
    .replace(/\$\{[^{}]*\}/g, '__');
  const where = directory ? pathOfExpression(folder, directory) : folder;
  yield* linksOfCommands(source, text, where);
}

/** The path an expression comes to: a string, also one behind `path.module`. */
function pathOfExpression(
  folder: string,
  expression: Expression | undefined,
  otherwise?: string,
): string | undefined {
  if (!expression) return otherwise === undefined ? undefined : pathIn(folder, otherwise);
  if (expression.kind === 'literal')
    return typeof expression.value === 'string' ? pathIn(folder, expression.value) : undefined;
  if (expression.kind === 'reference') return expression.path[0] === 'path' ? folder : undefined;
  if (expression.kind !== 'template') return undefined;
  const [first, ...rest] = expression.parts;
  if (first?.kind !== 'reference' || first.path[0] !== 'path') return undefined;
  const texts = rest.map((each) => (each.kind === 'literal' ? String(each.value) : undefined));
  return texts.includes(undefined) ? undefined : pathIn(folder, `./${texts.join('')}`);
}
