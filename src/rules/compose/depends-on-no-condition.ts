import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { compose, type Service } from '../../formats/compose';
import type { Edit } from '../../text/edit';

export default defineRule({
  id: 'compose/depends-on-no-condition',
  on: compose,
  summary: 'A service starts before what it depends on can answer',
  why: 'The short form waits until the other container runs, not until it is ready: whether the first connection succeeds is a race, lost on a slow day or a first start.',
  concern: 'idempotency',
  severity: 'info',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ report }) => ({
    service(service) {
      const unready = service.dependsOn.filter(
        ({ short, service: name }) => short && isChecked(service.project.service(name.string)),
      );
      const [first] = unready;
      // A swarm starts everything at once, whatever is written.
      if (!first || service.map.has('deploy')) return;
      const edits = longForm(service);
      report({
        at: first.service,
        message: say`"${service.name.string}" does not wait until "${first.service.string}" is healthy, although it has a health check`,
        ...(edits && { fix: { title: 'Wait for condition: service_healthy', safe: false, edits } }),
      });
    },
  }),
});

const isChecked = (service: Service | undefined): boolean =>
  service?.healthcheck?.hasTest === true && !service.healthcheck.disabled;

/** `depends_on` as a map: healthy where there is a check, started elsewhere. */
function longForm({ map, project }: Service): readonly Edit[] | undefined {
  const list = map.get('depends_on');
  if (list?.kind !== 'list' || list.flow || !map.entries.some(({ value }) => value === list))
    return undefined;
  const { text } = project.source;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: Edit[] = [];
  for (const item of list.items) {
    if (item.kind !== 'scalar') return undefined;
    const line = text.lastIndexOf('\n', item.range[0]) + 1;
    const [, indent] = /^([ ]*)-[ ]+$/.exec(text.slice(line, item.range[0])) ?? [];
    if (indent === undefined || !text.slice(item.range[1]).match(/^[ \t]*(?:\r?\n|$)/))
      return undefined;
    const own =
      indent.length > columnOf(map.entry('depends_on')!.key.range[0], text)
        ? indent
        : `${indent}  `;
    const condition = isChecked(project.service(item.string))
      ? 'service_healthy'
      : 'service_started';
    edits.push({ range: [line, item.range[0]], text: own });
    edits.push({
      range: [item.range[1], item.range[1]],
      text: `:${eol}${own}  condition: ${condition}`,
    });
  }
  return edits;
}

const columnOf = (offset: number, text: string) =>
  offset - (text.lastIndexOf('\n', offset - 1) + 1);
