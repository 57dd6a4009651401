import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Claim, claimPath, parseClaim } from '../guard/claim-file';
import {
  branchStatusPath,
  type FileStatus,
  parseStatus,
  serialiseStatus,
  statusPath,
} from '../guard/status-file';
import { empty } from '../pipeline/conclude';
import type { Status } from '../pipeline/status';
import { writeWhole } from './write-file';

/** What is worth acting on for at least so long. Seconds. */
const leastValidity = 15 * 60;

/** A status as the file has it. `pollEvery`: seconds until it is asked for again. */
export function fileStatus(status: Status, who: string | undefined, pollEvery: number): FileStatus {
  const { verdict, reason, checked, running } = status;
  const open = reason === 'cancelled' || reason === 'skipped' ? reason : 'unknown';
  const state =
    verdict !== 'unknown' ? verdict : reason === 'running' ? 'running' : running ? 'pending' : open;
  return {
    state,
    running,
    branch: status.branch,
    sha: status.verdictSha ?? status.sha,
    since: status.since,
    sinceExact: status.sinceExact,
    firstBad: status.firstRed,
    who: verdict === 'failing' ? who : undefined,
    url: status.failing.find((check) => check.url)?.url,
    source: status.source,
    checked,
    expires: checked && Math.ceil(checked + Math.max(3 * pollEvery, leastValidity)),
  };
}

/** Writes the status of the line and of a branch for hooks and other tools. Throws the system's error. */
export function writeStatusFiles(commonDir: string, status: FileStatus, isLine: boolean): void {
  const own = status.branch === undefined ? undefined : branchStatusPath(status.branch);
  const text = serialiseStatus(status);
  for (const path of [isLine ? statusPath : undefined, own]) {
    if (!path) continue;
    const file = join(commonDir, path);
    // A file that would say the same stays as it is, so that nobody who watches it wakes.
    if (readOrNothing(file) === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, text);
  }
}

/** What was written of a branch before, if it came from the same source: enough to know since when. */
export function readStatusFile(
  commonDir: string,
  branch: string,
  source: string,
): Status | undefined {
  const path = branchStatusPath(branch);
  const file = path && parseStatus(readOrNothing(join(commonDir, path)) ?? '');
  if (!file || file.source !== source) return undefined;
  const { state, sha, since, sinceExact, firstBad } = file;
  if (state !== 'passing' && state !== 'failing') return undefined;
  const known = { branch, sha, verdictSha: sha, since, sinceExact, firstRed: firstBad };
  return { ...empty, ...known, source, verdict: state, reason: 'ok', checked: file.checked };
}

/** The claim that holds now, if there is one: a claim is about one red, not about the next. */
export function readClaim(
  commonDir: string,
  firstRed: string | undefined,
  now: number,
): Claim | undefined {
  const claim = parseClaim(readOrNothing(join(commonDir, claimPath)) ?? '');
  if (!claim || claim.until <= now) return undefined;
  const { sha } = claim;
  return sha === undefined || firstRed === undefined || firstRed.startsWith(sha)
    ? claim
    : undefined;
}

/** Takes a claim back. */
export function removeClaim(commonDir: string): void {
  rmSync(join(commonDir, claimPath), { force: true });
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
