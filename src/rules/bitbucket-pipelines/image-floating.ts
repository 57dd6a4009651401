import { defineRule, option } from '../../engine/rule';
import { bitbucketPipelines } from '../../formats/bitbucket-pipelines';
import { floatingTags, movingImages } from '../../formats/image';

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

  create: ({ options, report }) => ({
    configuration({ images }) {
      for (const { first, more, message } of movingImages(images, options.floating)) {
        report({
          at: first.written,
          message,
          related: more.map(({ written }) => ({ at: written, message: 'The same image' })),
        });
      }
    },
  }),
});
