import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { terraform } from '../../formats/terraform';
import type { Body } from '../../syntax/hcl';

/** Resources that are there to run something, with triggers that say when again. */
const runners = new Set(['null_resource', 'terraform_data']);

/** Provisioners that change the machine itself. */
const changesMachine = new Set([
  'remote-exec',
  'file',
  'chef',
  'puppet',
  'salt-masterless',
  'habitat',
]);

export default defineRule({
  id: 'terraform/provisioner',
  on: terraform,
  summary: 'A machine is set up over a connection after it was made',
  why: 'It runs once, when the resource is made. No plan shows it, a change of it does nothing to the machines that are there, and when it fails half-way the resource is tainted and made anew.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    block(block) {
      if (block.type !== 'resource' || runners.has(block.labels[0] ?? '')) return;
      const found = block.body.blocks.find(
        ({ type, labels, body }) =>
          type.value === 'provisioner' &&
          changesMachine.has(labels[0]?.value ?? '') &&
          body.attribute('when') === undefined &&
          !onlyWaits(body),
      );
      if (!found) return;
      report({
        at: { range: [found.range[0], found.labels[0]!.range[1]] },
        message: say`${block.address} is set up by ${found.labels[0]!.value} once, and no plan sees what becomes of it`,
      });
    },
  }),
});

/** It connects and looks, so that what comes next finds the machine up: nothing is changed. */
function onlyWaits(body: Body): boolean {
  const inline = body.attribute('inline')?.value;
  return (
    inline?.kind === 'list' &&
    inline.items.every(
      (each) =>
        (each.kind === 'literal' || each.kind === 'template') &&
        /^\s*(?:sudo )?(?:cloud-init status|date|echo|hostname|ls|sleep|true|uname|uptime|whoami)\b[^>|]*$/.test(
          each.body.text,
        ),
    )
  );
}
