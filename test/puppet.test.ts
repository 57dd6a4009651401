import assert from 'node:assert/strict';
import { probe } from '../src/engine/format';
import { type PuppetResource, puppet } from '../src/formats/puppet';
import { type PuppetModule, puppetfile } from '../src/formats/puppetfile';
import { parsePuppet } from '../src/syntax/puppet';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const parse = (text: string) => parsePuppet(Source.file('init.pp', text));
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** Declarations in a form that is easily written down. */
function declared(text: string): readonly string[] {
  const { resources } = parse(text);
  return resources.map(({ kind, type, title, attributes, conditions }) => {
    const of = (range: readonly [number, number]) => text.slice(...range);
    const set = attributes.map(({ name, value }) => `${name.value}=${of(value.range)}`).join(' ');
    const when = conditions.map((each) => ` if ${of(each)}`).join('');
    return `${kind} ${type.value}[${title ? of(title.range) : ''}] ${set}${when}`.trim();
  });
}

const strings = (text: string) =>
  parse(text).resources.flatMap(({ attributes }) =>
    attributes.flatMap(({ value }) => (value.kind === 'string' ? [value] : [])),
  );

describe('Puppet syntax', () => {
  const rows: readonly (readonly [text: string, ...expected: string[]])[] = [
    ["file { '/a': ensure => present }", "resource file['/a'] ensure=present"],
    [
      "file { '/a': mode => '1'; '/b': mode => '2'; }",
      "resource file['/a'] mode='1'",
      "resource file['/b'] mode='2'",
    ],
    ["file { ['/a', $b]: }", "resource file[['/a', $b]]"],
    ['a::b { "x-${y}": c => $d }', 'resource a::b["x-${y}"] c=$d'],
    ["::a { 'x': }", "resource a['x']"],
    ["class { 'a': b => 1 }", "resource class['a'] b=1"],
    ["@user { 'a': uid => 1 }", "resource user['a'] uid=1"],
    ["File { mode => '1' }", "default file[] mode='1'"],
    ["File['/a'] { mode => '1' }", "override file[['/a']] mode='1'"],
    ["File <| tag == 'x' |> { mode => '1' }", "collector file[] mode='1'"],
    [
      "file { '/a': b => $x ? { 'y' => 1, default => 2 }, c => 3 }",
      "resource file['/a'] b=$x ? { 'y' => 1, default => 2 } c=3",
    ],
    [
      "file { '/a': b => File['/x', '/y'], c => f('z'), d => { 'e' => 1 } }",
      "resource file['/a'] b=File['/x', '/y'] c=f('z') d={ 'e' => 1 }",
    ],
    ["file { '/a': * => $b }", "resource file['/a'] *=$b"],
    ["file { '/a': unless => 'x', require => Y['z'], }", "resource file['/a'] unless='x' require=Y['z']"],
    [
      "class a (String $b = 'c', Hash $d = {}) inherits e {\n file { '/f': }\n}",
      "resource file['/f']",
    ],
    ["define a::b ($c) {\n file { '/f': }\n}", "resource file['/f']"],
    ["node 'a.b', /c{2}\\d/ {\n file { '/f': }\n}", "resource file['/f']"],
    [
      "if $a == 1 {\n file { '/b': }\n} elsif $c {\n file { '/d': }\n} else {\n file { '/e': }\n}",
      "resource file['/b']  if $a == 1",
      "resource file['/d']  if $a == 1 if $c",
      "resource file['/e']  if $a == 1 if $c",
    ],
    [
      "case $a {\n 'b', /c/: { file { '/d': } }\n default: { }\n}\nfile { '/e': }",
      "resource file['/d']  if $a",
      "resource file['/e']",
    ],
    ["$a.each |$b, $c| {\n file { $b: }\n}", 'resource file[$b]'],
    ["file { '/a': } -> file { '/b': } ~> service { 'c': }", "resource file['/a']", "resource file['/b']", "resource service['c']"],
    ["$a = 1 / 2\n# file { '/x': }\n/* file { '/y': } */\nfile { '/z': }", "resource file['/z']"],
    ["type A::B = Struct[{ 'c' => String }]\nfile { '/z': }", "resource file['/z']"],
    ["$a = { 'b' => { 'c' => 1 } }\nfile { '/z': }", "resource file['/z']"],
  ]; // biome-ignore format: rows
  for (const [text, ...expected] of rows) {
    it(text.replaceAll('\n', '⏎'), () => {
      assert.deepEqual(declared(text), expected);
      assert.deepEqual(parse(text).problems, []);
    });
  }

  const texts: readonly (readonly [written: string, text: string])[] = [
    ["'a\\'b\\\\c\\d'", "a'b\\c\\d"],
    ['"a\\"b\\n\\$c\\d\\u00e9"', 'a"b\n$c\\dé'],
    ['"a ${b[\'c\']} $d::e f"', 'a _________ _____ f'],
    ['"a $"', 'a $'],
  ];
  for (const [written, text] of texts) {
    it(`reads ${written}`, () => {
      const [found] = strings(`a { 'b': c => ${written} }`);
      assert.equal(found?.text, text);
    });
  }

  const documents: readonly (readonly [written: string, text: string])[] = [
    ['@(END)\n  a ${b}\\n\n  END\n', '  a ${b}\\n\n'],
    ['@("END")\n    a ${b}\n      c\n    | END\n', 'a ____\n  c\n'],
    ['@(END)\n  a\n  |- END\n', 'a'],
    ['@("END"/L)\n  a \\\n  b\n  | END\n', 'a b\n'],
  ];
  for (const [written, text] of documents) {
    it(`reads ${written.replaceAll('\n', '⏎')}`, () => {
      for (const turn of [(same: string) => same, crlf]) {
        const [found, after] = strings(turn(`a { 'b': c => ${written}, d => 'e' }\n`));
        assert.equal(found?.text, text);
        assert.equal(after?.text, 'e');
      }
    });
  }

  it('each character maps to where it stands', () => {
    const text = 'exec { \'a\': command => @("END")\n  one\n    two ${x} three\n  | END\n}\n';
    const [found] = strings(text);
    for (const word of ['one', 'two', 'three']) {
      const start = found!.text.indexOf(word);
      const place = found!.body.toFile([start, start + word.length]);
      assert.equal(text.slice(...place!.range), word);
    }
  });

  it('half a file is read as far as it goes, and says where it stops', () => {
    const text =
      "class a ($b) {\n  if $c { file { '/d': mode => \"1${e}\", f => [1, { 'g' => h }] } }\n  exec { 'i': command => @(END)\n    j\n    | END\n  }\n}\n";
    for (let end = 0; end <= text.length; end++) {
      const { resources, problems } = parse(text.slice(0, end));
      for (const { range } of [...resources, ...problems]) assert.ok(range[1] <= end);
    }
    assert.deepEqual(parse(text).problems, []);
    assert.equal(parse(text.slice(0, -3)).problems[0]?.message, '} is missing here');
    assert.equal(parse(`${text}}`).problems[0]?.message, 'nothing is open that } could close');
  });

  it('is not brought down by depth', () => {
    for (const sign of ['{', '[', '(', 'a { "b": c => [', 'if a {']) {
      assert.ok(parse(sign.repeat(20_000)).resources.length < 20_000);
    }
  });
});

