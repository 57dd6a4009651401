import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Config, circleci } from '../../formats/circleci';
import { floatingTags, movingImages } from '../../formats/image';

/** The vendor's base image is named by channel in all its instructions: https://circleci.com/developer/images/image/cimg/base */
const baseImage = /^cimg\/base:/;

/** Tags of machine images that are moved: https://circleci.com/docs/guides/execution-managed/using-linuxvm/ */
const movingMachine = /(?:^|:)(?:default|current|edge)$/;

/** An orb's own repository tests its development version. */
const developsOrbs = ({ orbs }: Config) => orbs.some(({ name }) => name === 'circleci/orb-tools');

export default defineRule({
  id: 'circleci/unpinned',
  on: circleci,
  summary: 'A job runs in an image, or with an orb, that is replaced under its name',
  why: 'What stands behind the name is replaced from time to time: a pipeline that was green yesterday is red today, although nothing here has changed, and an old commit cannot be built as it was.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create({ options, report }) {
    return {
      config(config) {
        for (const { written, version } of config.orbs) {
          if (written.templated) continue;
          if (version === 'volatile')
            report({
              at: written,
              message: say`${written.string} is the newest version on the day`,
            });
          else if (version?.startsWith('dev:') && !developsOrbs(config))
            report({
              at: written,
              message: say`${written.string} is a development version, which its author replaces`,
            });
        }
        for (const written of config.machineImages) {
          if (!movingMachine.test(written.string)) continue;
          const [first, ...more] = config.machineImages.filter(
            (each) => each.string === written.string,
          );
          if (written !== first) continue;
          report({
            at: first,
            message: say`${first.string} names another machine image later`,
            related: more.map((at) => ({ at, message: 'The same image' })),
          });
        }
        const others = config.images.filter(({ source }) => !baseImage.test(source.text));
        for (const { first, more, message } of movingImages(others, options.floating)) {
          report({
            at: first.written,
            message,
            related: more.map(({ written }) => ({ at: written, message: 'The same image' })),
          });
        }
      },
    };
  },
});
