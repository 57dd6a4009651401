import assert from 'node:assert/strict';
import { engine } from '../src/catalog';
import { defaultConfiguration } from '../src/engine/configuration';
import { probe } from '../src/engine/format';
import { kubernetes } from '../src/formats/kubernetes';
import { Source } from '../src/text/source';
import './grammars';

const policy = engine.policy(defaultConfiguration);

function containersOf(text: string, path = 'web.yaml') {
  const document = kubernetes.parse(Source.file(path, text), undefined);
  return [...document.walk()].flatMap(([kind, node]) => (kind === 'container' ? [node] : []));
}

describe('kubernetes', () => {
  before('load the shell grammar', () => engine.lint({ path: 'a.sh', text: 'a' }, policy));

  const files: readonly (readonly [path: string, text: string, format: string | undefined])[] = [
    ['a.yaml', 'apiVersion: v1\nkind: Pod\n', 'kubernetes'],
    ['a.json', '{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}', 'kubernetes'],
    ['c/templates/a.yaml', '{{ if .X }}\n  apiVersion: v1\n  kind: Pod\n{{ end }}', 'kubernetes'],
    ['c/templates/_a.tpl', '{{- define "a" -}}x{{- end }}', 'kubernetes'],
    ['roles/x/templates/a.tpl', 'x = {{ y }}', undefined],
    ['c/values.yaml', 'image:\n  repository: a\n  tag: b\n', 'helm-values'],
    ['c/values-prod.yaml', 'image:\n  tag: b\n', 'helm-values'],
    ['kustomization.yaml', 'resources: [a.yaml]\n', 'kustomization'],
    [
      'k.yaml',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
      'kustomization',
    ],
    ['skaffold.yaml', 'apiVersion: skaffold/v4beta11\nkind: Config\n', 'skaffold'],
  ];
  for (const [path, text, format] of files) {
    it(`${path} is read as ${format ?? 'nothing'}, by one format alone`, () => {
      assert.equal(engine.recognise({ path, text }, policy)?.id, format);
      const claims = engine.formats.map((each) => each.recognises(probe(path, text)));
      for (const claim of ['by-name', 'by-content']) {
        assert.ok(claims.filter((each) => each === claim).length <= 1, claim);
      }
    });
  }

  const pod = '      containers: [{ name: c, image: "a:1" }]\n';
  const kinds: readonly (readonly [kind: string, text: string])[] = [
    ['Pod', 'kind: Pod\napiVersion: v1\nspec: { containers: [{ name: c }] }\n'],
    ['Deployment', `kind: Deployment\napiVersion: apps/v1\nspec:\n  template:\n    spec:\n${pod}`],
    [
      'CronJob',
      'kind: CronJob\napiVersion: batch/v1\nspec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: c }] } } } } }\n',
    ],
    [
      'DeploymentConfig',
      `kind: DeploymentConfig\napiVersion: apps.openshift.io/v1\nspec:\n  template:\n    spec:\n${pod}`,
    ],
    [
      'Knative Service',
      `kind: Service\napiVersion: serving.knative.dev/v1\nspec:\n  template:\n    spec:\n${pod}`,
    ],
    ['Task', 'kind: Task\napiVersion: tekton.dev/v1\nspec: { steps: [{ name: c }] }\n'],
    [
      'List',
      'kind: List\napiVersion: v1\nitems: [{ kind: Pod, apiVersion: v1, spec: { initContainers: [{ name: c }] } }]\n',
    ],
  ];
  for (const [kind, text] of kinds) {
    it(`finds the containers of a ${kind}`, () => {
      assert.deepEqual(
        containersOf(text).map((each) => each.label),
        ['c'],
      );
    });
  }

  it('knows a container that rendering adds to from one it does not', () => {
    const chart = (line: string) =>
      `kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - name: c\n    image: a\n${line}\n`;
    const open = (line: string) => containersOf(chart(line), 'c/templates/a.yaml')[0]!.open;
    assert.equal(open('    {{- toYaml .Values.probes | nindent 4 }}'), true);
    assert.equal(open('{{ toYaml .Values.probes | indent 4 }}'), true);
    assert.equal(open('    resources:\n      {{- toYaml .Values.resources | nindent 6 }}'), false);
    assert.equal(open('  {{- toYaml .Values.more | nindent 2 }}'), false);
    assert.equal(open('    {{- if .Values.x }}\n    tty: true\n    {{- end }}'), false);
  });

  it('survives a template that begins with an empty line', () => {
    const text = '\n{{ if .A }}\nkind: Pod\napiVersion: v1\nspec:\n  {{ .B }}\n  x: 1\n{{ end }}\n';
    assert.deepEqual(containersOf(text, 'c/templates/a.yaml'), []);
  });

  const scripts: readonly (readonly [argv: string, script: string | undefined])[] = [
    ['command: [sh, -c, "a b"]', 'a b'],
    ['command: [/bin/bash, -eo, pipefail, -c]\n    args: ["a b"]', 'a b'],
    ['args: [tini, --, sh, -ec, a]', 'a'],
    ['command: [sh, /run.sh]', undefined],
    ['command: [server, -c, x]', undefined],
    ['command: [sh, -c, "a $(POD_IP) $(date)"]', 'a _________ $(date)'],
  ];
  for (const [argv, script] of scripts) {
    it(`script of ${argv.replace(/\s+/g, ' ')}`, () => {
      const [container] = containersOf(
        `kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - name: c\n    ${argv}\n`,
      );
      const found = container!.scripts.map((each) => each.embedded.parse().source.text);
      assert.deepEqual(found, script === undefined ? [] : [script]);
    });
  }
});
