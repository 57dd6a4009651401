import type { Range } from '../text/range';

/** Names a fact: `kind` says what sort, `key` of what. Both are plain text so that workers can pass them on. */
export interface FactName {
  /** Such as `file`, `kubernetes/autoscaled`, `image/built-here`. */
  readonly kind: string;
  /** Such as a path, or `Deployment/web`. */
  readonly key: string;
}

/** Something one file states that decides about findings in others. */
export interface Fact extends FactName {
  /** Where the file says so, in the file's offsets; absent for what follows from its mere existence. */
  readonly range?: Range;
}

/** Joins a finding to the rest of the workspace and to the day: it stands only when all of it is so. */
export interface Condition {
  /** Each of these is stated somewhere. */
  readonly allOf?: readonly FactName[];
  /** At least one of these is stated somewhere. */
  readonly anyOf?: readonly FactName[];
  /** None of these is stated anywhere. */
  readonly noneOf?: readonly FactName[];
  /** `YYYY-MM-DD`: this day is over. Linting knows no clock; whoever settles findings says which day it is. */
  readonly after?: string;
}

/** All facts a condition asks for. */
export const askedOf = ({
  allOf = [],
  anyOf = [],
  noneOf = [],
}: Condition): readonly FactName[] => [...allOf, ...anyOf, ...noneOf];

/** One condition of two that hold together; of them at most one may say `anyOf` or `after`. */
export function both(
  one: Condition | undefined,
  other: Condition | undefined,
): Condition | undefined {
  if (!one || !other) return one ?? other;
  return {
    ...one,
    ...other,
    allOf: [...(one.allOf ?? []), ...(other.allOf ?? [])],
    noneOf: [...(one.noneOf ?? []), ...(other.noneOf ?? [])],
  };
}

/** What is known of the workspace when findings are settled. */
export interface FactLookup {
  has(fact: FactName): boolean;
}

/** Whether the condition holds on a day, `YYYY-MM-DD`. */
export function holds(condition: Condition | undefined, facts: FactLookup, today: string): boolean {
  if (!condition) return true;
  if (condition.after !== undefined && today <= condition.after) return false;
  if (condition.allOf && !condition.allOf.every((fact) => facts.has(fact))) return false;
  if (condition.anyOf && !condition.anyOf.some((fact) => facts.has(fact))) return false;
  return !condition.noneOf?.some((fact) => facts.has(fact));
}
