import assert from 'node:assert/strict';
import { errorLines, placesIn, plainLog } from '../src/pipeline/log-lines';

describe('logs', () => {
  it('lose colours, time stamps, folds and what was overwritten', () => {
    const log = [
      '\uFEFF2026-11-01T10:00:00.1234567Z ##[group]Run npm test',
      '2026-11-01T10:00:01.0000000Z \u001b[31merror\u001b[0m: boom\r',
      '2026-11-01T10:00:01.000000Z 00O section_start:1793526000:step\r\u001b[0Kjob text',
      'progress 1%\rprogress 100%',
      '\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007',
    ].join('\n');
    assert.deepEqual(plainLog(log).split('\n'), [
      'Run npm test',
      'error: boom',
      'job text',
      'progress 100%',
      'link',
    ]);
  });

  const speaks = [
    'error: x',
    'src/a.ts(3,1): error TS2322: no',
    'npm ERR! Test failed.',
    '##[error]Process completed with exit code 1.',
    'FAIL src/a.test.ts',
    'not ok 1 - adds',
    'AssertionError [ERR_ASSERTION]: no',
    'Traceback (most recent call last):',
    'panic: runtime error',
    'fatal: not a git repository',
    'sh: 1: foo: command not found',
    'make: *** [Makefile:3: test] Error 1',
    '  ✗ adds',
  ];
  const silent = [
    '0 errors',
    'no failures',
    'compiled',
    'continue-on-error: true',
    'npm test --fail-fast',
    '12 passed, 0 failed',
  ];
  for (const line of speaks)
    it(`take "${line}" for an error`, () => assert.deepEqual(errorLines(`a\n${line}\nb`), [1]));
  for (const line of silent) {
    it(`do not take "${line}" for one`, () =>
      assert.deepEqual(errorLines(`${line}\nerror: x`), [1]));
  }

  it('without an error are shown by their end', () => {
    assert.deepEqual(errorLines('a\n\nb\nc\n', 2), [2, 3]);
    assert.deepEqual(errorLines(''), []);
  });

  const places: Readonly<Record<string, readonly (readonly [string, number, number])[]>> = {
    'src/a.ts:3:7: error': [['src/a.ts', 3, 7]],
    'src/a.ts(12,5): error TS1': [['src/a.ts', 12, 5]],
    '  File "app/a b.py", line 12, in f': [['app/a b.py', 12, 1]],
    '    at run (/home/ci/shop/src/a.ts:3:7)': [['/home/ci/shop/src/a.ts', 3, 7]],
    'main.go:10: x; other.go:11: y': [
      ['main.go', 10, 1],
      ['other.go', 11, 1],
    ],
    'C:\\ci\\shop\\a.cs(4,2): error CS1': [['C:\\ci\\shop\\a.cs', 4, 2]],
    'at 10:20:30 nothing': [],
    'version 1.2.3': [],
    'a.ts:0': [],
  };
  for (const [line, found] of Object.entries(places)) {
    it(`name places: ${line}`, () => {
      assert.deepEqual(
        placesIn(line).map(({ path, line: at, column }) => [path, at, column]),
        found,
      );
    });
  }

  it('of any size and shape take little time', () => {
    const begun = process.cpuUsage();
    for (const text of [
      'a.'.repeat(50_000),
      `${'x'.repeat(100_000)}:1`,
      '\u001b['.repeat(50_000),
      ' '.repeat(100_000),
    ]) {
      errorLines(plainLog(text));
      placesIn(text);
    }
    // Of the processor's time, of which a busy machine takes nothing away.
    assert.ok(process.cpuUsage(begun).user < 2_000_000);
  });
});
