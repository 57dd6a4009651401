import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { engine } from '../catalog';
import { ownRules } from '../engine/own-rules';
import { families } from '../rerun/effects';

const src = join(__dirname, '..');

/** Folders whose files say something about a user's file. */
const speaking = ['engine', 'formats', 'rerun', 'rules'];

/**
 * All English texts of findings and rules that are there to be translated, sorted: what is tagged with `say`, what is
 * written as it stands where a message or title goes, what the rules say of themselves, and the nouns of the effect
 * table.
 */
export function ruleTexts(): readonly string[] {
  const texts = new Set<string>();
  for (const { summary, why } of [...engine.rules, ...Object.values(ownRules)]) {
    texts.add(summary).add(why);
  }
  for (const { rows } of families) {
    for (const [, , thing] of rows) {
      const noun = /^([a-z][\w ]*):/.exec(thing)?.[1];
      if (noun) texts.add(`${noun} {0}`);
    }
  }
  for (const folder of speaking) {
    for (const name of readdirSync(join(src, folder), { recursive: true }).map(String)) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(join(src, folder, name), 'utf8');
      if (!text.includes('engine/said') && folder !== 'rules' && folder !== 'engine') continue;
      addTextsOf(ts.createSourceFile(name, text, ts.ScriptTarget.Latest), folder, texts);
    }
  }
  return [...texts].sort();
}

function addTextsOf(node: ts.Node, folder: string, texts: Set<string>): void {
  if (ts.isTaggedTemplateExpression(node) && isSay(node.tag)) {
    const template = templateOf(node.template);
    // Where all words are filled in there is nothing to say otherwise.
    if (/[a-z]/i.test(template)) texts.add(template);
  } else if (
    (folder === 'rules' || folder === 'rerun') &&
    ts.isPropertyAssignment(node) &&
    ts.isIdentifier(node.name) &&
    (node.name.text === 'message' || node.name.text === 'title') &&
    ts.isStringLiteralLike(node.initializer)
  ) {
    texts.add(node.initializer.text);
  }
  ts.forEachChild(node, (child) => addTextsOf(child, folder, texts));
}

const isSay = (tag: ts.Node): boolean => ts.isIdentifier(tag) && tag.text === 'say';

function templateOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  const spans = template.templateSpans.map(({ literal }, i) => `{${i}}${literal.text}`);
  return template.head.text + spans.join('');
}

/** The translations with the texts there are now: new ones are empty, those of texts that are gone are left out. */
export function withRuleTexts(
  translated: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(ruleTexts().map((text) => [text, translated[text] ?? '']));
}
