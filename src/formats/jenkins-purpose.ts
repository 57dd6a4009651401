import type { Call } from '../syntax/groovy';
import { type Step, textIn } from './jenkins-model';
import { scriptPurposes, weightiest } from './script-purpose';
import type { CommandClass } from './shell-commands';

const none: ReadonlySet<CommandClass> = new Set();

/** All that the script of a step does, by its commands. */
export const purposesOf = (step: Step): ReadonlySet<CommandClass> =>
  step.script ? scriptPurposes(step.script) : none;

/** The weightiest thing a step does; undefined where nothing of it is known. */
export const purposeOf = (step: Step): CommandClass | undefined => weightiest(purposesOf(step));

/** By what plugins and libraries call the steps that tell people of a build. */
const notifying =
  /notif|slack|mail|discord|teams|telegram|alert|mattermost|zulip|hipchat|dingtalk|feishu|pagerduty|opsgenie|webhook|office365|googlechat|(?:build|commit|pull|pr)\w*status|reviewboard|gerritreview|jiracomment|reportresult/i;

/** Whether a step or option tells people: https://plugins.jenkins.io/, and `step([$class: 'Mailer'])`. */
export const notifies = (call: Call): boolean =>
  notifying.test(call.name ?? '') || notifying.test(textIn(call.named('$class')) ?? '');
