/** Names of branches that are taken for what they are without asking the server. */
const branches = 'main|master|HEAD|develop|trunk|dev';

/** Addresses behind which another file stands next week, and what in them says so. */
const moving: readonly RegExp[] = [
  // https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases
  /\/releases\/latest\/download\//,
  new RegExp(`^https?://raw\\.githubusercontent\\.com/[^/]+/[^/]+/(?:refs/heads/)?(${branches})/`),
  new RegExp(`^https?://(?:www\\.)?github\\.com/[^/]+/[^/]+/raw/(?:refs/heads/)?(${branches})/`),
  new RegExp(
    `^https?://(?:www\\.)?github\\.com/[^/]+/[^/]+/(?:archive|tarball|zipball)/(?:refs/heads/)?(${branches})(?:\\.|$)`,
  ),
  new RegExp(`^https?://[^/]*gitlab[^/]*/.+/-/(?:raw|archive)/(?:refs/heads/)?(${branches})/`),
  /^https?:\/\/[^?#]*[-_.](latest)(?:[-_.][\w.-]*)?$/,
];

/** A folder of the newest; what lies in it under the name of its version is that version, or gone one day. */
const movingFolder = /^https?:\/\/[^?#]*\/(latest|nightly|stable|current)\//;
/** Names of systems with the version they are for, not the version of what is made for them. */
const systems =
  /(?:alpine|centos|cuda|debian|el|fedora|glibc|macosx?|manylinux|musl|osx|py(?:thon)?|rhel|ubuntu|windows)[-_.]?\d+(?:\.\d+)*/gi;
const namesVersion = (file: string): boolean =>
  /\$\{?\w*VERSION|[-_v]\d+\.\d+/i.test(file.replace(systems, ''));

/** The last part of an address's path. */
export const fileOf = (url: string): string =>
  /^[^?#]*/.exec(url)![0].replace(/\/$/, '').replace(/^.*\//, '');

/** Keys and lists of package sources: they are replaced by their owners, and a copy of an old one is worth nothing. */
const meantToMove =
  /\.(?:gpg|asc|key|pub|pem|crt|repo|list|sources)(?:$|[?#])|gpg[-_.]?key|\/(?:keys?|gpg)(?:\/|$)|signing|ca-?cert|cacert/i;

/**
 * What in an address moves: `latest`, or the name of a branch. Undefined where a version is named, where nothing can be
 * said, and for what is meant to be the newest, such as keys.
 */
export function movingPart(url: string): string | undefined {
  if (!/^https?:\/\//.test(url) || meantToMove.test(url)) return undefined;
  for (const pattern of moving) {
    const found = pattern.exec(url);
    if (found) return found[1] ?? 'latest';
  }
  const folder = movingFolder.exec(url)?.[1];
  return folder && !namesVersion(fileOf(url)) ? folder : undefined;
}
