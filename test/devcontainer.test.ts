import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import { loadGrammar } from '../src/syntax/tree-sitter';
import './grammars';

async function lint(text: string, path = '.devcontainer/devcontainer.json') {
  return engine.lint({ path, text }, engine.policy(defaultConfiguration, []));
}

const links = async (text: string, path?: string) =>
  (await lint(text, path)).parts![0]!.links.map(({ verb, to }) => `${verb} ${to.key}`);

describe('dev container', () => {
  before(() => loadGrammar('bash'));

  const rows: readonly [text: string, ...links: string[]][] = [
    ['{"build": {"dockerfile": "Dockerfile", "context": ".."}}', 'builds .devcontainer/Dockerfile'],
    ['{"dockerFile": "../ci/Dockerfile"}', 'builds ci/Dockerfile'],
    ['{"image": "acme/tools:1"}', 'uses acme/tools'],
    ['{"image": "acme/${localEnv:TOOLS}"}'],
    [
      '{"dockerComposeFile": ["../compose.yaml", "compose.dev.yaml"]}',
      'runs compose.yaml',
      'runs .devcontainer/compose.dev.yaml',
    ],
    ['{"features": {"./local": {}, "ghcr.io/x/y:1": {}}}', 'runs .devcontainer/local/install.sh'],
    ['{"postCreateCommand": "bash .devcontainer/setup.sh"}', 'runs .devcontainer/setup.sh'],
    ['{"postCreateCommand": ["./setup.sh", "-v"]}', 'runs setup.sh'],
    ['{"postStartCommand": {"a": "./a.sh", "b": ["make", "up"]}}', 'runs a.sh', 'runs make::up'],
    ['// what it is\n{"image": "a:1",} // end', 'uses a'],
  ];
  for (const [text, ...expected] of rows)
    it(JSON.stringify(text), async () => assert.deepEqual(await links(text), expected));

  it('runs its commands in the folder it is for', async () => {
    assert.deepEqual(
      await links('{"postCreateCommand": "./x.sh"}', 'app/.devcontainer/dev/devcontainer.json'),
      ['runs app/x.sh'],
    );
  });

  it('says nothing of its images, which follow the newest version by intent', async () => {
    const { candidates } = await lint('{"image": "mcr.microsoft.com/devcontainers/base:latest"}');
    assert.deepEqual(candidates, []);
  });

  it('bears what is no object', async () => {
    for (const text of ['', '[]', '{', '{"build": 1, "features": []}']) assert.ok(await lint(text));
  });
});
