import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import {
  alertmanager,
  isJoined,
  type Receiver,
  type Route,
  type Routing,
  valuesOf,
} from '../../formats/alertmanager';

export default defineRule({
  id: 'alertmanager/blackhole',
  on: alertmanager,
  summary: 'Alerts are routed to nobody',
  why: 'The alert fires, Prometheus shows it, and no message goes out: the first who hears of the failure is a customer.',
  concern: 'notification',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report, path }) => ({
    routing(routing) {
      const { root, routes, open, partial } = routing;
      for (const route of routes) {
        const { receiver } = route;
        if (!receiver || receiver.templated || !route.ownReceiver) continue;
        if (!open && !routing.receiver(receiver.string)) {
          report({
            at: receiver,
            message: say`No receiver is called "${receiver.string}": Alertmanager does not start with it`,
          });
        }
      }
      if (open) return;
      const hearing = routes.filter((route) => hears(route, routing));
      if (hearing.length === 0) {
        if (!root.receiver || root.receiver.templated || partial) return;
        if (!routing.receiver(root.receiver.string)) return;
        report({
          at: root.receiver,
          message: say`No alert reaches anybody: "${root.receiver.string}" has no integration, and no route leads to one that has`,
          // A chart's own values are what its users replace.
          condition: { noneOf: [isJoined, { kind: 'file', key: besides(path, 'Chart.yaml') }] },
        });
        return;
      }
      for (const route of routes) {
        const { receiver } = route;
        if (!receiver || receiver.templated || !route.ownReceiver || route === root) continue;
        const target = routing.receiver(receiver.string);
        const urgent = urgency(route);
        if (!target || target.integrations.length > 0 || !urgent || continued(route)) continue;
        report({
          at: receiver,
          message: say`Alerts with ${urgent} reach nobody: "${receiver.string}" has no integration`,
        });
      }
      const named = new Set(routes.map(({ receiver }) => receiver?.string));
      if (routes.some(({ receiver }) => receiver?.templated)) return;
      for (const { name, integrations } of routing.receivers) {
        if (name.templated || integrations.length === 0 || named.has(name.string)) continue;
        report({
          at: name,
          message: say`No route leads to "${name.string}": it is told of nothing`,
          severity: 'info',
        });
      }
    },
  }),
});

const besides = (path: string, name: string) => path.slice(0, path.lastIndexOf('/') + 1) + name;

/** Whether somebody is told of what the route itself takes. */
function hears({ receiver }: Route, routing: Routing): boolean {
  if (!receiver) return false;
  if (receiver.templated) return true;
  const target: Receiver | undefined = routing.receiver(receiver.string);
  return target === undefined || target.integrations.length > 0;
}

const pages = /^(?:critical|page|pager|emergency|disaster|fatal|p[01]|sev[01])$/i;

/** The matcher that says somebody must be woken, as written; undefined where other matchers narrow it further. */
function urgency(route: Route): string | undefined {
  if (route.matchers.length !== 1 || route.routes.length > 0) return undefined;
  const [matcher] = route.matchers;
  const urgent =
    /^(?:severity|priority|level)$/.test(matcher!.label) &&
    valuesOf(matcher!)?.some((value) => pages.test(value));
  return urgent ? `${matcher!.label}${matcher!.operator}"${matcher!.value}"` : undefined;
}

/** What goes on to the next route is only noted here. */
function continued(route: Route): boolean {
  const next = route.map.get('continue');
  return next?.kind === 'scalar' && next.value === true;
}
