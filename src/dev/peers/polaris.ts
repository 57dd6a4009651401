import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from './peer';

/** A folder for each check, with files whose names say whether it is to fail. */
export const polaris: Peer = {
  name: 'polaris',
  home: 'https://github.com/FairwindsOps/polaris',
  shared: {
    readinessProbeMissing: ['kubernetes/no-readiness-probe'],
    tagNotSpecified: ['kubernetes/image-floating-tag'],
  },
  cases(folder) {
    return Object.keys(this.shared).flatMap((check) =>
      readdirSync(join(folder, 'test/checks', check))
        .filter((file) => /^(?:success|failure)\b/.test(file))
        .map((file) => {
          const name = `test/checks/${check}/${file}`;
          const text = readFileSync(join(folder, name), 'utf8');
          return {
            check,
            name,
            path: 'deploy/app.yaml',
            text,
            flagged: file.startsWith('failure'),
          };
        }),
    );
  },
};
