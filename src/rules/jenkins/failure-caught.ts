import type { RuleContext, Visitor } from '../../engine/rule';
import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { isCalledOptional, saysItMayFail } from '../../formats/excuse';
import { type JenkinsNodes, jenkins } from '../../formats/jenkins';
import { isTrue, type Pipeline, type Step, textIn } from '../../formats/jenkins-model';
import { purposeOf } from '../../formats/jenkins-purpose';
import { mustNotFail } from '../../formats/script-purpose';
import type { Call, Statement, Try } from '../../syntax/groovy';
import type { Range } from '../../text/range';

/** Names of stages that clear away. */
const clears = /\b(?:clean(?:-?up)?|tear-?down|stop|destroy|remove)\b/i;

export default defineRule({
  id: 'jenkins/failure-caught',
  on: jenkins,
  summary: 'A build, test or deploy may fail and the pipeline stays green',
  why: 'The failure is in the log and nowhere else: the build is blue, the stages behind it go on with what is broken, and nobody is told.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create({ document, report }: RuleContext<unknown>): Visitor<JenkinsNodes> {
    const { text } = document.source;
    const told = new Set<Call | Try>();
    const tell = (node: Call | Try, range: Range, message: Wording, drop?: Range) => {
      if (told.has(node) || saysItMayFail(text, range[0])) return;
      told.add(node);
      const fix = drop && {
        title: say`Remove ${text.slice(...drop).replace(/^,\s*|,\s*$/g, '')}`,
        safe: false,
        edits: [{ range: drop, text: '' }],
      };
      report({ at: { range }, message, ...(fix && { fix }) });
    };
    return {
      pipeline(pipeline) {
        for (const step of pipeline.steps) {
          if (step.handles || step.post !== undefined || isAside(step)) continue;
          if (step.name === 'build' && !step.call.receiver && !startsOnly(pipeline))
            startsAnother(step, text, tell);
          const purpose = purposeOf(step);
          if (purpose === undefined || !mustNotFail.has(purpose)) continue;
          const what = shortly(step);
          if (isTrue(step.call.named('returnStatus'))) {
            if (!step.used) {
              tell(
                step.call,
                step.range,
                say`"${what}" may fail: nobody looks at the status it gives back`,
              );
            }
            continue;
          }
          const caught = step.within.find((call) => call.name === 'catchError');
          if (caught && keepsGreen(caught) && caught.range[0] >= (step.tries[0]?.range[0] ?? 0)) {
            tell(caught, head(caught), say`"${what}" may fail and the build stays green`);
            continue;
          }
          const attempt = step.tries[0];
          if (attempt && isSwallowed(attempt, pipeline)) {
            const [handler] = attempt.catches;
            tell(
              attempt,
              [handler!.range[0], handler!.range[0] + 'catch'.length],
              say`"${what}" may fail and the build stays green: this catch only prints`,
            );
          }
        }
      },
    };
  },
});

/** A pipeline that does nothing but start one other, which fails for itself. */
const startsOnly = ({ steps }: Pipeline): boolean =>
  !steps.some(({ embedded }) => embedded) &&
  steps.filter(({ name }) => name === 'build').length < 2;

/** `build job: 'x', propagate: false` whose result nobody keeps; with `wait: false` there is none to wait for. */
function startsAnother(
  { call, used, within }: Step,
  text: string,
  tell: (node: Call, range: Range, message: Wording, drop?: Range) => void,
): void {
  const propagate = call.args.find((arg) => arg.name?.value === 'propagate');
  if (used || propagate?.value.kind !== 'constant' || propagate.value.value !== false) return;
  const wait = call.named('wait');
  if (wait && !isTrue(wait)) return;
  if (within.some((each) => each.name === 'catchError' || each.name === 'warnError')) return;
  const job = textIn(call.named('job') ?? call.first);
  const before = /,\s*$/.exec(text.slice(0, propagate.range[0]));
  const drop: Range | undefined = before ? [before.index, propagate.range[1]] : undefined;
  tell(
    call,
    propagate.range,
    say`${job ?? say`The build that is started`} may fail and this build stays green`,
    drop,
  );
}

/** https://www.jenkins.io/doc/pipeline/steps/workflow-basic-steps/#catcherror-catch-error-and-set-build-result-to-failure */
function keepsGreen(call: Call): boolean {
  const result = call.named('buildResult');
  return textIn(result) === 'SUCCESS' || (result?.kind === 'constant' && result.value === null);
}

/** Every handler does nothing but print. */
const isSwallowed = ({ catches }: Try, { methods }: Pipeline): boolean =>
  catches.length > 0 &&
  catches.every(({ body }) => body.every((node) => onlyPrints(node, methods)));

function onlyPrints(node: Statement, methods: ReadonlySet<string>): boolean {
  if (node.kind !== 'call') return node.kind === 'string' || node.kind === 'constant';
  const name = node.name ?? '';
  if (node.receiver) return name === 'printStackTrace';
  return /^(?:echo|println|print)$/.test(name) && !methods.has(name);
}

/** Its name, or the stage's, says that nothing depends on it. */
function isAside({ stage }: Step): boolean {
  for (let each = stage; each; each = each.parent) {
    if (isCalledOptional(each.name) || clears.test(each.name?.replaceAll('_', ' ') ?? ''))
      return true;
  }
  return false;
}

const head = (call: Call): Range => [call.range[0], call.block?.range[0] ?? call.range[1]];

/** The first command of a step that matters, shortened. */
function shortly(step: Step): string {
  const command = step.script!.commands.find(
    ({ class: purpose, substituted }) =>
      purpose !== undefined && mustNotFail.has(purpose) && !substituted,
  );
  const words = command?.syntax.words.slice(0, 4).map((word) => word.text) ?? [];
  return words.join(' ').replace(/\s+/g, ' ').slice(0, 60);
}
