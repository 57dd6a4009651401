import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../catalog';
import { defaultConfiguration } from '../engine/configuration';
import type { Finding } from '../engine/finding';
import { Workspace } from '../project/workspace';
import { setGrammarLoader } from '../syntax/tree-sitter';
import {
  countedFile,
  type Difference,
  differencesFile,
  readCounted,
  readDifferences,
  tsv,
} from './peer-agreement';
import { peersWithCases } from './peers';
import type { Case, Peer } from './peers/peer';
import { wasmFiles } from './wasm';

const usage = `npm run agreement -- NAME CHECKOUT
Asks Andon what the tests of another tool ask that tool, for the checks both have. CHECKOUT holds its sources.
Writes docs/peers; a difference nobody has given a reason for yet gets a question mark there.
NAME: ${peersWithCases.map(({ name }) => name).join(', ')}`;

const root = join(__dirname, '../..');

/** All findings of these rules in the case's file, off by default or not. */
async function findings(each: Case, rules: readonly string[]): Promise<readonly Finding[]> {
  const policy = engine.policy(defaultConfiguration, rules);
  const workspace = new Workspace();
  for (const file of [each, ...(each.beside ?? [])]) {
    workspace.update(await engine.lint(file, policy));
  }
  return workspace.findings(each.path, { today: '2026-01-01', judgeSuppressions: false });
}

async function differs(each: Case, rules: readonly string[]): Promise<boolean> {
  const [first, last] = each.lines ?? [1, Number.POSITIVE_INFINITY];
  const found = (await findings(each, rules)).filter(
    ({ start }) => first <= start.line && start.line <= last,
  );
  return found.length > 0 !== each.flagged;
}

async function compare(peer: Peer, folder: string): Promise<void> {
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  const known = readDifferences(read(differencesFile(peer.name)));
  const cases = peer.cases(folder);
  const differences: Difference[] = [];
  for (const each of cases) {
    const { check, name, flagged } = each;
    if (!(await differs(each, peer.shared[check]!))) continue;
    const reason = known.find((one) => one.check === check && one.name === name)?.reason ?? '?';
    differences.push({ check, name, wanted: flagged ? 'finding' : 'nothing', reason });
  }
  const count = (check: string, of: readonly { readonly check: string }[]) =>
    of.filter((each) => each.check === check).length;
  const counted = Object.keys(peer.shared).map((check) => {
    const all = count(check, cases);
    return { peer: peer.name, check, cases: all, agreed: all - count(check, differences) };
  });
  const others = readCounted(read(countedFile)).filter((each) => each.peer !== peer.name);
  write(
    countedFile,
    tsv([...others, ...counted].map((each) => [each.peer, each.check, each.cases, each.agreed])),
  );
  write(
    differencesFile(peer.name),
    tsv(differences.map((each) => [each.check, each.name, each.wanted, each.reason])),
  );
  console.table(counted);
  for (const { check, name, wanted, reason } of differences) {
    console.log(`${check}: ${name}: it wants ${wanted}, not Andon: ${reason}`);
  }
}

async function main(): Promise<void> {
  const [name, folder] = process.argv.slice(2);
  const peer = peersWithCases.find((each) => each.name === name);
  if (!peer || !folder) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  setGrammarLoader(async (grammar) => readFileSync(wasmFiles[grammar]!));
  await compare(peer, folder);
}

void main();
