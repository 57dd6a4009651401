/** A script that begins so says itself what runs it. */
const shebang = /^#![ \t]*(\S+)(?:[ \t]+([^\r\n]*\S))?/;

/**
 * The program with its arguments that runs a script: what its first line names, `sh` without one. The kernel hands all
 * that follows the program over as one argument (https://man7.org/linux/man-pages/man2/execve.2.html); `env -S` is
 * there to split it.
 */
export function interpreterOf(text: string): readonly string[] {
  const [, program, rest] = shebang.exec(text) ?? [];
  if (program === undefined) return ['sh'];
  if (!/(^|\/)env$/.test(program)) return rest === undefined ? [program] : [program, rest];
  const words = (rest ?? '').split(/[ \t]+/).filter(Boolean);
  const split = words[0] === '-S' || words[0] === '--split-string';
  const named = split ? words.slice(1) : words;
  return named.length > 0 ? named : ['sh'];
}
