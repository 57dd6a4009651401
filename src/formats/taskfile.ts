import { defineFormat } from '../engine/format';
import { many, map, parseYaml } from '../syntax/yaml';
import { type Task, taskDocument } from './tasks';

/** A Taskfile (https://taskfile.dev/reference/schema/), as callers. */
export const taskfile = defineFormat<Record<never, never>>({
  id: 'taskfile',
  title: 'Taskfile',
  files: ['**/{T,t}askfile*.{yml,yaml}'],
  nodes: [],
  recognises: (file) =>
    /^taskfile(?:\.dist)?\.ya?ml$/i.test(file.name) && file.topLevelKeys().has('tasks')
      ? 'by-name'
      : undefined,
  alone: () => undefined,
  parse(source) {
    const tasks = map(map(parseYaml(source).roots[0])?.get('tasks'))?.entries ?? [];
    return taskDocument(
      source,
      'task',
      tasks.map(({ key, value }): Task => {
        const steps = many(value?.kind === 'map' ? (value.get('cmds') ?? value.get('cmd')) : value);
        const called = [...many(map(value)?.get('deps')), ...steps];
        return {
          name: key.string,
          range: key.range,
          commands: steps.flatMap((each) => {
            const text = each.kind === 'scalar' ? each : map(each)?.get('cmd');
            return text?.kind === 'scalar' ? [text.string.replace(/\{\{[^}]*\}\}/g, '__')] : [];
          }),
          before: called.flatMap((each) => {
            const name = map(each)?.get('task');
            if (name?.kind === 'scalar') return [name.string];
            return each.kind === 'scalar' && !steps.includes(each) ? [each.string] : [];
          }),
        };
      }),
    );
  },
});
