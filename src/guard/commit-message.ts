import { fixWords } from './fix-words';
import { onOneLine } from './keyed-lines';

/** What is recorded at the end of a message, so that it can be counted later: who repaired, who went past and why. */
export type TrailerKey = 'Fixes-Build' | 'Andon-Override';

/** How far into a message the guard looks; the hook reads no more either. */
const looksAt = 65_536;

/** The line of a message that says what it does; without `comments`, lines with # are text as any other. */
export function subjectOf(message: string, comments: boolean): string {
  for (const line of message.slice(0, looksAt).split(/\r?\n/)) {
    if (line.trim() === '' || (comments && line.startsWith('#'))) continue;
    return line.trim();
  }
  return '';
}

/** What git would keep of a message written in an editor: no comments, and nothing of the diff below the scissors. */
export function withoutComments(message: string): string {
  const lines = message.split(/\r?\n/);
  const end = lines.findIndex((line) => scissors.test(line));
  const kept = lines.slice(0, end === -1 ? lines.length : end);
  return kept
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Only what the hook does as well, which has no tables of other alphabets. */
const lowerAscii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Whether a message says that it repairs: by its beginning, behind a `[TICKET-1] `, in one of the words given too. */
export function saysFix(subject: string, words: readonly string[] = []): boolean {
  const text = lowerAscii(subject.replace(/^\[[^\]]*\] /, ''));
  return [...fixWords, ...words].some((word) => {
    const plain = lowerAscii(word);
    if (plain === '' || !text.startsWith(plain)) return false;
    return !(/[a-z]$/.test(plain) && /^[a-z]/.test(text.slice(plain.length)));
  });
}

/** The trailer by which a message has answered the guard already, if it has one. */
export function answeredBy(message: string): TrailerKey | undefined {
  const text = message.slice(0, looksAt);
  if (/^fixes-build:/im.test(text)) return 'Fixes-Build';
  return /^andon-override:/im.test(text) ? 'Andon-Override' : undefined;
}

/** Where "git commit --verbose" cuts. */
const scissors = /^# -+ >8 -+$/;

/** A line `Key: value` as git reads it (https://git-scm.com/docs/git-interpret-trailers). */
const trailer = /^[A-Za-z0-9][A-Za-z0-9-]*[ \t]*:/;

/**
 * The message with a trailer at the end of its text, where `git interpret-trailers` puts it: joined to the trailers that
 * are there, else after a blank line; before comments if the message has them. Nothing else of the text changes.
 */
export function withTrailer(
  message: string,
  key: TrailerKey,
  value: string,
  comments: boolean,
): string {
  const newline = message.includes('\r\n') ? '\r\n' : '\n';
  const lines = message.split(/\r?\n/);
  let end = lines.length;
  if (comments) {
    // What follows the scissors of "git commit --verbose" is a diff, not text.
    const diff = lines.findIndex((line) => scissors.test(line));
    if (diff !== -1) end = diff;
    while (end > 0 && /^(#|\s*$)/.test(lines[end - 1]!)) end--;
  } else {
    while (end > 0 && lines[end - 1]!.trim() === '') end--;
  }
  let start = end;
  while (start > 0 && lines[start - 1]!.trim() !== '') start--;
  // The first paragraph is the subject, whatever it looks like.
  const joins = start > 0 && lines.slice(start, end).every((line) => trailer.test(line));
  const added = [...(joins ? [] : ['']), `${key}: ${onOneLine(value)}`];
  const rest = lines.slice(end);
  if (rest[0] !== undefined && rest[0].trim() !== '') added.push('');
  return [...lines.slice(0, end), ...(end === 0 ? ['', ...added] : added), ...rest].join(newline);
}
