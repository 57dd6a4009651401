import assert from 'node:assert/strict';
import type { Document } from '../src/engine/format';
import { helmValues } from '../src/formats/helm-values';
import { kubernetes } from '../src/formats/kubernetes';
import { type Alert, closed, prometheus } from '../src/formats/prometheus';
import { readFiring } from '../src/formats/promql';
import { Source } from '../src/text/source';

function alertsIn(document: Document<any>): readonly Alert[] {
  return [...document.walk()].flatMap(([kind, node]) => (kind === 'alert' ? [node as Alert] : []));
}

/** The alerts of all rule documents that stand in another, each with the text its name maps back to. */
function embedded(document: Document<any>): readonly { alert: Alert; written: string }[] {
  return document.embedded
    .filter((each) => each.format.id === 'prometheus')
    .flatMap((each) => {
      const inner = each.parse();
      return alertsIn(inner).map((alert) => {
        const place = inner.source.toFile(alert.name.range)!;
        return { alert, written: inner.source.file.text.slice(...place.range) };
      });
    });
}

const rules = (text: string) => alertsIn(prometheus.parse(Source.file('rules.yml', text), closed));
const manifest = (text: string, path = 'rules.yaml') =>
  embedded(kubernetes.parse(Source.file(path, text), undefined));

describe('prometheus', () => {
  it('reads labels with those of the group, and how long an alert waits', () => {
    const [a, b, c, d] = rules(`groups:
  - name: g
    labels: { team: shop, severity: note }
    rules:
      - record: x
        expr: y
      - alert: A
        expr: up == 0
        for: 5m
        labels: { severity: page }
      - { alert: B, expr: up == 0, for: 0s }
      - { alert: C, expr: up == 0, keep_firing_for: 5m }
      - { alert: D, expr: up == 0 }
`);
    assert.deepEqual(
      [...a!.labels.values].map(([key, value]) => `${key}=${value.string}`),
      ['team=shop', 'severity=page'],
    );
    assert.deepEqual([a!.timed, b!.timed, c!.timed, d!.timed], [true, true, true, false]);
    assert.equal(a!.group.name?.string, 'g');
  });

  it('takes anything', () => {
    for (const text of [
      'groups:',
      'groups: 1',
      'groups: [1, {rules: x}, {rules: [y, {alert: }, {alert: [1]}]}]',
      'groups:\n- rules:\n  - alert: A\n    annotations: [x]\n    labels: y\n    expr: {a',
      '- groups',
      '',
    ]) {
      assert.ok(rules(text).length <= 1, text);
    }
  });

  const group = (indent: string) =>
    ['groups:', '- name: g', '  rules:', '  - alert: "Down"', '    expr: up == 0', '']
      .map((line) => (line ? indent + line : ''))
      .join('\n');
  const meta = (kind: string, version = 'v1') =>
    `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: x }\n`;
  const hosts: readonly (readonly [what: string, text: string])[] = [
    [
      'PrometheusRule',
      `${meta('PrometheusRule', 'monitoring.coreos.com/v1')}spec:\n${group('  ')}`,
    ],
    ['VMRule', `${meta('VMRule', 'operator.victoriametrics.com/v1beta1')}spec:\n${group('  ')}`],
    ['ConfigMap', `${meta('ConfigMap')}data:\n  a.rules: |\n${group('    ')}`],
    [
      'HelmRelease',
      `${meta('HelmRelease')}spec:\n  values:\n    additionalPrometheusRulesMap:\n      own:\n${group('        ')}`,
    ],
    [
      'Application',
      `${meta('Application')}spec:\n  source:\n    helm:\n      valuesObject:\n        rules:\n${group('          ')}`,
    ],
  ];
  for (const [what, text] of hosts) {
    it(`finds rules in a ${what}, at their place in the file`, () => {
      for (const eol of ['\n', '\r\n']) {
        const found = manifest(text.replaceAll('\n', eol));
        assert.deepEqual(
          found.map(({ alert, written }) => [alert.name.string, written]),
          [['Down', '"Down"']],
        );
      }
    });
  }

  it('finds rules among the values of a chart', () => {
    const text = `serverFiles:\n  alerting_rules.yml:\n${group('    ')}other:\n  groups: [a, b]\n`;
    const document = helmValues.parse(Source.file('values.yaml', text), undefined);
    assert.deepEqual(
      embedded(document).map(({ written }) => written),
      ['"Down"'],
    );
  });

  it('knows what a template may add', () => {
    const chart = (rule: string) => {
      const text = `${meta('PrometheusRule')}spec:\n  groups:\n  - name: g\n    rules:\n    - alert: A\n${rule}\n`;
      const { alert } = manifest(text, 'c/templates/a.yaml')[0]!;
      return [alert.labels.open, alert.annotations.open];
    };
    assert.deepEqual(chart('      labels:\n        a: {{ .x }}'), [false, false]);
    assert.deepEqual(chart('      labels:\n        {{- toYaml .x | nindent 8 }}'), [true, false]);
    assert.deepEqual(chart('      labels: {{ toYaml .x | nindent 8 }}'), [true, false]);
    assert.deepEqual(
      chart('      annotations:\n        a: b\n{{ toYaml .x | indent 8 }}\n      labels: { b: c }'),
      [false, true],
    );
    assert.deepEqual(chart('      {{- with .x }}\n      labels: { b: c }\n      {{- end }}'), [
      false,
      false,
    ]);
    assert.deepEqual(chart('      expr: x\n      {{- toYaml .x | nindent 6 }}'), [true, true]);
  });

  const expressions: readonly (readonly [
    text: string,
    firing: Partial<ReturnType<typeof readFiring>>,
  ])[] = [
    ['up == 0', { conditional: true, noisy: true }],
    ['up', { conditional: false }],
    ['node_info{state="failed"}', { conditional: true }],
    ['node_info{}', { conditional: false }],
    ['# a > b\nup', { conditional: false }],
    ['label_replace(up, "a", "<", "b", "c")', { conditional: false }],
    ['absent_over_time(up[5m])', { absence: false, conditional: true }],
    ['a and on (b) c', { conditional: true }],
    ['absent(up{job="a"})', { conditional: true, absence: true }],
    ['rate(a[5m]) > 5', { noisy: false, conditional: true }],
    ['a > 80', { noisy: true }],
    ['a > 0.5', { noisy: true }],
    ['a > 1', { noisy: false }],
    ['a >= 10', { noisy: true }],
    ['a > 1.0', { noisy: false }],
    ['time() - a > 300', { noisy: false }],
    ['a_ttl_seconds < 604800', { noisy: false }],
    ['a > b', { noisy: false }],
    ['a{b="[5m]"} > 5', { noisy: true }],
    ['a > bool 1', { bool: true }],
    ['sum(a) > bool (b)', { bool: true }],
    ['sum(a > bool 1) > 3', { bool: false }],
    ['a > bool 1 == 1', { bool: false, conditional: true }],
    ['(a > 1) > bool 1', { bool: false }],
    ['a >= bool 1', { bool: true }],
    ['sum(a', { conditional: true }],
    ['a > 5 or vector(0)', { fallback: 'vector(0)' }],
    ['a > 5 or on () vector(0)', { fallback: 'vector(0)' }],
    ['vector(0) or a > 5', { fallback: 'vector(0)' }],
    ['(a or vector(0)) > 5', { fallback: undefined }],
    ['a > (b or vector(0))', { fallback: undefined }],
    ['vector(1)', { constant: 1 }],
    ['1', { constant: 1 }],
    ['vector(1) == 0', { constant: undefined }],
  ];
  for (const [text, firing] of expressions) {
    it(`${JSON.stringify(text)}: ${JSON.stringify(firing)}`, () => {
      const found = readFiring(text);
      for (const [key, value] of Object.entries(firing)) {
        assert.equal(found[key as keyof typeof found], value, key);
      }
    });
  }
});
