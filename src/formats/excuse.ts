const reason =
  /\b(?:fail(?:s|ed|ure|ures|ing)?|optional(?:ly)?|best[- ]effort|ignored?|non-?fatal|not fatal|tolerated?)\b/i;

/** Whether the comment right above an offset says that what stands there may fail: somebody has thought about it. */
export function saysItMayFail(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1);
  if (lineStart < 0) return false;
  const above = text.slice(text.lastIndexOf('\n', lineStart - 1) + 1, lineStart);
  return /^\s*(?:#|\/\/|\/?\*)/.test(above) && reason.test(above);
}
