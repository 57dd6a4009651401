import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import type { Finding } from '../src/engine/finding';
import { Workspace } from '../src/project/workspace';
import { applyEdits } from '../src/text/edit';
import { type Block, readAnnotated, readBlocks } from './annotated';
import './grammars';

const folder = join(__dirname, '../src/rules');
const extensions: Readonly<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  groovy: 'Jenkinsfile',
  sh: 'script.sh',
  bash: 'script.bash',
  hcl: 'main.tf',
  terraform: 'main.tf',
  yaml: 'file.yaml',
  yml: 'file.yaml',
  json: 'file.json',
};
const byFormat: Readonly<Record<string, string>> = {
  'github-actions': '.github/workflows/ci.yml',
  compose: 'compose.yaml',
};

/**
 * The path a block stands at: `path=…` in the fence, else the format's usual place. Further blocks with `with` behind
 * `path=…` are files that stand beside the next block.
 */
function pathOf(block: Block): string {
  const said = block.words.find((word) => word.startsWith('path='))?.slice(5);
  const format = block.words[0] ?? '';
  return said ?? byFormat[format] ?? extensions[block.language] ?? 'file.txt';
}

interface File {
  readonly path: string;
  readonly text: string;
  readonly format: string | undefined;
}

async function lint(
  files: readonly File[],
  rule?: string,
): Promise<Map<string, readonly Finding[]>> {
  const told = files.filter((file) => file.format);
  const configuration = {
    ...defaultConfiguration,
    files: Object.fromEntries(told.map((file) => [file.path, file.format!])),
  };
  const policy = engine.policy(configuration, rule);
  const workspace = new Workspace();
  workspace.setFiles(files.map((file) => file.path));
  for (const file of files) {
    const result = await engine.lint(file, policy);
    assert.deepEqual(result.problems, []);
    // A file beside the snippet, such as a lock file, may be there for its name alone.
    const isSnippet = file === files.at(-1);
    if (isSnippet) assert.notEqual(result.format, undefined, `no format reads ${file.path}`);
    workspace.update(result);
  }
  const options = { today: '2026-01-01', judgeSuppressions: false };
  return new Map(files.map((file) => [file.path, workspace.findings(file.path, options)]));
}

const show = (path: string, finding: { rule: string; range: readonly number[] }, text: string) =>
  `${path} ${finding.rule} [${finding.range}] ${JSON.stringify(text.slice(finding.range[0], finding.range[1]))}`;

function formatOf(block: Block): string | undefined {
  const word = block.words[0];
  return engine.formats.some((format) => format.id === word) ? word : undefined;
}

describe('rule pages', () => {
  for (const rule of engine.rules) {
    describe(rule.id, () => {
      const path = join(folder, `${rule.id}.md`);
      const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const blocks = readBlocks(page);

      it('has a page with examples of both kinds', () => {
        for (const heading of ['Bad', 'Good']) {
          assert.ok(
            blocks.some((block) => block.heading === heading),
            `no block under ## ${heading}`,
          );
        }
        const marked = blocks.some((block) => readAnnotated(block.text).marks.length > 0);
        assert.ok(marked, 'no example marks a finding');
      });

      let beside: File[] = [];
      for (const block of blocks) {
        if (block.heading !== 'Bad' && block.heading !== 'Good') continue;
        const { text, marks } = readAnnotated(block.text);
        const file = { path: pathOf(block), text, format: formatOf(block) };
        if (block.words.includes('with')) {
          beside.push(file);
          continue;
        }
        const files = [...beside, file];
        beside = [];
        for (const eol of ['\n', '\r\n']) {
          const at = `line ${block.line}${eol === '\n' ? '' : ', CRLF'}`;
          // Offsets of the marks move by one for each line break before them.
          const move = (offset: number) =>
            eol === '\n' ? offset : offset + (text.slice(0, offset).match(/\n/g)?.length ?? 0);
          const written = { ...file, text: text.replaceAll('\n', eol) };
          const all = [...files.slice(0, -1), written];

          it(`${block.heading}, ${at}`, async () => {
            const found = (await lint(all, block.heading === 'Bad' ? rule.id : undefined)).get(
              file.path,
            )!;
            const expected = marks.map((mark) => ({
              rule: mark.rule,
              range: [move(mark.range[0]), move(mark.range[1])] as const,
            }));
            assert.deepEqual(
              found.map((each) => show(file.path, each, written.text)),
              expected.map((each) => show(file.path, each, written.text)),
            );
            // A rule that is off by default is silent there as well.
            if (block.heading === 'Good' && !rule.recommended) {
              const own = (await lint(all, rule.id)).get(file.path)!;
              assert.deepEqual(
                own.map((each) => show(file.path, each, written.text)),
                [],
              );
            }
            for (const finding of found) {
              assert.ok(
                finding.message.length > 0 && !finding.message.endsWith('.'),
                finding.message,
              );
            }
          });

          it(`${block.heading}, ${at}: fixes end what they fix and end there`, async () => {
            const before = (await lint(all, rule.id)).get(file.path)!;
            for (const finding of before) {
              if (!finding.fix) continue;
              const fixed = applyEdits(written.text, finding.fix.edits);
              assert.notEqual(fixed, written.text, 'the fix changes nothing');
              if (eol === '\r\n') assert.ok(!/[^\r]\n/.test(fixed), 'the fix mixes line endings');
              const files = [...all.slice(0, -1), { ...written, text: fixed }];
              const after = (await lint(files, rule.id)).get(file.path)!;
              const left = `still found after "${finding.fix.title}":\n${fixed}`;
              assert.ok(after.length < before.length, left);
              assert.ok(!after.some((each) => each.rule.startsWith('andon/')), `broken:\n${fixed}`);
            }
          });
        }
      }
    });
  }
});
