import { defineRule, option } from '../../engine/rule';
import { compose, type ServiceImage } from '../../formats/compose';
import { floatingMessage, floatingTags, floats } from '../../formats/image';

export default defineRule({
  id: 'compose/image-floating-tag',
  on: compose,
  summary: 'A service runs an image that is named without a version',
  why: 'Whoever starts the services next gets another image than you have, and after a bad one there is no version to go back to.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { dclint: ['service-image-require-explicit-tag'] },
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create({ options, report }) {
    /** One default may stand in every service of a file: it is told once. */
    const byDefault = new Map<string, ServiceImage[]>();
    const tell = (image: ServiceImage, more: readonly ServiceImage[]) => {
      const kind = floats(image.reference, options.floating);
      if (!kind) return;
      const { condition } = image.facts;
      report({
        at: image.written,
        message: floatingMessage(image.reference, kind),
        ...(condition && { condition }),
        related: more.map((each) => ({ at: each.written, message: 'The same default' })),
      });
    };
    return {
      service({ image, build, purpose, pullPolicy }) {
        // Beside `build:` it is the result's name; what is never pulled was built here under that name.
        if (!image || build || purpose || pullPolicy === 'never') return;
        if (image.variables.length === 0) return tell(image, []);
        const key = `${image.variables} ${image.reference.tag}`;
        byDefault.set(key, [...(byDefault.get(key) ?? []), image]);
      },
      end() {
        for (const [first, ...more] of byDefault.values()) tell(first!, more);
      },
    };
  },
});
