import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Config, circleci } from '../../formats/circleci';
import { floatingMessage, floatingTags, floats } from '../../formats/image';

/** The vendor's base image is named by channel in all its instructions: https://circleci.com/developer/images/image/cimg/base */
const baseImage = /^cimg\/base:/;

/** Tags of machine images that are moved: https://circleci.com/docs/guides/execution-managed/using-linuxvm/ */
const movingMachine = /(?:^|:)(?:default|current|edge)$/;

/** An orb's own repository tests its development version. */
const developsOrbs = ({ orbs }: Config) => orbs.some(({ name }) => name === 'circleci/orb-tools');

/** One image is often named by many jobs of a file: it is told once. */
function alike<T>(all: readonly T[], textOf: (each: T) => string): Iterable<[T, ...T[]]> {
  const byText = new Map<string, [T, ...T[]]>();
  for (const each of all) {
    const known = byText.get(textOf(each));
    if (known) known.push(each);
    else byText.set(textOf(each), [each]);
  }
  return byText.values();
}

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
        for (const [first, ...more] of alike(config.machineImages, ({ string }) => string)) {
          if (!movingMachine.test(first.string)) continue;
          report({
            at: first,
            message: say`${first.string} names another machine image later`,
            related: more.map((at) => ({ at, message: 'The same image' })),
          });
        }
        for (const [first, ...more] of alike(config.images, ({ source }) => source.text)) {
          const kind = floats(first.reference, options.floating);
          if (!kind || baseImage.test(first.source.text)) continue;
          report({
            at: first.written,
            message: floatingMessage(first.reference, kind),
            related: more.map((each) => ({ at: each.written, message: 'The same image' })),
          });
        }
      },
    };
  },
});
