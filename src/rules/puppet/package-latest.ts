import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { upgrades } from '../../formats/ansible-words';
import { puppet, puppetText } from '../../formats/puppet';

export default defineRule({
  id: 'puppet/package-latest',
  on: puppet,
  summary: 'A package is upgraded to whatever is newest on the day of the run',
  why: 'Each run of the agent asks the mirror: two nodes run different versions for a while, and an upgrade, with its restart, happens at a time nobody chose.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, path, report }) => {
    if (upgrades.test(path.replace(/[_./-]/g, ' ')) || /(?:^|\/)examples?\//.test(path)) return {};
    return {
      resource({ type, title, declaration }) {
        if (type.value !== 'package') return;
        const ensure = declaration.attributes.find(({ name }) => name.value === 'ensure')?.value;
        if (!ensure || puppetText(ensure) !== 'latest' || upgrades.test(title)) return;
        if (onlyNewest.test(title)) return;
        const quoted = /["']/.test(document.source.text[ensure.range[0]] ?? '') ? 1 : 0;
        const range = [ensure.range[0] + quoted, ensure.range[1] - quoted] as const;
        report({
          at: { range },
          message: say`${told(title)} moves to the newest version there is on each run`,
          fix: {
            title: 'Install what is missing, upgrade nothing: installed',
            safe: false,
            edits: [{ range, text: 'installed' }],
          },
        });
      },
    };
  },
});

/** What has to be newest to be of use. */
const onlyNewest = /^(?:tzdata|ca-certificates|certifi|clamav\S*|\S+-keyring)$/;

function told(title: string): Wording {
  if (/^[\w.+:@/-]+$/.test(title)) return title;
  return title.startsWith('[') ? say`What it installs` : say`The package`;
}
