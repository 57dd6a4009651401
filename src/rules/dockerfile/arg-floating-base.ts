import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { comesFromDefault, floatingTags, floats, image, isBuiltBefore } from '../../formats/image';

export default defineRule({
  id: 'dockerfile/arg-floating-base',
  on: image,
  summary: 'The default of an ARG names the base image without a version',
  why: 'Whoever builds without setting the argument, which is nearly everybody, gets whatever the tag points to that day.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',
  neighbours: { hadolint: ['DL3006', 'DL3007'] },
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ hosts, options, report }) => ({
    image(reference) {
      if (hosts[0]?.format !== 'dockerfile' || !comesFromDefault(reference)) return;
      const kind = floats(reference, options.floating);
      if (!kind || isBuiltBefore(reference)) return;
      const message =
        kind === 'untagged'
          ? say`By default this is ${reference.text}, which has no tag`
          : say`By default this is ${reference.text}, and the tag "${reference.tag ?? ''}" moves`;
      report({ at: reference, message });
    },
  }),
});
