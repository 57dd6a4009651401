import assert from 'node:assert/strict';
import { parseRemote } from '../src/pipeline/remote';
import { githubState } from '../src/pipeline/services/github';
import { addUp, type Check, type State } from '../src/pipeline/status';

let ids = 0;
const check = (name: string, state: State, more: Partial<Check> = {}): Check => ({
  key: name,
  id: String(++ids),
  name,
  state,
  ...more,
});
const sum = (...states: State[]) => addUp(states.map((state, i) => check(`c${i}`, state))).state;

describe('what checks add up to', () => {
  const table: readonly (readonly [State[], State])[] = [
    [[], 'unknown'],
    [['passing'], 'passing'],
    [['failing'], 'failing'],
    [['running'], 'running'],
    [['pending'], 'pending'],
    [['cancelled'], 'cancelled'],
    [['skipped'], 'skipped'],
    [['unknown'], 'unknown'],
    [['passing', 'failing'], 'failing'],
    [['running', 'failing'], 'failing'],
    [['pending', 'failing', 'cancelled'], 'failing'],
    [['unknown', 'failing'], 'failing'],
    [['passing', 'running'], 'running'],
    [['passing', 'pending'], 'pending'],
    [['pending', 'running'], 'running'],
    [['passing', 'cancelled'], 'cancelled'],
    [['passing', 'unknown'], 'unknown'],
    [['passing', 'skipped'], 'passing'],
    [['skipped', 'skipped'], 'skipped'],
    [['cancelled', 'skipped'], 'cancelled'],
  ];
  for (const [states, state] of table) {
    it(`${states.join(' + ') || 'nothing'} is ${state}`, () => assert.equal(sum(...states), state));
  }

  it('is never passing with one thing unknown, running, pending or cancelled among what counts', () => {
    for (const odd of ['unknown', 'running', 'pending', 'cancelled', 'failing'] as const) {
      for (let at = 0; at < 4; at++) {
        const states: State[] = ['passing', 'passing', 'passing', 'passing'];
        states[at] = odd;
        assert.notEqual(sum(...states), 'passing', odd);
      }
    }
  });

  it('takes the newest attempt', () => {
    const first = check('unit', 'failing', { key: 'unit', startedAt: 100 });
    const second = check('unit', 'passing', { key: 'unit', startedAt: 200 });
    assert.equal(addUp([first, second]).state, 'passing');
    assert.equal(addUp([second, first]).state, 'passing');
    const queued = check('unit', 'pending', { key: 'unit' });
    assert.equal(addUp([queued, second, first]).state, 'pending');
  });

  it('counts ids upwards, not as text', () => {
    const older = check('unit', 'failing', { id: '9' });
    const newer = check('unit', 'passing', { id: '10' });
    assert.equal(addUp([newer, older]).state, 'passing');
  });

  it('does not count what may fail, but tells of it', () => {
    const lint = check('lint', 'failing', { allowFailure: true });
    const { state, warnings, failing } = addUp([check('unit', 'passing'), lint]);
    assert.deepEqual(
      { state, warnings, failing },
      { state: 'passing', warnings: true, failing: [] },
    );
  });

  it('counts only what is required, where that is known', () => {
    const checks = [check('unit', 'passing'), check('lint', 'failing')];
    assert.equal(addUp(checks, { required: ['unit'] }).state, 'passing');
    assert.equal(addUp(checks, { required: ['unit'], all: true }).state, 'failing');
    assert.equal(addUp(checks, { required: ['lint'] }).state, 'failing');
    assert.equal(addUp(checks, { required: [] }).state, 'failing');
    const told = addUp(checks, { required: ['unit'] }).checks;
    assert.deepEqual(
      told.map(({ name, required }) => [name, required]),
      [
        ['lint', false],
        ['unit', true],
      ],
    );
  });

  it('waits for what is required and not there', () => {
    const checks = [check('unit', 'passing')];
    const waiting = addUp(checks, { required: ['unit', 'e2e'] });
    assert.equal(waiting.state, 'pending');
    assert.equal(waiting.running, false);
    assert.equal(addUp(checks, { required: ['unit', 'e2e'], settled: true }).state, 'passing');
    assert.equal(addUp([], { required: ['unit'] }).state, 'pending');
    assert.equal(addUp([], { required: ['unit'], settled: true }).state, 'pending');
  });

  it('leaves out what is ignored, and is not green by that alone', () => {
    const checks = [check('unit', 'passing'), check('flaky', 'failing')];
    assert.equal(addUp(checks, { ignored: ['flaky'] }).state, 'passing');
    assert.equal(addUp([check('flaky', 'passing')], { ignored: ['flaky'] }).state, 'unknown');
  });

  it('is failing at once when what runs has failed for certain', () => {
    const { state, running } = addUp([check('flow', 'running', { doomed: true })]);
    assert.deepEqual({ state, running }, { state: 'failing', running: true });
  });

  it('shows green so far where only a person is waited for', () => {
    const held = check('deploy', 'pending', { needsHuman: true, soFar: true });
    const { state, needsHuman } = addUp([check('unit', 'passing'), held]);
    assert.deepEqual({ state, needsHuman }, { state: 'passing', needsHuman: true });
  });
});

