import { defineRule, option } from '../../engine/rule';
import {
  comesFromDefault,
  floatingMessage,
  floatingTags,
  floats,
  image,
  imageName,
  isBuiltBefore,
} from '../../formats/image';

export default defineRule({
  id: 'dockerfile/from-floating-tag',
  on: image,
  summary: 'The base image is named without a version',
  why: 'The same Dockerfile builds another image next week, and the build that breaks is one in which nobody changed anything.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { hadolint: ['DL3006', 'DL3007'] },
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ hosts, options, report }) => ({
    image(reference) {
      if (hosts[0]?.format !== 'dockerfile' || comesFromDefault(reference)) return;
      const kind = floats(reference, options.floating);
      if (!kind || isBuiltBefore(reference)) return;
      const condition = { noneOf: [{ kind: 'image/built-here', key: imageName(reference.text) }] };
      report({ at: reference, message: floatingMessage(reference, kind), condition });
    },
  }),
});
