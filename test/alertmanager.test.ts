import assert from 'node:assert/strict';
import type { Document } from '../src/engine/format';
import { alertmanager, type Routing, valuesOf } from '../src/formats/alertmanager';
import { helmValues } from '../src/formats/helm-values';
import { kubernetes } from '../src/formats/kubernetes';
import { Source } from '../src/text/source';

const open = { partial: false, open: false };
const parse = (text: string) => alertmanager.parse(Source.file('a.yml', text), open);
const routingOf = (document: Document<any>) =>
  [...document.walk()].find(([kind]) => kind === 'routing')?.[1] as Routing | undefined;

const text = `route:
  receiver: team
  routes:
    - match: { severity: page }
      match_re: { service: a|b }
      routes:
        - matchers: ['team = "x"', 'alertname =~ "A|B"', env!~"dev.*"]
          receiver: other
    - matchers: '{a="b,c", d!=e}'
receivers:
  - name: team
    email_configs: [{ to: a@b }]
    slack_configs: []
  - name: other
`;

describe('alertmanager', () => {
  it('reads routes, with the receiver of the route above', () => {
    const { routes } = routingOf(parse(text))!;
    assert.deepEqual(
      routes.map((route) => [route.receiver?.string, route.ownReceiver]),
      [
        ['team', true],
        ['team', false],
        ['team', false],
        ['other', true],
      ],
    );
  });

  it('reads matchers in each notation', () => {
    const { routes } = routingOf(parse(text))!;
    assert.deepEqual(
      routes.map((route) => route.matchers.map((m) => `${m.label}${m.operator}${m.value}`)),
      [
        [],
        ['severity=page', 'service=~a|b'],
        ['a=b,c', 'd!=e'],
        ['team=x', 'alertname=~A|B', 'env!~dev.*'],
      ],
    );
    const [, , , last] = routes;
    assert.deepEqual(last!.matchers.map(valuesOf), [['x'], ['A', 'B'], undefined]);
  });

  it('counts integrations that have an entry', () => {
    const { receivers } = routingOf(parse(text))!;
    assert.deepEqual(
      receivers.map(({ name, integrations }) => [
        name.string,
        integrations.map((each) => each.key.string),
      ]),
      [
        ['team', ['email_configs']],
        ['other', []],
      ],
    );
  });

  it('states what routes are chosen by', () => {
    const stated = (file: string) =>
      parse(file).facts!.map(({ kind, key }) => `${kind.replace('alertmanager/', '')} ${key}`);
    assert.deepEqual(stated(text), [
      'routes-by severity',
      'routes-by service',
      'routes-by a',
      'routes-by d',
      'routes-by team',
      'routes-by alertname',
      'routes-alert A',
      'routes-alert B',
      'routes-by env',
    ]);
    assert.deepEqual(stated('route: { receiver: a }\nreceivers: [{ name: a }]\n'), [
      'ignores severity',
    ]);
  });

  it('takes anything', () => {
    for (const broken of [
      '',
      'route:\nreceivers:\n',
      'route: 1\nreceivers: {a: b}',
      'route: { routes: [1, {matchers: [{}]}, {matchers: {a: b}}], match: x }\nreceivers: [1, {}]',
      'route: {receiver: [a\nreceivers',
    ]) {
      assert.ok(parse(broken));
    }
  });

  it('finds configurations in objects of the operator, files of Secrets and values of charts', () => {
    const inner = (document: Document<any>) =>
      document.embedded
        .filter((each) => each.format.id === 'alertmanager')
        .map((each) => routingOf(each.parse())!)
        .map(({ root, partial, open: mayGrow }) => [root.receiver?.string, partial, mayGrow]);
    const manifest = (yaml: string) =>
      inner(kubernetes.parse(Source.file('c/templates/a.yaml', yaml), undefined));
    const object = (kind: string) => `apiVersion: x/v1\nkind: ${kind}\n`;
    assert.deepEqual(
      manifest(
        `${object('AlertmanagerConfig')}spec:\n  route: { receiver: a }\n  receivers: [{ name: a }]\n`,
      ),
      [['a', true, false]],
    );
    const file =
      '  alertmanager.yaml: |-\n    route:\n      receiver: a\n    receivers:\n    - name: a\n';
    assert.deepEqual(manifest(`${object('Secret')}stringData:\n${file}`), [['a', false, false]]);
    assert.deepEqual(
      manifest(`${object('ConfigMap')}data:\n${file}    {{- toYaml .x | nindent 4 }}\n`),
      [['a', false, true]],
    );
    const values =
      'alertmanager:\n  config:\n    route: { receiver: a }\n    receivers: [{ name: a }]\n';
    assert.deepEqual(inner(helmValues.parse(Source.file('values.yaml', values), undefined)), [
      ['a', false, false],
    ]);
  });
});
