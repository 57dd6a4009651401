import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import type { PlacedPart } from '../src/engine/part';
import { type DeliveryMap, drawMap, factsOfMap } from '../src/project/delivery';
import { mapAsMermaid } from '../src/project/map-mermaid';
import { mapAsText } from '../src/project/map-text';
import { Workspace } from '../src/project/workspace';
import { loadGrammar } from '../src/syntax/tree-sitter';
import './grammars';

const policy = engine.policy(defaultConfiguration, []);

async function read(files: Readonly<Record<string, string>>) {
  const parts = new Map<string, readonly PlacedPart[]>();
  for (const [path, text] of Object.entries(files)) {
    const result = await engine.lint({ path, text }, policy);
    assert.deepEqual(result.problems, []);
    if (result.parts) parts.set(path, result.parts);
  }
  return parts;
}

const ways = (map: DeliveryMap) =>
  map.ways.map(({ from, verb, to }) => `${from.title} ${verb} ${to.title}`).sort();

const facts = (parts: ReadonlyMap<string, readonly PlacedPart[]>) =>
  factsOfMap(parts)
    .filter(({ kind }) => kind !== 'delivery/first-pipeline')
    .map(({ kind, key }) => `${kind} ${key}`.trim())
    .sort();

const workflow = (...steps: readonly string[]) => `
name: CI
on: [push]
jobs:
  all:
    runs-on: ubuntu-24.04
    steps:
${steps.map((step) => `      - ${step}\n`).join('')}`;

const ci = '.github/workflows/ci.yml';
const dockerfile = 'FROM node:22.11\nCOPY . .\n';