describe('puppet', () => {
  before(async () => {
    await loadGrammar('bash');
    await loadGrammar('ruby');
  });

  const execs = (text: string): readonly PuppetResource[] =>
    [...puppet.parse(Source.file('init.pp', text), { machine: undefined }).walk()]
      .map(([, node]) => node)
      .filter((node) => node.type.value === 'exec');

  it('is known by its name, and Pascal is not Puppet', () => {
    assert.equal(puppet.recognises(probe('manifests/init.pp', 'class a {}\n')), 'by-name');
    assert.equal(puppet.recognises(probe('main.pp', 'unit main;\ninterface\n')), undefined);
    assert.equal(puppet.recognises(probe('main.pp', '{$mode objfpc}\n')), undefined);
  });

  const hosts: readonly (readonly [what: string, text: string, script: string | undefined])[] = [
    ['the command', "exec { 'a': command => 'b c' }", 'b c'],
    ['the title where there is no command', "exec { '/bin/b': }", '/bin/b'],
    ['with provider shell', "exec { 'a': command => 'b', provider => shell }", 'b'],
    ['with the default provider', "exec { 'a': command => 'b > c', provider => posix }", 'b > c'],
    ['not with that of Windows', "exec { 'a': command => 'b', provider => windows }", undefined],
    ['not on Windows', "exec { 'a': command => 'C:\\\\b.exe' }", undefined],
    ['not an array', "exec { 'a': command => ['b', 'c'] }", undefined],
    ['not what a variable says', "exec { 'a': command => $b }", undefined],
  ];
  for (const [what, text, script] of hosts) {
    it(`hands a shell ${what}`, () => {
      const found = execs(text)[0]?.script;
      assert.equal(found?.text, script);
      if (found) {
        assert.deepEqual(
          [found.dialect, found.stopsOnError, found.pipefail, found.machine],
          ['sh', false, false, 'lasting'],
        );
      }
    });
  }

  const guarded: readonly (readonly [what: string, text: string, is: boolean])[] = [
    ['nothing', "exec { 'a': }", false],
    ['onlyif', "exec { 'a': onlyif => 'b' }", true],
    ['unless', "exec { 'a': unless => ['b', 'c'] }", true],
    ['creates', "exec { 'a': creates => '/b' }", true],
    ['refreshonly', "exec { 'a': refreshonly => true }", true],
    ['a hash', "exec { 'a': * => $b }", true],
    ['a default', "Exec { refreshonly => true }\nexec { 'a': }", true],
    ['the default path', "Exec { path => '/bin' }\nexec { 'a': }", false],
    ['an override', "exec { 'a': }\nExec['a'] { creates => '/b' }", true],
    ['a test of the machine', "unless $facts['b_installed'] { exec { 'a': } }", true],
    ['the platform', "if $facts['os']['family'] == 'b' { exec { 'a': } }", false],
    ['require', "exec { 'a': require => File['b'] }", false],
  ];
  for (const [what, text, is] of guarded) {
    it(`${what} ${is ? 'guards' : 'guards nothing'}`, () => {
      assert.equal(execs(text)[0]?.guarded, is);
    });
  }

  it('knows who is told', () => {
    const told = (text: string) => execs(text)[0]?.notifies !== undefined;
    assert.ok(told("exec { 'a': notify => Service['b'] }"));
    assert.ok(told("exec { 'a': } ~> service { 'b': }"));
    assert.ok(!told("exec { 'a': } -> service { 'b': }"));
  });

  it('reads a Puppetfile', () => {
    const text = `
forge 'https://forge.puppet.com'
mod 'a/b'
mod 'a/c', '1.2.3'
mod 'a/d', :latest
mod 'e', :git => 'x', :tag => 'v1'
mod 'f', git: 'x', branch: :control_branch
mod 'g', :local => true
mod('h', VERSION)
`;
    const modules: readonly PuppetModule[] = [
      ...puppetfile.parse(Source.file('Puppetfile', text)).walk(),
    ].map(([, node]) => node);
    assert.deepEqual(
      modules.map(({ name, from, version, ref }) => [name.value, from, version, ref?.value]),
      [
        ['a/b', 'forge', undefined, undefined],
        ['a/c', 'forge', '1.2.3', undefined],
        ['a/d', 'forge', 'latest', undefined],
        ['e', 'git', undefined, 'v1'],
        ['f', 'git', undefined, 'control_branch'],
        ['g', 'other', undefined, undefined],
        ['h', 'forge', '?', undefined],
      ],
    );
  });
});
