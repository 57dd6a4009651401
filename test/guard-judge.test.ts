import assert from 'node:assert/strict';
import { parseClaim, serialiseClaim } from '../src/guard/claim-file';
import { withoutComments, withTrailer } from '../src/guard/commit-message';
import { judge } from '../src/guard/judge';
import { parsePause, parsePolicy, serialisePause, serialisePolicy } from '../src/guard/policy-file';
import { email, guardCases, redNow } from './guard-cases';

describe('guard: what is said before a commit', () => {
  const now = 1_795_344_060;
  for (const { what, status, commit, given, say, because } of guardCases(now)) {
    it(`${what}: ${say}`, () => {
      const judgement = judge(
        status === null ? undefined : { ...redNow(now), ...status },
        { kind: 'commit', branch: 'main', message: 'feat: a pump', ...commit },
        { branches: 'line', fixWords: [], now, email, ...given },
      );
      assert.deepEqual(judgement, { say, reasons: because });
    });
  }

  it('gives every reason for silence', () => {
    const { reasons } = judge(
      redNow(now),
      { kind: 'merge', branch: 'next', message: 'fix: x' },
      { branches: 'line', fixWords: [], now, pausedUntil: now + 5 },
    );
    assert.deepEqual(reasons, ['elsewhere', 'paused', 'in-progress', 'fix']);
  });
});

describe('guard: files beside the status', () => {
  it('keep a policy', () => {
    const policy = { mode: 'block', branches: 'every', fixWords: ['mend', 'a b'] } as const;
    assert.equal(
      serialisePolicy({ ...policy, fixWords: [' Mend', 'a b', 'no,comma'] }),
      'andon-guard=1\nmode=block\nbranches=every\nfix=mend,a b\n',
    );
    assert.deepEqual(parsePolicy(serialisePolicy(policy)), policy);
    assert.deepEqual(parsePolicy('andon-guard=2\nmode=block'), {
      mode: undefined,
      branches: 'line',
      fixWords: [],
    });
    assert.deepEqual(parsePolicy('andon-guard=1\nmode=shout\nbranches=\nfix=,,').fixWords, []);
  });

  it('keep a pause and a claim', () => {
    assert.equal(parsePause(serialisePause(12.5)), 12);
    assert.equal(parsePause('until=5'), undefined);
    const claim = { since: 5, until: 9, sha: 'a'.repeat(40) };
    assert.deepEqual(parseClaim(serialiseClaim(claim)), claim);
    assert.equal(parseClaim('andon-claim=1\nsince=5\n'), undefined);
    assert.deepEqual(parseClaim('andon-claim=1\nuntil=5\nsha=HEAD\n'), { since: 5, until: 5 });
  });
});

describe('guard: trailers', () => {
  const cases: readonly (readonly [message: string, comments: boolean, result: string])[] = [
    ['feat: x', false, 'feat: x\n\nFixes-Build: 1'],
    ['feat: x\n', false, 'feat: x\n\nFixes-Build: 1\n'],
    ['feat: x\n\nWhy.\n', false, 'feat: x\n\nWhy.\n\nFixes-Build: 1\n'],
    ['feat: x\n\nRefs: #1\n', false, 'feat: x\n\nRefs: #1\nFixes-Build: 1\n'],
    ['Refs: #1', false, 'Refs: #1\n\nFixes-Build: 1'],
    ['feat: x\r\n\r\nWhy.\r\n', false, 'feat: x\r\n\r\nWhy.\r\n\r\nFixes-Build: 1\r\n'],
    ['feat: x\n\n# Please\n# enter\n', true, 'feat: x\n\nFixes-Build: 1\n\n# Please\n# enter\n'],
    ['feat: x\n# Please\n', true, 'feat: x\n\nFixes-Build: 1\n\n# Please\n'],
    ['\n# Please\n', true, '\n\nFixes-Build: 1\n\n# Please\n'],
    ['feat: x\n#12\n', false, 'feat: x\n#12\n\nFixes-Build: 1\n'],
    [
      'feat: x\n# ------------------------ >8 ------------------------\n# Do not\ndiff\n+a: b\n',
      true,
      'feat: x\n\nFixes-Build: 1\n\n# ------------------------ >8 ------------------------\n# Do not\ndiff\n+a: b\n',
    ],
    ['', false, '\n\nFixes-Build: 1\n'],
  ];
  for (const [message, comments, result] of cases) {
    it(JSON.stringify(message), () =>
      assert.equal(withTrailer(message, 'Fixes-Build', '1', comments), result),
    );
  }

  it('hold on one line', () => {
    const text = withTrailer('x', 'Andon-Override', 'a\nFixes-Build: b\u001b[31m', false);
    assert.equal(text, 'x\n\nAndon-Override: a Fixes-Build: b [31m');
  });
});

describe('guard: a message without what git leaves out', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['feat: x\n\n# Please\n# enter\n', 'feat: x'],
    ['# Please\n\nfeat: x\n\n\n\nWhy.\n#\n', 'feat: x\n\nWhy.'],
    ['feat: x\r\n\r\nWhy #12.\r\n', 'feat: x\n\nWhy #12.'],
    ['feat: x\n# ------------------------ >8 ------------------------\ndiff\n+a: b\n', 'feat: x'],
    ['# only\n', ''],
  ];
  for (const [message, kept] of cases) {
    it(JSON.stringify(message), () => assert.equal(withoutComments(message), kept));
  }
});
