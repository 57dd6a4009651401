import { Graph, layout } from '@dagrejs/dagre';
import type { Arrow, Box, Picture } from '../project/map-picture';

/** A box at its place, in pixels from the picture's upper left corner; `x` and `y` are its middle. */
export interface PlacedBox {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  /** What arrows join, and pipelines that lead nowhere. */
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
  /** What no pipeline leads to and what leads nowhere, below the rest, row by row. */
  readonly loose: readonly PlacedBox[];
  /** Where the loose boxes' heading begins: left end of its base line. Undefined where there are none. */
  readonly heading?: { readonly x: number; readonly y: number };
  readonly width: number;
  readonly height: number;
}

/** Width of a letter and height of a line of the two sizes text is drawn in, in pixels. */
const letters = { title: 7.4, line: 6.2 };
const lineHeight = { title: 18, line: 15 };
const padding = { x: 12, y: 8 };
/** Longer texts are cut off. */
export const longest = { title: 34, line: 42 };

export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

const margin = 16;
const gap = { x: 14, y: 14 };
/** Height of the loose boxes' heading with the room around it. */
const headingHeight = 44;
/** Columns the loose boxes have at least, however narrow the rest is. */
const fewest = 4;

/**
 * Places boxes from left to right along their arrows (https://github.com/dagrejs/dagre/wiki), and in a grid below them
 * those that stand alone and that no pipeline leads to: among the pipelines they would look like beginnings.
 */
export function placePicture({ boxes, arrows }: Picture): Layout {
  const joined = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const isLoose = (box: Box) => !box.reached && !joined.has(box.id);
  const above = placeJoined({ boxes: boxes.filter((box) => !isLoose(box)), arrows });
  const loose = boxes.filter(isLoose);
  return loose.length === 0 ? above : withGrid(above, loose);
}

function placeJoined({ boxes, arrows }: Picture): Layout {
  if (boxes.length === 0) return { boxes: [], arrows: [], loose: [], width: 0, height: 0 };
  const graph = new Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: gap.y,
    ranksep: 46,
    marginx: margin,
    marginy: margin,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(boxes.map((box) => [box.id, sizeOf(box)]));
  for (const box of boxes) graph.setNode(box.id, { ...sizes.get(box.id)! });
  for (const { from, to } of arrows) graph.setEdge(from, to);
  layout(graph);
  const places = boxes.map((box) => {
    const { x, y } = graph.node(box.id) as { x: number; y: number };
    return { box, x, y, ...sizes.get(box.id)! };
  });
  const ways = arrows.map((arrow) => {
    const { points } = graph.edge(arrow.from, arrow.to) as unknown as PlacedArrow;
    return { arrow, points };
  });
  return withinMargins(places, ways);
}

/** Arrows may bend outside of what dagre counts as the graph, which is its boxes. */
function withinMargins(boxes: readonly PlacedBox[], arrows: readonly PlacedArrow[]): Layout {
  const bends = arrows.flatMap(({ points }) => points);
  const xs = bends.map(({ x }) => x);
  const ys = bends.map(({ y }) => y);
  for (const { x, y, width, height } of boxes) {
    xs.push(x - width / 2, x + width / 2);
    ys.push(y - height / 2, y + height / 2);
  }
  const left = Math.min(...xs) - margin;
  const top = Math.min(...ys) - margin;
  const moved = <T extends { readonly x: number; readonly y: number }>(each: T): T => ({
    ...each,
    x: each.x - left,
    y: each.y - top,
  });
  return {
    boxes: boxes.map(moved),
    arrows: arrows.map(({ arrow, points }) => ({ arrow, points: points.map(moved) })),
    loose: [],
    width: Math.max(...xs) - left + margin,
    height: Math.max(...ys) - top + margin,
  };
}

/** As many columns of one width as the boxes above have room for; each row is as high as its highest box. */
function withGrid(above: Layout, boxes: readonly Box[]): Layout {
  const sizes = boxes.map(sizeOf);
  const column = Math.max(...sizes.map(({ width }) => width)) + gap.x;
  const room = Math.floor((above.width - 2 * margin + gap.x) / column);
  const columns = Math.min(boxes.length, Math.max(fewest, room));
  const loose: PlacedBox[] = [];
  let top = above.height + headingHeight;
  for (let first = 0; first < boxes.length; first += columns) {
    const row = sizes.slice(first, first + columns);
    row.forEach(({ width, height }, index) => {
      const x = margin + index * column + width / 2;
      loose.push({ box: boxes[first + index]!, x, y: top + height / 2, width, height });
    });
    top += Math.max(...row.map(({ height }) => height)) + gap.y;
  }
  return {
    ...above,
    loose,
    heading: { x: margin, y: above.height + headingHeight - 14 },
    width: Math.max(above.width, 2 * margin + columns * column - gap.x),
    height: top - gap.y + margin,
  };
}

function sizeOf({ title, lines }: Box): { readonly width: number; readonly height: number } {
  const widths = [
    Math.min(title.length, longest.title) * letters.title + 20,
    ...lines.map((line) => Math.min(line.length, longest.line) * letters.line),
  ];
  return {
    width: Math.ceil(Math.max(90, ...widths) + 2 * padding.x),
    height: lineHeight.title + lines.length * lineHeight.line + 2 * padding.y,
  };
}
