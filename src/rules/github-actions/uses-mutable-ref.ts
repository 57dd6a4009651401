import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import { githubActions, type Workflow } from '../../formats/github-actions';
import type { YamlScalar } from '../../syntax/yaml';
import { lookUp } from '../../text/look-up';

/** Branches that actions are referred to by; any other name may as well be a tag. */
const branches =
  /^(?:main|master|head|trunk|dev|devel|develop|development|next|edge|nightly|canary|unstable)$/i;

/** `release/v1`, `releases/v2`: a branch that stands for a version, moved as the tag `v1` is. */
const versionLine = /^releases?\/v?\d/i;

/**
 * Branches that are the versions their publishers offer
 * (https://github.com/pypa/gh-action-pypi-publish#usage, https://github.com/dtolnay/rust-toolchain#inputs,
 * https://fluxcd.io/flux/flux-gh-action/, https://github.com/Homebrew/actions).
 */
const published: Readonly<Record<string, RegExp>> = {
  'fluxcd/flux2': /^main$/,
  'homebrew/actions': /^ma(?:in|ster)$/,
  'dtolnay/rust-toolchain': /^(?:stable|beta|nightly|master)$/,
  'pypa/gh-action-pypi-publish': /^release\/v\d$/,
};

interface Reference {
  readonly owner: string;
  /** `owner/name` */
  readonly repository: string;
  readonly ref: string;
  /** A workflow that is called as a job, not an action. */
  readonly isWorkflow: boolean;
}

export default defineRule({
  id: 'github-actions/uses-mutable-ref',
  on: githubActions,
  summary: 'An action is taken from a branch: tomorrow it is another one',
  why: 'Whatever is pushed to that branch runs in the next build, with its secrets: a build that passed yesterday fails today, or does something else.',
  concern: 'reproducibility',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  neighbours: { zizmor: ['unpinned-uses'] },
  options: {
    tags: option.oneOf(
      ['none', 'third-party', 'all'],
      'none',
      'Tags such as v4 that are reported too: none, those of publishers other than GitHub and the trusted ones, or all.',
    ),
    trusted: option.strings(
      [],
      'Owners whose branches and tags are relied upon, such as your own organisation.',
    ),
  },

  create({ options, report }) {
    const github = new Set(['actions', 'github']);
    let own: ReadonlySet<string> = new Set();
    const check = (uses: YamlScalar | undefined) => {
      const reference = uses && readReference(uses.string);
      if (!reference || uses.templated) return;
      const { owner, repository, ref, isWorkflow } = reference;
      if (options.trusted?.some((each) => each.toLowerCase() === owner)) return;
      if (lookUp(published, repository)?.test(ref)) return;
      if (/^[\da-f]{40}(?:[\da-f]{24})?$/i.test(ref)) return;
      if (branches.test(ref)) {
        // A workflow shared within an organisation follows its branch on purpose, and so do its own actions.
        if (isWorkflow || own.has(owner)) return;
        report({
          at: uses,
          message: say`${repository} is taken from the branch ${ref}, which moves with every push`,
          condition: { noneOf: [{ kind: 'repository/owner', key: owner }] },
        });
        return;
      }
      const tagsOf = options.tags ?? 'none';
      const counts = tagsOf === 'all' || (tagsOf === 'third-party' && !github.has(owner));
      const isTag = versionLine.test(ref) || /^v?\d+(?:[.-][\w.-]+)?$/i.test(ref);
      if (!counts || !isTag) return;
      report({
        at: uses,
        message: say`${repository} is taken by the tag ${ref}, which its publisher can move`,
        severity: 'info',
      });
    };
    return {
      workflow(workflow) {
        own = ownersNamedIn(workflow);
      },
      job: (job) => check(job.uses),
      step: (step) => check(step.uses),
    };
  },
});

/** Local actions and images have no ref. */
function readReference(uses: string): Reference | undefined {
  const match = /^([\w.-]+)\/([\w.-]+)(\/[^@\s]*)?@(\S+)$/.exec(uses.trim());
  if (!match || match[1] === '.' || match[1] === '..') return undefined;
  return {
    owner: match[1]!.toLowerCase(),
    repository: `${match[1]}/${match[2]}`.toLowerCase(),
    ref: match[4]!,
    isWorkflow: /^\/\.github\/workflows\//.test(match[3] ?? ''),
  };
}

/** The owner of this repository, where a condition gives it away: `github.repository == 'shop/web'`. */
function ownersNamedIn(workflow: Workflow): ReadonlySet<string> {
  const asked = /github\.repository(?:_owner)?\s*[=!]=\s*'([\w.-]+)/g;
  const conditions = workflow.jobs.flatMap((job) => [
    job.condition,
    ...job.steps.map((step) => step.condition),
  ]);
  const found = conditions.flatMap((condition) => [...(condition?.string.matchAll(asked) ?? [])]);
  return new Set(found.map((match) => match[1]!.toLowerCase()));
}
