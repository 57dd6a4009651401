import assert from 'node:assert/strict';
import { probe, type Visit } from '../src/engine/format';
import {
  githubActions,
  type Job,
  type Step,
  type Workflow,
  type WorkflowNodes,
} from '../src/formats/github-actions';
import {
  conditionOf,
  expressionIn,
  holdsIn,
  namesIn,
  parseExpression,
  type Surroundings,
} from '../src/formats/github-actions-expression';
import {
  actionName,
  deploys,
  jobsBefore,
  publishes,
  purposeOf,
  purposesOf,
  tests,
} from '../src/formats/github-actions-purpose';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const path = '.github/workflows/ci.yml';

function read(text: string, at = path) {
  const document = githubActions.parse(Source.file(at, text), { machine: undefined });
  const nodes: Visit<WorkflowNodes>[] = [...document.walk()];
  const all = <T>(kind: string) =>
    nodes.filter(([each]) => each === kind).map(([, node]) => node as unknown as T);
  return {
    document,
    workflow: all<Workflow>('workflow')[0]!,
    jobs: all<Job>('job'),
    steps: all<Step>('step'),
  };
}

const oneJob = (steps: string, job = 'runs-on: ubuntu-24.04', head = 'on: push') => `${head}
jobs:
  a:
    ${job}
    steps:
${steps.replace(/^/gm, '      ')}
`;

