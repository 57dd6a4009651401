import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { dockerfile, type Step } from '../../formats/dockerfile';

export default defineRule({
  id: 'dockerfile/os-update-layer',
  on: dockerfile,
  summary: 'The package index is fetched in a layer of its own',
  why: 'The layer is cached: a build weeks later installs from the old index, and fails on packages the servers no longer have or misses their fixes.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    stage({ instructions }) {
      instructions.forEach((step, at) => {
        const manager = updatesAlone(step);
        if (!manager) return;
        const later = instructions.slice(at + 1).find((each) => installsWithout(manager, each));
        if (!later) return;
        report({
          at: step,
          message: say`${manager} update is cached in this layer: the install below meets an index as old as the cache`,
          related: [{ at: later, message: 'This installs from it' }],
        });
      });
    },
  }),
});

const managers = new Set(['apt-get', 'apt', 'apk', 'yum', 'dnf']);
const parts = (step: Step, manager?: string) =>
  (step.instruction.keyword.value === 'RUN' ? (step.script?.commands ?? []) : []).filter(
    ({ name }) =>
      manager === undefined ? managers.has(name ?? '') : alike(name) === alike(manager),
  );
const alike = (name: string | undefined) => (name === 'apt' ? 'apt-get' : name);

/** The package manager whose index a RUN fetches, where it installs nothing and keeps the index in no cache mount. */
function updatesAlone(step: Step): string | undefined {
  if (step.instruction.flags.some(({ name }) => name === 'mount')) return undefined;
  const found = parts(step);
  const [first] = found;
  const only = found.every(({ operands }) =>
    /^(?:update|makecache)$/.test(operands[0]?.value ?? ''),
  );
  // `yum update` installs, it does not only ask.
  const asks = first?.name !== 'yum' && first?.name !== 'dnf';
  return first && only && asks ? first.name : undefined;
}

/** A RUN that installs and does not fetch the index itself. */
function installsWithout(manager: string, step: Step): boolean {
  const verbs = parts(step, manager).map(({ operands }) => operands[0]?.value ?? '');
  return /^(?:install|add)$/.test(verbs[0] ?? '') && !verbs.includes('update');
}
