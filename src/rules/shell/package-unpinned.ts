import { defineRule } from '../../engine/rule';
import { say, type Wording } from '../../engine/said';
import { type PackageRequest, unpinnedPackages } from '../../formats/package-requests';
import { shell } from '../../formats/shell';

export default defineRule({
  id: 'shell/package-unpinned',
  on: shell,
  summary: 'A build installs a package without a version',
  why: 'It takes what was published last: a release of somebody else turns the build red, or changes what it makes, on a day on which nobody here changed anything.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { hadolint: ['DL3013', 'DL3016', 'DL3028', 'DL3062'], zizmor: ['adhoc-packages'] },

  create({ hosts, report }) {
    let builds = false;
    return {
      script(script) {
        builds = hosts.length > 0 && (script.use === 'ci' || script.use === 'image-build');
      },
      command(command) {
        if (!builds || command.substituted) return;
        const packages = unpinnedPackages(command);
        const [first, last] = [packages[0], packages.at(-1)];
        if (!first || !last) return;
        report({
          at: { range: [first.range[0], last.range[1]] },
          message: say`${command.name ?? ''} takes the newest ${named(packages)} there is on the day of the build`,
        });
      },
    };
  },
});

function named(packages: readonly PackageRequest[]): Wording {
  const names = packages.map((each) => each.name);
  const [first, second] = names;
  if (names.length === 1) return first!;
  return names.length === 2
    ? say`${first!} and ${second!}`
    : say`${first!} and ${names.length - 1} others`;
}
