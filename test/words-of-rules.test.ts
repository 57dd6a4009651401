import assert from 'node:assert/strict';
import { kustomization, movingSources } from '../src/formats/kustomization';
import { movingPart } from '../src/formats/moving-url';
import { unpinnedPackages } from '../src/formats/package-requests';
import { hasVersionedTag, imagesPushed, isFloatingPush } from '../src/formats/pushed-images';
import { looksAfterRollouts, rolloutOf } from '../src/formats/rollouts';
import { shell } from '../src/formats/shell';
import type { Script } from '../src/formats/shell-model';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const facts = {
  dialect: 'bash',
  stopsOnError: true,
  pipefail: false,
  machine: 'fresh',
  use: 'ci',
} as const;

function script(text: string): Script {
  const document = shell.parse(Source.file('a.sh', text), facts);
  return (document as unknown as { script: Script }).script;
}

describe('what scripts ask for', () => {
  before(() => loadGrammar('bash'));

  describe('moving addresses', () => {
    const rows: readonly [url: string, moving: string | undefined][] = [
      ['https://files.example.org/linux/stable/x86_64/engine-27.4.1.tgz', undefined],
      ['https://files.example.org/linux/stable/x86_64/engine-${ENGINE_VERSION}.tgz', undefined],
      ['https://files.example.org/linux/stable/x86_64/engine-ubuntu-22.04.tgz', 'stable'],
      ['https://files.example.org/linux/stable/x86_64/engine.tgz', 'stable'],
      ['https://github.com/o/r/releases/latest/download/tool', 'latest'],
      ['https://github.com/o/r/releases/download/v1.0.0/tool', undefined],
      ['https://raw.githubusercontent.com/o/r/main/install.sh', 'main'],
      ['https://raw.githubusercontent.com/o/r/v1.2.3/install.sh', undefined],
      ['https://raw.githubusercontent.com/o/r/4f2c1b9d0a7e6f5c/main/install.sh', undefined],
      ['https://github.com/o/r/archive/refs/heads/main.tar.gz', 'main'],
      ['https://github.com/o/r/archive/refs/tags/v1.tar.gz', undefined],
      ['https://example.com/stable/tool.tar.gz', 'stable'],
      ['https://example.com/stable/key.asc', undefined],
      ['https://example.com/tool-latest.zip', 'latest'],
      ['$URL/latest/tool', undefined],
    ];
    for (const [url, moving] of rows) it(url, () => assert.equal(movingPart(url), moving));
  });

  describe('packages without a version', () => {
    const rows: readonly [command: string, names: readonly string[]][] = [
      ['pip install flask', ['flask']],
      ['pip3 install -U pip "flask[async]>=2" black==24.4.2', ['flask']],
      ['python3 -m pip install flask', ['flask']],
      ['python3 -m pip install --root-user-action ignore --group docs flask', ['flask']],
      ['python3 -m pip install --no-index --find-links wheels flask', []],
      ['python3 -m http.server', []],
      ['pip install -r requirements.txt', []],
      ['pip install git+https://example.com/a.git@v1', []],
      ['pip install git+https://example.com/a.git', ['a']],
      ['pip install git+ssh://git@example.com/o/a.git#egg=b', ['a']],
      ['pipx install poetry', ['poetry']],
      ['uv tool install ruff', ['ruff']],
      ['npm install', []],
      ['npm install left-pad', ['left-pad']],
      ['npm install --omit dev', []],
      ['npm install --production false', []],
      ['npm install left-pad.tgz ./left-pad "left-pad@>=1 <2" o/left-pad', []],
      ['npm install left-pad -w web', []],
      ['npm install git+ssh://git@example.com:o/npm.git', ['npm']],
      ['npm install git://example.com/o/a.git#v1', []],
      ['yarn add serve left-pad@1.3.0', ['serve']],
      ['pnpm add -D serve', ['serve']],
      ['npm i -g @scope/tool typescript@5.5.3 yarn@latest', ['@scope/tool', 'yarn']],
      ['yarn global add serve', ['serve']],
      ['npx serve', []],
      ['npx serve@latest', ['serve']],
      ['gem install jekyll -v 4.3.3', []],
      ['gem install ./tool.gem jekyll', ['jekyll']],
      ['gem i jekyll -- --with-opt dir', ['jekyll']],
      ['composer require a/b c/d:^2 e/f "^3"', ['a/b']],
      ['cargo install cargo-audit --locked', ['cargo-audit']],
      ['cargo install --git https://example.com/a', []],
      ['go install example.com/cmd/tool@latest', ['tool']],
      ['go install example.com/kubetest2/...@latest', ['kubetest2']],
      ['go install example.com/cmd/tool@v1.2.3', []],
      ['go run example.com/cmd/tool@latest example.com/other@latest', ['tool']],
      ['dotnet tool install -g dotnet-ef', ['dotnet-ef']],
      ['dotnet tool install -g dotnet-ef --version 8.0.6', []],
      ['helm plugin install https://github.com/o/helm-diff', ['helm-diff']],
      ['ansible-galaxy install -r requirements.yml', []],
      ['pip install "$PACKAGE"', []],
    ];
    for (const [text, names] of rows) {
      it(text, () => {
        const found = script(text).commands.flatMap(unpinnedPackages);
        assert.deepEqual(
          found.map((each) => each.name),
          names,
        );
      });
    }
  });

  describe('images that are pushed', () => {
    const rows: readonly [text: string, pushed: readonly (string | undefined)[]][] = [
      ['docker push a/web', ['latest']],
      ['docker push a/web:1.2', ['1.2']],
      ['docker push "$REGISTRY/web:latest"', ['latest']],
      ['docker push "$IMAGE"', [undefined]],
      ['IMAGE=a/web:stable\ndocker push $IMAGE', ['stable']],
      ['docker push registry:5000/web', ['latest']],
      ['docker buildx build --push -t a/web:latest --tag=a/web:$SHA .', ['latest', undefined]],
      ['docker build -t a/web:latest .', []],
      ['docker push localhost:5000/web', []],
      ['docker push a/web-tests:latest', []],
    ];
    for (const [text, pushed] of rows) {
      it(text, () => {
        const own = script(text);
        const found = own.commands.flatMap((command) => imagesPushed(command, own));
        assert.deepEqual(
          found.map((each) => each.tag),
          pushed,
        );
      });
    }

    it('knows another tag of the same image', () => {
      const own = script('docker push a/web:latest');
      const [image] = own.commands.flatMap((command) => imagesPushed(command, own));
      assert.ok(isFloatingPush(image!));
      assert.ok(!hasVersionedTag('docker push a/web:latest', image!));
      assert.ok(hasVersionedTag('docker push a/web:latest\ndocker push a/web:1.2.3', image!));
      assert.ok(hasVersionedTag('docker tag a/web:latest a/web:$GIT_SHA', image!));
    });
  });

  describe('roll-outs', () => {
    const rows: readonly [text: string, what: string | undefined][] = [
      ['kubectl apply -f k8s/', 'kubectl apply'],
      ['kubectl apply -k overlays/prod', 'kubectl apply'],
      ['kubectl apply -f k8s/namespace.yaml', undefined],
      ['kubectl apply -f -', undefined],
      ['kubectl apply -f https://example.com/a.yaml', undefined],
      ['kubectl apply -f "$FILE"', undefined],
      ['kubectl apply -f a.yaml --dry-run=client', undefined],
      ['kubectl set image deployment/web web=a:1', 'kubectl set image'],
      ['kubectl get pods', undefined],
      ['helm upgrade --install web ./chart', 'helm upgrade'],
      ['helm upgrade web ./chart --atomic', undefined],
      ['helm upgrade web-crds ./crds', undefined],
      ['docker stack deploy -c a.yml web', 'docker stack deploy'],
      ['docker stack deploy --detach=false -c a.yml web', undefined],
      ['aws ecs update-service --service web', 'aws ecs update-service'],
    ];
    for (const [text, what] of rows) {
      it(text, () => {
        const own = script(text);
        assert.equal(rolloutOf(own.commands[0]!, own)?.what, what);
      });
    }

    it('are looked after', () => {
      assert.ok(looksAfterRollouts('kubectl rollout status deployment/web'));
      assert.ok(looksAfterRollouts('aws ecs wait services-stable --services web'));
      assert.ok(!looksAfterRollouts('# kubectl rollout status deployment/web'));
      assert.ok(!looksAfterRollouts('kubectl get pods'));
    });
  });

  it('a kustomization follows', () => {
    const text = [
      'resources:',
      '  - deployment.yaml',
      '  - github.com/o/r//base',
      '  - github.com/o/r//base?ref=v1',
      '  - https://github.com/o/r.git//base?ref=main',
      '  - git@example.com:o/r.git',
    ].join('\n');
    const document = kustomization.parse(Source.file('kustomization.yaml', text), undefined);
    const [[, node]] = [...document.walk()] as [[string, Parameters<typeof movingSources>[0]]];
    assert.deepEqual(
      [...movingSources(node)].map(({ at, moving }) => [at.string, moving]),
      [
        ['github.com/o/r//base', undefined],
        ['https://github.com/o/r.git//base?ref=main', 'main'],
        ['git@example.com:o/r.git', undefined],
      ],
    );
  });
});
