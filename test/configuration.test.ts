import assert from 'node:assert/strict';
import Ajv from 'ajv';
import { configurationSchema } from '../src/dev/configuration-schema';
import { type Configuration, defaultConfiguration, makePolicy } from '../src/engine/configuration';
import { defineFormat } from '../src/engine/format';
import { defineRule, option } from '../src/engine/rule';
import { parseConfiguration } from '../src/formats/andon-configuration';
import { parseYaml } from '../src/syntax/yaml';
import { LineIndex } from '../src/text/line-index';
import { Source } from '../src/text/source';

const format = defineFormat({
  id: 'shell',
  title: 'Shell',
  files: ['**/*.sh'],
  nodes: [],
  recognises: () => undefined,
  alone: () => undefined,
  parse: (source) => ({ source, problems: [], embedded: [], walk: () => [] }),
});
const common = {
  on: format,
  summary: 's',
  why: 'w.',
  concern: 'failure',
  severity: 'warning',
  since: '0.1.0',
  create: () => ({}),
} as const;
const rules = [
  defineRule({
    ...common,
    id: 'shell/usual',
    recommended: true,
    options: {
      most: option.number(3, 'How many.'),
      deep: option.flag(false, 'Deep.'),
      names: option.strings(['a'], 'Names.'),
      mode: option.oneOf(['hard', 'soft'], 'hard', 'Mode.'),
    },
  }),
  defineRule({ ...common, id: 'shell/opinion', recommended: false }),
  defineRule({
    ...common,
    id: 'shell/shared',
    recommended: true,
    neighbours: { shellcheck: ['SC1'] },
  }),
];
const names = { rules, formats: ['shell'] };

function read(text: string): { configuration: Configuration; told: readonly string[] } {
  const lines = new LineIndex(text);
  const { configuration, problems } = parseConfiguration(text, names);
  return {
    configuration,
    told: problems.map(({ range, message }) => {
      const { line, column } = lines.position(range[0]);
      return `${line}:${column} ${message}`;
    }),
  };
}

describe('.andon.yaml', () => {
  it('is read whole', () => {
    const { configuration, told } = read(`# ours
extends: strict
rules:
  shell/usual: { severity: error, most: 5, deep: true, names: [x, y], mode: soft }
  shell/opinion: off
files: { "deploy/*.conf": shell }
ignore:
  - vendor/
machine: { "ci/**": fresh }
overrides:
  - files: test/**
    rules: { shell/usual: info }
deferTo: [shellcheck]
`);
    assert.deepEqual(told, []);
    assert.deepEqual(configuration, {
      extends: 'strict',
      rules: {
        'shell/usual': {
          severity: 'error',
          options: { most: 5, deep: true, names: ['x', 'y'], mode: 'soft' },
        },
        'shell/opinion': { severity: 'off', options: {} },
      },
      files: { 'deploy/*.conf': 'shell' },
      ignore: ['vendor/'],
      machine: { 'ci/**': 'fresh' },
      overrides: [
        { files: ['test/**'], rules: { 'shell/usual': { severity: 'info', options: {} } } },
      ],
      deferTo: ['shellcheck'],
    });
  });

  it('may be empty', () => {
    for (const text of ['', '# nothing\n', '---\n', '{}', 'rules:\nignore:\n']) {
      assert.deepEqual(read(text), { configuration: defaultConfiguration, told: [] }, text);
    }
  });

  const wrong: readonly (readonly [text: string, told: string])[] = [
    ['extend: strict\n', '1:1 unknown key "extend"; did you mean "extends"?'],
    [
      'extends: strickt\n',
      '1:10 "strickt" is not one of recommended, strict; did you mean "strict"?',
    ],
    ['\nrules:\n  shell/usal: off\n', '3:3 no rule "shell/usal"; did you mean "shell/usual"?'],
    ['rules:\n  bash/usual: off\n', '2:3 no rule "bash/usual"; did you mean "shell/usual"?'],
    ['rules:\n  shell/usual: fatal\n', '2:16 "fatal" is not one of off, info, warning, error'],
    [
      'rules:\n  shell/usual:\n    mots: 4\n',
      '3:5 shell/usual has no option "mots"; it has severity, most, deep, names, mode',
    ],
    ['rules:\n  shell/usual: { most: many }\n', '2:24 most has to be a number'],
    ['rules:\n  shell/usual: { deep: 1 }\n', '2:24 deep has to be a true or false'],
    ['rules: [shell/usual]\n', '1:8 rules has to be a mapping of keys to values'],
    ['files: { "*.x": bash }\n', '1:17 "bash" is not one of shell'],
    ['machine:\n  "a/**": old\n', '2:11 "old" is not one of fresh, lasting'],
    ['ignore:\n  - { a: b }\n', '2:5 has to be a text'],
    ['overrides: { files: a }\n', '1:12 overrides has to be a list of { files, rules }'],
    ['overrides:\n  - file: a\n', '2:5 unknown key "file": an override has files and rules'],
    ['- a\n', '1:1 the configuration has to be a mapping of keys to values'],
  ];
  for (const [text, expected] of wrong) {
    it(`says where ${JSON.stringify(text)} is wrong`, () => {
      assert.deepEqual(read(text).told, [expected]);
    });
  }

  it('keeps what is right beside what is wrong', () => {
    const { configuration } = read(
      'extends: strict\nrules:\n  shell/usual: fatal\n  shell/opinion: info\n',
    );
    assert.equal(configuration.extends, 'strict');
    assert.deepEqual(Object.keys(configuration.rules), ['shell/opinion']);
  });

  it('that is broken YAML says where', () => {
    const { told } = read('rules:\n  shell/usual: [\n');
    assert.match(told[0]!, /^[23]:\d+ /);
  });
});

