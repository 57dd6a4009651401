import { defineRule, option } from '../../engine/rule';
import { floatingMessage, floatingTags, floats, image } from '../../formats/image';

export default defineRule({
  id: 'github-actions/image-floating-tag',
  on: image,
  summary: 'A job runs in, or beside, an image without a version',
  why: 'The tests of one commit run on another system next week: a red build then has no cause in the repository, and a green one says nothing about the version that is used.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  neighbours: { zizmor: ['unpinned-images'] },
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ hosts, options, report }) => ({
    image(reference) {
      if (hosts[0]?.format !== 'github-actions') return;
      const kind = floats(reference, options.floating);
      if (kind) report({ at: reference, message: floatingMessage(reference, kind) });
    },
  }),
});
