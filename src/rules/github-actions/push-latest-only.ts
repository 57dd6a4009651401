import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions } from '../../formats/github-actions';
import { imagesBuiltAndPushed } from '../../formats/github-actions-purpose';
import { hasVersionedTag, isFloatingPush } from '../../formats/pushed-images';

export default defineRule({
  id: 'github-actions/push-latest-only',
  on: githubActions,
  summary: 'A step pushes an image under a moving tag and no other',
  why: 'Each push takes the name away from the image before it: there is nothing to roll back to, and nobody can tell which commit is running.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }) => ({
    step(step) {
      const pushed = imagesBuiltAndPushed(step);
      const [first] = pushed;
      if (!first || !pushed.every(isFloatingPush)) return;
      if (pushed.some((each) => hasVersionedTag(document.source.text, each))) return;
      const tags = step.input('tags');
      const single = tags?.kind === 'scalar' && pushed.length === 1 && tags.string === first.text;
      report({
        at: tags ?? step,
        message: say`${first.text} is pushed as "${first.tag ?? ''}" alone: the image before it has no name any more`,
        ...(single && {
          fix: {
            title: 'Push it under the commit as well',
            safe: false,
            edits: [
              {
                range: tags.range,
                text: `"${first.text},${first.name}:\${{ github.sha }}"`,
              },
            ],
          },
        }),
      });
    },
  }),
});
