/**
 * What a word of shell comes to that is put together from where the script itself stands (`"$(dirname "$0")"/x`, and
 * variables set to it), or from git's root: a path that begins with `//`, the workspace's root. `own` is the folder of
 * the script's file, undefined where it has none. Undefined where the word is of another kind.
 */
export function rootedPath(
  word: string,
  script: string,
  own: string | undefined,
  depth = 0,
): string | undefined {
  if (depth > 4) return undefined;
  const text = word.replaceAll('"', '').trim();
  if (!text.startsWith('$')) return undefined;
  const again = (inner: string, rest: string) => {
    const path = rootedPath(inner, script, own, depth + 1);
    return path === undefined || !plain.test(rest) ? undefined : `${path}${rest}`;
  };
  const standing = fromSelf.exec(text);
  if (standing)
    return own === undefined || !plain.test(standing[1]!)
      ? undefined
      : `//${own || '.'}${standing[1]}`;
  const git = fromGit.exec(text);
  if (git) return plain.test(git[1]!) ? `//.${git[1]}` : undefined;
  const canonical = madeAbsolute.exec(text) ?? realPath.exec(text);
  if (canonical) return again(canonical[1]!, canonical[2]!);
  const variable = /^\$(?:\{(\w+)\}|(\w+))(.*)$/.exec(text);
  if (!variable) return undefined;
  const name = variable[1] ?? variable[2]!;
  const set = [...script.matchAll(assignment)].filter((each) => each[1] === name);
  return set.length === 1 ? again(set[0]![2]!, variable[3]!) : undefined;
}

/** What may stand behind a folder. */
const plain = /^(?:\/[\w./-]*)?$/;

const self = String.raw`(?:\$0|\$\{0\}|\$\{?BASH_SOURCE(?:\[0\])?\}?)`;
const fromSelf = new RegExp(
  String.raw`^(?:\$\(\s*dirname\s+(?:--\s+)?(?:${self}|\$\(\s*(?:readlink\s+-f|realpath)\s+${self}\s*\))\s*\)|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\})(.*)$`,
);
const fromGit = /^\$\(\s*git rev-parse --show-toplevel\s*\)(.*)$/;
const madeAbsolute =
  /^\$\(\s*(?:CDPATH=\s+)?cd\s+(?:-P\s+|--\s+)*(\S.*?)\s*(?:(?:&|\d)?>\s*\S+(?:\s+2>&1)?\s*)?(?:&&|;)\s*pwd(?:\s+-[PL])?\s*\)([^()]*)$/;
const realPath = /^\$\(\s*(?:realpath|readlink\s+-f)\s+(\S.*?)\s*\)([^()]*)$/;
const assignment =
  /^[ \t]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+|(?:declare|typeset)(?:[ \t]+-\w+)*[ \t]+)*(\w+)=(.*)$/gm;
