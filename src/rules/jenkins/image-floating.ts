import { defineRule, option } from '../../engine/rule';
import { floatingTags, imageName, movingImages } from '../../formats/image';
import { jenkins } from '../../formats/jenkins';

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
      const others = images.filter(({ reference }) => !built.has(reference.repository));
      for (const { first, more, message } of movingImages(others, options.floating))
        report({
          at: first,
          message,
          condition: {
            noneOf: [{ kind: 'image/built-here', key: imageName(first.reference.text) }],
          },
          related: more.map((at) => ({ at, message: 'The same image' })),
        });
    },
  }),
});
