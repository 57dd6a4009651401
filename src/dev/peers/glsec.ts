import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Peer } from './peer';

const fixtures = 'testdata/fixtures';

/** Pipelines inside its tests, with the number of findings wanted, and a file for each rule that is to find something. */
export const glsec: Peer = {
  name: 'glsec',
  home: 'https://github.com/glsec/glsec',
  shared: {
    GL001: ['gitlab-ci/image-floating'],
    GL008: ['gitlab-ci/allow-failure'],
    GL012: ['gitlab-ci/deploy-when-always'],
    GL022: ['shell/package-unpinned'],
    GL023: ['shell/lockfile-not-enforced'],
    GL039: ['shell/error-swallowed', 'shell/test-failure-ignored'],
    GL071: ['gitlab-ci/optional-gate'],
  },
  cases(folder) {
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    const files = readdirSync(join(folder, fixtures));
    const as = { path: '.gitlab-ci.yml', flagged: true };
    return Object.keys(this.shared).flatMap((check) => {
      const id = check.toLowerCase();
      const path = `rules/${id}_test.go`;
      const own = files
        .filter((name) => name.startsWith(`${id}-`))
        .map((name) => `${fixtures}/${name}`);
      return [
        ...own.map((name) => ({ ...as, check, name, text: read(name) })),
        ...inTests(read(path)).map(([line, text, flagged]) => {
          return { ...as, check, name: `${path}:${line}`, text, flagged };
        }),
      ] satisfies Case[];
    });
  },
};

/** Each raw string of the tests, with the line it starts in and whether findings are wanted. */
function inTests(go: string): readonly (readonly [number, string, boolean])[] {
  const all = [...go.matchAll(/`([^`]*)`([^`]*)/g)];
  return all.map((match) => {
    const line = go.slice(0, match.index).split('\n').length;
    const wanted = /(?:len\(\w+\) != |wantHits: +)(\d+)/.exec(match[2]!)?.[1];
    if (wanted === undefined) throw new Error(`line ${line} says of no number of findings`);
    return [line, match[1]!, wanted !== '0'];
  });
}
