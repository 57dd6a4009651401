import { defineRule, option } from '../../engine/rule';
import { bitbucketPipelines, type StepImage } from '../../formats/bitbucket-pipelines';
import { floatingMessage, floatingTags, floats } from '../../formats/image';

export default defineRule({
  id: 'bitbucket-pipelines/image-floating',
  on: bitbucketPipelines,
  summary: 'A step runs in an image that is named without a version',
  why: 'The image behind the name is replaced from time to time: a pipeline that was green yesterday is red today, although nothing here has changed, and an old commit cannot be built as it was.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create({ options, report }) {
    return {
      configuration({ images }) {
        /** One image is often named by many steps of a file: it is told once. */
        const byText = new Map<string, StepImage[]>();
        for (const each of images) {
          if (!floats(each.reference, options.floating)) continue;
          byText.set(each.source.text, [...(byText.get(each.source.text) ?? []), each]);
        }
        for (const [first, ...more] of byText.values()) {
          report({
            at: first!.written,
            message: floatingMessage(first!.reference, floats(first!.reference, options.floating)!),
            related: more.map((each) => ({ at: each.written, message: 'The same image' })),
          });
        }
      },
    };
  },
});
