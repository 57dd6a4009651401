import type { Condition, Fact, FactName } from '../engine/fact';
import { say, type Wording } from '../engine/said';
import { type Body, type Expression, walkExpressions } from '../syntax/hcl';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import type { TerraformBlock } from './terraform';

/** A resource that watches a number and raises its hand. */
export interface Alarm extends Located {
  /** `aws_cloudwatch_metric_alarm.cpu`; of a group of rules, one of them. */
  readonly address: string;
  /** Argument or block that says what it means, where it says nothing. */
  readonly purposeMissing: string | undefined;
  /** Argument or block that says who is told, where nobody is. */
  readonly hearerMissing: Wording | undefined;
  /** Nobody is told unless something of the workspace listens to the alarm. */
  readonly unheard: Condition;
}

/** What an alarm is made of, by type of resource. */
interface Kind {
  /** Arguments or blocks; one that is set will do. Empty: the resource cannot do without. */
  readonly purpose: readonly string[];
  readonly hearers: readonly string[];
}

/**
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm,
 * https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/monitoring_alert_policy,
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/monitor_metric_alert and the like.
 */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['aws_cloudwatch_metric_alarm', aws()],
  ['aws_cloudwatch_composite_alarm', aws()],
  [
    'google_monitoring_alert_policy',
    { purpose: ['documentation'], hearers: ['notification_channels'] },
  ],
  ['azurerm_monitor_metric_alert', azure('action')],
  ['azurerm_monitor_activity_log_alert', azure('action')],
  ['azurerm_monitor_scheduled_query_rules_alert', azure('action')],
  ['azurerm_monitor_scheduled_query_rules_alert_v2', azure('action')],
  ['azurerm_monitor_smart_detector_alert_rule', azure('action_group')],
]);

function aws(): Kind {
  return {
    purpose: ['alarm_description'],
    hearers: ['alarm_actions', 'ok_actions', 'insufficient_data_actions'],
  };
}

function azure(action: string): Kind {
  return { purpose: ['description'], hearers: [action] };
}

/** The alarms of a block: none, one, or those of a group of rules. */
export function* alarmsOf(block: TerraformBlock): Iterable<Alarm> {
  if (block.type !== 'resource') return;
  const [type = ''] = block.labels;
  const kind = kinds.get(type);
  const range = headOf(block);
  if (kind) {
    if (scales(block.body)) return;
    const off = isFalse(block.body.attribute('actions_enabled')?.value);
    yield {
      address: block.address,
      purposeMissing: missing(block.body, kind.purpose),
      hearerMissing: off ? undefined : missing(block.body, kind.hearers),
      unheard: { noneOf: [usedAlarm(block.file.folder, block.address), alarmEvents] },
      range,
    };
  } else if (type === 'datadog_monitor') {
    const message = block.body.attribute('message')?.value;
    // Who is told stands in the message: https://docs.datadoghq.com/monitors/notify/#notifications
    const escalation = block.body.attribute('escalation_message')?.value;
    const nobody = message !== undefined && tellsNobody(message) && tellsNobody(escalation);
    yield {
      address: block.address,
      purposeMissing: undefined,
      hearerMissing: nobody ? say`@ in its message` : undefined,
      unheard: { noneOf: [datadogRules] },
      range,
    };
  }
}

/** States that something refers to an alarm: a composite alarm, a health check, a deployment that watches it. */
const usedAlarm = (folder: string, address: string): FactName => ({
  kind: 'terraform/uses-alarm',
  key: `${folder}#${address}`,
});
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const alarmEvents: FactName = { kind: 'terraform/listens', key: 'CloudWatch Alarm State Change' };
/** https://docs.datadoghq.com/monitors/notify/notification_rules/ */
const datadogRules: FactName = { kind: 'terraform/listens', key: 'datadog_monitor' };

const use = /\b(aws_cloudwatch_(?:metric|composite)_alarm\.[\w-]+)(?:\[[^\]\n]*\])?\.\w/g;

/** What a file says of who listens to alarms, read from its text: hardly any says something. */
export function* alarmFacts({ text }: Source, folder: string): Iterable<Fact> {
  for (const match of text.matchAll(use)) {
    yield { ...usedAlarm(folder, match[1]!), range: [match.index, match.index + match[0].length] };
  }
  if (text.includes(alarmEvents.key)) yield alarmEvents;
  if (text.includes('"datadog_monitor_notification_rule"')) yield datadogRules;
}

/** `resource "type" "name"`, without the brace. */
function headOf(block: TerraformBlock): Located['range'] {
  const head = /^[^{]*[^{\s]/.exec(block.file.text.slice(...block.range));
  return [block.range[0], block.range[0] + (head?.[0].length ?? 0)];
}

/** The first of the names where none of them is set; undefined where one is, or may be. */
function missing(body: Body, names: readonly string[]): string | undefined {
  const isSet = names.some((name) => {
    const value = body.attribute(name)?.value;
    if (value) return !isEmpty(value);
    return body.blocks.some(
      ({ type, labels }) =>
        type.value === name || (type.value === 'dynamic' && labels[0]?.value === name),
    );
  });
  return isSet ? undefined : names[0];
}

function isEmpty(value: Expression): boolean {
  if (value.kind === 'list') return value.items.length === 0;
  return value.kind === 'literal' && (value.value === null || value.value === '');
}

const isFalse = (value: Expression | undefined) =>
  value?.kind === 'literal' && value.value === false;

function tellsNobody(message: Expression | undefined): boolean {
  if (!message) return true;
  const plain =
    message.kind === 'literal' || (message.kind === 'heredoc' && message.children.length === 0);
  return plain && !message.body.text.includes('@');
}

/** What it does is add or take away machines: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html */
function scales(body: Body): boolean {
  const values = ['alarm_actions', 'ok_actions'].map((name) => body.attribute(name)?.value);
  return values.some(
    (value) =>
      value !== undefined &&
      [...walkExpressions(value)].some(
        (each) => each.kind === 'reference' && /scaling|scale_|policy/.test(each.text),
      ),
  );
}
