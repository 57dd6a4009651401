import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { grafana } from '../../formats/grafana';

export default defineRule({
  id: 'grafana/dashboard-not-reimportable',
  on: grafana,
  summary: 'A dashboard gets another address, or none, when it is brought in again',
  why: 'Without a uid each Grafana gives the dashboard an address of its own, so that links in alerts and runbooks lead nowhere; with the id of the Grafana it comes from, another one looks for a dashboard it does not have.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',
  fix: 'safe',

  create: ({ hosts, path, report }) => ({
    dashboard({ title, id, uid, asksOnImport, range }) {
      // Made to be handed on: whoever imports it gives it a place.
      if (asksOnImport) return;
      // Provisioning overlooks the id, and that is what mounts and loads ConfigMaps.
      const isProvisioned = hosts.length > 0 || /(?:^|\/)provisioning\//.test(path);
      if (!isProvisioned && id && typeof id.value === 'number') {
        report({
          at: id,
          message: say`id ${id.value} belongs to the Grafana the dashboard was saved from`,
          fix: { title: 'Set id to null', safe: true, edits: [{ range: id.range, text: 'null' }] },
        });
      }
      if (!uid || uid.value === null || uid.value === '') {
        report({
          at: title ?? { range: [range[0], range[0] + 1] },
          message: title
            ? say`"${String(title.value)}" has no uid: its address is another one in each Grafana`
            : say`The dashboard has no uid: its address is another one in each Grafana`,
        });
      }
    },
  }),
});
