/** What an alert's expression says about when the alert fires. */
export interface Firing {
  /** It compares, chooses by labels or asks whether something is there: some series fire and others do not. */
  readonly conditional: boolean;
  /** One sample decides, and samples differ by chance: a bare measure beyond a limit, or `up` of a missed scrape. */
  readonly noisy: boolean;
  /** `absent(…)` in it: one missed scrape is enough. */
  readonly absence: boolean;
  /** The comparison that gives 0 or 1 instead of filtering, which an alert takes for firing both times. */
  readonly bool: boolean;
  /** What `or` falls back to where all else gives nothing, such as `vector(0)`: then there is always something. */
  readonly fallback: string | undefined;
  /** The whole expression is one number for ever, such as `vector(1)`. */
  readonly constant: number | undefined;
}

/** Strings, comments and label matchers: whatever looks like an operator in there is none. */
const opaque = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|\{[^{}]*\}/g;

/** A window (`[5m]`) smooths; times and ages grow evenly. */
const steady = /\[[^\]]*\]|\boffset\b|time|ttl|expir|cert|_age\b|days/i;
const missedScrape = /\bup\b\s*\)*\s*(?:==\s*0|<\s*1|!=\s*1)\b/;
/** States are 0 or 1, and counted from there: those do not differ by chance. */
const limit = /[<>]=?\s*\(*\s*-?(?!(?:[01](?:\.0+)?)(?![\d.]))(?:\d|\.\d)/;
/** Gives what meets it and drops the rest. */
const filter = /(?:[<>](?!=)|[<>=!]=)(?!\s*bool\b)/;
/** At the beginning or at the end, and so outside of all parentheses. */
const fallback =
  /^\s*(vector\(\s*-?[\d.]+\s*\))\s*or\b|\bor\s*(?:(?:on|ignoring)\s*\([^()]*\)\s*)?(vector\(\s*-?[\d.]+\s*\))\s*$/i;

/**
 * Reads a PromQL expression as far as it tells when an alert fires
 * (https://prometheus.io/docs/prometheus/latest/querying/operators/); LogQL of Loki's rules and MetricsQL are alike in
 * this.
 */
export function readFiring(expression: string): Firing {
  // Strings go first: a label matcher holds them, and they may hold braces.
  const bare = expression
    .replace(opaque, (found) => (/^[{#]/.test(found) ? ' ' : '""'))
    .replace(/\{[^{}]*\}/g, ' ');
  const number = /^\s*\(?\s*vector\(\s*(-?[\d.]+)\s*\)\s*\)?\s*$|^\s*(-?[\d.]+)\s*$/.exec(bare);
  // Half an expression: what it was to be is not known.
  const whole = bare.split('(').length === bare.split(')').length;
  const always = whole ? fallback.exec(bare) : null;
  return {
    conditional:
      !whole ||
      /[<>]|==|!=|\b(?:absent|absent_over_time|and|unless)\b/i.test(bare) ||
      /\|[=~>]/.test(bare) ||
      // The state may stand in a label: `subsystem_info{encrypted="no"}`.
      /\{[^{}]*[=~]/.test(expression),
    noisy: !steady.test(bare) && (missedScrape.test(bare) || limit.test(bare)),
    absence: /\babsent\s*\(/.test(bare),
    bool: !filter.test(bare) && /^[^()]*(?:\([^()]*\)[^()]*)*(?:[<>]=?|==|!=)\s*bool\b/.test(bare),
    fallback: always?.[1] ?? always?.[2],
    constant: number ? Number(number[1] ?? number[2]) : undefined,
  };
}
