import { defineRule, option } from '../../engine/rule';
import { floatingMessage, floatingTags, floats, image } from '../../formats/image';
import { isTestData } from '../../formats/kubernetes';

const hosts = new Set(['kubernetes', 'kustomization']);

export default defineRule({
  id: 'kubernetes/image-floating-tag',
  on: image,
  summary: 'A container runs an image named without a version',
  why: 'Pods of one Deployment run different code, depending on the day their node pulled the image, and a rollback goes back to the same moving name.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { 'kube-linter': ['latest-tag'], 'kube-score': ['container-image-tag'] },
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: (context) => ({
    image(reference) {
      if (!hosts.has(context.hosts[0]?.format ?? '') || isTestData(context.path)) return;
      const kind = floats(reference, context.options.floating);
      if (!kind) return;
      const message = floatingMessage(reference, kind);
      const { condition } = reference;
      context.report({ at: reference, message, ...(condition && { condition }) });
    },
  }),
});
