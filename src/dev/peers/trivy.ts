import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Case, Peer } from './peer';

/** The file of each check, below `checks`, without its extension. */
const files: Readonly<Record<string, string>> = {
  'DS-0001': 'docker/latest_tag',
  'DS-0017': 'docker/update_instruction_alone',
  'KSV-0013': 'kubernetes/uses_image_tag_latest',
};

/**
 * Beside each check stand its examples, good and bad, and its tests, which hand it what the tool has read of a file:
 * here a file is written of that again.
 */
export const trivy: Peer = {
  name: 'trivy',
  home: 'https://github.com/aquasecurity/trivy-checks',
  shared: {
    'DS-0001': ['dockerfile/arg-floating-base', 'dockerfile/from-floating-tag'],
    'DS-0017': ['dockerfile/os-update-layer'],
    'KSV-0013': ['kubernetes/image-floating-tag'],
  },
  cases(folder) {
    return Object.entries(files).flatMap(([check, file]) => {
      const read = (path: string) => readFileSync(join(folder, path), 'utf8');
      const [examples, tests] = [`checks/${file}.yaml`, `checks/${file}_test.rego`];
      return [
        ...casesOfExamples(check, examples, read(examples)),
        ...casesOfTests(check, tests, read(tests)),
      ];
    });
  },
};

const placeOf = (check: string) => (check.startsWith('DS-') ? 'Dockerfile' : 'deploy/app.yml');

function casesOfExamples(check: string, path: string, text: string): readonly Case[] {
  const [only, ...more] = Object.values<Record<string, readonly string[]>>(parse(text));
  if (!only || more.length > 0) throw new Error(`${path}: not of one kind of file`);
  return (['good', 'bad'] as const).flatMap((kind) =>
    only[kind]!.map((example, index) => ({
      check,
      name: `${path} ${kind} ${index + 1}`,
      path: placeOf(check),
      text: example,
      flagged: kind === 'bad',
    })),
  );
}

function casesOfTests(check: string, path: string, text: string): readonly Case[] {
  const tests = [...text.matchAll(/^test_[^\n]* if \{\n([\s\S]*?)^\}/gm)];
  if (tests.length === 0) throw new Error(`${path}: no tests`);
  return tests.flatMap((test) => {
    const line = text.slice(0, test.index).split('\n').length;
    const [, input] = /with input as (\{[\s\S]*?^\t.*\})\n\n/m.exec(test[1]!) ?? [];
    const [, count] = /count\(r\) == (\S+)/.exec(test[1]!) ?? [];
    if (!input || !count) throw new Error(`${path}:${line}: no input or no count`);
    const written = (json: string) => fileOf(JSON.parse(json.replace(/,(\s*[\]}])/g, '$1')));
    const common = { check, path: placeOf(check) };
    if (count === 'tc.expected') {
      const rows = [...test[1]!.matchAll(/"image": "([^"]*)",\s*"expected": (\d)/g)];
      return rows.map(([, image, expected], index) => ({
        ...common,
        name: `${path}:${line} ${index + 1}`,
        text: written(input.replace('tc.image', JSON.stringify(image))),
        flagged: expected !== '0',
      }));
    }
    return { ...common, name: `${path}:${line}`, text: written(input), flagged: count !== '0' };
  });
}

interface Stages {
  readonly Stages: readonly {
    readonly Commands: readonly { readonly Cmd: string; readonly Value: readonly string[] }[];
  }[];
}

/** A Dockerfile of its stages; an object of Kubernetes as it is, which is YAML too. */
function fileOf(input: Stages | { readonly kind: string }): string {
  if (!('Stages' in input)) return JSON.stringify(input, undefined, 2);
  const commands = input.Stages.flatMap((stage) => stage.Commands);
  const lines = commands.map(({ Cmd: keyword, Value: values }) => {
    const list = keyword === 'run' && values.length > 1;
    return `${keyword.toUpperCase()} ${list ? JSON.stringify(values) : values.join(' ')}`;
  });
  return `${lines.join('\n')}\n`;
}