describe('GitHub Actions', () => {
  before(() => loadGrammar('bash'));

  it('recognises workflows and actions, and no other YAML', () => {
    const claim = (file: string, text: string) => githubActions.recognises(probe(file, text));
    assert.equal(claim('.github/workflows/x.yaml', ''), 'by-name');
    assert.equal(claim('sub/.gitea/workflows/x.yml', ''), 'by-name');
    assert.equal(claim('action.yml', 'name: x\nruns:\n  using: composite\n'), 'by-name');
    assert.equal(claim('action.yml', 'name: x\n'), undefined);
    assert.equal(claim('templates/x.yml', 'on: push\njobs:\n  a:\n    runs-on: x\n'), 'by-content');
    assert.equal(claim('x.yml', 'on: push\n'), undefined);
    assert.equal(claim('x.json', '{ "on": 1, "jobs": 2 }'), undefined);
  });

  it('triggers in their three forms', () => {
    const triggers = (head: string) => [...read(`${head}\njobs: {}\n`).workflow.triggers];
    assert.deepEqual(triggers('on: push'), ['push']);
    assert.deepEqual(triggers('on: [push, pull_request]'), ['push', 'pull_request']);
    assert.deepEqual(triggers('on:\n  push:\n    branches: [main]\n  schedule:\n'), [
      'push',
      'schedule',
    ]);
  });

  const facts: readonly [
    what: string,
    step: string,
    job: string,
    head: string,
    expected: object,
  ][] = [
    [
      'default shell',
      'run: x',
      'runs-on: ubuntu-24.04',
      'on: push',
      { dialect: 'bash', stopsOnError: true, pipefail: false, machine: 'fresh', directory: '' },
    ],
    [
      'shell: bash',
      'run: x\n  shell: bash',
      'runs-on: u',
      'on: push',
      { stopsOnError: true, pipefail: true },
    ],
    [
      'shell: sh',
      'run: x\n  shell: sh',
      'runs-on: u',
      'on: push',
      { dialect: 'sh', stopsOnError: true, pipefail: false },
    ],
    [
      'template',
      'run: x\n  shell: bash -el {0}',
      'runs-on: u',
      'on: push',
      { stopsOnError: true, pipefail: false },
    ],
    [
      'template without errexit',
      'run: x\n  shell: bash {0}',
      'runs-on: u',
      'on: push',
      { stopsOnError: false },
    ],
    [
      'template with pipefail',
      'run: x\n  shell: bash --noprofile --norc -eo pipefail {0}',
      'runs-on: u',
      'on: push',
      { stopsOnError: true, pipefail: true },
    ],
    [
      'defaults of the workflow',
      'run: x',
      'runs-on: u',
      'on: push\ndefaults: { run: { shell: bash, working-directory: ./web } }',
      { pipefail: true, directory: 'web' },
    ],
    [
      'defaults of the job',
      'run: x',
      'runs-on: u\n    defaults: { run: { shell: bash } }',
      'on: push',
      { pipefail: true },
    ],
    [
      'folder of the step',
      'run: x\n  working-directory: a/b/',
      'runs-on: u',
      'on: push',
      { directory: 'a/b' },
    ],
    [
      'folder only the run knows',
      'run: x\n  working-directory: ${{ matrix.d }}',
      'runs-on: u',
      'on: push',
      { directory: undefined },
    ],
    ['own machine', 'run: x', 'runs-on: [self-hosted, linux]', 'on: push', { machine: 'lasting' }],
    ['a group of runners', 'run: x', 'runs-on: { group: big }', 'on: push', { machine: 'lasting' }],
    [
      'a matrix of systems',
      'run: x',
      'runs-on: ${{ matrix.os }}\n    strategy: { matrix: { os: [ubuntu-24.04, windows-2025] } }',
      'on: push',
      { dialect: 'bash' },
    ],
  ];
  for (const [what, step, job, head, expected] of facts) {
    it(`how a step runs: ${what}`, () => {
      const { script } = read(oneJob(`- ${step}`, job, head)).steps[0]!;
      const seen = Object.fromEntries(
        Object.keys(expected).map((key) => [key, (script as any)[key]]),
      );
      assert.deepEqual(seen, expected);
    });
  }

  it('scripts of other shells are not read', () => {
    const silent = (step: string, job?: string) =>
      assert.equal(read(oneJob(`- ${step}`, job)).steps[0]!.script, undefined);
    silent('run: Get-Item x\n  shell: pwsh');
    silent('run: print(1)\n  shell: python');
    silent('run: dir', 'runs-on: windows-2025');
    silent(
      'run: dir',
      'runs-on: ${{ matrix.os }}\n    strategy: { matrix: { include: [{ os: windows-2022 }] } }',
    );
    silent('uses: actions/checkout@v4');
  });

  it('labels of runners, those of a matrix among them', () => {
    const runners = (job: string) => read(oneJob('- run: x', job)).jobs[0]!.runners;
    assert.deepEqual(runners('runs-on: a'), ['a']);
    assert.deepEqual(runners('runs-on: [a, b]'), ['a', 'b']);
    assert.deepEqual(runners('runs-on: ${{ inputs.runner }}'), []);
    assert.deepEqual(
      runners(
        'runs-on: ${{ matrix.on.os }}\n    strategy: { matrix: { on: [{ os: a }, { os: b }] } }',
      ),
      ['a', 'b'],
    );
  });

  for (const eol of ['\n', '\r\n']) {
    for (const [style, run] of [
      [
        'literal',
        '- run: |\n    echo "${{ github.sha }}" && npm test\n    make ${{\n      inputs.x }} all',
      ],
      ['folded', '- run: >-\n    echo "${{ github.sha }}"\n    && npm test'],
      ['plain', '- run: echo "${{ github.sha }}" && npm test'],
      ['single', "- run: 'echo ''${{ github.sha }}'' && npm test'"],
      ['double', '- run: "echo \\"${{ github.sha }}\\" && npm test"'],
    ] as const) {
      it(`expressions are masked, and each character keeps its place: ${style}, ${eol === '\n' ? 'LF' : 'CRLF'}`, () => {
        const text = oneJob(run).replaceAll('\n', eol);
        const { steps } = read(text);
        const script = steps[0]!.script!;
        assert.doesNotMatch(script.text, /\$\{\{/);
        const test = script.commands.find((command) => command.name === 'npm')!;
        const place = steps[0]!.placeOf(test).range;
        assert.equal(text.slice(...place), 'npm test');
        const echo = steps[0]!.placeOf(script.commands[0]!.word!).range;
        assert.equal(text.slice(...echo), 'echo');
      });
    }
  }

  it('a masked expression is one word of unknown content', () => {
    const { script } = read(oneJob("- run: deploy --to=${{ format('a b') }} x")).steps[0]!;
    assert.equal(script!.commands[0]!.args.length, 2);
  });

  it('aliases, merges and half-typed files are read as far as they go', () => {
    const text =
      'on: push\njobs:\n  a: &a\n    runs-on: x\n    steps:\n      - run: npm test\n  b:\n    <<: *a\n  c:\n';
    assert.equal(read(text).jobs.length, 2);
    assert.equal(read(text).jobs[1]!.steps[0]!.script!.commands[0]!.name, 'npm');
    for (let end = 0; end <= text.length; end++) read(text.slice(0, end));
  });

  it('a composite action is one job', () => {
    const { workflow, jobs, steps } = read(
      'name: x\nruns:\n  using: composite\n  steps:\n    - run: npm ci\n      shell: bash\n',
      'action.yml',
    );
    assert.equal(workflow.kind, 'action');
    assert.equal(jobs[0]!.id, undefined);
    assert.deepEqual([steps[0]!.script!.pipefail, steps[0]!.script!.directory], [true, undefined]);
  });

  it('states whether a workflow tests', () => {
    const facts = (text: string, at?: string) => read(text, at).document.facts ?? [];
    assert.deepEqual(facts(oneJob('- run: npm test'), 'a/.github/workflows/x.yml'), [
      { kind: 'github-actions/tests', key: 'a/' },
      { kind: 'github-actions/tests-on-push', key: 'a/#*#' },
    ]);
    assert.deepEqual(facts(oneJob('- run: npm publish')), [
      { kind: 'github-actions/at-root', key: '' },
    ]);
  });

  it('states which pushes start its tests', () => {
    const started = (on: string, job = '') =>
      (
        read(
          `on: ${on}\njobs:\n  a:\n    runs-on: x${job}\n    steps:\n      - run: npm test\n`,
          '.github/workflows/x.yml',
        ).document.facts ?? []
      ).flatMap(({ kind, key }) => (kind === 'github-actions/tests-on-push' ? key : []));
    assert.deepEqual(started('[push, pull_request]'), ['#*#']);
    assert.deepEqual(started('{push: {branches: [main, dev]}}'), ['#main#', '#dev#']);
    assert.deepEqual(started('{push: {branches: ["**"], paths: [b/**, a/**]}}'), ['#*#a/** b/**']);
    assert.deepEqual(started('{push: {branches: ["**", "!main"]}}'), []);
    assert.deepEqual(started('{push: {branches-ignore: [main]}}'), []);
    assert.deepEqual(started('{push: , schedule: [{cron: "0 3 * * *"}]}'), []);
    assert.deepEqual(started('pull_request'), []);
    assert.deepEqual(started('{push: {tags: ["v*"]}}'), []);
    assert.deepEqual(started('push', "\n    if: github.event_name == 'pull_request'"), []);
    assert.deepEqual(started('push', '\n    continue-on-error: true'), []);
  });

  describe('purposes', () => {
    const purpose = (step: string) => purposeOf(read(oneJob(`- ${step}`)).steps[0]!);
    const rows: readonly [step: string, purpose: string | undefined][] = [
      ['run: npm test', 'test'],
      ['run: npm ci && npm test && kubectl apply -f x', 'deploy'],
      ['run: black --check .', 'lint'],
      ['run: kubectl apply -f x --dry-run=client', undefined],
      ['run: cargo publish --dry-run', undefined],
      ['run: docker compose up -d', undefined],
      ['run: DOCKER_HOST=ssh://a docker compose up -d', 'deploy'],
      ['run: x=$(npm test)', undefined],
      ['run: |\n    f() { npm publish; }\n    npm test', 'test'],
      ['uses: docker/build-push-action@v6', 'build'],
      ['uses: docker/build-push-action@v6\n  with: { push: true }', 'publish'],
      ["uses: docker/build-push-action@v6\n  with: { push: 'false' }", 'build'],
      ['uses: github/codeql-action/analyze@v3', 'scan'],
      ['uses: ./local', undefined],
    ];
    for (const [step, expected] of rows) {
      it(step, () => assert.equal(purpose(step), expected));
    }

    it('of jobs', () => {
      const job = (steps: string, head?: string) => read(oneJob(steps, head)).jobs[0]!;
      assert.ok(deploys(job('- run: kubectl apply -f x')));
      assert.ok(!deploys(job('- uses: helm/kind-action@v1\n- run: kubectl apply -f x')));
      assert.ok(!deploys(job('- run: kind create cluster\n- run: helm install x .')));
      assert.ok(
        !deploys(job('- uses: azure/static-web-apps-deploy@v1\n  with: { action: close }')),
      );
      assert.ok(deploys(job('- run: x', 'environment: production')));
      assert.ok(publishes(job('- run: npm publish')));
      assert.ok(tests(job('- run: make test-unit')));
      assert.equal(actionName('Owner/Name/sub/path@v1'), 'owner/name');
      assert.equal(actionName('./x'), undefined);
      assert.equal([...purposesOf(read(oneJob('- run: npm ci; npm test')).steps[0]!)].length, 2);
    });

    it('jobs before a job, and circles', () => {
      const { jobs } = read(
        'on: push\njobs:\n  a: { needs: c }\n  b: { needs: a }\n  c: { needs: [b, missing] }\n',
      );
      assert.deepEqual([...jobsBefore(jobs[1]!)].map((each) => each.id!.string).sort(), [
        'a',
        'b',
        'c',
      ]);
    });
  });

  describe('expressions', () => {
    const world = (
      known: Record<string, string | readonly string[]>,
      failed: boolean,
    ): Surroundings => ({
      value: (name) => known[name],
      status: (name) =>
        ({ always: true, failure: failed, success: !failed, cancelled: false })[name],
    });
    const known = { 'needs.a.result': 'failure', 'needs.*.result': ['failure', 'success'] };
    const rows: readonly [text: string, truth: boolean | undefined][] = [
      ['always()', true],
      ['success()', false],
      ['!cancelled()', true],
      ['!failure() && !cancelled()', false],
      ["always() && needs.a.result == 'success'", false],
      ["always() && needs['a'].result != 'SUCCESS'", true],
      ["always() && github.ref == 'refs/heads/main'", undefined],
      ["cancelled() || (failure() && github.ref == 'x')", undefined],
      ["always() && !contains(needs.*.result, 'failure')", false],
      ["contains(needs.*.result, 'cancelled')", false],
      ["contains(github.event.head_commit.message, 'x') && success()", false],
      ["'it''s' == 'IT''S'", true],
      ['true && null', false],
      ['fromJSON(needs.x.outputs.y)[0].z || true', true],
      ['1 < 2 && false', false],
    ];
    for (const [text, truth] of rows) {
      it(text, () => assert.equal(holdsIn(parseExpression(text)!, world(known, true)), truth));
    }

    it('what cannot be read is undefined', () => {
      for (const text of [
        '',
        '(',
        'a &&',
        "'open",
        'f(a',
        'a..b',
        'a b',
        'a[',
        '!',
        '$x',
        `${'('.repeat(5000)}a`,
      ]) {
        assert.equal(parseExpression(text), undefined, text.slice(0, 20));
      }
    });

    it('braces', () => {
      assert.equal(expressionIn('${{ a }}')?.trim(), 'a');
      assert.equal(expressionIn('a && b'), 'a && b');
      assert.equal(expressionIn('a && ${{ b }}'), undefined);
      assert.equal(expressionIn('${{ a }} && ${{ b }}'), undefined);
      const { steps } = read(oneJob('- run: x\n  if: ${{ failure() && steps.x.outcome }}'));
      assert.deepEqual([...namesIn(conditionOf(steps[0]!)!)], ['failure()', 'steps.x.outcome']);
    });
  });
});