describe('words of GitHub', () => {
  const conclusions: Readonly<Record<string, State>> = {
    success: 'passing',
    neutral: 'skipped',
    skipped: 'skipped',
    failure: 'failing',
    timed_out: 'failing',
    startup_failure: 'failing',
    cancelled: 'cancelled',
    action_required: 'pending',
    stale: 'unknown',
    'a word of tomorrow': 'unknown',
  };
  for (const [word, state] of Object.entries(conclusions)) {
    it(`completed, ${word}: ${state}`, () =>
      assert.equal(githubState('completed', word).state, state));
  }
  const statuses: Readonly<Record<string, State>> = {
    queued: 'pending',
    requested: 'pending',
    waiting: 'pending',
    pending: 'pending',
    expected: 'pending',
    in_progress: 'running',
    success: 'passing',
    failure: 'failing',
    error: 'failing',
    'a word of tomorrow': 'unknown',
    '': 'unknown',
  };
  for (const [word, state] of Object.entries(statuses)) {
    it(`${word || 'nothing'}: ${state}`, () => assert.equal(githubState(word, null).state, state));
  }
  it('waits for a person where an approval is due', () => {
    assert.equal(githubState('completed', 'action_required').needsHuman, true);
  });
  it('is not passing without a conclusion', () => {
    assert.equal(githubState('completed', null).state, 'unknown');
  });
});

describe('addresses of remotes', () => {
  const table: Readonly<
    Record<string, readonly [host: string, path: string, port?: string] | undefined>
  > = {
    'git@github.com:acme/shop.git': ['github.com', 'acme/shop'],
    'github.com:acme/shop': ['github.com', 'acme/shop'],
    'https://github.com/acme/shop.git': ['github.com', 'acme/shop'],
    'https://github.com/acme/shop/': ['github.com', 'acme/shop'],
    'https://ann:secret@github.com/acme/shop.git': ['github.com', 'acme/shop'],
    'https://token@GitHub.com/acme/shop': ['github.com', 'acme/shop'],
    'ssh://git@ssh.github.com:443/acme/shop.git': ['github.com', 'acme/shop'],
    'ssh://git@git.example.com:2222/group/sub/shop.git': ['git.example.com', 'group/sub/shop'],
    'git@gitlab.com:group/sub/deeper/shop.git': ['gitlab.com', 'group/sub/deeper/shop'],
    'ssh://git@altssh.gitlab.com:443/group/shop.git': ['gitlab.com', 'group/shop'],
    'git@altssh.bitbucket.org:team/shop.git': ['bitbucket.org', 'team/shop'],
    'https://git.example.com:8443/acme/shop.git': ['git.example.com', 'acme/shop', '8443'],
    'https://git.example.com:443/acme/shop.git': ['git.example.com', 'acme/shop'],
    'git://git.example.com/acme/shop.git': ['git.example.com', 'acme/shop'],
    'git@ssh.dev.azure.com:v3/acme/My%20Project/shop': ['dev.azure.com', 'v3/acme/My Project/shop'],
    'https://acme@dev.azure.com/acme/My%20Project/_git/shop': [
      'dev.azure.com',
      'acme/My Project/_git/shop',
    ],
    'acme@vs-ssh.visualstudio.com:v3/acme/web/shop': ['dev.azure.com', 'v3/acme/web/shop'],
    'work:acme/shop.git': ['github.com', 'acme/shop'],
    'https://github.com.evil.example/acme/shop': ['github.com.evil.example', 'acme/shop'],
    'https://github.com@evil.example/acme/shop': ['evil.example', 'acme/shop'],
    '/srv/git/shop.git': undefined,
    '../shop.git': undefined,
    'C:\\work\\shop': undefined,
    'c:/work/shop.git': undefined,
    'file:///srv/git/shop.git': undefined,
    'https://github.com/': undefined,
    '': undefined,
  };
  for (const [url, expected] of Object.entries(table)) {
    it(url || '(empty)', () => {
      const remote = parseRemote(url, { work: 'github.com' });
      const found = remote && [remote.host, remote.path, ...(remote.port ? [remote.port] : [])];
      assert.deepEqual(found, expected);
    });
  }
});
