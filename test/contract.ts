import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Got, Reply } from './fake-server';

type Schema = Record<string, any>;

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type for it, and enumerations do not list null. */
function asJsonSchema(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((each) => asJsonSchema(each, root));
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Schema;
  const made = Object.fromEntries(
    Object.entries(rest).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string'
        ? each.replace(/^#/, `${root}#`)
        : asJsonSchema(each, root),
    ]),
  );
  return nullable === true ? { anyOf: [made, { type: 'null' }] } : made;
}

/** Checks the answers of a fake against the service's own description; returns what is wrong with one, or nothing. */
export function contract(
  name: string,
): (got: Got, reply: Reply, path: string) => string | undefined {
  const file = join(__dirname, 'contracts', `${name}.json`);
  const document = JSON.parse(readFileSync(file, 'utf8')) as { paths: Schema; components?: Schema };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: name, components: asJsonSchema(document.components ?? {}, name) } as Schema);
  const validators = new Map<string, ValidateFunction | undefined>();

  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(
      `^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '([^/]+)')}$`,
    ),
  }));
  return ({ method, url }, reply, path) => {
    const found = templates.filter(({ pattern }) => pattern.test(path));
    const operations = found.map(({ template }) => document.paths[template][method.toLowerCase()]);
    const operation = operations.find((each) => each !== undefined);
    if (!operation) return `${method} ${path} is not in the description`;
    const query = new URL(url, 'http://x').searchParams;
    const parameters = ((operation.parameters ?? []) as Schema[]).map((each) =>
      each.$ref
        ? String(each.$ref)
            .slice(2)
            .split('/')
            .reduce((at: any, key) => at[key], document)
        : each,
    );
    for (const key of query.keys()) {
      const known = parameters.some((each) => each.in === 'query' && each.name === key);
      if (!known) return `${method} ${path} has no parameter ${key}`;
    }
    const status = String(reply.status ?? 200);
    const response = operation.responses?.[status];
    if (!response) return `${method} ${path} does not answer ${status}`;
    const schema = response.content?.['application/json']?.schema;
    if (!schema) return undefined;
    const key = `${method} ${found[0]!.template} ${status}`;
    let validate = validators.get(key);
    if (!validate) {
      validate = ajv.compile(asJsonSchema(schema, name) as Schema);
      validators.set(key, validate);
    }
    if (validate(reply.body)) return undefined;
    return `${key}: ${validate.errors!.map((error) => `${error.instancePath} ${error.message}`).join('; ')}`;
  };
}