describe('the schema of .andon.yaml', () => {
  const validate = new Ajv({ strict: false }).compile(
    configurationSchema({ rules, formats: [format] }),
  );
  const plain = (text: string): unknown => {
    const [root] = parseYaml(Source.file('x', text)).roots;
    const value = (node: typeof root): unknown =>
      node?.kind === 'map'
        ? Object.fromEntries(node.entries.map((entry) => [entry.key.string, value(entry.value)]))
        : node?.kind === 'list'
          ? node.items.map(value)
          : (node?.value ?? null);
    return value(root);
  };

  it('accepts what is right', () => {
    for (const text of [
      'extends: strict\n',
      'rules: { shell/usual: error, shell/opinion: { severity: off } }\n',
      'rules: { shell/usual: { most: 2, mode: soft, names: [] } }\n',
      'overrides: [{ files: a, rules: {} }]\nmachine: { a: fresh }\ndeferTo: [tflint]\n',
    ]) {
      assert.ok(validate(plain(text)), `${text}${JSON.stringify(validate.errors)}`);
    }
  });

  it('refuses what is wrong', () => {
    for (const text of [
      'extend: strict\n',
      'rules: { shell/usal: off }\n',
      'rules: { shell/usual: { mots: 1 } }\n',
      'rules: { shell/usual: { mode: x } }\n',
      'files: { a: bash }\n',
      'deferTo: [eslint]\n',
    ]) {
      assert.ok(!validate(plain(text)), text);
    }
  });
});

describe('policy', () => {
  const active = (text: string, path = 'a.sh', only?: string) => {
    const policy = makePolicy(read(text).configuration, rules, only);
    return (policy.rulesFor(path).get('shell') ?? []).map(
      ({ rule, severity }) => `${rule.id} ${severity}`,
    );
  };

  it('starts from the recommended rules, strict from all', () => {
    assert.deepEqual(active(''), ['shell/usual warning', 'shell/shared warning']);
    assert.equal(active('extends: strict\n').length, 3);
  });

  it('a severity or an option switches a rule on', () => {
    assert.ok(active('rules: { shell/opinion: info }\n').includes('shell/opinion info'));
    assert.ok(
      active('rules: { shell/usual: off }\n').every((rule) => !rule.startsWith('shell/usual')),
    );
  });

  it('an override holds below its paths', () => {
    const text = 'overrides:\n  - files: [test/]\n    rules: { shell/usual: off }\n';
    assert.equal(active(text, 'a.sh').length, 2);
    assert.equal(active(text, 'test/a.sh').length, 1);
  });

  it('leaves the word to a tool it defers to, unless the rule is named', () => {
    assert.deepEqual(active('deferTo: [shellcheck]\n'), ['shell/usual warning']);
    assert.equal(active('deferTo: [shellcheck]\nrules: { shell/shared: error }\n').length, 2);
  });

  it('narrowed to a rule switches it on', () => {
    assert.deepEqual(active('rules: { shell/opinion: off }\n', 'a.sh', 'shell/opinion'), [
      'shell/opinion warning',
    ]);
  });

  it('knows paths', () => {
    const policy = makePolicy(
      read(
        'ignore: [vendor/, "*.gen.sh"]\nfiles: { "conf/*": shell }\nmachine: { "ci/**": fresh }\n',
      ).configuration,
      rules,
    );
    assert.ok(policy.ignores('vendor/a/b.sh'));
    assert.ok(policy.ignores('deep/x.gen.sh'));
    assert.ok(!policy.ignores('a.sh'));
    assert.equal(policy.formatOf('conf/x'), 'shell');
    assert.equal(policy.formatOf('x'), undefined);
    assert.equal(policy.machineOf('ci/deep/x.sh'), 'fresh');
  });

  it('ignores a folder named without a slash, and all in it', () => {
    const policy = makePolicy(read('ignore: [vendor, a/b]\n').configuration, rules);
    for (const path of ['vendor/x.sh', 'deep/vendor/y/x.sh', 'a/b/c.sh']) {
      assert.ok(policy.ignores(path), path);
    }
  });
});