describe('delivery map', () => {
  before(() =>
    Promise.all(['bash', 'ruby', 'terraform'].map((each) => loadGrammar(each as 'bash'))),
  );

  it('is the same whichever file is read first', async () => {
    const parts = await read({
      [ci]: workflow('run: terraform -chdir=infra validate'),
      'infra/main.tf': 'terraform {}\n',
      'infra/worker.tf': 'resource "null_resource" "worker" {}\n',
      'web/Dockerfile': dockerfile,
    });
    const turned = new Map([...parts].reverse());
    assert.deepEqual(drawMap(turned), drawMap(parts));
    assert.deepEqual(factsOfMap(turned), factsOfMap(parts));
  });

  it('follows CircleCI and Bitbucket Pipelines to what they build and deploy', async () => {
    const parts = await read({
      '.circleci/config.yml': `
jobs:
  test: {steps: [{run: docker build -t acme/web web}]}
  live: {steps: [{run: terraform -chdir=infra apply}]}
workflows:
  all: {jobs: [test, {live: {requires: [test]}}]}
`,
      'bitbucket-pipelines.yml': `
pipelines:
  default:
    - step: {name: Pack, script: [docker build -t acme/web web]}
    - step: {name: Live, script: [terraform -chdir=infra apply]}
`,
      'web/Dockerfile': dockerfile,
      'infra/main.tf': 'resource "null_resource" "x" {}\n',
    });
    const found = ways(drawMap(parts));
    for (const way of ['test builds web/Dockerfile', 'live deploys infra', 'live follows test'])
      assert.ok(
        found.some((each) => each === way),
        `${way} in ${found.join('; ')}`,
      );
    for (const way of ['Pack builds web/Dockerfile', 'Live deploys infra', 'Live follows Pack'])
      assert.ok(
        found.some((each) => each === way),
        `${way} in ${found.join('; ')}`,
      );
  });

  it('follows a commit from the pipeline through a script and an image to where it runs', async () => {
    const parts = await read({
      [ci]: workflow('run: ./ci/ship.sh'),
      'ci/ship.sh':
        'docker build -t acme/web -f web/Dockerfile web\ndocker push acme/web\nkubectl apply -f k8s/\n',
      'web/Dockerfile': dockerfile,
      'k8s/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: "acme/web:1.2"}]
`,
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'CI runs all',
      'Deployment/web uses acme/web',
      'all runs ci/ship.sh',
      'ci/ship.sh builds acme/web',
      'ci/ship.sh builds web/Dockerfile',
      'ci/ship.sh deploys Deployment/web',
      'ci/ship.sh publishes acme/web',
      'web/Dockerfile builds acme/web',
    ]);
    assert.deepEqual(facts(parts), [
      'delivery/built web/Dockerfile',
      'delivery/deployed k8s/web.yaml',
      'delivery/pipeline',
    ]);
    const text = mapAsText(drawMap(parts));
    assert.match(text, /Deployment\/web \(k8s\/web\.yaml\) from acme\/web/);
    assert.doesNotMatch(text, /no pipeline leads to/);
  });

  it('tells what nothing leads to, and what only a description builds', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      'compose.yaml': 'services:\n  web:\n    build: ./web\n',
      'web/Dockerfile': dockerfile,
      'tools/Dockerfile': dockerfile,
    });
    assert.deepEqual(facts(parts), ['delivery/built web/Dockerfile', 'delivery/pipeline']);
    const text = mapAsText(drawMap(parts));
    assert.match(text, /recipe tools\/Dockerfile\n/);
    assert.match(text, /recipe web\/Dockerfile, but web builds it/);
  });

  const building: readonly [what: string, step: string][] = [
    ['the build action', 'uses: docker/build-push-action@v6\n        with: {context: app}'],
    [
      'a file of its own',
      'uses: docker/build-push-action@v6\n        with: {context: ., file: app/Dockerfile}',
    ],
    ['a path only the run knows', 'run: docker build -f "$DIR/Dockerfile" .'],
    [
      'a matrix',
      'uses: docker/build-push-action@v6\n        with: {file: "${{ matrix.dir }}/Dockerfile"}',
    ],
    ['buildx', 'run: docker buildx build --push -t a/b app'],
    ['a step in its folder', 'run: docker build .\n        working-directory: app'],
    ['cd', 'run: cd app && docker build .'],
    ['a folder only the run knows', 'run: cd "$DIR" && docker build .'],
    ['buildah', 'run: buildah bud -f app/Dockerfile -t x .'],
    ['kaniko', 'run: /kaniko/executor --context dir://app --destination x'],
    ['fly', 'run: cd app && flyctl deploy --remote-only'],
    ['az', 'run: az acr build -r x -t y app'],
    ['gcloud', 'run: gcloud builds submit app --tag x'],
    ['Cloud Run', 'run: gcloud run deploy web --source app'],
    [
      'an action that is told of it',
      'uses: acme/build@v1\n        with: {dockerfile: app/Dockerfile}',
    ],
    ['a linter', 'uses: hadolint/hadolint-action@v3\n        with: {dockerfile: app/Dockerfile}'],
  ];
  for (const [what, step] of building) {
    it(`sees a recipe that is used by ${what}`, async () => {
      const parts = await read({ [ci]: workflow(step), 'app/Dockerfile': dockerfile });
      assert.ok(
        facts(parts).some((fact) => /^delivery\/(?:built|checked) app\/Dockerfile$/.test(fact)),
        facts(parts).join('\n'),
      );
    });
  }

  const infrastructure: readonly [what: string, step: string, stated: string | undefined][] = [
    ['plan', 'run: terraform -chdir=infra plan', 'delivery/checked infra/main.tf'],
    ['fmt of all', 'run: terraform fmt -check -recursive', 'delivery/checked infra/main.tf'],
    [
      'apply',
      'run: terraform apply\n        working-directory: infra',
      'delivery/deployed infra/main.tf',
    ],
    ['tflint', 'run: tflint --chdir infra', 'delivery/checked infra/main.tf'],
    ['another folder', 'run: terraform -chdir=other plan', undefined],
  ];
  for (const [what, step, stated] of infrastructure) {
    it(`Terraform and ${what}`, async () => {
      const parts = await read({ [ci]: workflow(step), 'infra/main.tf': 'provider "aws" {}\n' });
      assert.deepEqual(
        facts(parts).filter((fact) => fact !== 'delivery/pipeline'),
        stated === undefined ? [] : [stated],
      );
    });
  }

  const callers: readonly [what: string, step: string, path: string, text: string][] = [
    [
      'a make target',
      'run: make -C app image',
      'app/Makefile',
      'IMG := acme/app\n.PHONY: image\nimage: check\n\t@docker build -t $(IMG) .\ncheck:\n\ttrue\n',
    ],
    [
      'the first make target',
      'run: make',
      'Makefile',
      'all: image\nimage:\n\tcd app && \\\n\tdocker build .\n',
    ],
    [
      'a target of an included makefile',
      'run: make image',
      'mk/docker.mk',
      'image:\n\tdocker build $(DIR)\n',
    ],
    [
      'an npm script',
      'run: npm run image',
      'package.json',
      '{"scripts": {"image": "docker build app"}}',
    ],
    [
      'an npm script before another',
      'run: npm test',
      'package.json',
      '{"scripts": {"pretest": "docker build app", "test": "true"}}',
    ],
    [
      'a task',
      'run: task ship',
      'Taskfile.yml',
      'version: 3\ntasks:\n  ship:\n    deps: [image]\n  image:\n    cmds:\n      - docker build app\n',
    ],
    [
      'a just recipe',
      'run: just image',
      'justfile',
      'set shell := ["bash"]\nimage tag="x": check\n    docker build app\ncheck:\n    true\n',
    ],
  ];
  for (const [what, step, path, text] of callers) {
    it(`follows ${what}`, async () => {
      const parts = await read({
        [ci]: workflow(step),
        [path]: text,
        'app/Dockerfile': dockerfile,
      });
      assert.ok(facts(parts).includes('delivery/built app/Dockerfile'), facts(parts).join('\n'));
    });
  }

  it('reads the stages of a Jenkinsfile as jobs, one after the other', async () => {
    const parts = await read({
      Jenkinsfile: `pipeline {
  agent any
  stages {
    stage('Test') { steps { sh 'npm test' } }
    stage('Image') { steps { sh 'docker build -t acme/web web' } }
  }
}
`,
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'Image builds acme/web',
      'Image builds web/Dockerfile',
      'Image follows Test',
      'Jenkinsfile runs Image',
      'Jenkinsfile runs Test',
      'web/Dockerfile builds acme/web',
    ]);
  });

  it('leads from Terraform to what it reads, runs and builds', async () => {
    const parts = await read({
      [ci]: workflow('run: terraform -chdir=infra apply'),
      'infra/main.tf': `resource "aws_instance" "web" {
  user_data = templatefile("\${path.module}/web.yaml", {})
  provisioner "local-exec" {
    command = "docker build -t acme/web \${path.module}/../web && ./after.sh"
  }
}
resource "helm_release" "web" { chart = "../charts/web" }
`,
      'infra/web.yaml': '#cloud-config\nruncmd:\n  - docker run -d acme/web:1\n',
      'infra/after.sh': 'true\n',
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'CI runs all',
      'all deploys infra',
      'infra builds acme/web',
      'infra builds web/Dockerfile',
      'infra runs infra/after.sh',
      'infra uses infra/web.yaml',
      'infra/web.yaml uses acme/web',
      'web/Dockerfile builds acme/web',
    ]);
    assert.match(mapAsText(drawMap(parts)), /What runs\n {2}infra\/web\.yaml from acme\/web\n/);
  });

  it('leads from a pipeline through a Packer template to what provisions the image', async () => {
    const parts = await read({
      [ci]: workflow('run: packer build -var "x=y" images/web.pkr.hcl'),
      'images/web.pkr.hcl': `source "qemu" "x" { http_directory = "http" }
build {
  sources = ["source.qemu.x"]
  provisioner "shell" { scripts = ["scripts/base.sh", "\${path.root}/own.sh"] }
  provisioner "ansible" { playbook_file = "./site.yml" }
  post-processor "shell-local" { inline = ["./publish.sh"] }
}
`,
      'images/http/user-data': '#cloud-config\npackages: []\n',
      'images/own.sh': 'true\n',
      'scripts/base.sh': 'true\n',
      'publish.sh': 'true\n',
      'site.yml': '- hosts: all\n  tasks: []\n',
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'CI runs all',
      'all builds images/web.pkr.hcl',
      'images/web.pkr.hcl runs images/own.sh',
      'images/web.pkr.hcl runs publish.sh',
      'images/web.pkr.hcl runs scripts/base.sh',
      'images/web.pkr.hcl runs site.yml',
      'images/web.pkr.hcl uses images/http/user-data',
    ]);
    assert.ok(facts(parts).includes('delivery/deployed site.yml'));
  });

  it('tells what is deployed from what is only looked at', async () => {
    const deployment = (name: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {spec: {containers: [{name: x, image: "x:1"}]}}}\n`;
    const kustomization = 'resources: [web.yaml]\n';
    const parts = await read({
      [ci]: workflow('run: kubectl apply -k live', 'run: kustomize build trial'),
      'live/kustomization.yaml': kustomization,
      'live/web.yaml': deployment('live'),
      'trial/kustomization.yaml': kustomization,
      'trial/web.yaml': deployment('trial'),
    });
    assert.match(
      mapAsText(drawMap(parts)),
      /What runs\n {2}Deployment\/live .*\n\nWhat pipelines use, and none deploys\n {2}Deployment\/trial /,
    );
  });

  it("reads Packer's older JSON, and all templates of a folder", async () => {
    const parts = await read({
      [ci]: workflow('run: cd images && packer build .'),
      'images/web.json': `{
  "builders": [{"type": "qemu"}],
  "provisioners": [
    {"type": "shell", "script": "{{template_dir}}/own.sh"},
    {"type": "shell", "script": "{{user \`x\`}}/other.sh"}
  ]
}
`,
      'images/own.sh': 'true\n',
      'other.sh': 'true\n',
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'CI runs all',
      'all builds images/web.json',
      'images/web.json runs images/own.sh',
    ]);
  });

  it('knows stacks by what deploys them, what they are started from and the stacks in them', async () => {
    const parts = await read({
      [ci]: workflow(
        'run: docker build -t acme/web web',
        'run: aws cloudformation deploy --stack-name web --template-file stacks/web.yaml',
        'run: sam build && sam deploy',
        'run: cfn-lint stacks/*.yaml',
      ),
      'stacks/web.yaml': `Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./net.yaml}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: web, Image: 'acme/web:1'}]
`,
      'stacks/net.yaml': 'Resources:\n  A:\n    Type: AWS::EC2::VPC\n',
      'template.yaml': `Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image}
    Metadata: {DockerContext: ./hello, Dockerfile: Dockerfile}
`,
      'hello/Dockerfile': dockerfile,
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(
      ways(drawMap(parts)).filter((way) => !way.startsWith('CI ')),
      [
        'all builds acme/web',
        'all builds template.yaml',
        'all builds web/Dockerfile',
        'all deploys stacks/web.yaml',
        'all deploys template.yaml',
        'all lints stacks/net.yaml',
        'all lints stacks/web.yaml',
        'stacks/web.yaml uses acme/web',
        'stacks/web.yaml uses stacks/net.yaml',
        'template.yaml builds hello/Dockerfile',
        'web/Dockerfile builds acme/web',
      ],
    );
    assert.ok(facts(parts).includes('delivery/built hello/Dockerfile'));
  });

  it('reads the phases of a build specification as jobs', async () => {
    const parts = await read({
      'buildspec.yml': `version: 0.2
phases:
  pre_build:
    commands: [./login.sh]
  build:
    commands: [docker build web]
`,
      'login.sh': 'true\n',
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(ways(drawMap(parts)), [
      'build builds web/Dockerfile',
      'build follows pre_build',
      'buildspec.yml runs build',
      'buildspec.yml runs pre_build',
      'pre_build runs login.sh',
    ]);
  });

  it('tells what developers start, which no pipeline has to lead to', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      'dev/Vagrantfile': `Vagrant.configure('2') do |config|
  config.vm.provision 'shell', path: 'base.sh'
  config.vm.provision 'shell', inline: 'bash /vagrant/more.sh; ./elsewhere.sh; make up'
  config.vm.provision 'ansible', playbook: '../site.yml'
  config.vm.provision 'docker' do |d|
    d.build_image '/vagrant/app'
  end
end
`,
      'dev/base.sh': 'true\n',
      'dev/more.sh': 'true\n',
      'elsewhere.sh': 'true\n',
      'site.yml': '- hosts: all\n  tasks: []\n',
      'dev/app/Dockerfile': dockerfile,
    });
    assert.deepEqual(
      ways(drawMap(parts)).filter((way) => !way.startsWith('CI ')),
      [
        'dev/Vagrantfile builds dev/app/Dockerfile',
        'dev/Vagrantfile runs dev/base.sh',
        'dev/Vagrantfile runs dev/more.sh',
        'dev/Vagrantfile runs site.yml',
      ],
    );
    assert.deepEqual(facts(parts), ['delivery/built dev/app/Dockerfile', 'delivery/pipeline']);
    const text = mapAsText(drawMap(parts));
    assert.match(text, /What developers start\n {2}dev\/Vagrantfile\n {4}runs dev\/base\.sh, /);
    assert.doesNotMatch(text, /leads to\n[\s\S]*Vagrantfile\n/);
  });

  it('follows Chef and Puppet from who applies them to what they bring in', async () => {
    const parts = await read({
      [ci]: workflow(
        'run: chef-client -z -o "recipe[web]"',
        'run: puppet apply --modulepath modules manifests/site.pp',
      ),
      'cookbooks/web/recipes/default.rb': "package 'nginx'\ninclude_recipe 'base::users'\n",
      'cookbooks/base/recipes/users.rb': "user 'web'\n",
      'manifests/site.pp': 'node default {\n  include nginx, base::users\n}\n',
      'modules/nginx/manifests/init.pp': "class nginx {\n  class { 'base::users': }\n}\n",
      'modules/base/manifests/users.pp': 'class base::users {}\n',
    });
    assert.deepEqual(
      ways(drawMap(parts)).filter((way) => !way.startsWith('CI ')),
      [
        'all deploys cookbooks/web/recipes/default.rb',
        'all deploys manifests/site.pp',
        'cookbooks/web/recipes/default.rb uses cookbooks/base/recipes/users.rb',
        'manifests/site.pp uses modules/base/manifests/users.pp',
        'manifests/site.pp uses modules/nginx/manifests/init.pp',
        'modules/nginx/manifests/init.pp uses modules/base/manifests/users.pp',
      ],
    );
  });

  const describing: readonly [
    what: string,
    step: string,
    files: Readonly<Record<string, string>>,
    reached: boolean,
  ][] = [
    [
      'bake',
      'run: docker buildx bake',
      { 'docker-bake.hcl': 'target "default" {\n  context = "app"\n}\n' },
      true,
    ],
    [
      'bake of a group of another file',
      'run: docker buildx bake -f ci/all.hcl --push everything',
      {
        'ci/all.hcl':
          'group "everything" {\n  targets = ["app"]\n}\ntarget "app" {\n  context = "app"\n}\n',
      },
      true,
    ],
    [
      'the bake action',
      'uses: docker/bake-action@v6\n        with:\n          files: |\n            ./docker-bake.json\n            ${{ steps.meta.outputs.bake-file }}\n          targets: app',
      { 'docker-bake.json': '{"target": {"app": {"context": "app"}}}' },
      true,
    ],
    [
      'bake of compose',
      'run: docker buildx bake',
      { 'compose.yaml': 'services:\n  web:\n    build: ./app\n' },
      true,
    ],
    ['bake of a file only the run knows', 'run: docker buildx bake -f "$FILE"', {}, true],
    [
      'the dev container action',
      'uses: devcontainers/ci@v0.3',
      { '.devcontainer/devcontainer.json': '{"build": {"dockerfile": "../app/Dockerfile"}}' },
      true,
    ],
    ['Tilt', 'run: tilt ci', { Tiltfile: "docker_build('acme/app', 'app')\n" }, true],
    ['Tilt of a developer', 'run: true', { Tiltfile: "docker_build('acme/app', 'app')\n" }, false],
    [
      'Skaffold',
      'run: skaffold build',
      {
        'skaffold.yaml':
          'apiVersion: skaffold/v4beta11\nkind: Config\nrequires:\n  - path: ./app\n',
        'app/skaffold.yaml':
          'apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n    - image: acme/app\n',
      },
      true,
    ],
    [
      'Skaffold with a command of its own',
      'run: skaffold build -f skaffold.yaml',
      {
        'skaffold.yaml':
          'apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n    - image: acme/app\n      context: app\n      custom:\n        buildCommand: docker build -t $IMAGE .\n',
      },
      true,
    ],
  ];
  for (const [what, step, files, reached] of describing) {
    it(`sees a recipe that is built by ${what}`, async () => {
      const parts = await read({ [ci]: workflow(step), 'app/Dockerfile': dockerfile, ...files });
      assert.ok(facts(parts).includes('delivery/built app/Dockerfile'), facts(parts).join('\n'));
      const recipe = drawMap(parts).stations.find((each) => each.title === 'app/Dockerfile');
      assert.equal(recipe?.reached, reached);
    });
  }

  const own: readonly [what: string, text: string][] = [
    ['its folder', 'bash "$(dirname "$0")/next.sh"'],
    ['its folder by expansion', '"${0%/*}"/next.sh'],
    ['a variable', 'HERE=$(dirname "${BASH_SOURCE[0]}")\n$HERE/next.sh'],
    [
      'an absolute path',
      'readonly HERE="$( cd -- "$( dirname "${BASH_SOURCE[0]}" )" &> /dev/null && pwd )"\n"${HERE}"/next.sh',
    ],
    [
      'a folder above',
      'HERE=$(cd "$(dirname "$0")" && pwd)\nROOT=$HERE/../..\nsource "$ROOT/ci/tools/next.sh"',
    ],
    ["git's root", 'ROOT="$(git rev-parse --show-toplevel)"\n"$ROOT/ci/tools/next.sh"'],
    ['cd to its folder', 'cd "$(dirname "$0")"\n./next.sh'],
    ['cd above its folder', 'cd "$(dirname "$(readlink -f "$0")")/.." || exit 1\ntools/next.sh'],
    ['cd from the root', 'cd ci/tools && ./next.sh'],
  ];
  for (const [what, text] of own) {
    it(`follows a script to another by ${what}`, async () => {
      const parts = await read({ 'ci/tools/first.sh': `${text}\n`, 'ci/tools/next.sh': 'true\n' });
      assert.deepEqual(ways(drawMap(parts)), ['ci/tools/first.sh runs ci/tools/next.sh']);
    });
  }

  it('supposes nothing of folders only the run knows', async () => {
    const parts = await read({
      'ci/first.sh': 'X=$1\nHERE=$(dirname "$X")\n"$HERE"/next.sh\ncd "$X"\n./next.sh\n',
      'ci/next.sh': 'true\n',
      'next.sh': 'true\n',
    });
    assert.deepEqual(ways(drawMap(parts)), []);
  });

  const jenkins: readonly [what: string, text: string][] = [
    ['docker.build', "node { stage('A') { docker.build('acme/app', './app') } }"],
    ['docker.build with a file', "node { docker.build('acme/app', '--pull -f app/Dockerfile .') }"],
    [
      'docker.build in its folder',
      "node { stage('A') { dir('app') { docker.build('acme/app') } } }",
    ],
    [
      'the Dockerfile of an agent',
      "pipeline {\n  agent { dockerfile { dir 'app' } }\n  stages { stage('A') { steps { echo 'x' } } }\n}\n",
    ],
  ];
  for (const [what, text] of jenkins) {
    it(`sees a recipe that Jenkins builds by ${what}`, async () => {
      const parts = await read({
        Jenkinsfile: text,
        'app/Dockerfile': dockerfile,
        Dockerfile: dockerfile,
      });
      assert.deepEqual(facts(parts), ['delivery/built app/Dockerfile', 'delivery/pipeline']);
    });
  }

  it('takes no builder without a Dockerfile for one', async () => {
    const parts = await read({
      [ci]: workflow('run: skaffold build'),
      'skaffold.yaml':
        'apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n    - image: acme/app\n      context: app\n      jib: {}\n',
      'app/Dockerfile': dockerfile,
    });
    assert.ok(!facts(parts).includes('delivery/built app/Dockerfile'));
  });

  it('draws no arrows to files nobody named', async () => {
    const parts = await read({
      [ci]: workflow(
        'run: helm upgrade --install web oci://registry.example.com/web',
        'run: kubectl rollout restart deployment/web',
        'run: docker push $IMAGE',
      ),
      'compose.yaml': 'services:\n  web:\n    image: acme/web:1\n',
      'web/Dockerfile': dockerfile,
    });
    assert.deepEqual(ways(drawMap(parts)), ['CI runs all']);
  });

  it('takes the hooks of pre-commit for a check of what they look at', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      '.pre-commit-config.yaml': 'repos:\n  - repo: x\n    hooks: [{id: terraform_fmt}]\n',
      'infra/main.tf': 'provider "aws" {}\n',
    });
    assert.ok(facts(parts).includes('delivery/checked infra/main.tf'));
  });

  it('counts only what a pipeline leads to', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test'),
      'ci/lint.sh': 'ansible-lint site.yml\n',
      'site.yml': '- hosts: all\n  tasks: []\n',
    });
    assert.deepEqual(facts(parts), ['delivery/pipeline']);
  });

  it('bears circles', async () => {
    const parts = await read({
      [ci]: workflow('run: ./a.sh'),
      'a.sh': './b.sh\n',
      'b.sh': './a.sh\n',
    });
    assert.equal(drawMap(parts).ways.length, 4);
  });

  it('draws Mermaid whose words cannot break out of their boxes', async () => {
    const parts = await read({
      [ci]: workflow('run: npm test').replace('name: CI', `name: 'a "b" <i> #'`),
    });
    const text = mapAsMermaid(drawMap(parts));
    assert.match(text, /^flowchart LR\n {2}n0\(\["a #34;b#34; #60;i#62; #35;"\]\)\n/);
  });

  it('changes by the file, and says which facts came and went', async () => {
    const workspace = new Workspace('by hand');
    const take = async (path: string, text: string) =>
      workspace.update(await engine.lint({ path, text }, policy));
    const built = { kind: 'delivery/built', key: 'Dockerfile' };
    await take(ci, workflow('run: docker build .'));
    await take('Dockerfile', dockerfile);
    assert.ok(!workspace.has(built), 'nothing is stated before it is drawn');
    workspace.redraw();
    assert.ok(workspace.has(built));
    assert.equal(workspace.isStale, false);
    await take(ci, workflow('run: docker  build  .'));
    assert.equal(workspace.isStale, false, 'a change of spaces moves nothing on the map');
    await take(ci, workflow('run: npm test'));
    assert.ok(workspace.has(built), 'it stays as it was until it is drawn anew');
    assert.deepEqual(workspace.redraw(), [built]);
    assert.ok(!workspace.has(built));
    workspace.remove(ci);
    assert.deepEqual(workspace.redraw(), [
      { kind: 'delivery/pipeline', key: '' },
      { kind: 'delivery/first-pipeline', key: ci },
    ]);
  });

  it('names the first file with a pipeline, whichever was read first', async () => {
    const second = '.github/workflows/deploy.yml';
    const parts = await read({ [second]: workflow('run: ./ship.sh'), [ci]: workflow('run: make') });
    const first = factsOfMap(parts).filter(({ kind }) => kind === 'delivery/first-pipeline');
    assert.deepEqual(first, [{ kind: 'delivery/first-pipeline', key: ci }]);
  });

  it('says nothing of a part of a workspace', async () => {
    const workspace = new Workspace('never');
    workspace.update(await engine.lint({ path: ci, text: workflow('run: npm test') }, policy));
    assert.ok(!workspace.has({ kind: 'delivery/pipeline', key: '' }));
  });
});
