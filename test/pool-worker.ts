import { createEngine } from '../src/engine/engine';
import { defineFormat } from '../src/engine/format';
import { defineRule } from '../src/engine/rule';
import { serveLint } from '../src/node/lint-service';

// A worker whose files can misbehave in every way there is, by what they say.

const bad = defineFormat({
  id: 'bad',
  title: 'Bad',
  files: ['**/*.bad'],
  nodes: ['text'],
  recognises: () => 'by-name',
  alone: () => undefined,
  parse(source) {
    if (source.text.startsWith('hang')) for (;;);
    if (source.text.startsWith('exit')) process.exit(7);
    if (source.text.startsWith('slow')) {
      const until = performance.now() + Number(source.text.slice(4));
      while (performance.now() < until);
    }
    if (source.text.startsWith('memory')) {
      const kept: unknown[] = [];
      for (;;) kept.push(new Array(1000).fill(kept.length));
    }
    if (source.text.startsWith('later')) {
      setTimeout(() => {
        throw new Error('thrown out of turn');
      }, 0);
    }
    return {
      source,
      problems: [],
      embedded: [],
      *walk() {
        yield ['text', { range: [0, source.text.length] as const }];
      },
    };
  },
});

const always = defineRule({
  id: 'bad/always',
  on: bad,
  summary: 's',
  why: 'w.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  create: ({ report, document }) => ({
    text: (at) => report({ at, message: document.source.text.slice(0, 20) || 'empty' }),
  }),
});

serveLint(createEngine([bad], [always]));
