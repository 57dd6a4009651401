import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import {
  type CloudFormationTemplate,
  cloudFormation,
  type UserData,
} from '../../formats/cloudformation';
import type { ShellDocument } from '../../formats/shell';
import type { CommandClass } from '../../formats/shell-commands';

/** What a machine is set up with. */
const setsUp: ReadonlySet<CommandClass | undefined> = new Set<CommandClass>([
  'build',
  'deploy',
  'fetch',
  'install',
  'migrate',
]);

/** Machines of others' making: what they need to join is in their image, and the cluster knows whether they did. */
const joinsCluster = /\bECS_CLUSTER\b|\/etc\/eks\/bootstrap\.sh|\bnodeadm\b|AWS::EKS::Nodegroup/;

/** Ways in which a stack hears how its machines fare. */
const signals =
  /\bcfn-signal\b|signal-resource|\bCreationPolicy\b|AWS::CloudFormation::WaitCondition/;

export default defineRule({
  id: 'cloudformation/userdata-without-signal',
  on: cloudFormation,
  summary: 'The stack is complete although its machine may not be',
  why: 'CloudFormation waits until the machine runs, not until its user data has: when an installation fails, the stack says CREATE_COMPLETE, an update goes on to the next machine, and nothing is rolled back.',
  concern: 'delivery',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ report }) {
    let template: CloudFormationTemplate | undefined;
    return {
      template(found) {
        template = found;
      },
      'user-data'(data) {
        if (!template || !startsMachines(data, template)) return;
        if (signals.test(template.text) || joinsCluster.test(template.text)) return;
        const step = firstStep(data);
        if (step === undefined) return;
        report({
          at: data.key,
          message: say`When "${step}" fails, ${data.resource.id.string} is complete all the same: nothing signals the stack`,
        });
      },
    };
  },
});

/** The machine itself, or what a group of this template starts machines from. */
function startsMachines({ resource }: UserData, { resources }: CloudFormationTemplate): boolean {
  if (resource.type === 'AWS::EC2::Instance') return true;
  return (
    /::Launch(?:Template|Configuration)$/.test(resource.type) &&
    resources.some((each) => each.type === 'AWS::AutoScaling::AutoScalingGroup')
  );
}

/** The first command of a script that the machine is no use without. */
function firstStep({ embedded }: UserData): string | undefined {
  if (embedded.format.id !== 'shell') return undefined;
  const { script } = embedded.parse() as ShellDocument;
  const found = script.commands.find(
    (each) => setsUp.has(each.class) && each.operands[0]?.value !== 'update' && !each.substituted,
  );
  if (!found) return undefined;
  const words = [found.name, ...found.operands.slice(0, 2).map((each) => each.value ?? '…')];
  const text = words.join(' ');
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
