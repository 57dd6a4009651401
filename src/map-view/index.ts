import type { Box, Picture } from '../project/map-picture';
import {
  cut,
  type Layout,
  longest,
  type PlacedArrow,
  type PlacedBox,
  placePicture,
} from './layout';

/** What VS Code gives a webview's script (https://code.visualstudio.com/api/extension-guides/webview). */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

/** The words of the picture, in the user's language. */
export interface Words {
  readonly kinds: Readonly<Record<Box['kind'], string>>;
  readonly verbs: Readonly<Record<string, string>>;
  readonly unreached: string;
  readonly empty: string;
  readonly map: string;
}

const svgNamespace = 'http://www.w3.org/2000/svg';
const host = acquireVsCodeApi();
const stage = document.getElementById('stage')!;
const status = document.getElementById('status')!;
let scale = 1;
let zoomed = false;
let words: Words;
let shown: Layout | undefined;

window.addEventListener('message', ({ data }: MessageEvent<{ picture: Picture; words: Words }>) => {
  words = data.words;
  draw(data.picture);
});

document.getElementById('larger')!.addEventListener('click', () => zoom(1.2));
document.getElementById('smaller')!.addEventListener('click', () => zoom(1 / 1.2));
document.getElementById('fit')!.addEventListener('click', fit);
stage.addEventListener(
  'wheel',
  (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  },
  { passive: false },
);

function draw(picture: Picture): void {
  const focused = document.activeElement?.getAttribute('data-id');
  shown = placePicture(picture);
  if (picture.boxes.length === 0) {
    stage.replaceChildren(words.empty);
    return;
  }
  const svg = element('svg', {
    viewBox: `0 0 ${shown.width} ${shown.height}`,
    role: 'group',
    'aria-label': words.map,
  });
  svg.append(arrowHead());
  const arrows = element('g', { class: 'arrows' });
  for (const each of shown.arrows) arrows.append(arrowOf(each));
  const boxes = element('g', {});
  // The order of the tab key is that of the run: from left to right, then down.
  for (const each of [...shown.boxes].sort((a, b) => a.x - b.x || a.y - b.y))
    boxes.append(boxOf(each, shown));
  svg.append(arrows, boxes, ...looseOf(shown));
  stage.replaceChildren(svg);
  // While files are still being read the map grows, and fits as long as nobody has chosen a size.
  if (zoomed) size();
  else fit();
  const again = [...svg.querySelectorAll<SVGElement>('[data-id]')].find(
    (each) => each.getAttribute('data-id') === focused,
  );
  again?.focus();
}

/** What stands alone, under its heading. */
function looseOf(all: Layout): readonly SVGElement[] {
  const { heading, loose } = all;
  if (!heading) return [];
  const group = element('g', { role: 'group', 'aria-label': words.unreached });
  group.append(text(heading.x, heading.y, words.unreached, 'heading'));
  for (const each of loose) group.append(boxOf(each, all));
  return [group];
}

function boxOf(placed: PlacedBox, all: Layout): SVGElement {
  const { box, x, y, width, height } = placed;
  const group = element('g', {
    class: `box ${box.kind}${box.reached ? '' : ' unreached'}`,
    transform: `translate(${x - width / 2} ${y - height / 2})`,
    tabindex: '0',
    role: 'link',
    'data-id': box.id,
    'aria-label': spoken(box, all),
  });
  group.append(element('rect', { width: `${width}`, height: `${height}`, rx: `${radius(box)}` }));
  group.append(
    text(12, 22, cut(box.title, longest.title), 'title'),
    ...box.lines.map((line, index) => text(12, 39 + index * 15, cut(line, longest.line), 'line')),
    element('title', {}, `${words.kinds[box.kind]} ${box.title}\n${box.lines.join('\n')}`),
  );
  const open = () =>
    box.path !== undefined && host.postMessage({ open: box.path, line: box.line ?? 1 });
  group.addEventListener('click', open);
  group.addEventListener('focus', () => light(box.id));
  group.addEventListener('mouseenter', () => light(box.id));
  group.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') open();
    else if (!walk(placed, event.key, all)) return;
    event.preventDefault();
  });
  return group;
}

const radius = ({ kind }: Box) => (kind === 'pipeline' ? 16 : kind === 'image' ? 8 : 3);

