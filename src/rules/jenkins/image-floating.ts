import { defineRule, option } from '../../engine/rule';
import { floatingMessage, floatingTags, floats } from '../../formats/image';
import { jenkins } from '../../formats/jenkins';
import type { AgentImage } from '../../formats/jenkins-model';

export default defineRule({
  id: 'jenkins/image-floating',
  on: jenkins,
  summary: 'A pipeline runs in an image that is named without a version',
  why: 'The image behind the name is replaced from time to time: a pipeline that was green yesterday is red today, although nothing here has changed, and an old commit cannot be built as it was.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ options, report }) => ({
    pipeline({ images, built }) {
      /** One image is often named by many stages: it is told once. */
      const byText = new Map<string, AgentImage[]>();
      for (const each of images) {
        const { text } = each.reference;
        if (!floats(each.reference, options.floating) || built.has(each.reference.repository))
          continue;
        byText.set(text, [...(byText.get(text) ?? []), each]);
      }
      for (const [first, ...more] of byText.values()) {
        const { reference } = first!;
        report({
          at: first!,
          message: floatingMessage(reference, floats(reference, options.floating)!),
          related: more.map((at) => ({ at, message: 'The same image' })),
        });
      }
    },
  }),
});
