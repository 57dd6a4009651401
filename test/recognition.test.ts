import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { type Claim, probe } from '../src/engine/format';
import { exampleFiles, pageSnippets } from './samples';

/** Who claims a file, and how strongly. */
function claims(
  path: string,
  text: string,
): readonly [id: string, claim: Exclude<Claim, undefined>][] {
  const file = probe(path, text);
  return engine.formats.flatMap((format) => {
    const claim = format.recognises(file);
    return claim ? [[format.id, claim] as const] : [];
  });
}

const strongest = (found: ReturnType<typeof claims>) => {
  const byName = found.filter(([, claim]) => claim === 'by-name');
  return byName.length > 0 ? byName : found;
};

const manifest = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n';
const known: readonly [path: string, text: string, format: string | undefined][] = [
  ['Dockerfile', 'FROM x:1\n', 'dockerfile'],
  ['docker/api.Dockerfile', 'FROM x:1\n', 'dockerfile'],
  ['Dockerfile.dev', 'FROM x:1\n', 'dockerfile'],
  ['Dockerfile.md', '# Dockerfile\n', undefined],
  ['Dockerfile.linux', '{{ARGS["x"]}}\nFROM x\n', undefined],
  ['Containerfile', 'FROM x:1\n', 'dockerfile'],
  ['.github/workflows/ci.yml', 'on: push\njobs: {}\n', 'github-actions'],
  ['action.yml', 'name: x\nruns:\n  using: composite\n  steps: []\n', 'github-actions'],
  ['action.yml', 'name: x\nsteps: []\n', undefined],
  ['templates/ci.yml', 'on: push\njobs:\n  a:\n    runs-on: x\n', 'github-actions'],
  ['compose.yaml', 'services: {}\n', 'compose'],
  ['docker-compose.prod.yml', 'services: {}\n', 'compose'],
  ['deploy/web.yaml', manifest, 'kubernetes'],
  ['deploy/web.json', '{\n  "apiVersion": "v1",\n  "kind": "Service"\n}\n', 'kubernetes'],
  ['site.yml', '- hosts: all\n  tasks: []\n', 'ansible'],
  ['roles/x/tasks/main.yml', '- name: y\n  ansible.builtin.command: z\n', 'ansible'],
  ['main.tf', '', 'terraform'],
  ['live/terragrunt.hcl', '', 'terraform'],
  ['run.sh', 'true\n', 'shell'],
  ['bin/run', '#!/usr/bin/env bash\ntrue\n', 'shell'],
  ['bin/run', '#!/usr/bin/env python3\n', undefined],
  ['openapi.yaml', 'openapi: 3.0.0\ninfo: {}\npaths: {}\n', undefined],
  ['.gitlab-ci.yml', 'test:\n  script:\n    - make test\n', 'gitlab-ci'],
  ['ci/build.yml', 'build:\n  stage: build\n  script:\n    - make\n', 'gitlab-ci'],
  ['.travis.yml', 'language: go\nscript:\n  - make\n', undefined],
  ['charts/x/values.yaml', 'a:\n  extends: b\n  rules: []\n', 'helm-values'],
  ['.pre-commit-config.yaml', 'repos:\n  - repo: x\n    hooks: []\n', 'pre-commit'],
  ['Makefile', 'all:\n', 'makefile'],
  ['mk/x.mk', 'all:\n', 'makefile'],
  ['Taskfile.yml', 'version: 3\ntasks: {}\n', 'taskfile'],
  ['justfile', 'all:\n', 'justfile'],
  ['mkdocs.yml', 'site_name: x\nnav: []\n', undefined],
  ['package.json', '{\n  "name": "x",\n  "services": {}\n}\n', 'package-json'],
];

describe('recognition', () => {
  for (const [path, text, format] of known) {
    it(`${path}: ${format ?? 'nobody'}`, () => {
      const policy = engine.policy({
        extends: 'recommended',
        rules: {},
        files: {},
        ignore: [],
        overrides: [],
        machine: {},
        deferTo: [],
      });
      assert.equal(engine.recognise({ path, text }, policy)?.id, format);
    });
  }

  it('no two formats claim one file', () => {
    const rows = known.map(([path, text]) => ({ path, text }));
    for (const { path, text } of [...rows, ...exampleFiles(), ...pageSnippets()]) {
      const found = strongest(claims(path, text));
      assert.ok(
        found.length <= 1,
        `${path} is claimed by ${found.map(([id]) => id).join(' and ')}`,
      );
    }
  });
});
