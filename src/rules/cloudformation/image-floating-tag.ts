import { defineRule, option } from '../../engine/rule';
import { cloudFormation } from '../../formats/cloudformation';
import { floatingMessage, floatingTags, floats } from '../../formats/image';

export default defineRule({
  id: 'cloudformation/image-floating-tag',
  on: cloudFormation,
  summary: 'A task runs an image that is named without a version',
  why: 'Every task that is started gets whatever the tag names by then: tasks of one service differ, and after a bad image the task definition before names the same one.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ options, report }) => ({
    image({ reference, range }) {
      // No image has capitals in its name: something fills it in before the template is used.
      if (/[A-Z]/.test(reference.repository)) return;
      const kind = floats(reference, options.floating);
      if (kind) report({ at: { range }, message: floatingMessage(reference, kind) });
    },
  }),
});
