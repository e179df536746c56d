import { optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { colours, faint } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { axisX, axisY, dot, line, ruleX, ruleY, text } from './library.ts';
import { numberText } from './numberText.ts';

/** Options of `l1Ball`. */
export interface L1BallOptions extends ChartOptions {
  /** How often the diamond is drawn while it grows. @default 3 */
  steps?: number;
}

const SIZE = 400;

/**
 * The diamond |a| + |b| = c growing from the origin until it touches the solutions of p a + q b = r: at a tip where |p| and |q| differ, so
 * that one of the two is 0, and along a whole edge where they are alike. The smallest c is |r| / max(|p|, |q|).
 *
 * @param line the coefficients p and q, not both 0
 * @param value r, not 0
 * @example l1Ball([10, 1], 5) // touches 10a + b = 5 at (0.5, 0)
 */
export function l1Ball(coefficients: readonly [number, number], value: number, options: L1BallOptions = {}): Chart {
  const [p, q] = coefficients;
  const strongest = Math.max(Math.abs(p), Math.abs(q));
  if (!(strongest > 0 && Number.isFinite(strongest)))
    throw new RangeError(`coefficients: expected two finite numbers, not both 0, got ${p}, ${q}`);
  if (!(Number.isFinite(value) && value !== 0))
    throw new RangeError(`value: expected a finite number other than 0, got ${value}`);
  const { steps = 3 } = optionsObject(options, 'l1Ball', ['id', 'title', 'steps']);
  const c = Math.abs(value) / strongest;
  const onEdge = Math.abs(p) === Math.abs(q);
  const tips = [
    ...(Math.abs(p) === strongest ? [{ a: value / p, b: 0 }] : []),
    ...(Math.abs(q) === strongest ? [{ a: 0, b: value / q }] : []),
  ];
  const equation = `${term(p, 'a')}${q === 0 ? '' : p === 0 ? term(q, 'b') : `${q < 0 ? ' − ' : ' + '}${term(Math.abs(q), 'b')}`} = ${numberText(value)}`;
  const {
    id = onEdge ? 'l1-edge' : 'l1-tip',
    title = onEdge ? `An edge of the diamond lies on ${equation}` : `The diamond touches ${equation}`,
  } = options;
  const reach = 1.45 * c;
  // Both ends of the line, cut by the square that is shown.
  const ends = [
    ...(q !== 0 ? [-reach, reach].map((a) => ({ a, b: (value - p * a) / q })) : []),
    ...(p !== 0 ? [-reach, reach].map((b) => ({ a: (value - q * b) / p, b })) : []),
  ].filter(({ a, b }) => Math.abs(a) <= reach * (1 + 1e-9) && Math.abs(b) <= reach * (1 + 1e-9));
  const solutions = [ends[0], ends.reduce((far, end) => (distance(end, ends[0]) > distance(far, ends[0]) ? end : far))];
  const radii = Array.from({ length: steps }, (_, k) => (c * (k + 1)) / steps);
  const place = tips.map(({ a, b }) => `(${numberText(a)}, ${numberText(b)})`);
  const found = onEdge
    ? `touches it along the whole edge from ${place[0]} to ${place[1]}, so the solution of smallest L1 norm is not unique and most of them are not sparse`
    : `touches it at the tip ${place[0]}, so the solution of smallest L1 norm is sparse: one of the two is zero`;
  return draw({
    id,
    title,
    description: `The diamond |a| + |b| = c grows in ${steps} steps to c = ${numberText(c)}, where it meets the line ${equation}. It ${found}.`,
    columns: ['shape', 'a', 'b'],
    rows: [
      ...solutions.map(({ a, b }) => [`line ${equation}`, a, b]),
      ...radii.flatMap((r) => diamond(r).map(({ a, b }) => [`|a| + |b| = ${numberText(r)}`, a, b])),
      ...tips.map(({ a, b }) => ['touch', a, b]),
    ],
    legend: [
      { label: equation, kind: 'line', colour: colours.blue },
      { label: '|a| + |b| = c', kind: 'line', colour: colours.red },
      { label: 'where they touch', kind: 'dot', colour: colours.red },
    ],
    plot: {
      width: SIZE,
      height: SIZE - 34,
      marginLeft: 54,
      marginRight: 46,
      marginTop: 24,
      marginBottom: 42,
      x: { domain: [-reach, reach] },
      y: { domain: [-reach, reach] },
      marks: [
        ruleX([0], { stroke: faint }),
        ruleY([0], { stroke: faint }),
        axisX({ ticks: 5, tickFormat: numberText, label: 'a', labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, tickFormat: numberText, label: 'b', labelArrow: 'none' }),
        ...radii.map((r, k) =>
          line(diamond(r), {
            x: 'a',
            y: 'b',
            stroke: colours.red,
            strokeWidth: k === steps - 1 ? 2.5 : 1.5,
            strokeDasharray: k === steps - 1 ? 'none' : '4 3',
            ...(k === steps - 1 ? { fill: colours.red, fillOpacity: 0.1 } : {}),
            title: () => `|a| + |b| = ${numberText(r)}`,
          }),
        ),
        line(solutions, { x: 'a', y: 'b', stroke: colours.blue, strokeWidth: 2.5, title: () => equation }),
        ...(onEdge ? [line(tips, { x: 'a', y: 'b', stroke: colours.red, strokeWidth: 6, strokeOpacity: 0.5 })] : []),
        dot(tips, {
          x: 'a',
          y: 'b',
          r: 6,
          fill: colours.red,
          title: (t: Point) => `touch at (${numberText(t.a)}, ${numberText(t.b)})`,
        }),
        text(tips, {
          x: 'a',
          y: 'b',
          dx: 10,
          dy: -12,
          textAnchor: 'start',
          fontSize: FONT_SIZE,
          fontWeight: 600,
          text: (t: Point) => `(${numberText(t.a)}, ${numberText(t.b)})`,
        }),
      ],
    },
  });
}

interface Point {
  a: number;
  b: number;
}

function diamond(c: number): Point[] {
  return [
    { a: c, b: 0 },
    { a: 0, b: c },
    { a: -c, b: 0 },
    { a: 0, b: -c },
    { a: c, b: 0 },
  ];
}

function distance(s: Point, t: Point): number {
  return Math.abs(s.a - t.a) + Math.abs(s.b - t.b);
}

function term(factor: number, name: string): string {
  if (factor === 0) return '';
  return `${factor === 1 ? '' : factor === -1 ? '−' : numberText(factor)}${name}`;
}
