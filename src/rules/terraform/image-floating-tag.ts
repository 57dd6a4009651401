import { defineRule, option } from '../../engine/rule';
import { floatingMessage, floatingTags, floats, image } from '../../formats/image';

export default defineRule({
  id: 'terraform/image-floating-tag',
  on: image,
  summary: 'A resource runs a container from an image without a version',
  why: 'The plan shows no change while the program behind the tag changes: what runs depends on when the last instance started, and there is no version to go back to.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ hosts, options, report }) => ({
    image(reference) {
      if (hosts[0]?.format !== 'terraform') return;
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
