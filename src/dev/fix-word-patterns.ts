import { fixWords } from '../guard/fix-words';

/** Marks between which the patterns of src/guard/hook.sh are generated. */
export const fixWordMarks = ['    # <fix words> (generated)', '    # </fix words>'] as const;

/** What a line of the script holds at most. */
const width = 100;

/** The branch of the shell's `case` over a first line in lower case, with a space behind it, that says it repairs. */
export function fixWordPatterns(): string {
  const patterns = fixWords.map((word) => {
    const plain = word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const quoted = /^[a-z]+$/.test(plain) ? plain : `'${plain}'`;
    return /[a-z]$/.test(plain) ? `${quoted}[!a-z]*` : `${quoted}*`;
  });
  const lines = [''];
  for (const pattern of new Set(patterns)) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = `    ${pattern}`;
    else if (line.length + pattern.length + 5 > width) lines.push(`      ${pattern}`);
    else lines[lines.length - 1] = `${line} | ${pattern}`;
  }
  return `${lines.join(' | \\\n')}) return 0 ;;\n`;
}
