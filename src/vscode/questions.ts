import type { Engine } from '../engine/engine';
import { parseYaml } from '../syntax/yaml';
import { setInYaml } from '../syntax/yaml-edit';
import type { Edit } from '../text/edit';
import { Source } from '../text/source';
import { type AllowRequest, allowHere, allowInFile } from './allow-comment';
import { type ConfigurationFile, readConfigurationFile } from './configuration-file';

/** Things besides linting that take a parser. They are asked of the linter, which has the parsers at hand. */
export type Question =
  | { readonly kind: 'configuration'; readonly text: string }
  | { readonly kind: 'allow-here' | 'allow-in-file'; readonly request: AllowRequest }
  | { readonly kind: 'rule-off'; readonly text: string; readonly rule: string };

/** What comes back, by the kind of question. */
export interface Answers {
  readonly configuration: ConfigurationFile;
  readonly 'allow-here': Edit | undefined;
  readonly 'allow-in-file': Edit | undefined;
  /** The text of `.andon.yaml` with the rule switched off; undefined if it is no YAML. */
  readonly 'rule-off': string | undefined;
}

/** Answers a question. */
export function answer(engine: Engine, question: Question): Answers[Question['kind']] {
  switch (question.kind) {
    case 'configuration': {
      const { rules, formats } = engine;
      const names = { rules, formats: formats.map((format) => format.id) };
      return readConfigurationFile(question.text, names);
    }
    case 'allow-here':
      return allowHere(question.request);
    case 'allow-in-file':
      return allowInFile(question.request);
    case 'rule-off':
      return setInYaml(question.text, settingOf(question.text, question.rule), 'off');
  }
}

/** Where a rule's severity stands: beside its options, if it has some. */
function settingOf(text: string, rule: string): readonly [string, ...string[]] {
  const [root] = parseYaml(Source.file('.andon.yaml', text)).roots;
  const rules = root?.kind === 'map' ? root.get('rules') : undefined;
  const setting = rules?.kind === 'map' ? rules.get(rule) : undefined;
  return setting?.kind === 'map' ? ['rules', rule, 'severity'] : ['rules', rule];
}
