import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { isTestData } from '../../formats/kubernetes';
import { hasVersionedTag, imagesPushed, isFloatingPush } from '../../formats/pushed-images';
import { shell } from '../../formats/shell';

export default defineRule({
  id: 'shell/push-latest-only',
  on: shell,
  summary: 'An image is pushed under a moving tag and no other',
  why: 'Each push takes the name away from the image before it: there is nothing to roll back to, and nobody can tell which commit is running.',
  concern: 'delivery',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ document, path, report }) => ({
    script(script) {
      if (isTestData(path)) return;
      const pushed = script.commands.flatMap((command) => imagesPushed(command, script));
      const [first, ...more] = pushed;
      if (!first || !pushed.every(isFloatingPush)) return;
      const { text } = document.source.file;
      if (pushed.some((each) => hasVersionedTag(text, each))) return;
      const named = document.source.asWritten(first.range).replace(/["']/g, '');
      const pushes = more.length > 0 ? say`${named} (and ${more.length} more)` : named;
      report({
        at: first,
        message: say`${pushes} is pushed as "${first.tag ?? ''}" alone: the image before it has no name any more`,
      });
    },
  }),
});
