import { neighbours } from '../engine/configuration';
import type { Engine } from '../engine/engine';
import type { Option, Rule } from '../engine/rule';

const severity = {
  enum: ['off', 'info', 'warning', 'error'],
  description: 'How a finding is told; off: not at all.',
};

/** The JSON schema (draft 7, which editors read) of `.andon.yaml`. */
export function configurationSchema(engine: Pick<Engine, 'rules' | 'formats'>): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Andon',
    description: 'What Andon checks in this workspace, and how.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      extends: {
        enum: ['recommended', 'strict'],
        default: 'recommended',
        description: 'recommended: rules that are right nearly always. strict: all of them.',
      },
      rules: { $ref: '#/definitions/rules' },
      files: {
        description: 'Files whose name does not tell what they are: glob to format.',
        type: 'object',
        additionalProperties: { enum: engine.formats.map((format) => format.id) },
      },
      ignore: {
        ...paths,
        description: 'Paths that are not checked, besides what git ignores.',
      },
      overrides: {
        description: 'Other settings below some paths; later ones win.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['files', 'rules'],
          properties: { files: paths, rules: { $ref: '#/definitions/rules' } },
        },
      },
      machine: {
        description:
          'The machines scripts run on: glob to fresh (a clean one each time) or lasting.',
        type: 'object',
        additionalProperties: { enum: ['fresh', 'lasting'] },
      },
      deferTo: {
        description: 'Tools that have the word where Andon has a rule of the same meaning.',
        type: 'array',
        items: { enum: [...neighbours] },
      },
    },
    definitions: {
      rules: {
        description: 'Rules set otherwise than usual.',
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(engine.rules.map((rule) => [rule.id, setting(rule)])),
      },
    },
  };
}

const paths = {
  description: 'Globs, relative to this file; one without / matches at any depth.',
  anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }],
};

/** What may be said of one rule. */
function setting(rule: Rule): object {
  const options = Object.entries(rule.options ?? {}) as [string, Option<any>][];
  const properties = Object.fromEntries(options.map(([name, option]) => [name, value(option)]));
  return {
    description: `${rule.summary}. ${rule.why}`,
    anyOf: [
      { ...severity, default: rule.recommended ? rule.severity : 'off' },
      { const: false },
      {
        type: 'object',
        additionalProperties: false,
        properties: { severity, ...properties },
      },
    ],
  };
}

function value({ fallback, description, choices }: Option<any>): object {
  const type = Array.isArray(fallback)
    ? { type: 'array', items: { type: 'string' } }
    : choices
      ? { enum: [...choices] }
      : { type: typeof fallback };
  return { ...type, description, default: fallback };
}
