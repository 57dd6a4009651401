import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type ImageSource, type Plugin, packer } from '../../formats/packer';

export default defineRule({
  id: 'packer/unpinned-inputs',
  on: packer,
  summary: 'A plugin or a medium of the image may be another one tomorrow',
  why: 'Packer has no lock file: on a machine without the plugin, init takes the newest release the constraint allows, and a medium without a checksum is whatever the server sends. The same template then builds another image, or none.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ report }) => ({
    template({ plugins }) {
      // The rest of a file's plugins is written the same way.
      const open = plugins.find(isOpen);
      if (!open) return;
      const { name, version } = open;
      report({
        at: open,
        message:
          version === undefined
            ? say`Plugin ${name} has no version: init takes the newest`
            : say`Plugin ${name} takes every release from "${version}" on, whatever it changes`,
      });
    },
    source(source) {
      const checksum = source.setting('iso_checksum') ?? source.setting('iso_checksum_type');
      if (checksum?.value !== 'none') return;
      const address = fetchedFrom(source);
      if (address === undefined) return;
      report({
        at: checksum,
        message: say`${address} is installed whatever it holds: no checksum`,
      });
    },
  }),
});

/** No version at all, or one with nothing to stop it at (https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer#version-constraints). */
const isOpen = ({ version }: Plugin): boolean =>
  version === undefined || (/^\s*>/.test(version) && !/[<]|~>|(?:^|,)\s*=/.test(version));

/** The address a medium is fetched from; one that lies here already was looked at when it came. */
function fetchedFrom(source: ImageSource): string | undefined {
  const address = source.setting('iso_url')?.value;
  return typeof address === 'string' && /^https?:/.test(address)
    ? address.slice(address.lastIndexOf('/') + 1) || address
    : undefined;
}
