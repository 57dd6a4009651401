import assert from 'node:assert/strict';
import { randomFrom } from '../src/dev/mutate';
import type { Link, PartKind, PlacedPart, Target, Verb } from '../src/engine/part';
import { drawMap, factsOfMap } from '../src/project/delivery';
import { DeliveryIndex } from '../src/project/delivery-index';
import { Workspace } from '../src/project/workspace';

const place = {
  range: [0, 1],
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
} as const;

/** Few folders and names, so that links meet what they name, and names meet each other. */
const folders = ['', 'a/', 'a/b/', 'a-b/', 'c/'];
const names = [
  'Dockerfile',
  'GNUmakefile',
  'Makefile',
  'ci.yml',
  'main.tf',
  'package.json',
  'run.sh',
];
const kinds: readonly PartKind[] = [
  'chart',
  'hooks',
  'job',
  'module',
  'pipeline',
  'playbook',
  'recipe',
  'script',
  'task',
  'workload',
];
const verbs: readonly Verb[] = ['builds', 'deploys', 'follows', 'lints', 'publishes', 'runs'];
const tools = ['ansible', 'docker', 'helm', 'kubectl', 'shell', 'terraform', 'unknown'];
const words = ['test', 'test:unit', 'all'];

/** Makes files up, the same ones for the same seed. */
class Author {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomFrom(seed);
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)]!;
  }

  path(): string {
    return this.of(folders) + this.of(names);
  }

  parts(): readonly PlacedPart[] {
    return this.#some(3, (i) => {
      const kind = this.of(kinds);
      const name = kind === 'task' || kind === 'job' ? `${this.of(words)}` : i > 0 ? `${i}` : '';
      return {
        kind,
        name,
        ...(kind === 'pipeline' && this.chance(0.5) && { title: this.of(words) }),
        links: this.#some(4, () => this.#link()),
        ...place,
      };
    });
  }

  #link(): Link {
    return {
      verb: this.of(verbs),
      to: this.#target(),
      ...(this.chance(0.7) && { tool: this.of(tools) }),
      ...(this.chance(0.2) && { as: `acme/${this.of(words)}` }),
    };
  }

  #target(): Target {
    const folder = this.of(folders).replace(/\/$/, '');
    switch (this.of(['file', 'file', 'folder', 'image', 'job', 'pipeline', 'task'] as const)) {
      case 'file':
        return { kind: 'file', key: this.path() };
      case 'folder':
        return { kind: 'file', key: folder };
      case 'image':
        return { kind: 'image', key: `acme/${this.of(words)}` };
      case 'job':
        return { kind: 'job', key: this.of(words) };
      case 'pipeline':
        return { kind: 'pipeline', key: this.of([...words, this.path()]) };
      case 'task':
        return { kind: 'task', key: `${this.of(['make', 'npm'])}:${folder}:${this.of(words)}` };
    }
  }

  #some<T>(most: number, make: (i: number) => T): readonly T[] {
    return Array.from({ length: Math.floor(this.#next() * (most + 1)) }, (_, i) => make(i));
  }
}

const resultOf = (path: string, parts: readonly PlacedPart[]) => ({
  path,
  format: 'any',
  candidates: [],
  facts: [],
  suppressions: [],
  problems: [],
  parts,
});

describe('delivery index', () => {
  for (let seed = 1; seed <= 10; seed++) {
    it(`is after each change as if all files had just been read (${seed})`, () => {
      const author = new Author(seed);
      const files = new Map<string, readonly PlacedPart[]>();
      const workspace = new Workspace('by hand');
      const set = (path: string, parts: readonly PlacedPart[]) => {
        files.set(path, parts);
        workspace.update(resultOf(path, parts));
      };
      const remove = (path: string) => {
        files.delete(path);
        workspace.remove(path);
      };
      let stated = new Set<string>();
      for (let step = 0; step < 80; step++) {
        const path = author.path();
        const parts = files.get(path);
        const change = parts ? author.of(['again', 'links', 'move', 'remove'] as const) : 'again';
        if (change === 'again') set(path, author.parts());
        if (change === 'move' || change === 'remove') remove(path);
        if (change === 'move') set(author.path(), parts!);
        if (change === 'links') {
          // The kinds stay, what they do changes.
          const links = author.parts()[0]?.links ?? [];
          set(
            path,
            parts!.map((each) => ({ ...each, links })),
          );
        }
        // Now and then several changes come before somebody looks.
        if (author.chance(0.3)) continue;

        const changed = workspace.redraw();
        assert.deepEqual(workspace.map, drawMap(files), `the map after step ${step}`);
        const facts = factsOfMap(files);
        const now = new Set(facts.map(({ kind, key }) => `${kind} ${key}`));
        const keys = [...files.keys(), ...stated, ...now].map((each) => each.replace(/^\S+ /, ''));
        for (const key of keys)
          for (const kind of ['built', 'checked', 'deployed', 'first-pipeline', 'pipeline'])
            assert.equal(
              workspace.has({ kind: `delivery/${kind}`, key }),
              now.has(`delivery/${kind} ${key}`),
              `${kind} ${key} after step ${step}`,
            );
        const told = changed.map(({ kind, key }) => `${kind} ${key}`).sort();
        const really = [
          ...[...now].filter((each) => !stated.has(each)),
          ...[...stated].filter((each) => !now.has(each)),
        ].sort();
        assert.deepEqual(told, really, `what changed with step ${step}`);
        stated = now;
      }
    });
  }

  it('does not depend on the order files come in', () => {
    for (let seed = 100; seed < 120; seed++) {
      const author = new Author(seed);
      const files = Array.from({ length: 25 }, () => [author.path(), author.parts()] as const);
      const last = new Map(files);
      const turned = new Map([...last].reverse());
      assert.deepEqual(drawMap(turned), drawMap(last));
      assert.deepEqual(factsOfMap(turned), factsOfMap(last));
    }
  });

  it('tells a change that can be seen from one that moves parts in their file', () => {
    const index = new DeliveryIndex();
    const pipeline: PlacedPart = { kind: 'pipeline', name: '', title: 'CI', links: [], ...place };
    index.set('ci.yml', [pipeline]);
    const { version } = index;
    const moved = { ...pipeline, start: { line: 7, column: 1 } };
    index.set('ci.yml', [moved]);
    assert.equal(index.version, version);
    assert.deepEqual(index.at('ci.yml')[0]?.part, moved);
    index.set('ci.yml', [{ ...moved, title: 'Build' }]);
    assert.notEqual(index.version, version);
    assert.equal(index.pipeline('CI'), undefined);
    assert.equal(index.pipeline('Build')?.path, 'ci.yml');
  });

  it('forgets what is gone', () => {
    const index = new DeliveryIndex();
    const pipeline: PlacedPart = { kind: 'pipeline', name: '', links: [], ...place };
    index.set('ci.yml', [pipeline]);
    index.set('ci.yml');
    assert.deepEqual(index.paths, []);
    assert.deepEqual([...index.pipelines], []);
    index.set('ci.yml', [pipeline]);
    assert.deepEqual(index.paths, ['ci.yml']);
  });

  it('keeps names of tasks apart that begin alike', () => {
    const task = (name: string): PlacedPart => ({ kind: 'task', name, links: [], ...place });
    const index = new DeliveryIndex([['web/package.json', [task('test'), task('test:unit')]]]);
    const from = { path: 'ci.yml', part: task('') };
    const named = (key: string) =>
      index.leadsTo({ verb: 'runs', to: { kind: 'task', key } }, from).map(({ part }) => part.name);
    assert.deepEqual(named('npm:web:test:unit'), ['test:unit']);
    assert.deepEqual(named('npm::test'), ['test']);
    assert.deepEqual(named('npm::test:unit'), ['test:unit']);
  });
});
