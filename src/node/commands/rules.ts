import { engine } from '../../catalog';
import { paint } from '../../report/paint';
import { UsageError } from '../options';
import { wantsColour } from '../terminal';
import type { Command } from './command';

/** `andon rules`: the table of all rules. */
export const rules: Command = {
  name: 'rules',
  operands: '',
  summary: 'list all rules',
  options: [{ name: 'format', short: 'f', value: 'FORMAT', help: 'text (usual) or json' }],
  async run(given, terminal) {
    if (given.operands.length > 0) throw new UsageError('rules takes no arguments');
    const format = given.get('format') ?? 'text';
    if (format === 'json') {
      const all = engine.rules.map(
        ({ id, summary, why, concern, severity, recommended, fix, since, on }) => ({
          id,
          summary,
          why,
          concern,
          severity,
          recommended,
          fix: fix ?? 'none',
          since,
          format: on.id,
        }),
      );
      terminal.out(`${JSON.stringify(all, null, 2)}\n`);
      return 0;
    }
    if (format !== 'text') throw new UsageError(`--format is text or json, not "${format}"`);
    const { style } = paint(wantsColour(terminal));
    const width = Math.max(0, ...engine.rules.map((rule) => rule.id.length));
    const lines = engine.rules.map(({ id, severity, recommended, summary, fix }) => {
      const when = recommended ? severity : 'off';
      const mark = fix ? ` [${fix === 'safe' ? 'fix' : 'suggestion'}]` : '';
      return `${id.padEnd(width)}  ${style('dim', when.padEnd(7))}  ${summary}${style('dim', mark)}\n`;
    });
    terminal.out(lines.join(''));
    if (terminal.outIsTerminal)
      terminal.out(
        '\n"andon explain RULE" tells more of one; off: only by name or with extends: strict\n',
      );
    return 0;
  },
};
