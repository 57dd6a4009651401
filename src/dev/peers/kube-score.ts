import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Peer } from './peer';

/**
 * Files of `score/testdata`, and Go tests that say which grade a check gives each: `testExpectedScore(t, FILE, CHECK,
 * GRADE)`, or that the check is skipped. The id of a check is its name with dashes.
 */
export const kubeScore: Peer = {
  name: 'kube-score',
  home: 'https://github.com/zegl/kube-score',
  shared: {
    'container-image-tag': ['kubernetes/image-floating-tag'],
    'deployment-targeted-by-hpa-does-not-have-replicas-configured': [
      'kubernetes/replicas-with-hpa',
    ],
    'pod-probes': ['kubernetes/no-readiness-probe'],
  },
  cases(folder) {
    const tests = join(folder, 'score');
    const cases = readdirSync(tests)
      .filter((name) => name.endsWith('_test.go'))
      .flatMap((name) => asked(readFileSync(join(tests, name), 'utf8')))
      .filter(({ check }) => check in this.shared);
    return [...new Map(cases.map((each) => [`${each.check} ${each.file}`, each])).values()].map(
      ({ check, file, flagged }) => ({
        check,
        name: `score/testdata/${file}`,
        path: 'deploy/app.yaml',
        text: readFileSync(join(tests, 'testdata', file), 'utf8'),
        flagged,
      }),
    );
  },
};

type Asked = Pick<Case, 'check' | 'flagged'> & { readonly file: string };

function asked(tests: string): readonly Asked[] {
  return tests.split(/^func /m).flatMap((test): Asked[] => {
    const grade =
      /testExpectedScore\(t, (?<file>[^,]+), "(?<check>[^"]+)", (?:scorecard\.Grade)?(?<grade>\w+)\)/.exec(
        test,
      )?.groups;
    if (grade) {
      const flagged = grade.grade === 'Critical' || grade.grade === 'Warning';
      return files(grade.file!, test).map((file) => ({ check: id(grade.check!), file, flagged }));
    }
    const skipped =
      /testFile\("(?<file>[^"]+)"\).*"(?<check>[^"]+)"\)\s*assert\.True\(t, skipped\)/s;
    const { file, check } = skipped.exec(test)?.groups ?? {};
    return file && check ? [{ check: id(check), file, flagged: false }] : [];
  });
}

/** `"a.yaml"`, or `"a-"+v+".yaml"` in a loop over texts. */
function files(expression: string, test: string): readonly string[] {
  const loop = /for _, v := range \[\]string\{([^}]*)\}/.exec(test)?.[1];
  const values = loop ? [...loop.matchAll(/"([^"]*)"/g)].map(([, value]) => value!) : [''];
  return values.map((value) => expression.replace(/"\+v\+"/, value).replaceAll('"', ''));
}

const id = (name: string) => name.toLowerCase().replaceAll(' ', '-');
