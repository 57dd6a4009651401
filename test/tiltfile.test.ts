import assert from 'node:assert/strict';
import { tiltfile } from '../src/formats/tiltfile';
import { type StarlarkValue, starlarkCalls } from '../src/syntax/starlark';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const links = (text: string, path = 'Tiltfile') =>
  tiltfile
    .parse(Source.file(path, text), undefined)
    .parts![0]!.links.map(
      ({ verb, to, as }) => `${verb} ${to.key}${as === undefined ? '' : ` as ${as}`}`,
    );

const show = (value: StarlarkValue): string => {
  switch (value.kind) {
    case 'string':
      return `'${value.value}'`;
    case 'list':
      return `[${value.items.map(show).join(' ')}]`;
    case 'dict':
      return `{${value.entries.map(([key, each]) => `${key}:${show(each)}`).join(' ')}}`;
    case 'call':
      return `${value.name}()`;
    case 'other':
      return '?';
  }
};

const calls = (text: string) =>
  starlarkCalls(text).map(
    ({ name, args, named }) =>
      `${name}(${[...args.map(show), ...[...named].map(([key, each]) => `${key}=${show(each)}`)].join(' ')})`,
  );

describe('Starlark', () => {
  const rows: readonly [text: string, ...calls: string[]][] = [
    ["f('a', \"b\", x='c')", "f('a' 'b' x='c')"],
    ["f('a'\n  'b')", "f('ab')"],
    ["f('a' + 'b', ['c'] + ['d'])", "f('ab' ['c' 'd'])"],
    ["f('''a\nb''', r'\\n', '\\n')", "f('a\nb' '\\n' '\n')"],
    ["f({'a': 'b', c: 'd'})", "f({a:'b'})"],
    ["x = 'a'\nf(x)", "f('a')"],
    ["x = 'a'\nx = 'b'\ny = 'c'\nf(x, y)", "f(? 'c')"],
    ["f('a' % b, 'a'.format(b), 'a' if b else 'c')", 'f(? ? ?)'],
    ["f(g('a'))", "g('a')", 'f(g())'],
    ["for x in ['a']:\n  f(x, 'b')", "f(? 'b')"],
    ["def f(x='a'):\n  g(x)", 'g(?)'],
    ["f([x for x in g('a')])", "g('a')", 'f([?])'],
    ["f('a', # it's\n 'b')", "f('a' 'b')"],
    ["os.path.join('a', b)", "os.path.join('a' ?)"],
    ["if f('a'): g('b')", "f('a')", "g('b')"],
  ];
  for (const [text, ...expected] of rows)
    it(JSON.stringify(text), () => assert.deepEqual(calls(text), expected));

  for (const text of ["f('a", 'f((', 'f)', '[', "f({'a': ", 'f(x=', `${'['.repeat(300)}`, '\\'])
    it(`bears ${JSON.stringify(text.slice(0, 20))}`, () => assert.ok(starlarkCalls(text)));
});

describe('Tiltfile', () => {
  before(() => loadGrammar('bash'));

  const rows: readonly [text: string, ...links: string[]][] = [
    ["docker_build('acme/web', 'web')", 'builds web/Dockerfile as acme/web'],
    [
      "docker_build('acme/web:dev', '.', dockerfile='web/Dockerfile.dev')",
      'builds web/Dockerfile.dev as acme/web',
    ],
    ["docker_build('acme/web', '.', dockerfile_contents='FROM a:1')"],
    // What a loop goes through is not followed: any recipe may be meant.
    ["for s in ['a', 'b']:\n  docker_build('acme/' + s, s)", 'builds '],
    [
      "custom_build('acme/web', 'docker build -t $EXPECTED_REF web', ['web'])",
      'builds web/Dockerfile as acme/web',
    ],
    ["k8s_yaml(['k8s/web.yaml', 'k8s/db.yaml'])", 'deploys k8s/web.yaml', 'deploys k8s/db.yaml'],
    ["k8s_yaml(kustomize('overlays/dev'))", 'deploys overlays/dev'],
    ["k8s_yaml(helm('charts/web', name='web'))", 'deploys charts/web'],
    ["docker_compose('./compose.yaml')", 'runs compose.yaml'],
    [
      "local_resource('gen', cmd='./gen.sh', serve_cmd=['./serve.sh', '-v'])",
      'runs gen.sh',
      'runs serve.sh',
    ],
    ["include('./web/Tiltfile')", 'runs web/Tiltfile'],
    ["load('ext://namespace', 'namespace_create')"],
  ];
  for (const [text, ...expected] of rows)
    it(JSON.stringify(text), () => assert.deepEqual(links(text), expected));

  it('reads paths from its own folder', () => {
    assert.deepEqual(links("docker_build('x', '../ui')", 'src/app/Tiltfile'), [
      'builds src/ui/Dockerfile as x',
    ]);
  });

  it('states the images it builds', () => {
    const { facts } = tiltfile.parse(
      Source.file('Tiltfile', "docker_build('acme/web', '.')"),
      undefined,
    );
    assert.deepEqual(facts, [{ kind: 'image/built-here', key: 'acme/web', range: [0, 29] }]);
  });
});
