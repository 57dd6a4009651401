const reason =
  /\b(?:fail(?:s|ed|ure|ures|ing)?|optional(?:ly)?|best[- ]effort|ignored?|non-?(?:fatal|blocking)|not (?:fatal|blocking)|tolerated?)\b/i;

/**
 * Whether the name of a job, stage or step tells everybody who reads the run that it decides nothing: "Check the links
 * (non-blocking)".
 */
export const isCalledOptional = (name: string | undefined): boolean =>
  /\b(?:advisory|report[- ]only|informational|non[- ]?(?:blocking|fatal|critical)|optional(?:ly)?|experimental|best[- ]effort|allow(?:ed)?[- ](?:to[- ])?fail\w*|may fail)\b/i.test(
    name?.replaceAll('_', ' ') ?? '',
  );

/** Whether the comment right above an offset says that what stands there may fail: somebody has thought about it. */
export function saysItMayFail(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1);
  if (lineStart < 0) return false;
  const above = text.slice(text.lastIndexOf('\n', lineStart - 1) + 1, lineStart);
  return /^\s*(?:#|\/\/|\/?\*)/.test(above) && reason.test(above);
}

/** No reason: what tools are told, what is still to be done, a line taken out of use. */
const noReason = /^#+\s*(?:noqa|todo|fixme|xxx|-\s|[\w.-]+:(?:\s|$))/i;

/**
 * Whether a YAML entry has a comment of its own, behind its value or right above its key. A key by which a failure is
 * let go needs no comment to be read: who writes one gives the reason.
 */
export function isExplained(text: string, key: number, end: number): boolean {
  const behind = /^[ \t]+(#[^\r\n]*)/.exec(text.slice(end, end + 300))?.[1];
  const lineStart = text.lastIndexOf('\n', key - 1) + 1;
  // A comment above the first key of a list's item is about the item.
  const isFirst = text.slice(lineStart, key).includes('-');
  const above = isFirst
    ? ''
    : text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart).trim();
  return [behind, above].some(
    (comment) =>
      comment?.startsWith('#') && !noReason.test(comment) && /\p{L}\S*\s+\S*\p{L}/u.test(comment),
  );
}
