import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type ImageSource, packer } from '../../formats/packer';

/** What an image is called, by the builders that know `force_deregister`. */
const names = ['ami_name', 'image_name', 'omi_name'];

export default defineRule({
  id: 'packer/overwrites-image',
  on: packer,
  summary: 'Each build deletes the image of the build before',
  why: 'There is one image of that name, and force_deregister takes it away to make room for the next: when that one turns out bad, there is nothing to go back to, and whatever starts from the old one by its id finds nothing.',
  concern: 'delivery',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    source(source) {
      const force = source.setting('force_deregister');
      // The older templates write it as text too.
      if (!force || String(force.value) !== 'true') return;
      const name = fixedName(source);
      if (name === undefined) return;
      report({ at: force, message: say`Every build of "${name}" deletes the one before` });
    },
  }),
});

/** The image's name where each build gives it the same. */
function fixedName(source: ImageSource): string | undefined {
  const value = names.map((name) => source.setting(name)?.value).find((each) => each !== undefined);
  return typeof value === 'string' ? value : undefined;
}
