import type { Concern, Severity } from '../engine/finding';
import { ownRules } from '../engine/own-rules';
import type { Rule } from '../engine/rule';
import type { RuleLanguage } from './rule-language';

/** What the editor says of a rule. The engine's own rules have no concern. */
export interface RuleText {
  readonly id: string;
  readonly summary: string;
  readonly why: string;
  readonly severity: Severity;
  readonly concern: Concern | undefined;
  readonly recommended: boolean;
}

/** All rules by id, the engine's own among them, in the user's language. */
export function ruleCatalog(
  rules: readonly Rule[],
  language: RuleLanguage,
): ReadonlyMap<string, RuleText> {
  const own = Object.values(ownRules).map((rule) => ({
    ...rule,
    concern: undefined,
    recommended: true,
  }));
  return new Map(
    [...rules, ...own].map(({ id, summary, why, severity, concern, recommended }) => [
      id,
      {
        ...{ id, severity, concern, recommended },
        get summary() {
          return language.text(summary);
        },
        get why() {
          return language.text(why);
        },
      },
    ]),
  );
}
