import assert from 'node:assert/strict';
import type { Document } from '../src/engine/format';
import { type Flag, flags } from '../src/formats/flags';
import { kubernetes } from '../src/formats/kubernetes';
import { Source } from '../src/text/source';

const flagsIn = (document: Document<any>): readonly Flag[] =>
  [...document.walk()].flatMap(([kind, node]) => (kind === 'flag' ? [node as Flag] : []));
const read = (text: string, path = 'flags.yaml') =>
  flagsIn(flags.parse(Source.file(path, text), undefined));

describe('flags', () => {
  const cases: readonly (readonly [what: string, text: string, names: readonly string[]])[] = [
    ['a map', 'flags:\n  a: { enabled: true }\n  b: { default: false }\n', ['a', 'b']],
    ['a list', 'features:\n- name: a\n- key: b\n- { id: c }\n- d\n', ['a', 'b', 'c']],
    ['values without a definition', 'flags:\n  a: true\n  b: { enabled: true }\n', ['b']],
    [
      'groups',
      'flags:\n  shop:\n    a: { enabled: true }\n    b: { enabled: false }\n',
      ['a', 'b'],
    ],
    ['variants are no flags', 'flags:\n  a: { variants: { x: { default: true } } }\n', ['a']],
    ['one alone', 'name: a\nexpires: 2026-01-01\n', ['a']],
    ['a map of its own', 'a: { default: true }\nb: { default: true }\n', ['a', 'b']],
    ['nothing', '', []],
    ['half a file', 'flags:\n  a: { enabled: [\n  - x', ['a']],
    ['other shapes', 'flags: [1, [2], { key: [3] }]\nfeatures: x\n', []],
  ];
  for (const [what, text, names] of cases) {
    it(`reads ${what}`, () => {
      assert.deepEqual(
        read(text).map((flag) => flag.name),
        names,
      );
    });
  }

  const ends: readonly (readonly [written: string, day: string | undefined])[] = [
    ['expires: 2026-02-28', '2026-02-28'],
    ['expires_at: "2026-02-28T12:00:00Z"', '2026-02-28'],
    ['removeBy: 2026-02-28', '2026-02-28'],
    ['target_removal_date: 2026-02-28', '2026-02-28'],
    ['metadata: { sunset: 2026-02-28 }', '2026-02-28'],
    ['lifecycle: { "remove-by": 2026-02-28 }', '2026-02-28'],
    ['expires: 2026-02-30', undefined],
    ['expires: 99', undefined],
    ['expires: next year', undefined],
    ['end_date: 2026-02-28', undefined],
    ['created: 2026-02-28', undefined],
  ];
  for (const [written, day] of ends) {
    it(`${written}: ${day ?? 'no end'}`, () => {
      const text = `flags:\n  a:\n    enabled: true\n    ${written}\n`;
      const [flag] = read(text);
      assert.equal(flag!.expiry?.value, day);
      if (day) assert.ok(text.slice(...flag!.expiry!.range).includes(day));
    });
  }

  it('reads an end from a comment, of this flag and no other', () => {
    const text = `flags:
  # Was meant for the summer.
  # Expires: 2026-08-31
  a:
    enabled: true # expires 2020-01-01 on the old server
  b: { enabled: true } # remove by 2026-09-30
  c:
    enabled: true
`;
    assert.deepEqual(
      read(text).map(({ name, expiry }) => [name, expiry?.value]),
      [
        ['a', '2026-08-31'],
        ['b', '2026-09-30'],
        ['c', undefined],
      ],
    );
  });

  it('reads flags of the operator and of ConfigMaps', () => {
    const names = (text: string) =>
      kubernetes
        .parse(Source.file('a.yaml', text), undefined)
        .embedded.filter((each) => each.format.id === 'flags')
        .flatMap((each) => flagsIn(each.parse()).map((flag) => flag.name));
    const flag = (indent: string) =>
      `${indent}flags:\n${indent}  a:\n${indent}    defaultVariant: x\n`;
    const object = (kind: string) => `apiVersion: core.openfeature.dev/v1beta1\nkind: ${kind}\n`;
    assert.deepEqual(names(`${object('FeatureFlag')}spec:\n  flagSpec:\n${flag('    ')}`), ['a']);
    assert.deepEqual(
      names(`apiVersion: v1\nkind: ConfigMap\ndata:\n  flags.yaml: |\n${flag('    ')}`),
      ['a'],
    );
  });
});
