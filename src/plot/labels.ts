import { textWidth } from './legend.ts';

/** Positions that keep their order, lie at least `gap` apart and within `low`..`high` where that has room, as near to `wanted` as that allows. */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, k) => k).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const at = new Array<number>(wanted.length);
  let last = Number.NEGATIVE_INFINITY;
  for (const k of order) last = at[k] = Math.max(wanted[k], low, last + gap);
  let next = Number.POSITIVE_INFINITY;
  for (const k of order.reverse()) next = at[k] = Math.min(at[k], Math.max(high, low), next - gap);
  return at;
}

/** A label beside a point, in pixels. */
export interface PlacedLabel {
  index: number;
  dx: number;
  dy: number;
  anchor: 'start' | 'middle' | 'end';
}

type Box = [left: number, top: number, right: number, bottom: number];

/**
 * Labels that overlap neither each other nor the points, tried right, left, above, below and in the corners, in the order of the points; a label without room is
 * left out, a point without a label only stands in the way. Greedy, which is enough for a few dozen.
 */
export function placeLabels(
  points: readonly { x: number; y: number; label: string }[],
  area: { width: number; height: number; fontSize: number; clearance?: number },
): PlacedLabel[] {
  const { width, height, fontSize, clearance = 7 } = area;
  const taken: Box[] = points.map(({ x, y }) => [x - 4, y - 4, x + 4, y + 4]);
  const placed: PlacedLabel[] = [];
  for (const [index, { x, y, label }] of points.entries()) {
    if (label === '') continue;
    const [w, h] = [textWidth(label, fontSize), 2 * Math.ceil(fontSize / 2)];
    const tries: [dx: number, dy: number, anchor: PlacedLabel['anchor']][] = [
      [clearance, 0, 'start'],
      [-clearance, 0, 'end'],
      [0, -clearance - h / 2, 'middle'],
      [0, clearance + h / 2, 'middle'],
      [clearance, -h / 2 - 3, 'start'],
      [-clearance, -h / 2 - 3, 'end'],
      [clearance, h / 2 + 3, 'start'],
      [-clearance, h / 2 + 3, 'end'],
    ];
    for (const [dx, dy, anchor] of tries) {
      const left = x + dx - (anchor === 'end' ? w : anchor === 'middle' ? w / 2 : 0);
      const box: Box = [left, y + dy - h / 2, left + w, y + dy + h / 2];
      if (box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height) continue;
      if (taken.some((other, k) => k !== index && overlap(box, other))) continue;
      taken.push(box);
      placed.push({ index, dx, dy, anchor });
      break;
    }
  }
  return placed;
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
