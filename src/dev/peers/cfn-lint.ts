import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isNode, LineCounter, parse, parseDocument } from 'yaml';
import type { Case, Peer } from './peer';

const check = 'I3011';
const integration = ['test_integration_templates.py', 'test_quickstart_templates.py'];
const unit = 'test/unit/rules/resources/test_deletionpolicy_stateful_resources.py';

/**
 * Templates with a list of all that is to be found in them, of which the resources of the types the check looks at are
 * cases; and resources in the check's own test, with the errors that are expected.
 */
export const cfnLint: Peer = {
  name: 'cfn-lint',
  home: 'https://github.com/aws-cloudformation/cfn-lint',
  shared: { [check]: ['cloudformation/stateful-no-retain'] },
  cases(folder) {
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    const types = Object.keys(
      JSON.parse(read('src/cfnlint/data/AdditionalSpecs/StatefulResources.json')).ResourceTypes,
    );
    const scenarios = integration.flatMap((file) => {
      const scenario = /"filename":[\s(]*"([^"]+)"[\s),]*"results_filename":[\s(]*"([^"]+)"/g;
      return [...read(`test/integration/${file}`).matchAll(scenario)];
    });
    const cases = [
      ...scenarios.flatMap(([, path, results]) =>
        resources(path!, read(path!), types, JSON.parse(read(results!))),
      ),
      ...alone(read(unit)),
    ];
    if (!cases.some(({ flagged }) => flagged)) throw new Error('no case found');
    return cases;
  },
};

/** As it stands in the lists: where it is, and the check. */
interface Result {
  readonly Location: { readonly Path: readonly string[] | null };
  readonly Rule: { readonly Id: string };
}

function resources(
  path: string,
  text: string,
  types: readonly string[],
  results: readonly Result[],
): readonly Case[] {
  const flagged = new Set(
    results.filter(({ Rule }) => Rule.Id === check).map(({ Location }) => Location.Path?.[1]),
  );
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: 'silent' });
  const found = Object.entries<{ Type?: unknown }>(document.toJS()?.Resources ?? {});
  return found.flatMap(([id, { Type }]) => {
    if (typeof Type !== 'string' || !types.includes(Type)) return [];
    const node = document.getIn(['Resources', id], true);
    if (!isNode(node) || !node.range) throw new Error(`${path}: ${id} has no place`);
    const [from, to] = node.range;
    const end = from + text.slice(from, to).trimEnd().length;
    const lines = [counter.linePos(from).line - 1, counter.linePos(end).line] as const;
    const file = `cloudformation/${basename(path)}`;
    return { check, name: `${path} ${id}`, path: file, text, lines, flagged: flagged.has(id) };
  });
}

/** `({ … }, [errors])`: a resource, which YAML reads as well as Python does. */
function alone(test: string): readonly Case[] {
  return [...test.matchAll(/\(\s*(\{[^{}]*\}),\s*\[\s*(\]|\w)/g)].map(
    ([, resource, end], index) => {
      const template = {
        AWSTemplateFormatVersion: '2010-09-09',
        Resources: { It: parse(resource!) },
      };
      const text = JSON.stringify(template, undefined, 2);
      const name = `${unit} ${index + 1}`;
      return { check, name, path: 'cloudformation/it.json', text, flagged: end !== ']' };
    },
  );
}