/** What a screen reader says of a box: what it is, and where the arrows lead. */
function spoken(box: Box, { arrows, boxes }: Layout): string {
  const name = (id: string) => boxes.find((each) => each.box.id === id)?.box.title ?? '';
  const ways = arrows
    .filter(({ arrow }) => arrow.from === box.id)
    .map(({ arrow }) => `${words.verbs[arrow.verb] ?? arrow.verb} ${name(arrow.to)}`);
  const loose = box.reached ? [] : [words.unreached];
  return [`${words.kinds[box.kind]} ${box.title}`, ...box.lines, ...loose, ...ways].join('; ');
}

function arrowOf({ arrow, points }: PlacedArrow): SVGElement {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const line = element('path', {
    d: path,
    class: `arrow ${arrow.verb}`,
    'marker-end': 'url(#head)',
    'data-from': arrow.from,
    'data-to': arrow.to,
  });
  line.append(element('title', {}, words.verbs[arrow.verb] ?? arrow.verb));
  return line;
}

function arrowHead(): SVGElement {
  const marker = element('marker', {
    id: 'head',
    viewBox: '0 0 8 8',
    refX: '7',
    refY: '4',
    markerWidth: '7',
    markerHeight: '7',
    orient: 'auto-start-reverse',
  });
  marker.append(element('path', { d: 'M0 0L8 4L0 8z', class: 'head' }));
  const defs = element('defs', {});
  defs.append(marker);
  return defs;
}

/** Shows which arrows belong to a box, and says so below the picture. */
function light(id: string): void {
  for (const line of stage.querySelectorAll('.arrow'))
    line.classList.toggle(
      'lit',
      line.getAttribute('data-from') === id || line.getAttribute('data-to') === id,
    );
  if (!shown) return;
  const box = [...shown.boxes, ...shown.loose].find((each) => each.box.id === id)?.box;
  if (box) status.textContent = spoken(box, shown);
}

/** Arrow keys go along the arrows, or the row where there are none; up and down to the next box of the column. */
function walk(from: PlacedBox, key: string, all: Layout): boolean {
  const at = (id: string) => all.boxes.find((each) => each.box.id === id);
  const place = all.loose.indexOf(from);
  const along = (next: boolean) => {
    if (place !== -1) return all.loose[place + (next ? 1 : -1)] ?? from;
    return near(
      all.arrows.flatMap(({ arrow }) =>
        (next ? arrow.from : arrow.to) === from.box.id
          ? (at(next ? arrow.to : arrow.from) ?? [])
          : [],
      ),
    );
  };
  const column = (down: boolean) =>
    [...all.boxes, ...all.loose].filter(
      (each) =>
        Math.abs(each.x - from.x) < 120 && (down ? each.y > from.y + 1 : each.y < from.y - 1),
    );
  const near = (boxes: readonly PlacedBox[]) =>
    [...boxes].sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0];
  const target =
    key === 'ArrowRight'
      ? along(true)
      : key === 'ArrowLeft'
        ? along(false)
        : key === 'ArrowDown'
          ? near(column(true))
          : key === 'ArrowUp'
            ? near(column(false))
            : undefined;
  if (!target) return false;
  const found = [...stage.querySelectorAll<SVGElement>('[data-id]')].find(
    (each) => each.getAttribute('data-id') === target.box.id,
  );
  found?.focus();
  found?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return true;
}

function zoom(by: number): void {
  zoomed = true;
  scale = Math.min(3, Math.max(0.1, scale * by));
  size();
}

/** As wide as the panel, but not larger than life. */
function fit(): void {
  if (!shown || shown.width === 0) return;
  scale = Math.min(1, stage.clientWidth / shown.width);
  size();
}

function size(): void {
  const svg = stage.querySelector('svg');
  if (!svg || !shown) return;
  svg.setAttribute('width', `${shown.width * scale}`);
  svg.setAttribute('height', `${shown.height * scale}`);
}

function element(name: string, attributes: Readonly<Record<string, string>>, content?: string) {
  const made = document.createElementNS(svgNamespace, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (content !== undefined) made.textContent = content;
  return made;
}

const text = (x: number, y: number, content: string, kind: string) =>
  element('text', { x: `${x}`, y: `${y}`, class: kind }, content);

host.postMessage({ ready: true });
