/**
 * A text with what is filled in kept apart from it: English is spoken everywhere, and the editor can say the same in
 * another language. What is filled in are words of the user's files, or phrases of the same kind. Plain data.
 */
export interface Said {
  /** English, with `{0}`, `{1}`, … for what is filled in. */
  readonly template: string;
  readonly filled: readonly (string | Said)[];
}

/** A text said as it stands, or one with something filled in. */
export type Wording = string | Said;

/** Texts in another language by the English template, with the same places to fill in. */
export type Translations = ReadonlyMap<string, string>;

/** Tag of a template literal: say`${name} has no tag` keeps the name apart from the words. */
export const say = (parts: readonly string[], ...filled: readonly (Wording | number)[]): Said => ({
  template: parts.reduce((text, part, i) => `${text}{${i - 1}}${part}`),
  filled: filled.map((each) => (typeof each === 'number' ? String(each) : each)),
});

/** The text in English, or as far as there are translations in their language. */
export function spoken(wording: Wording, translations?: Translations): string {
  if (typeof wording === 'string') return translations?.get(wording) ?? wording;
  const { template, filled } = wording;
  const words = filled.map((each) =>
    typeof each === 'string' ? each : spoken(each, translations),
  );
  return (translations?.get(template) ?? template).replace(
    /\{(\d+)\}/g,
    (place, n: string) => words[Number(n)] ?? place,
  );
}

const longest = 300;

/**
 * A text in one line of bearable length: it holds words of the file, which may be of any length and hold what terminals
 * take for commands.
 */
export function inOneLine(text: string): string {
  const line = text.slice(0, longest * 2).replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
