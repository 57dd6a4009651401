import assert from 'node:assert/strict';
import { type Condition, holds } from '../src/engine/fact';
import type { Candidate, FileResult } from '../src/engine/finding';
import { settle } from '../src/engine/settle';
import { readNeighbourIgnores, readSuppressions } from '../src/engine/suppressions';
import { LineIndex } from '../src/text/line-index';

/** The result of a file in which a rule found each `BAD`. */
function resultOf(text: string, rule = 'shell/x'): FileResult {
  const lines = new LineIndex(text);
  const candidates = [...text.matchAll(/BAD/g)].map(
    ({ index }): Candidate => ({
      rule,
      concern: 'failure',
      severity: 'warning',
      path: 'f.sh',
      range: [index, index + 3],
      start: lines.position(index),
      end: lines.position(index + 3),
      message: 'bad',
      fingerprint: `${rule}|f.sh||${index}`,
    }),
  );
  const suppressions = readSuppressions(text);
  return { path: 'f.sh', format: 'shell', candidates, facts: [], suppressions, problems: [] };
}

function told(text: string, today = '2026-06-01'): readonly string[] {
  const around = { facts: { has: () => false }, today, judgeSuppressions: true };
  return settle(resultOf(text), around).map(({ start, rule, message }) =>
    rule === 'shell/x' ? `${start.line}` : `${start.line}: ${message}`,
  );
}

describe('andon-allow', () => {
  const cases: readonly (readonly [name: string, text: string, findings: readonly string[]])[] = [
    ['at the end of the line', 'BAD # andon-allow shell/x: why\nBAD\n', ['2']],
    ['on the line above', '# andon-allow shell/x: why\nBAD\nBAD\n', ['3']],
    ['above other comments', '# andon-allow shell/x: why\n# more\n\nBAD\n', []],
    ['in the whole file', '# andon-allow-file shell/x: why\n\nBAD\nx\nBAD\n', []],
    ['for a folder of rules', 'BAD # andon-allow shell/*: why\n', []],
    ['for all', 'BAD # andon-allow *: why\n', []],
    ['for several', 'BAD # andon-allow shell/y, shell/x: why\n', []],
    [
      'for another rule',
      'BAD # andon-allow shell/y: why\n',
      ['1', '1: Nothing here is found by shell/y'],
    ],
    [
      'without a reason',
      'BAD # andon-allow shell/x\n',
      ['1: The exception for shell/x gives no reason'],
    ],
    ['unused', 'x # andon-allow shell/x: why\n', ['1: Nothing here is found by shell/x']],
    ['until a day to come', 'BAD # andon-allow shell/x: why until 2026-06-01\n', []],
    [
      'until a day gone by',
      'BAD # andon-allow shell/x: why until 2026-05-31\n',
      ['1', '1: The exception for shell/x ended on 2026-05-31'],
    ],
    ['with CR LF', '# andon-allow shell/x: why\r\nBAD\r\nBAD\r\n', ['3']],
    [
      'in other comments',
      '// andon-allow shell/x: why\nBAD\n<!-- andon-allow shell/x: why -->\nBAD\n',
      [],
    ],
    ['of a line that goes on', '# andon-allow shell/x: why\na \\\n  BAD\nBAD\n', ['4']],
  ];
  for (const [name, text, findings] of cases) {
    it(name, () => assert.deepEqual(told(text), findings));
  }

  it('is read in time that grows with the file', () => {
    const start = process.cpuUsage();
    assert.equal(readSuppressions('# andon-allow *: x\n'.repeat(20_000)).length, 20_000);
    // Of the processor's time, of which a busy machine takes nothing away.
    assert.ok(process.cpuUsage(start).user < 2_000_000);
  });

  it('knows its own place', () => {
    const text = 'é\r\n  BAD # andon-allow shell/x: why  \r\n';
    const [one] = readSuppressions(text);
    assert.equal(text.slice(...one!.range), '# andon-allow shell/x: why');
    assert.deepEqual(one!.start, { line: 2, column: 7 });
  });
});

describe('ignore comments of other tools', () => {
  const covers = (
    text: string,
    tool: Parameters<ReturnType<typeof readNeighbourIgnores>['covers']>[0],
    code: string,
    line: number,
  ) => readNeighbourIgnores(text).covers(tool, [code], line);

  it('reach as far as those tools let them', () => {
    assert.ok(covers('# hadolint ignore=DL3008\nRUN x\n', 'hadolint', 'DL3008', 2));
    assert.ok(!covers('# hadolint ignore=DL3008\nRUN x\nRUN y\n', 'hadolint', 'DL3008', 3));
    assert.ok(
      covers('# hadolint global ignore=DL3008,DL3006\nRUN x\nRUN y\n', 'hadolint', 'DL3006', 3),
    );
    assert.ok(covers('x\nname: y # noqa: latest[git]\n', 'ansible-lint', 'latest[git]', 2));
    assert.ok(covers('# shellcheck disable=SC2086,SC2046\nx\n', 'shellcheck', 'SC2046', 2));
    assert.ok(covers('uses: a # zizmor: ignore[unpinned-uses]\n', 'zizmor', 'unpinned-uses', 1));
    assert.ok(covers('# tflint-ignore: a_rule\nx = 1\n', 'tflint', 'a_rule', 2));
    assert.ok(!covers('# tflint-ignore: a_rule\nx = 1\n', 'tflint', 'b_rule', 2));
  });
});

describe('conditions', () => {
  const known = { kind: 'said', key: 'a' };
  const other = { kind: 'said', key: 'b' };
  const facts = { has: ({ key }: { key: string }) => key === 'a' };
  const cases: readonly (readonly [condition: Condition | undefined, stands: boolean])[] = [
    [undefined, true],
    [{}, true],
    [{ anyOf: [other, known] }, true],
    [{ anyOf: [other] }, false],
    [{ noneOf: [other] }, true],
    [{ noneOf: [known] }, false],
    [{ after: '2026-05-31' }, true],
    [{ after: '2026-06-01' }, false],
    [{ after: '2026-06-02' }, false],
    [{ after: '2026-05-31', noneOf: [known] }, false],
    [{ after: '2026-06-01', anyOf: [known] }, false],
  ];
  for (const [condition, stands] of cases) {
    it(`${JSON.stringify(condition)} on 2026-06-01: ${stands}`, () => {
      assert.equal(holds(condition, facts, '2026-06-01'), stands);
    });
  }
});
