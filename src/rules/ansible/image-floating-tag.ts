import { defineRule, option } from '../../engine/rule';
import { floatingMessage, floatingTags, floats, image } from '../../formats/image';

export default defineRule({
  id: 'ansible/image-floating-tag',
  on: image,
  summary: 'A task runs a container from an image without a version',
  why: 'Which program runs depends on the day the host pulled the image: hosts differ, and a run that changes one setting may bring another release with it.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ hosts, options, report }) => ({
    image(reference) {
      if (hosts[0]?.format !== 'ansible') return;
      const kind = floats(reference, options.floating);
      if (!kind) return;
      const { condition } = reference;
      report({
        at: reference,
        message: floatingMessage(reference, kind),
        ...(condition && { condition }),
      });
    },
  }),
});
