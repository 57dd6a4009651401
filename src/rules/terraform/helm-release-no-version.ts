import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type TerraformBlock, terraform } from '../../formats/terraform';
import type { Expression } from '../../syntax/hcl';

export default defineRule({
  id: 'terraform/helm-release-no-version',
  on: terraform,
  summary: 'A Helm chart is installed without a version',
  why: 'The next apply that touches the release takes the newest chart of the repository, with whatever it upgrades or takes away, and the plan does not say so.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    block(block) {
      if (block.type !== 'resource' || block.labels[0] !== 'helm_release') return;
      const chart = block.body.attribute('chart');
      if (!chart || block.body.attribute('version') || !comesFromRepository(block)) return;
      report({
        at: chart,
        message: say`${block.address} has no version: it takes the newest ${textOf(chart.value) ?? say`chart`}`,
      });
    },
  }),
});

const textOf = (value: Expression | undefined): string | undefined =>
  value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;

/** A repository, an address in a registry, or the `name/chart` of one that was added; a folder and an archive are what they are. */
function comesFromRepository({ body }: TerraformBlock): boolean {
  const chart = textOf(body.attribute('chart')?.value);
  if (chart !== undefined && /^\.|^\/|\.tgz$/.test(chart)) return false;
  const repository = body.attribute('repository')?.value;
  if (repository) {
    const address = textOf(repository);
    return address === undefined ? repository.kind !== 'literal' : /:\/\//.test(address);
  }
  return chart !== undefined && /^oci:\/\/|^[a-z][\w-]*\/[\w-]+$/.test(chart);
}
