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
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
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

/** Places boxes from left to right along their arrows (https://github.com/dagrejs/dagre/wiki). */
export function placePicture({ boxes, arrows }: Picture): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 46, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(boxes.map((box) => [box.id, sizeOf(box)]));
  for (const box of boxes) graph.setNode(box.id, { ...sizes.get(box.id)! });
  for (const { from, to } of arrows) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    boxes: boxes.map((box) => {
      const { x, y } = graph.node(box.id) as { x: number; y: number };
      return { box, x, y, ...sizes.get(box.id)! };
    }),
    arrows: arrows.map((arrow) => {
      const { points } = graph.edge(arrow.from, arrow.to) as unknown as PlacedArrow;
      return { arrow, points };
    }),
    width,
    height,
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
