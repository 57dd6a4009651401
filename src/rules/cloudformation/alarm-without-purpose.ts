import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import {
  type CloudFormationTemplate,
  type CloudResource,
  cloudFormation,
} from '../../formats/cloudformation';
import type { YamlNode } from '../../syntax/yaml';

export default defineRule({
  id: 'cloudformation/alarm-without-purpose',
  on: cloudFormation,
  summary: 'An alarm says to nobody what is wrong, or goes off unheard',
  why: 'Whoever is woken by it finds a name and a number, and not what is at stake or what to do; an alarm without an action changes its colour on a page nobody has open.',
  concern: 'monitoring',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create({ report }) {
    let template: CloudFormationTemplate | undefined;
    return {
      template(found) {
        template = found;
      },
      resource(resource) {
        if (resource.type !== 'AWS::CloudWatch::Alarm' || !template || isPart(resource, template))
          return;
        const { id } = resource;
        const actions = ['AlarmActions', 'OKActions', 'InsufficientDataActions'].map((name) =>
          resource.property(name),
        );
        if (actions.some(scales)) return;
        if (actions.every(isEmpty) && !isSwitchedOff(resource)) {
          report({ at: id, message: say`Alarm ${id.string} goes off unheard: no AlarmActions` });
        } else if (isEmpty(resource.property('AlarmDescription'))) {
          report({
            at: id,
            message: say`Alarm ${id.string} does not say what is wrong when it goes off: no AlarmDescription`,
          });
        }
      },
    };
  },
});

const isEmpty = (node: YamlNode | undefined): boolean =>
  node === undefined ||
  (node.kind === 'list' && node.items.length === 0) ||
  (node.kind === 'scalar' && node.string === '');

/** It moves the number of machines: that is its purpose, and no human is meant. */
function scales(node: YamlNode | undefined): boolean {
  if (node?.kind === 'list') return node.items.some(scales);
  if (node?.kind === 'map') return node.entries.some(({ value }) => scales(value));
  return node?.kind === 'scalar' && /scal|polic|\bautomate\b|:ec2:/i.test(node.string);
}

const isSwitchedOff = (resource: CloudResource): boolean => {
  const enabled = resource.property('ActionsEnabled');
  return enabled !== undefined && !(enabled.kind === 'scalar' && /^true$/i.test(enabled.string));
};

/** Something else of the template looks at it: another alarm, a deployment that is rolled back. */
function isPart({ id, range }: CloudResource, { text }: CloudFormationTemplate): boolean {
  const name = new RegExp(`[^\\w]${id.string.replace(/\W/g, '\\$&')}(?![\\w])`, 'g');
  for (const { index } of text.matchAll(name)) {
    const own = index + 1 >= id.range[0] && index < range[1];
    if (!own) return true;
  }
  return false;
}
