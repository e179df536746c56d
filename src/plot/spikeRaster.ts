import { integerVector, optionsObject, positiveNumber, vector } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { colours, faint } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { axisX, axisY, line, rect, ruleY } from './library.ts';
import { numberText } from './numberText.ts';
import { namesInMargin } from './shorten.ts';
import { thin } from './thin.ts';

/** Options of `spikeRaster`. */
export interface SpikeRasterOptions extends ChartOptions {
  /** Names of the neurons. */
  names?: readonly string[];
  /** How many rows: the neurons that fire most. @default 40 */
  most?: number;
}

/** The most strokes a drawing has; above, spikes are joined into bins of time. */
const STROKES = 1500;
const ROW = 14;
const MARGIN = { right: 14, top: 10, bottom: 42 };
const WIDTH = 460;

/**
 * Who fires when: a row per neuron, the most active first, a stroke per spike; very many spikes become strokes of a bin's width, stronger where more fall into it.
 *
 * @param spikes times in ms within 0..duration and numbers of the neurons below `size`
 */
export function spikeRaster(
  spikes: { time: ArrayLike<number>; neuron: ArrayLike<number> },
  size: number,
  duration: number,
  options: SpikeRasterOptions = {},
): Chart {
  const {
    id = 'spikes',
    title = 'Who fires, and when',
    names,
    most = 40,
  } = optionsObject(options, 'spikeRaster', ['id', 'title', 'names', 'most']);
  const neuron = integerVector(spikes.neuron, 'spikes.neuron', 0, size - 1);
  const time = vector(spikes.time, 'spikes.time', neuron.length);
  positiveNumber(duration, 'duration');
  const counts = new Int32Array(size);
  for (const n of neuron) counts[n]++;
  const active = Array.from(counts.keys())
    .filter((n) => counts[n] > 0)
    .sort((a, b) => counts[b] - counts[a] || a - b);
  const rows = active.slice(0, most);
  const rowOf = new Map(rows.map((n, row) => [n, row]));
  const nameOf = (n: number) => names?.[n] ?? `neuron ${n}`;
  const times = rows.map((): number[] => []);
  for (const [s, n] of neuron.entries()) times[rowOf.get(n) ?? -1]?.push(time[s]);
  const drawn = times.reduce((a, each) => a + each.length, 0);
  const bins = drawn > STROKES ? Math.max(20, Math.floor(STROKES / rows.length)) : 0;
  const height = MARGIN.top + MARGIN.bottom + ROW * Math.max(rows.length, 1);
  const y = (row: number, share: number) => row + share;
  const labels = namesInMargin(rows.map(nameOf), FONT_SIZE - 2, 140);
  return draw({
    id,
    title,
    description:
      `${numberText(time.length)} spikes of ${active.length} of ${size} neurons in ${numberText(duration)} ms; ${size - active.length} are silent.` +
      (rows.length > 0
        ? ` Most active: ${rows
            .slice(0, 3)
            .map((n) => `${nameOf(n)} with ${counts[n]}`)
            .join(', ')}.`
        : '') +
      (active.length > rows.length ? ` The ${rows.length} most active are drawn.` : '') +
      (bins > 0 ? ` Spikes are joined into ${bins} bins of ${numberText(duration / bins)} ms.` : ''),
    columns: ['neuron', 'spikes', 'first spike (ms)', 'mean interval (ms)'],
    rows: rows.map((n, row) => {
      const train = times[row];
      const interval = train.length > 1 ? (train[train.length - 1] - train[0]) / (train.length - 1) : '';
      return [nameOf(n), counts[n], train[0], interval];
    }),
    plot: {
      width: WIDTH,
      height,
      marginLeft: labels.margin,
      marginRight: MARGIN.right,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
      x: { domain: [0, duration] },
      y: { domain: [Math.max(rows.length, 1), 0] },
      opacity: { type: 'identity' },
      marks: [
        ruleY(
          rows.map((_, row) => y(row, 0.5)),
          { stroke: faint },
        ),
        axisX({ ticks: 6, tickFormat: numberText, label: 'time (ms)', labelAnchor: 'center', labelArrow: 'none' }),
        axisY(
          thin(rows.length, 40).map((row) => y(row, 0.5)),
          {
            tickFormat: (v: number) => labels.names[Math.floor(v)],
            tickSize: 0,
            label: null,
            fontSize: FONT_SIZE - 2,
          },
        ),
        ...rows.map((n, row) => {
          const say = () => `${nameOf(n)}: ${counts[n]} spikes, the first at ${numberText(times[row][0])} ms`;
          if (bins > 0) return binned(times[row], row, duration, bins, nameOf(n));
          const pen = times[row].flatMap((t) => [
            { t, y: y(row, 0.12) },
            { t, y: y(row, 0.88) },
            { t: Number.NaN, y: 0 },
          ]);
          return line(pen, { x: 't', y: 'y', stroke: colours.red, strokeWidth: 1.5, title: say });
        }),
      ],
    },
  });
}

function binned(train: readonly number[], row: number, duration: number, bins: number, name: string) {
  const counts = new Int32Array(bins);
  for (const t of train) counts[Math.min(bins - 1, Math.floor((t / duration) * bins))]++;
  const largest = Math.max(...counts);
  const filled = Array.from(counts, (count, k) => ({ k, count })).filter(({ count }) => count > 0);
  // One rectangle per run of bins: the raster of a busy network is a few long runs.
  const runs: { from: number; to: number; count: number }[] = [];
  for (const { k, count } of filled) {
    const run = runs[runs.length - 1];
    if (run && run.to === k && run.count === count) run.to = k + 1;
    else runs.push({ from: k, to: k + 1, count });
  }
  return rect(runs, {
    x1: (r: { from: number }) => (r.from * duration) / bins,
    x2: (r: { to: number }) => (r.to * duration) / bins,
    y1: row + 0.12,
    y2: row + 0.88,
    fill: colours.red,
    fillOpacity: (r: { count: number }) => Math.round(100 * (0.35 + (0.65 * r.count) / largest)) / 100,
    title: (r: { from: number; count: number }) =>
      `${name}: ${r.count} spikes from ${numberText((r.from * duration) / bins)} ms on`,
  });
}
