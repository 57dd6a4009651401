import assert from 'node:assert/strict';
import {
  branchStatusPath,
  type FileStatus,
  parseStatus,
  serialiseStatus,
} from '../src/guard/status-file';

const sha = '0123456789abcdef0123456789abcdef01234567';

const full: FileStatus = {
  state: 'failing',
  running: false,
  branch: 'main',
  sha,
  since: 1795343738,
  sinceExact: true,
  firstBad: sha,
  who: 'Ann <ann@example.org>',
  url: 'https://ci.example.org/runs/7?a=b',
  source: 'github',
  checked: 1795344000,
  expires: 1795344900,
  guard: 'warn',
};

const fullText = `andon-status=1
state=failing
running=0
branch=main
sha=${sha}
since=1795343738
since-exact=1
first-bad=${sha}
who=Ann <ann@example.org>
url=https://ci.example.org/runs/7?a=b
source=github
checked=1795344000
expires=1795344900
guard=warn
`;

/** The only fields a file says something in. */
const said = (text: string) => {
  const status = parseStatus(text);
  return (
    status && Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined))
  );
};

const least = { state: 'failing', running: false, sinceExact: true };

describe('status file', () => {
  it('is written as documented', () => {
    assert.equal(serialiseStatus(full), fullText);
  });

  it('reads back what was written', () => {
    assert.deepEqual(parseStatus(fullText), full);
    const open: FileStatus = {
      state: 'passing',
      running: true,
      since: 5,
      sinceExact: false,
    };
    assert.deepEqual(said(serialiseStatus(open)), open);
  });

  const cases: readonly (readonly [what: string, text: string, says: object | undefined])[] = [
    ['nothing', '', undefined],
    ['something else', 'state=failing\n', undefined],
    ['a later version', 'andon-status=2\nstate=failing\n', undefined],
    ['a version like ours', 'andon-status=10\nstate=failing\n', undefined],
    ['no state', 'andon-status=1\nbranch=main\n', undefined],
    ['an unknown state', 'andon-status=1\nstate=purple\n', { ...least, state: 'unknown' }],
    ['no more than a state', 'andon-status=1\nstate=failing', least],
    ['Windows line ends', 'andon-status=1\r\nstate=failing\r\n', least],
    ['a byte order mark', '\ufeffandon-status=1\nstate=failing\n', least],
    [
      'an equals sign in a value',
      'andon-status=1\nstate=failing\nbranch=a=b\n',
      { ...least, branch: 'a=b' },
    ],
    ['the later of two', 'andon-status=1\nstate=passing\nstate=failing\n', least],
    [
      'a command as a branch',
      'andon-status=1\nstate=failing\nbranch=$(touch x)\n',
      { ...least, branch: '$(touch x)' },
    ],
    ['control characters', 'andon-status=1\nstate=failing\nbranch=ma\u001b[31min\n', least],
    ['a C1 control character', 'andon-status=1\nstate=failing\nwho=\u009b31m\n', least],
    ['NUL', 'andon-status=1\nstate=failing\nbranch=ma\0in\n', least],
    ['text as a number', 'andon-status=1\nstate=failing\nexpires=soon\n', least],
    ['a negative number', 'andon-status=1\nstate=failing\nexpires=-5\n', least],
    ['an octal number', 'andon-status=1\nstate=failing\nexpires=0777\n', least],
    ['a huge number', `andon-status=1\nstate=failing\nexpires=${'9'.repeat(30)}\n`, least],
    [
      'another kind of address',
      'andon-status=1\nstate=failing\nurl=javascript:alert(1)\nurl=file:///etc\n',
      least,
    ],
    ['an address with a space', 'andon-status=1\nstate=failing\nurl=https://a/ b\n', least],
    ['no hash', 'andon-status=1\nstate=failing\nsha=HEAD~1\nfirst-bad=--all\n', least],
    ['an unknown mode', 'andon-status=1\nstate=failing\nguard=shout\n', least],
    ['fields of tomorrow', 'andon-status=1\nstate=failing\nmood=grim\n=x\nno equals sign\n', least],
    ['a megabyte in a value', `andon-status=1\nstate=failing\nwho=${'x'.repeat(1 << 20)}\n`, least],
    ['a megabyte of nothing', '\0'.repeat(1 << 20), undefined],
    ['lines past the fortieth', `andon-status=1\n${'a=b\n'.repeat(50)}state=failing\n`, undefined],
  ];
  for (const [what, text, says] of cases) {
    it(`reads ${what}`, () => assert.deepEqual(said(text), says));
  }

  it('writes one field a line, whatever the server called things', () => {
    const text = serialiseStatus({
      ...full,
      branch: 'main\nstate=passing',
      who: `\u001b]0;x\u0007Ann\r\n\u202e${'é'.repeat(600)}`,
      url: 'https://ci.example.org/\nguard=off',
      sha: 'HEAD',
    });
    const lines = text.split('\n');
    assert.equal(lines.length, 13);
    assert.ok(lines.every((line) => Buffer.byteLength(line) <= 520));
    const read = parseStatus(text);
    assert.equal(read?.state, 'failing');
    assert.equal(read?.branch, 'main state=passing');
    assert.equal(read?.url, undefined);
    assert.equal(read?.sha, undefined);
    assert.match(read?.who ?? '', /^\]0;x Ann é+$/);
  });

  it('has a place for each branch', () => {
    assert.equal(branchStatusPath('main'), 'andon/status.d/main');
    assert.equal(branchStatusPath('feature/a'), 'andon/status.d/feature%2Fa');
    assert.equal(branchStatusPath('50%'), 'andon/status.d/50%25');
    assert.equal(branchStatusPath('..'), undefined);
    assert.equal(branchStatusPath('x'.repeat(300)), undefined);
  });
});
