import { answerFolder } from '../src/node/answer-folder';
import { empty } from '../src/pipeline/conclude';
import { Watcher } from '../src/pipeline/watcher';

// A window, as far as asking goes: what it is killed in the middle of, another has to take over.
const [folder = '', origin = ''] = process.argv.slice(2);

new Watcher({
  key: 'k',
  subject: { kind: 'line', branch: 'main', sha: 'a', history: ['a'] },
  service: 'fake',
  least: 1,
  answers: answerFolder(folder, 1500),
  clock: {
    now: Date.now,
    random: Math.random,
    after: (milliseconds, then) => {
      const timer = setTimeout(then, Math.min(milliseconds, 300));
      return () => clearTimeout(timer);
    },
  },
  ask: async () => {
    await fetch(origin);
    await new Promise((done) => setTimeout(done, 300));
    const now = Date.now() / 1000;
    return { ...empty, sha: 'a', verdict: 'passing', reason: 'ok', source: 'fake', checked: now };
  },
  wanted: () => 1,
  unfocusedSince: () => undefined,
  isShort: () => false,
  onAnswer: () => {},
  onError: () => {},
}).start();
setTimeout(() => process.exit(), 60_000);
