import type { Finding, Problem } from '../engine/finding';
import { ownRules } from '../engine/own-rules';
import type { SettleOptions } from '../project/workspace';
import { applyEdits, type Edit, mergeEdits } from '../text/edit';
import type { Checked } from './check-files';
import type { LintPool } from './lint-pool';
import { readText } from './read-text';
import { systemMessage } from './system-message';
import { writeWhole } from './write-file';

/** A repair may make room for another; beyond this many rounds something goes in circles. */
const rounds = 10;

export interface FixRequest {
  readonly checked: Checked;
  readonly pool: LintPool;
  /** How the findings were settled. */
  readonly settling: SettleOptions;
  readonly wants: (finding: Finding) => boolean;
  readonly signal?: AbortSignal;
}

/** What repairing came to. The workspace of the check holds the results of the repaired files. */
export interface FixOutcome {
  /** How many findings were repaired. */
  readonly fixed: number;
  readonly problems: readonly Problem[];
}

/**
 * Applies the fixes of the findings that are wanted, file by file, until none is left. A file that changes meanwhile,
 * or that would read worse afterwards, is left as it is and told of.
 */
export async function fixFiles(request: FixRequest): Promise<FixOutcome> {
  const { checked, settling, wants } = request;
  const problems: Problem[] = [];
  let fixed = 0;
  for (const [path, { file }] of checked.files) {
    const wanted = checked.workspace
      .findings(path, settling)
      .some((each) => each.fix && wants(each));
    if (!wanted) continue;
    const outcome = await fixFile(request, path, file);
    if (typeof outcome === 'number') fixed += outcome;
    else problems.push({ path, message: outcome.message });
  }
  return { fixed, problems };
}

async function fixFile(
  { checked: { workspace }, pool, settling, wants, signal }: FixRequest,
  path: string,
  file: string,
): Promise<number | { readonly message: string }> {
  const read = readText(file, { named: true });
  if (read.kind !== 'text') return { message: 'not repaired: it can no longer be read' };
  let { text } = read;
  const lineEnd = /\r\n|\n/.exec(text)?.[0] ?? '\n';
  let fixed = 0;
  const before = workspace.result(path);
  let first: Damage | undefined;
  for (let round = 0; ; round++) {
    const result = await pool.lint({ path, text }, signal && { signal });
    if (!result) break;
    workspace.update(result);
    const damage = damageOf(result.candidates, result.problems);
    first ??= damage;
    if (damage.syntax > first.syntax || damage.problems > first.problems) {
      if (before) workspace.update(before);
      return { message: 'not repaired: the result would no longer be readable' };
    }
    const findings = workspace.findings(path, settling).filter((each) => each.fix && wants(each));
    if (findings.length === 0 || round === rounds) break;
    const groups = findings.map((each) => each.fix!.edits.map((edit) => ended(edit, lineEnd)));
    const edits = mergeEdits(groups);
    fixed += groups.filter((group) =>
      group.every((edit) => edits.some((each) => same(each, edit))),
    ).length;
    text = applyEdits(text, edits);
  }
  if (text === read.text) return 0;
  const now = readText(file, { named: true });
  if (now.kind !== 'text' || now.text !== read.text) {
    if (before) workspace.update(before);
    return { message: 'not repaired: it changed while it was checked' };
  }
  try {
    writeWhole(file, text);
  } catch (error) {
    if (before) workspace.update(before);
    return { message: `not repaired: ${systemMessage(error)}` };
  }
  return fixed;
}

interface Damage {
  readonly syntax: number;
  readonly problems: number;
}

function damageOf(findings: readonly Finding[], problems: readonly Problem[]): Damage {
  const ids: readonly string[] = [ownRules.syntax.id, ownRules.crash.id];
  return {
    syntax: findings.filter((finding) => ids.includes(finding.rule)).length,
    problems: problems.length,
  };
}

/** The edit with the line ends the file has. */
function ended({ range, text }: Edit, lineEnd: string): Edit {
  return { range, text: lineEnd === '\n' ? text : text.replace(/\r?\n/g, lineEnd) };
}

const same = (a: Edit, b: Edit) =>
  a.range[0] === b.range[0] && a.range[1] === b.range[1] && a.text === b.text;
