import type { DeliveryMap, Station } from './delivery';

/** Shapes of https://mermaid.js.org/syntax/flowchart.html#node-shapes */
const shapes: Readonly<Record<Station['kind'], readonly [open: string, close: string]>> = {
  chart: ['[/', '/]'],
  configuration: ['[/', '/]'],
  development: ['{{', '}}'],
  hooks: ['[', ']'],
  image: ['[(', ')]'],
  job: ['[', ']'],
  machine: ['{{', '}}'],
  module: ['[/', '/]'],
  pipeline: ['([', '])'],
  playbook: ['[/', '/]'],
  recipe: ['[[', ']]'],
  script: ['>', ']'],
  stack: ['[/', '/]'],
  task: ['[', ']'],
  template: ['[[', ']]'],
  workload: ['{{', '}}'],
};

/** Kinds that say nothing standing alone. */
const callers = new Set<Station['kind']>(['configuration', 'script', 'task']);

/** The delivery map as a Mermaid flow chart; what no pipeline leads to is drawn dashed. */
export function mapAsMermaid(map: DeliveryMap): string {
  const linked = new Set(map.ways.flatMap(({ from, to }) => [from.id, to.id]));
  const shown = map.stations.filter((each) => linked.has(each.id) || !callers.has(each.kind));
  const names = new Map(shown.map((each, index) => [each.id, `n${index}`]));
  const lines = ['flowchart LR'];
  for (const each of shown) {
    const [open, close] = shapes[each.kind];
    const does = each.does.size > 0 ? `<br/>${[...each.does].join(', ')}` : '';
    lines.push(`  ${names.get(each.id)}${open}"${text(each.title)}${does}"${close}`);
  }
  for (const { from, verb, to } of map.ways) {
    // What comes first stands first, as in the run.
    const [start, end, label] = verb === 'follows' ? [to, from, 'then'] : [from, to, verb];
    lines.push(`  ${names.get(start.id)} -->|${label}| ${names.get(end.id)}`);
  }
  const loose = shown.filter(
    (each) => !each.reached && each.kind !== 'image' && each.kind !== 'development',
  );
  if (loose.length > 0) {
    lines.push('  classDef loose stroke-dasharray: 4 4');
    lines.push(`  class ${loose.map((each) => names.get(each.id)).join(',')} loose`);
  }
  return `${lines.join('\n')}\n`;
}

/** https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
const text = (title: string) =>
  title.replace(/[#"<>\\`\n\r]/g, (character) => `#${character.charCodeAt(0)};`);
