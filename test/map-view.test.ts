import assert from 'node:assert/strict';
import type { PlacedPart } from '../src/engine/part';
import { type Layout, type PlacedBox, placePicture } from '../src/map-view/layout';
import type { DeliveryMap, Station, Way } from '../src/project/delivery';
import { type Arrow, type Box, type Picture, pictureOf } from '../src/project/map-picture';

const box = (id: string, more: Partial<Box> = {}): Box => ({
  id,
  kind: 'workload',
  title: id,
  lines: [`deploy/${id}.yaml`],
  reached: true,
  ...more,
});

const arrow = (from: string, to: string): Arrow => ({ from, to, verb: 'runs' });

const edges = ({ x, y, width, height }: PlacedBox) => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

/** Whatever is drawn has its place, inside the picture, and covers nothing else. */
function assertInOrder(picture: Picture, placed: Layout): void {
  const all = [...placed.boxes, ...placed.loose];
  assert.deepEqual(all.map((each) => each.box.id).sort(), picture.boxes.map(({ id }) => id).sort());
  const rectangles = all.map((each) => ({ id: each.box.id, ...edges(each) }));
  for (const [index, one] of rectangles.entries()) {
    assert.ok(one.left >= 0 && one.top >= 0, `${one.id} begins in the picture`);
    assert.ok(one.right <= placed.width && one.bottom <= placed.height, `${one.id} ends in it`);
    for (const other of rectangles.slice(index + 1)) {
      const apart =
        one.right <= other.left ||
        other.right <= one.left ||
        one.bottom <= other.top ||
        other.bottom <= one.top;
      assert.ok(apart, `${one.id} covers ${other.id}`);
    }
  }
  const at = new Map(placed.boxes.map((each) => [each.box.id, edges(each)]));
  assert.equal(placed.arrows.length, picture.arrows.length);
  for (const { arrow, points } of placed.arrows) {
    assert.ok(at.get(arrow.from)!.right < at.get(arrow.to)!.left, `${arrow.from} → ${arrow.to}`);
    assert.ok(points[0]!.x < points.at(-1)!.x);
    for (const { x, y } of points)
      assert.ok(x >= 0 && y >= 0 && x <= placed.width && y <= placed.height, 'within the picture');
  }
}

describe('the picture of the delivery map', () => {
  it('goes from left to right along the arrows', () => {
    const picture = {
      boxes: [box('ci', { kind: 'pipeline' }), box('build'), box('image'), box('web'), box('api')],
      arrows: [
        arrow('ci', 'build'),
        arrow('build', 'image'),
        arrow('image', 'web'),
        arrow('image', 'api'),
        arrow('ci', 'web'),
      ],
    };
    const placed = placePicture(picture);
    assertInOrder(picture, placed);
    assert.deepEqual(placed.loose, []);
    assert.equal(placed.heading, undefined);
  });

  it('sets what stands alone below the rest, in columns under a heading', () => {
    const alone = Array.from({ length: 11 }, (_, index) =>
      box(`alone${index}`, { reached: false, lines: Array(index % 3).fill('a line of it') }),
    );
    const picture = {
      boxes: [
        ...alone.slice(0, 5),
        box('ci', { kind: 'pipeline' }),
        box('idle', { kind: 'pipeline' }),
        box('web'),
        box('chart', { reached: false }),
        box('db', { reached: false }),
        ...alone.slice(5),
      ],
      arrows: [arrow('ci', 'web'), arrow('chart', 'db')],
    };
    const placed = placePicture(picture);
    assertInOrder(picture, placed);
    // In their order, for whoever goes through them with the keyboard.
    assert.deepEqual(
      placed.loose.map((each) => each.box.id),
      alone.map(({ id }) => id),
    );
    const { heading } = placed;
    assert.ok(heading);
    for (const each of placed.boxes) assert.ok(edges(each).bottom < heading.y - 12, each.box.id);
    for (const each of placed.loose) assert.ok(edges(each).top > heading.y, each.box.id);
    const lefts = new Set(placed.loose.map((each) => edges(each).left));
    assert.ok(lefts.size >= 4 && lefts.size < alone.length, `${lefts.size} columns`);
  });

  it('is a grid alone where there is no pipeline, and nothing where there is nothing', () => {
    const picture = {
      boxes: [box('a', { reached: false }), box('b', { reached: false })],
      arrows: [],
    };
    const placed = placePicture(picture);
    assertInOrder(picture, placed);
    assert.equal(placed.loose.length, 2);
    const { width, height } = placePicture({ boxes: [], arrows: [] });
    assert.deepEqual([width, height], [0, 0]);
  });

  it('places three hundred boxes while somebody looks', function () {
    // A generous bar: it takes less than a second.
    this.timeout(20_000);
    const boxes: Box[] = [];
    const arrows: Arrow[] = [];
    for (let pipeline = 0; pipeline < 20; pipeline++) {
      boxes.push(box(`p${pipeline}`, { kind: 'pipeline' }));
      for (let job = 0; job < 5; job++) {
        boxes.push(box(`p${pipeline}j${job}`, { kind: 'job' }), box(`p${pipeline}w${job}`));
        arrows.push(arrow(`p${pipeline}`, `p${pipeline}j${job}`));
        arrows.push(arrow(`p${pipeline}j${job}`, `p${pipeline}w${job}`));
        arrows.push(arrow(`p${pipeline}j${job}`, `p${(pipeline * 7 + 3) % 20}w${job}`));
      }
    }
    for (let alone = 0; alone < 80; alone++) boxes.push(box(`alone${alone}`, { reached: false }));
    assert.equal(boxes.length, 300);
    const picture = {
      boxes,
      arrows: [...new Map(arrows.map((a) => [`${a.from} ${a.to}`, a])).values()],
    };
    assertInOrder(picture, placePicture(picture));
  });
});

