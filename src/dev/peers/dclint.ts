import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import type { Case, Peer } from './peer';

/** A file of tests for each rule; files of several services, and the services of which the rule is to speak. */
export const dclint: Peer = {
  name: 'dclint',
  home: 'https://github.com/zavoloklom/docker-compose-linter',
  shared: { 'service-image-require-explicit-tag': ['compose/image-floating-tag'] },
  cases(folder) {
    return Object.keys(this.shared).flatMap((check) => {
      const path = `tests/rules/${check}-rule.spec.ts`;
      return casesOf(check, path, readFileSync(join(folder, path), 'utf8'));
    });
  },
};

function casesOf(check: string, path: string, text: string): readonly Case[] {
  const files = new Map(
    [...text.matchAll(/^const (\w+) = `([^`]*)`;$/gm)].map(([, name, file]) => [name!, file!]),
  );
  const tests = text.split(/^test\(/m).slice(1);
  if (tests.length === 0) throw new Error(`${path}: no tests`);
  return tests.flatMap((test, index) => {
    const file = files.get(/sourceCode: (\w+)/.exec(test)?.[1] ?? '');
    const messages = /expectedMessages(?:: string\[\])? = \[([^\]]*)\]/.exec(test)?.[1];
    if (file === undefined || messages === undefined) {
      throw new Error(`${path}: test ${index + 1} has another shape`);
    }
    const wanted = [...messages.matchAll(/serviceName: '([^']+)'/g)].map(([, name]) => name);
    const tags = /prohibitedTags: (\[[^\]]*\])/.exec(test)?.[1];
    const options = tags && {
      'compose/image-floating-tag': { floating: JSON.parse(tags.replaceAll("'", '"')) },
    };
    const services = servicesOf(file);
    const missing = wanted.filter((name) => !services.some((service) => service.name === name));
    if (missing.length > 0) throw new Error(`${path}: no service ${missing}`);
    return services.map(({ name, lines }) => ({
      check,
      name: `${path} test ${index + 1} ${name}`,
      path: 'compose.yaml',
      text: file,
      lines,
      ...(options && { options }),
      flagged: wanted.includes(name),
    }));
  });
}

function servicesOf(file: string): readonly { name: string; lines: [number, number] }[] {
  const counter = new LineCounter();
  const services = parseDocument(file, { lineCounter: counter }).get('services');
  if (!isMap<{ value: string; range: [number, number, number] }>(services)) {
    throw new Error('no services');
  }
  const starts = services.items.map(({ key }) => counter.linePos(key.range[0]).line);
  return services.items.map(({ key }, index) => ({
    name: key.value,
    lines: [starts[index]!, (starts[index + 1] ?? Number.POSITIVE_INFINITY) - 1],
  }));
}
