import type { Condition } from '../../engine/fact';
import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { checkedElsewhere, compose, type Service } from '../../formats/compose';
import { addToService } from '../../formats/compose-edits';
import { dockerfileUnchecked } from '../../formats/dockerfile';
import { shipsNoHealthcheck, usualCheck } from '../../formats/healthcheck-images';

export default defineRule({
  id: 'compose/healthy-without-healthcheck',
  on: compose,
  summary: 'A service waits for another to be healthy that has no health check',
  why: '`docker compose up` stops with "has no healthcheck configured", or waits until it gives up; the waiting service never starts.',
  concern: 'delivery',
  severity: 'error',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ report }) => ({
    service({ dependsOn, project }) {
      for (const { service: name, condition: awaited, required } of dependsOn) {
        const target = project.service(name.string);
        if (awaited !== 'service_healthy' || !required || !target) continue;
        const unchecked = whyUnchecked(target);
        if (!unchecked) continue;
        const edit = unchecked.check && addCheck(target, unchecked.check);
        report({
          at: name,
          message: say`"${name.string}" never turns healthy: ${unchecked.reason}`,
          condition: unchecked.condition,
          ...(edit && { fix: { title: 'Add a health check', safe: false, edits: [edit] } }),
        });
      }
    },
  }),
});

interface Unchecked {
  readonly reason: Wording;
  readonly condition: Condition;
  readonly check?: string | undefined;
}

/** What proves that nothing checks the service; undefined where something may. */
function whyUnchecked(target: Service): Unchecked | undefined {
  const { healthcheck, build, image } = target;
  const noneOf = [checkedElsewhere(target)];
  if (target.extendsElsewhere || (healthcheck?.hasTest && !healthcheck.disabled)) return undefined;
  if (healthcheck?.disabled) {
    return { reason: say`its health check is switched off`, condition: { noneOf } };
  }
  if (build) {
    const { dockerfile, target: stage } = build;
    if (dockerfile === undefined || stage === '') return undefined;
    const condition = { anyOf: [dockerfileUnchecked(dockerfile, stage)], noneOf };
    return { reason: say`neither it nor ${dockerfile} has a health check`, condition };
  }
  if (!image || !shipsNoHealthcheck(image.reference)) return undefined;
  const { repository } = image.reference;
  return {
    reason: say`it has no health check, and neither has the image ${repository}`,
    condition: { noneOf: [...noneOf, ...(image.facts.condition?.noneOf ?? [])] },
    check: usualCheck(image.reference),
  };
}

function addCheck(target: Service, test: string) {
  if (target.map.has('healthcheck')) return undefined;
  const lines = [`test: ${test}`, 'interval: 10s', 'timeout: 5s', 'retries: 5'];
  return addToService(target, 'healthcheck', lines);
}