describe('what is drawn of a map', () => {
  const station = (kind: Station['kind'], path: string, reached = true): Station => ({
    id: path,
    kind,
    title: path.slice(path.lastIndexOf('/') + 1),
    path,
    part: { start: { line: 3 } } as PlacedPart,
    reached,
    does: new Set(),
  });
  const draw = (stations: readonly Station[], ways: readonly Way[] = []) =>
    pictureOf({ stations, ways, automated: true } satisfies DeliveryMap);
  const titles = ({ boxes }: Picture) => boxes.map(({ title }) => title);
  const workloads = (number: number, reached = true) =>
    Array.from({ length: number }, (_, index) =>
      station('workload', `k8s/apps/w${index}`, reached),
    );

  it('puts many that are alike in one box, which leads to the first of them', () => {
    const job = station('job', 'ci.yml');
    const all = workloads(6);
    const { boxes, arrows } = draw(
      [job, ...all],
      all.map((to) => ({ from: job, verb: 'deploys', to })),
    );
    assert.deepEqual(
      boxes.map(({ title, lines, path, line }) => ({ title, lines, path, line })),
      [
        { title: 'ci.yml', lines: [], path: 'ci.yml', line: 3 },
        {
          title: '6 workloads',
          lines: ['w0, w1, w2, w3, …', 'k8s/apps/'],
          path: 'k8s/apps/w0',
          line: 3,
        },
      ],
    );
    assert.deepEqual(arrows, [{ from: 'ci.yml', to: 'k8s/apps/w0', verb: 'deploys' }]);
  });

  it('keeps apart what differs: few, of another kind, on another way, reached or not', () => {
    assert.equal(draw(workloads(4)).boxes.length, 4);
    const job = station('job', 'ci.yml');
    const all = workloads(6);
    const ways: Way[] = all.map((to) => ({ from: job, verb: 'deploys', to }));
    assert.deepEqual(titles(draw([job, ...all], ways.slice(1))), ['ci.yml', 'w0', '5 workloads']);
    const mixed = [...workloads(3), ...workloads(6, false).slice(3)];
    assert.equal(draw(mixed).boxes.length, 6);
    const pipelines = Array.from({ length: 6 }, (_, index) => station('pipeline', `ci/p${index}`));
    assert.equal(draw(pipelines).boxes.length, 6);
  });

  it('leaves out scripts and tasks that lead nowhere, and jobs nothing starts', () => {
    const pipeline = station('pipeline', 'ci.yml');
    const ran = station('script', 'bin/ran.sh');
    const idle = station('script', 'bin/idle.sh', false);
    const other = station('task', 'Makefile', false);
    const job = station('job', 'template.yml', false);
    const picture = draw(
      [pipeline, ran, idle, other, job],
      [
        { from: pipeline, verb: 'runs', to: ran },
        { from: other, verb: 'runs', to: idle },
      ],
    );
    assert.deepEqual(titles(picture), ['ci.yml', 'ran.sh']);
  });

  it('draws what comes first in a run first', () => {
    const test = station('job', 'ci.yml#test');
    const deploy = station('job', 'ci.yml#deploy');
    const { arrows } = draw([test, deploy], [{ from: deploy, verb: 'follows', to: test }]);
    assert.deepEqual(arrows, [{ from: 'ci.yml#test', to: 'ci.yml#deploy', verb: 'follows' }]);
  });
});
