import { optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { colours, faint } from './colours.ts';
import { type ChartOptions, draw } from './drawing.ts';
import { axisX, axisY, dot, line, rect } from './library.ts';
import { numberText } from './numberText.ts';

/** Options of `predictedAgainstObserved`. */
export interface PredictedAgainstObservedOptions extends ChartOptions {
  /** @default 'trips' */
  unit?: string;
  /** What a point is called. */
  names?: readonly string[];
  /** More points than this become counted squares. @default 600 */
  most?: number;
}

const SIZE = 400;
const BINS = 36;

/** Predictions against what was observed, on square-root axes (0 included): perfect ones lie on the line. Values must be >= 0. */
export function predictedAgainstObserved(
  observed: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: PredictedAgainstObservedOptions = {},
): Chart {
  const {
    id = 'predicted-observed',
    title = 'Predicted against observed',
    unit = 'trips',
    names,
    most = 600,
  } = optionsObject(options, 'predictedAgainstObserved', ['id', 'title', 'unit', 'names', 'most']);
  const n = observed.length;
  if (predicted.length !== n) throw new RangeError(`predicted: expected ${n} numbers, as observed, got ${predicted.length}`);
  const points = Array.from({ length: n }, (_, k) => ({ o: Math.max(observed[k], 0), p: Math.max(predicted[k], 0), k }));
  const largest = points.reduce((a, { o, p }) => Math.max(a, o, p), 0) || 1;
  const common = points.reduce((a, { o, p }) => a + Math.min(o, p), 0);
  const all = points.reduce((a, { o, p }) => a + o + p, 0);
  const squares = n > most ? counted(points, largest) : [];
  const full = squares.reduce((a, { count }) => Math.max(a, count), 0);
  const axis = { ticks: 5, tickFormat: numberText, labelArrow: 'none' as const };
  const say = (name: string, o: number, p: number) => `${name}observed ${numberText(o)}, predicted ${numberText(p)} ${unit}`;
  return draw({
    id,
    title,
    description:
      `${numberText(n)} predictions beside observations up to ${numberText(largest)} ${unit}; common part ${numberText(all > 0 ? (2 * common) / all : 0)} (1 is perfect).` +
      (squares.length > 0 ? ` Drawn as ${squares.length} squares, the stronger the more points.` : ''),
    columns: squares.length > 0 ? [`observed from`, `predicted from`, 'points'] : ['point', 'observed', 'predicted'],
    rows:
      squares.length > 0
        ? squares.map(({ o1, p1, count }) => [o1, p1, count])
        : points.map(({ o, p, k }) => [names?.[k] ?? k, o, p]),
    plot: {
      width: SIZE,
      height: SIZE,
      marginLeft: 58,
      marginRight: 18,
      marginTop: 24,
      marginBottom: 42,
      x: { type: 'sqrt', domain: [0, largest] },
      y: { type: 'sqrt', domain: [0, largest] },
      opacity: { type: 'identity' },
      marks: [
        line(
          [
            { o: 0, p: 0 },
            { o: largest, p: largest },
          ],
          { x: 'o', y: 'p', stroke: faint, strokeWidth: 1.5 },
        ),
        axisX({ ...axis, label: `observed ${unit}`, labelAnchor: 'center' }),
        axisY({ ...axis, label: `predicted ${unit}` }),
        ...(squares.length > 0
          ? [
              rect(squares, {
                x1: 'o1',
                x2: 'o2',
                y1: 'p1',
                y2: 'p2',
                fill: colours.green,
                fillOpacity: ({ count }: { count: number }) => Math.round(100 * (0.12 + 0.88 * Math.sqrt(count / full))) / 100,
                title: (s: Square) =>
                  `${s.count} points: observed ${numberText(s.o1)} to ${numberText(s.o2)}, predicted ${numberText(s.p1)} to ${numberText(s.p2)}`,
              }),
            ]
          : [
              dot(points, {
                x: 'o',
                y: 'p',
                r: 3,
                fill: colours.green,
                fillOpacity: 0.6,
                title: ({ o, p, k }: (typeof points)[number]) => say(names?.[k] ? `${names[k]}: ` : '', o, p),
              }),
            ]),
      ],
    },
  });
}

interface Square {
  o1: number;
  o2: number;
  p1: number;
  p2: number;
  count: number;
}

/** Squares of equal size on the drawing. */
function counted(points: readonly { o: number; p: number }[], largest: number): Square[] {
  const counts = new Int32Array(BINS * BINS);
  const bin = (v: number) => Math.min(BINS - 1, Math.floor(Math.sqrt(v / largest) * BINS));
  for (const { o, p } of points) counts[bin(o) * BINS + bin(p)]++;
  const edge = (k: number) => (k / BINS) * (k / BINS) * largest;
  return Array.from(counts, (count, k) => {
    const [i, j] = [Math.floor(k / BINS), k % BINS];
    return { o1: edge(i), o2: edge(i + 1), p1: edge(j), p2: edge(j + 1), count };
  }).filter(({ count }) => count > 0);
}
