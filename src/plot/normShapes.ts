import { optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { colours, faint } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { line, link, text } from './library.ts';
import { numberText } from './numberText.ts';

const CELL = 140;
const POINTS = 24;

/**
 * The shapes |a|^p + |b|^p = 1 side by side: spikes on the axes where p < 1, a diamond at 1, a circle at 2, nearly a square above.
 *
 * @param powers each > 0, at most 12 of them
 */
export function normShapes(powers: readonly number[] = [0.3, 0.5, 1, 1.5, 2, 6], options: ChartOptions = {}): Chart {
  const { id = 'norm-shapes', title = 'The smaller p, the sharper the spikes' } = optionsObject(options, 'normShapes', [
    'id',
    'title',
  ]);
  if (powers.length === 0 || powers.length > 12) throw new RangeError(`powers: expected 1 to 12 of them, got ${powers.length}`);
  for (const [k, p] of powers.entries())
    if (!(p > 0 && p < Infinity)) throw new RangeError(`powers[${k}] is ${p}: expected a finite number > 0`);
  const across = Math.min(3, powers.length);
  const down = Math.ceil(powers.length / across);
  const shapes = powers.map((p, k) => {
    const [x, y] = [1.5 + 3 * (k % across), -1.4 - 3.2 * Math.floor(k / across)];
    return { p, x, y, outline: outline(p).map(([a, b]) => ({ x: x + a, y: y + b })) };
  });
  return draw({
    id,
    title,
    description:
      `Shapes of |a|^p + |b|^p = 1 for p = ${powers.map(numberText).join(', ')}. Below p = 1 the shape has spikes on the axes, where one of the two is zero; at p = 1 it ` +
      'is a diamond, the smallest p for which the problem is convex; at p = 2 a circle without any tip.',
    columns: ['p', 'a', 'b'],
    rows: powers.flatMap((p) => outline(p).map(([a, b]) => [p, a, b])),
    plot: {
      width: across * CELL,
      height: Math.round(down * CELL * (3.2 / 3)),
      margin: 0,
      x: { domain: [0, 3 * across], axis: null },
      y: { domain: [-3.2 * down, 0], axis: null },
      marks: [
        link(
          shapes.flatMap(({ x, y }) => [
            [x - 1.3, y, x + 1.3, y],
            [x, y - 1.3, x, y + 1.3],
          ]),
          { x1: '0', y1: '1', x2: '2', y2: '3', stroke: faint },
        ),
        ...shapes.map(({ p, outline }) =>
          line(outline, {
            x: 'x',
            y: 'y',
            stroke: p < 1 ? colours.purple : p === 1 ? colours.red : colours.blue,
            fill: p < 1 ? colours.purple : p === 1 ? colours.red : colours.blue,
            fillOpacity: 0.14,
            strokeWidth: 2,
            title: () =>
              `p = ${numberText(p)}: ${p < 1 ? 'spikes, not convex' : p === 1 ? 'the diamond of L1' : p === 2 ? 'the circle of L2' : 'convex, no tips'}`,
          }),
        ),
        text(shapes, {
          x: 'x',
          y: (s: { y: number }) => s.y - 1.55,
          text: (s: { p: number }) => `p = ${numberText(s.p)}`,
          fontSize: FONT_SIZE,
          fontWeight: 600,
        }),
      ],
    },
  });
}

/** The whole shape, anticlockwise and closed, denser where it bends. */
function outline(p: number): [number, number][] {
  const quarter = Array.from({ length: POINTS + 1 }, (_, k): [number, number] => {
    if (k === 0) return [1, 0];
    if (k === POINTS) return [0, 1];
    const angle = (k / POINTS) * (Math.PI / 2);
    return [Math.cos(angle) ** (2 / p), Math.sin(angle) ** (2 / p)];
  });
  const half = [
    ...quarter,
    ...quarter
      .slice(0, -1)
      .reverse()
      .map(([a, b]): [number, number] => [-a, b]),
  ];
  return [
    ...half,
    ...half
      .slice(0, -1)
      .reverse()
      .map(([a, b]): [number, number] => [a, -b]),
  ];
}
