import assert from 'node:assert/strict';
import korean from '../l10n/rules.ko.json';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import { inOneLine, say, spoken } from '../src/engine/said';
import './grammars';
import { exampleFiles, pageSnippets } from './samples';

const translations = new Map(Object.entries(korean));

describe('what is said', () => {
  it('keeps what is filled in apart from the words', () => {
    const said = say`${'a$&'} has ${3} of ${say`user ${'deploy'}`}`;
    assert.deepEqual(said, {
      template: '{0} has {1} of {2}',
      filled: ['a$&', '3', { template: 'user {0}', filled: ['deploy'] }],
    });
    assert.equal(spoken(said), 'a$& has 3 of user deploy');
  });

  it('takes braces in words of the user for what they are', () => {
    assert.equal(spoken(say`${'{1}'} and ${'b'}`), '{1} and b');
  });

  it('speaks another language, in another order, as far as there are texts', () => {
    const texts = new Map([
      ['{0} of {1}', '{1}의 {0}'],
      ['user {0}', '사용자 {0}'],
      ['Add -f', '-f 추가'],
    ]);
    assert.equal(spoken(say`${'name'} of ${say`user ${'deploy'}`}`, texts), '사용자 deploy의 name');
    assert.equal(spoken(say`${say`group ${'a'}`} of ${'b'}`, texts), 'b의 group a');
    assert.equal(spoken('Add -f', texts), '-f 추가');
    assert.equal(spoken('Add -x', texts), 'Add -x');
  });

  it('stays in one line of bearable length', () => {
    assert.equal(inOneLine('a\n\u001b[31m b'), 'a [31m b');
    assert.equal(inOneLine('x'.repeat(1000)).length, 301);
  });

  it('is Korean for whatever is found in the pages of the rules and in the examples', async () => {
    const policy = engine.policy({ ...defaultConfiguration, extends: 'strict' });
    const english = new Set<string>();
    let findings = 0;
    for (const sample of [...pageSnippets(), ...exampleFiles()]) {
      const { candidates } = await engine.lint(sample, policy);
      for (const { message, said, fix, related = [] } of candidates) {
        findings++;
        assert.equal(inOneLine(spoken(said ?? message)), message);
        assert.doesNotMatch(message, /_{6,}/, 'what stands in for an expression is shown');
        const spokenOf = [said ?? message, ...related.map((each) => each.said ?? each.message)];
        if (fix) spokenOf.push(fix.said ?? fix.title);
        for (const each of spokenOf) {
          const text = spoken(each, translations);
          if (!/[가-힣]/.test(text)) english.add(text);
        }
      }
    }
    assert.ok(findings > 200, `${findings}`);
    assert.deepEqual([...english], []);
  });
});
