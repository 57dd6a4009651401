import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Case, Peer } from './peer';

const protectedDatabase = ['terraform/stateful-unprotected'];
const floatingImage = ['kubernetes/image-floating-tag', 'terraform/image-floating-tag'];

/** By check: Andon's rules, and below `tests` its tests: Python, or the `expected.yaml` of a check of a graph. */
const checks: Readonly<Record<string, readonly [rules: readonly string[], ...tests: string[]]>> = {
  CKV2_AWS_58: [
    protectedDatabase,
    'terraform/graph/checks/resources/NeptuneDeletionProtectionEnabled/expected.yaml',
  ],
  CKV_AWS_139: [protectedDatabase, 'terraform/checks/resource/aws/test_RDSDeletionProtection.py'],
  CKV_AWS_293: [
    protectedDatabase,
    'terraform/checks/resource/aws/test_RDSInstanceDeletionProtection.py',
  ],
  CKV_AWS_319: [
    ['terraform/alarm-without-purpose'],
    'terraform/checks/resource/aws/test_CloudWatchAlarmsEnabled.py',
  ],
  CKV_BITBUCKETPIPELINES_1: [
    ['bitbucket-pipelines/image-floating'],
    'bitbucket_pipelines/test_runner.py',
  ],
  CKV_DOCKER_5: [['dockerfile/os-update-layer'], 'dockerfile/checks/test_UpdateNotAlone.py'],
  CKV_DOCKER_7: [
    ['dockerfile/arg-floating-base', 'dockerfile/from-floating-tag'],
    'dockerfile/checks/test_ReferenceLatestTag.py',
  ],
  CKV_K8S_14: [
    floatingImage,
    'kubernetes/checks/test_ImageTagFixed.py',
    'terraform/checks/resource/kubernetes/test_ImageTagFixed.py',
  ],
  CKV_K8S_43: [
    floatingImage,
    'kubernetes/checks/test_ImageDigest.py',
    'terraform/checks/resource/kubernetes/test_ImageDigest.py',
  ],
  CKV_K8S_9: [['kubernetes/no-readiness-probe'], 'kubernetes/checks/test_ReadinessProbe.py'],
  CKV_TF_1: [['terraform/module-unpinned'], 'terraform/checks/module/generic/test_RevisionHash.py'],
  CKV_TF_2: [
    ['terraform/module-unpinned'],
    'terraform/checks/module/generic/test_RevisionVersionTag.py',
  ],
};

/**
 * Files in `tests/…/example_*`, and Python tests beside them that name what passes and what fails in them: resources of
 * Terraform, Dockerfiles, or only numbers, and then the names of the files say the rest.
 */
export const checkov: Peer = {
  name: 'checkov',
  home: 'https://github.com/bridgecrewio/checkov',
  shared: Object.fromEntries(Object.entries(checks).map(([check, [rules]]) => [check, rules])),
  cases(folder) {
    return Object.entries(checks).flatMap(([check, [, ...tests]]) =>
      tests.flatMap((path) => {
        const test: Test = { folder, check, path: `tests/${path}` };
        const found = read(test);
        if (!found.some(({ flagged }) => flagged)) throw new Error(`${test.path}: no case found`);
        return found;
      }),
    );
  },
};

interface Test {
  readonly folder: string;
  readonly check: string;
  readonly path: string;
}

function read(test: Test): readonly Case[] {
  const text = readFileSync(join(test.folder, test.path), 'utf8');
  if (test.path.endsWith('.yaml')) {
    const { pass, fail } = parse(text);
    return blocks(test, dirname(test.path), pass, fail);
  }
  if (text.includes('hcl2.loads')) return written(test, text);
  const example = `${dirname(test.path)}/${/"\/?(example_\w+|resources)"/.exec(text)?.[1]}`;
  const [passing, failing] = ['passing', 'failing'].map((which) => {
    const list = new RegExp(`${which}_resources = \\{([^}]*)\\}`).exec(text)?.[1] ?? '';
    return [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
  }) as [string[], string[]];
  if (failing.length === 0) return counted(test, example, text);
  return failing[0]!.startsWith('/')
    ? dockerfiles(test, example, passing, failing)
    : blocks(test, example, passing, failing);
}

/** Terraform in the test itself. */
function written({ check, path }: Test, text: string): readonly Case[] {
  return text.split(/^ {4}def /m).flatMap((part) => {
    const { hcl, result } =
      /hcl2\.loads\("""(?<hcl>.*?)"""\).*CheckResult\.(?<result>\w+)/s.exec(part)?.groups ?? {};
    if (!hcl) return [];
    const name = `${path} ${part.slice(0, part.indexOf('('))}`;
    return [{ check, name, path: 'main.tf', text: hcl, flagged: result === 'FAILED' }];
  });
}

/** Resources and modules of Terraform, by their names: of the passing ones, and of the failing ones. */
function blocks(
  { folder, check }: Test,
  example: string,
  passing: readonly string[],
  failing: readonly string[],
): readonly Case[] {
  const path = `${example}/main.tf`;
  const text = readFileSync(join(folder, path), 'utf8');
  const lines = text.split('\n');
  const heads = lines.flatMap((line, at) => {
    const [, type, name] = /^(?:resource "(\w+)"|module) "(\w+)"/.exec(line) ?? [];
    return name ? [{ id: type ? `${type}.${name}` : name, at }] : [];
  });
  return [...passing, ...failing].map((id) => {
    const index = heads.findIndex((head) => head.id === id);
    if (index < 0) throw new Error(`${path}: no ${id}`);
    const first = heads[index]!.at + 1;
    const last = heads[index + 1]?.at ?? lines.length;
    const flagged = failing.includes(id);
    return {
      check,
      name: `${path} ${id}`,
      path: 'main.tf',
      text,
      lines: [first, last] as const,
      flagged,
    };
  });
}

/** `/folder/Dockerfile.RUN`: the file, and the instruction in it. */
function dockerfiles(
  { folder, check }: Test,
  example: string,
  passing: readonly string[],
  failing: readonly string[],
): readonly Case[] {
  return [...passing, ...failing].map((resource) => {
    const path = example + resource.slice(0, resource.lastIndexOf('.'));
    const text = readFileSync(join(folder, path), 'utf8');
    const flagged = failing.includes(resource);
    return { check, name: path, path: path.slice(path.lastIndexOf('/') + 1), text, flagged };
  });
}

/** Files of which the test counts those that pass: their names say it. One file alone may hold what passes as well. */
function counted({ folder, check }: Test, example: string, test: string): readonly Case[] {
  const names = readdirSync(join(folder, example));
  const cases = names.map((name) => ({
    check,
    name: `${example}/${name}`,
    path: name.startsWith('bitbucket') ? name : `deploy/${name}`,
    text: readFileSync(join(folder, example, name), 'utf8'),
    flagged: !name.includes('PASSED'),
  }));
  const failed = Number(/\['failed'\], (\d+)|failed_checks\), (\d+)/.exec(test)?.slice(1).join(''));
  if (cases.filter(({ flagged }) => flagged).length !== failed) {
    throw new Error(`${example}: names tell otherwise than ${failed}`);
  }
  return cases;
}
