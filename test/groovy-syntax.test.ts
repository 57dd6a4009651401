import assert from 'node:assert/strict';
import { type Call, parseGroovy, type Statement, walkGroovy } from '../src/syntax/groovy';
import { GroovyString } from '../src/syntax/groovy-string';
import { groovyTokens } from '../src/syntax/groovy-tokens';
import { Source } from '../src/text/source';

const read = (text: string) => parseGroovy(Source.file('Jenkinsfile', text));
const nodes = (text: string) => [...walkGroovy(read(text).body)];
const strings = (text: string) =>
  nodes(text).filter((node): node is GroovyString => node instanceof GroovyString);
const calls = (text: string) => nodes(text).filter((node): node is Call => node.kind === 'call');
/** What is called with how many arguments without and with a name, and whether a block follows. */
const called = (text: string) =>
  calls(text).map(
    ({ name, args, block }) =>
      `${name} ${args.filter((arg) => !arg.name).length} ${args.filter((arg) => arg.name).length}${block ? ' {}' : ''}`,
  );
const kinds = (body: readonly Statement[]) => body.map((node) => node.kind);

describe('Groovy', () => {
  describe('strings of all writings', () => {
    const rows: readonly [written: string, text: string][] = [
      [`'a\\'b'`, `a'b`],
      [`'$x \${y}'`, '$x ${y}'],
      [`"a \\$b \\\\"`, 'a $b \\'],
      [`"\${x} and $y.z."`, '____ and ____.'],
      [`"\${f('}') + "{\${g}"}!"`, `${'_'.repeat(19)}!`],
      [`'''a\nb''c'''`, `a\nb''c`],
      [`"""\\\na\r\n"b" \\t"""`, 'a\n"b" \t'],
      [`/a\\/b \\d $/`, 'a/b \\d $'],
      [`/\${x}/`, '____'],
      [`$/a $$ $/ b/$`, 'a $ / b'],
      [`"\\u0041\\101"`, 'AA'],
      [`'unclosed`, 'unclosed'],
    ];
    for (const [written, text] of rows) {
      it(JSON.stringify(written), () => {
        const [string] = strings(`x = ${written}\ny()`);
        assert.equal(string?.text, text);
        assert.equal(calls(`x = ${written}\ny()`).at(-1)?.name, 'y');
      });
    }

    it('each character maps back to where it is written', () => {
      const text = `sh "echo \\$HOME \${x}\\n'a'"`;
      const [string] = strings(text);
      assert.equal(string!.text, `echo $HOME ____\n'a'`);
      const place = (part: string) => {
        const at = string!.text.indexOf(part);
        return text.slice(...string!.body.toFile([at, at + part.length])!.range);
      };
      assert.equal(place('echo'), 'echo');
      assert.equal(place('$HOME'), '\\$HOME');
      assert.equal(place("'a'"), "'a'");
      assert.equal(place('____'), '${x}');
    });

    it('new text is written with the escapes its quotes need', () => {
      const edited = (text: string, to: string) => {
        const [string] = strings(text);
        const edit = string!.body.editInFile({ range: [0, 1], text: to })!;
        return text.slice(0, edit.range[0]) + edit.text + text.slice(edit.range[1]);
      };
      assert.equal(edited(`sh 'a'`, `it's \\`), `sh 'it\\'s \\\\'`);
      assert.equal(edited(`sh "a"`, '"$x"\n'), 'sh "\\"\\$x\\"\\n"');
      assert.equal(edited(`sh '''a'''`, "'\n"), `sh ''''\n'''`);
      assert.equal(edited(`sh """a"""`, '$x "'), 'sh """\\$x \\""""');
    });
  });

  it('a slash divides behind an operand and opens a string elsewhere', () => {
    assert.deepEqual(
      strings(`a = b / c / d; e = f ==~ /x y/; if (g =~ /z/) { }`).map(({ text }) => text),
      ['x y', 'z'],
    );
  });

  it('calls with and without parentheses, with blocks, on several lines', () => {
    assert.deepEqual(called(`sh 'a'`), ['sh 1 0']);
    assert.deepEqual(called(`sh(script: 'a', returnStatus: true)`), ['sh 0 2']);
    assert.deepEqual(called(`sh script: 'a',\n   returnStatus: true`), ['sh 0 2']);
    assert.deepEqual(called(`stage('a') { echo b }`), ['stage 1 0 {}', 'echo 1 0']);
    assert.deepEqual(called(`pipeline\n{\n  agent any\n}`), ['pipeline 0 0 {}', 'agent 1 0']);
    assert.deepEqual(called(`docker.image('x')\n  .inside('-u 0') { sh 'a' }`), [
      'inside 1 0 {}',
      'image 1 0',
      'sh 1 0',
    ]);
    assert.deepEqual(called(`parallel a: { x() }, "\${b}": { y() }`), [
      'parallel 1 1',
      'x 0 0',
      'y 0 0',
    ]);
    assert.deepEqual(called(`def out = sh(returnStdout: true, script: 'a').trim()`), [
      'trim 0 0',
      'sh 0 2',
    ]);
    assert.deepEqual(called(`x = sh returnStatus: true, script: 'a'`), ['sh 0 2']);
    assert.deepEqual(called(`parallel [a: { x() }]`), ['parallel 1 0', 'x 0 0']);
    assert.deepEqual(called(`sh"""a"""`), ['sh 1 0']);
    assert.deepEqual(called(`error (a\n  + "b")`), ['error 1 0']);
  });

  it('arguments by name, those of a map in parentheses among them', () => {
    const [call] = calls(`build([job: 'x', propagate: false])`);
    assert.equal(call!.named('propagate')?.kind, 'constant');
    assert.equal(calls(`sh 'a', 'b'`)[0]!.first?.kind, 'string');
  });

  it('statements', () => {
    const { body } = read(`#!/usr/bin/env groovy
@Library('a@1') _
import x.Y
def a = 1, b
String c() { return 'd' }
if (e) f() else { g() }
for (h in [1, 2]) { i(h) }
try { j() } catch (Exception k) { l() } finally { m() }
switch (n) { case 'o': p(); break; default: q() }
echo r
s.t = 'u'
class V { def w() { } }
`);
    assert.deepEqual(kinds(body), [
      'annotation',
      'reference',
      'import',
      'assignment',
      'reference',
      'definition',
      'if',
      'loop',
      'try',
      'loop',
      'call',
      'assignment',
      'definition',
    ]);
    const [, , , , , method, branch, , attempt] = body;
    assert.ok(method!.kind === 'definition' && method.name === 'c');
    assert.ok(branch!.kind === 'if' && branch.otherwise.length === 1);
    assert.ok(attempt!.kind === 'try' && attempt.catches[0]!.parameter === 'k');
  });

  it('parameters of closures are no statements', () => {
    const [call] = calls(`list.each { String a, b = [:] -> x(a) }`);
    assert.deepEqual(kinds(call!.block!.body), ['call']);
    assert.deepEqual(called(`m.collect { (it): 1 }\nf { -> g() }`), [
      'collect 0 0 {}',
      'f 0 0 {}',
      'g 0 0',
    ]);
  });

  describe('what is broken is told, and the rest is read', () => {
    const rows: readonly [text: string, message: string, read: readonly string[]][] = [
      [`node {\n  sh 'a'\n`, '{ is not closed', ['node', 'sh']],
      [`sh 'a'\n}\nsh 'b'`, '} has no beginning', ['sh', 'sh']],
      [`sh 'a\nsh 'b'`, 'the string that begins here has no end', ['sh', 'sh']],
      [`node {\n  sh(script: 'a'\n}\nx()`, '( is not closed', ['node', 'sh', 'x']],
      [`x = [1, 2\n`, '[ is not closed', []],
    ];
    for (const [text, message, expected] of rows) {
      it(JSON.stringify(text), () => {
        assert.equal(read(text).problems[0]?.message, message);
        assert.deepEqual(
          calls(text).map(({ name }) => name),
          expected,
        );
      });
    }

    it('half-typed and mangled text never throws, and every node lies inside it', () => {
      const text = `@Library('a') _\nnode('x') {\n  try { sh """a \${b ? "c" : /d/}""" } catch (e) { throw e }\n}\n`;
      for (let at = 0; at <= text.length; at++) {
        for (const mangled of [
          text.slice(0, at),
          text.slice(at),
          text.slice(0, at) + text.slice(at + 3),
        ]) {
          for (const { range } of nodes(mangled)) {
            assert.ok(range[0] <= range[1] && range[1] <= mangled.length, JSON.stringify(mangled));
          }
        }
      }
      assert.equal(read('['.repeat(20_000)).problems[0]?.message, 'nested too deeply to be read');
    });
  });

  it('no character is lost between tokens', () => {
    const text = 'a /* b */ // c\n\t\'d\' \\\r\n + """e""" /f/ #!\u00a0';
    let at = 0;
    for (const { range } of groovyTokens(text)) {
      assert.match(text.slice(at, range[0]), /^(?:\s|\\|\/\*.*\*\/|\/\/.*)*$/);
      at = range[1];
    }
    assert.equal(at, text.length);
  });
});
