import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { unlessMapped } from '../../formats/delivery-conditions';
import { terraform } from '../../formats/terraform';

const aside =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|tests?|testdata|fixtures|modules|vendor|archive|legacy)\//i;

/** Files of services and tools that plan each change themselves. */
const planners = [
  'atlantis.yaml',
  'atlantis.yml',
  '.spacelift/config.yml',
  'env0.yml',
  'digger.yml',
];

export default defineRule({
  id: 'workspace/terraform-not-validated',
  on: terraform,
  summary: 'No pipeline of the repository plans or validates this Terraform configuration',
  why: 'A mistake in it is found when somebody applies it, by hand and on what is live.',
  concern: 'testing',
  severity: 'info',
  recommended: false,
  since: '0.1.0',

  create({ path, report }) {
    const folder = path.replace(/\/?[^/]*$/, '');
    if (aside.test(path)) return {};
    return {
      block({ type, body, range, file }) {
        // HCP Terraform plans by itself (https://developer.hashicorp.com/terraform/cli/cloud/settings).
        if (type !== 'terraform' || file.terragrunt) return;
        if (!body.blocks.some((each) => each.type.value === 'backend')) return;
        const condition = unlessMapped(['delivery/checked', 'delivery/deployed'], [path]);
        report({
          at: { range: [range[0], range[0] + 'terraform'.length] },
          message: say`No pipeline here validates or plans ${folder || say`this configuration`}`,
          condition: {
            ...condition,
            noneOf: [
              ...(condition.noneOf ?? []),
              ...planners.map((key) => ({ kind: 'file', key })),
            ],
          },
        });
      },
    };
  },
});
