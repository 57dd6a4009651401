import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import {
  chartOf,
  helmValues,
  type ImageValues,
  setsValue,
  usesAppVersion,
} from '../../formats/helm-values';
import { floatingTags } from '../../formats/image';
import { isTestData } from '../../formats/kubernetes';

/** Values for a try on one's own machine, or for a pipeline's own cluster. */
const forTries =
  /(?:^|[-_./])(?:dev|devel|development|local|ci|tests?|kind|k3d|minikube|examples?|samples?|demo|debug)(?=[-_./])/i;

export default defineRule({
  id: 'helm/values-floating-tag',
  on: helmValues,
  summary: 'The values of a chart name an image by a moving tag',
  why: "One release of the chart installs different programs on different days, `helm rollback` goes back to the same moving name, and the chart's appVersion says nothing.",
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',
  options: { floating: option.strings(floatingTags, 'Tags that are moved from image to image.') },

  create: ({ options, path, report }) => ({
    image(values) {
      const { tag } = values;
      if (!options.floating.includes(tag.string.toLowerCase()) || isDigested(values)) return;
      if (forTries.test(path) || isTestData(path)) return;
      const named = values.repository.string || say`The image`;
      const chart = usesAppVersion(chartOf(path));
      // Where a pipeline sets it, what stands in the file is not installed.
      const { name } = values;
      const set =
        name === undefined ? [] : [setsValue(chartOf(path), name), setsValue(undefined, name)];
      report({
        at: tag,
        message: say`${named} moves: the tag "${tag.string}" names another image later`,
        condition: { noneOf: [chart, ...set] },
      });
      report({
        at: tag,
        message: say`${named} moves: the tag "${tag.string}" names another image later, and the appVersion of the chart says nothing`,
        condition: { anyOf: [chart], noneOf: set },
        fix: {
          title: 'Leave the tag to the appVersion of the chart',
          safe: false,
          edits: [{ range: tag.range, text: '""' }],
        },
      });
    },
  }),
});

/** A digest beside the tag pins it. */
const isDigested = ({ map }: ImageValues): boolean =>
  ['digest', 'sha', 'sha256'].some((key) => {
    const value = map.get(key);
    return value?.kind === 'scalar' && value.string !== '' && value.value !== null;
  });
