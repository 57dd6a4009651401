import assert from 'node:assert/strict';
import { type BakeTarget, bake } from '../src/formats/bake';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const read = (text: string, path = 'docker-bake.hcl') =>
  bake.parse(Source.file(path, text), undefined);

const targets = (text: string, path?: string) =>
  [...read(text, path).walk()].map(([, node]): BakeTarget => node);

const links = (text: string, path?: string) =>
  (read(text, path).parts ?? []).map(
    ({ name, links: all }) =>
      `${name}: ${all.map(({ verb, to, as }) => `${verb} ${to.key}${as ? ` as ${as}` : ''}`).join(', ')}`,
  );

describe('bake', () => {
  before(() => loadGrammar('terraform'));

  it('reads targets with the defaults of variables', () => {
    const [target] = targets(`
variable "OWNER" { default = "acme" }
target "web" {
  context = "./web"
  dockerfile = "Dockerfile.prod"
  tags = ["\${OWNER}/web:1", "\${UNKNOWN}/web:1"]
}
`);
    assert.deepEqual(target?.tags, ['acme/web:1']);
    assert.equal(target?.context, './web');
    assert.equal(target?.dockerfile, 'Dockerfile.prod');
  });

  it('takes what is inherited, the last first, and its own before all', () => {
    const [, , target] = targets(`
target "a" {
  context = "a"
  dockerfile = "A"
}
target "b" {
  context = "b"
}
target "c" {
  inherits = ["a", "b"]
  tags = ["c"]
}
`);
    assert.equal(target?.context, 'b');
    assert.equal(target?.dockerfile, 'A');
  });

  it('bears circles of inheritance', () => {
    assert.equal(targets('target "a" {\n  inherits = ["a"]\n}\n').length, 1);
  });

  it('multiplies a matrix out', () => {
    assert.deepEqual(
      links(`
target "all" {
  name = "\${item.name}-\${os}"
  matrix = {
    item = [{ name = "web", dir = "services/web" }, { name = "api", dir = "services/api" }]
    os = ["alpine"]
  }
  context = item.dir
}
`),
      [
        'web-alpine: builds services/web/Dockerfile',
        'api-alpine: builds services/api/Dockerfile',
        'all: runs bake::web-alpine, runs bake::api-alpine',
      ],
    );
  });

  it('takes a path only the run knows for any', () => {
    assert.deepEqual(links('target "a" {\n  dockerfile = "${DIR}/Dockerfile"\n}\n'), [
      'a: builds ',
    ]);
  });

  it('takes what it inherits from another file for anything', () => {
    assert.deepEqual(links('target "a" {\n  inherits = ["elsewhere"]\n}\n'), ['a: builds ']);
  });

  it('knows that paths begin where bake is started', () => {
    assert.deepEqual(links('target "a" {\n  context = "web"\n}\n', 'ci/docker-bake.hcl'), [
      'a: builds ci/web/Dockerfile, builds web/Dockerfile',
    ]);
  });

  it('leaves out inline recipes, contexts elsewhere, and targets that only lend their settings', () => {
    assert.deepEqual(
      links(`
target "base" { dockerfile = "x" }
target "a" {
  inherits = ["base"]
  context = "https://example.com/a.git"
}
target "b" { dockerfile-inline = "FROM scratch" }
group "default" { targets = ["a", "b"] }
`),
      ['a: ', 'b: ', 'default: runs bake::a, runs bake::b'],
    );
  });

  it('reads JSON', () => {
    const text = `{
  "variable": {"TAG": {"default": "1"}},
  "group": {"default": {"targets": ["web"]}},
  "target": {"web": {"context": "web", "tags": ["acme/web:\${TAG}"]}}
}`;
    assert.deepEqual(links(text, 'docker-bake.json'), [
      'web: builds web/Dockerfile as acme/web',
      'default: runs bake::web',
    ]);
  });

  for (const text of ['target "a" {', 'target {}', 'matrix = ', '{', '"'])
    it(`bears ${JSON.stringify(text)}`, () => {
      assert.ok(read(text).parts);
      assert.ok(read(text, 'docker-bake.json').parts);
    });
});
