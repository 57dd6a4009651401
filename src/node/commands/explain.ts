import { engine } from '../../catalog';
import { ownRules } from '../../engine/own-rules';
import { UsageError } from '../options';
import { forTerminal, rulePage, suggestRule } from '../rule-pages';
import { wantsColour } from '../terminal';
import type { Command } from './command';

/** `andon explain`: the page of a rule. */
export const explain: Command = {
  name: 'explain',
  operands: 'RULE',
  summary: 'tell what a rule finds, why, and how it is put right',
  options: [],
  async run(given, terminal) {
    const [id, ...more] = given.operands;
    if (id === undefined || more.length > 0) throw new UsageError('explain wants one rule');
    const known = [...engine.rules, ...Object.values(ownRules)].find((rule) => rule.id === id);
    if (!known) throw new UsageError(`no rule "${id}"${suggestRule(id)}`);
    const page = rulePage(terminal.home, id) ?? `# ${id}\n\n${known.summary}.\n\n${known.why}\n`;
    terminal.out(forTerminal(page, wantsColour(terminal), terminal.columns));
    return 0;
  },
};
