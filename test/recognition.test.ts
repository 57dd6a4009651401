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
  ['rules.yml', 'groups:\n  - rules:\n      - alert: A\n', 'prometheus'],
  ['a.rules', 'groups:\n  - rules:\n      - record: a\n', 'prometheus'],
  ['alerts.yaml', 'apiVersion: 1\ngroups:\n  - rules:\n      - uid: a\n', undefined],
  ['ci.yml', 'groups: [a]\njobs: []\n', undefined],
  ['am.yml', 'route:\n  receiver: a\nreceivers:\n  - name: a\n', 'alertmanager'],
  ['otel.yaml', 'receivers:\n  otlp: {}\nexporters: {}\n', undefined],
  ['flags.yaml', 'flags:\n  a:\n    enabled: true\n', 'flags'],
  ['shop.flagd.json', '{"flags": {"a": {"defaultVariant": "on"}}}', 'flags'],
  ['flags.json', '[{"country": "x", "flag": "y"}]', undefined],
  ['flags.yaml', 'kind: ConfigMap\napiVersion: v1\ndata:\n  enabled: "true"\n', 'kubernetes'],
  ['config/features.yml', 'features:\n  - enabled: true\n', undefined],
  ['src/flags/package.json', '{"name": "x", "default": 1}', 'package-json'],
  ['site.yml', '- hosts: all\n  tasks: []\n', 'ansible'],
  ['roles/x/tasks/main.yml', '- name: y\n  ansible.builtin.command: z\n', 'ansible'],
  ['main.tf', '', 'terraform'],
  ['live/terragrunt.hcl', '', 'terraform'],
  ['Vagrantfile', '', 'vagrant'],
  ['Puppetfile', '', 'puppetfile'],
  ['manifests/init.pp', 'class a {}\n', 'puppet'],
  ['cookbooks/a/recipes/default.rb', "package 'b'\n", 'chef'],
  ['app/models/recipe.rb', 'class Recipe\nend\n', undefined],
  ['Jenkinsfile', '', 'jenkins'],
  ['ci/Jenkinsfile.release', '', 'jenkins'],
  ['Jenkinsfile-nightly.groovy', '', 'jenkins'],
  ['deploy.jenkinsfile', '', 'jenkins'],
  ['Jenkinsfile.md', '# Jenkinsfile\n', undefined],
  ['Jenkinsfile.sh', 'true\n', 'shell'],
  ['jobs/nightly.groovy', 'pipeline {\n  agent any\n}\n', 'jenkins'],
  ['jobs/old.groovy', "node('x') {\n  stage('y') { }\n}\n", 'jenkins'],
  ['vars/deploy.groovy', "def call() {\n  sh 'x'\n}\n", 'jenkins'],
  ['vars/names.groovy', 'def call() { [1] }\n', undefined],
  ['src/Main.groovy', 'class Main { }\n', undefined],
  ['run.sh', 'true\n', 'shell'],
  ['bin/run', '#!/usr/bin/env bash\ntrue\n', 'shell'],
  ['bin/run', '#!/usr/bin/env python3\n', undefined],
  ['user-data', '#cloud-config\nruncmd: []\n', 'cloud-init'],
  ['files/base.yml', '## template: jinja\n#cloud-config\npackages: []\n', 'cloud-init'],
  ['cloud.cfg.txt', 'MIME-Version: 1.0\nContent-Type: text/cloud-config\n', 'cloud-init'],
  ['ami.pkr.hcl', '', 'packer'],
  ['docker-bake.hcl', '', 'bake'],
  ['docker-bake.override.json', '{}', 'bake'],
  ['build/images.hcl', 'target "a" {\n  dockerfile = "b"\n}\n', 'bake'],
  ['bake.json', '{\n  "target": { "a": { "context": "." } }\n}\n', 'bake'],
  ['policy.hcl', 'path "secret/*" {\n  capabilities = ["read"]\n}\n', undefined],
  ['.terraform.lock.hcl', 'provider "a" {\n}\n', undefined],
  ['half-baked.json', '{\n  "target": "es5"\n}\n', undefined],
  ['Tiltfile', '', 'tiltfile'],
  ['tilt/web.Tiltfile', '', 'tiltfile'],
  ['Tiltfile.md', '# Tiltfile\n', undefined],
  ['.devcontainer/devcontainer.json', '// x\n{}\n', 'devcontainer'],
  ['.devcontainer.json', '{}', 'devcontainer'],
  ['devcontainer-feature.json', '{}', undefined],
  ['vars.pkrvars.hcl', '', undefined],
  ['debian.json', '{\n  "builders": [{ "type": "qemu" }]\n}\n', 'packer'],
  ['kit.json', '{\n  "builders": { "x": 1 }\n}\n', undefined],
  ['stack.yaml', 'AWSTemplateFormatVersion: "2010-09-09"\nResources: {}\n', 'cloudformation'],
  ['ci/buildspec.yml', 'version: 0.2\nphases:\n  build:\n    commands: [x]\n', 'buildspec'],
  ['phases.yml', 'version: 1\nphases:\n  build:\n    commands: [x]\n', undefined],
  ['infra/prod.tfstate', '{"version": 4, "resources": [{"type": "x"}]}', 'kept-files'],
  ['infra/old.tfstate', '{"version": 3, "modules": [{"resources": {"x.y": {}}}]}', 'kept-files'],
  ['infra/empty.tfstate', '{"version": 4, "resources": []}', undefined],
  [
    'infra/encrypted.tfstate',
    '{"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}',
    undefined,
  ],
  ['.vagrant/machines/web/virtualbox/id', 'x', 'kept-files'],
  ['.vault_pass.txt', 'x\n', 'kept-files'],
  ['vault-password', '#!/bin/sh\npass show x\n', 'shell'],
  ['vault_pass', '$ANSIBLE_VAULT;1.1;AES256\n', undefined],
  [
    'ops/admin.kubeconfig',
    'kind: Config\nusers:\n  - user:\n      token: 0123456789\n',
    'kept-files',
  ],
  ['ops/kubeconfig', 'kind: Config\nusers:\n  - user:\n      exec: {}\n', undefined],
  ['tls/server.key', '-----BEGIN PRIVATE KEY-----\nx\n', 'kept-files'],
  ['tls/server.pem', '-----BEGIN CERTIFICATE-----\nx\n', undefined],
  ['.github/dependabot.yml', 'version: 2\nupdates: []\n', 'dependabot'],
  ['sub/.gitignore', '*.log\n', 'gitignore'],
  ['openapi.yaml', 'openapi: 3.0.0\ninfo: {}\npaths: {}\n', undefined],
  ['.gitlab-ci.yml', 'test:\n  script:\n    - make test\n', 'gitlab-ci'],
  ['ci/build.yml', 'build:\n  stage: build\n  script:\n    - make\n', 'gitlab-ci'],
  ['.travis.yml', 'language: go\nscript:\n  - make\n', undefined],
  ['charts/x/values.yaml', 'a:\n  extends: b\n  rules: []\n', 'helm-values'],
  ['.pre-commit-config.yaml', 'repos:\n  - repo: x\n    hooks: []\n', 'pre-commit'],
  ['azure-pipelines.yml', 'trigger: [main]\nsteps:\n  - script: make\n', 'azure-pipelines'],
  ['ci/build.yml', 'parameters: []\nsteps:\n  - bash: make\n', 'azure-pipelines'],
  ['.circleci/config.yml', '', 'circleci'],
  ['.circleci/next.yml', 'version: 2.1\njobs: {}\n', 'circleci'],
  ['.circleci/play.yml', '- hosts: all\n  tasks: []\n', 'ansible'],
  ['config.yml', 'version: 2.1\njobs: {}\n', undefined],
  ['bitbucket-pipelines.yml', 'pipelines: {}\n', 'bitbucket-pipelines'],
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

  it('a long head of comments is read in no time, whatever ends its lines', () => {
    for (const end of ['\n', '\r\n']) {
      const text = `${`# comment${end}`.repeat(5000)}key: value${end}`;
      assert.deepEqual(claims('x.yaml', text), []);
    }
  });

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
