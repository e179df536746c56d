import { optionsObject } from '../core/checks.ts';
import type { Chart } from './chart.ts';
import { type Colour, colours } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE, WIDTH } from './drawing.ts';
import { axisX, axisY, dot, gridX, link, ruleX } from './library.ts';
import { numberText } from './numberText.ts';
import { namesInMargin } from './shorten.ts';

/** A number and how far it may be off. */
export interface Interval {
  name: string;
  value: number;
  lower: number;
  upper: number;
  /** Drawn in the colour of emphasis. */
  marked?: boolean;
  /** What to say beside it. */
  note?: string;
}

/** Options of `intervals`. */
export interface IntervalsOptions extends ChartOptions {
  /** What the values are. @default 'value' */
  unit?: string;
  /** What the bars are: a note of the description. @default '90 % intervals' */
  bars?: string;
  /** A vertical line, e.g. 0. */
  reference?: number;
  /** @default 'green' */
  colour?: Colour;
  /** Colour of what is not marked. @default as `colour` */
  others?: Colour;
}

/** Numbers with intervals, one row each, in the order given. */
export function intervals(items: readonly Interval[], options: IntervalsOptions = {}): Chart {
  const {
    id = 'intervals',
    title = 'Values and intervals',
    unit = 'value',
    bars = '90 % intervals',
    reference,
    colour = 'green',
  } = optionsObject(options, 'intervals', ['id', 'title', 'unit', 'bars', 'reference', 'colour', 'others']);
  const { others = colour } = options;
  const rows = items.map((item, row) => ({ ...item, row }));
  const bounds = rows.flatMap(({ value, lower, upper }) => [value, lower, upper]).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...bounds), Math.max(...bounds, 0)];
  const pad = 0.03 * (high - low || 1);
  const range = (item: Interval) =>
    Number.isFinite(item.lower) && Number.isFinite(item.upper) ? `, ${numberText(item.lower)} to ${numberText(item.upper)}` : '';
  const say = (item: Interval) => `${item.name}: ${numberText(item.value)}${range(item)}${item.note ? ` (${item.note})` : ''}`;
  const labels = namesInMargin(
    rows.map(({ name }) => name),
    FONT_SIZE - 2,
    190,
  );
  return draw({
    id,
    title,
    description: `${rows.length} rows, ${unit}, with ${bars}. ${rows.slice(0, 3).map(say).join('; ')}.`,
    columns: ['name', unit, 'lower', 'upper', 'note'],
    rows: rows.map(({ name, value, lower, upper, note = '' }) => [name, value, lower, upper, note]),
    plot: {
      width: WIDTH,
      height: 24 * rows.length + 46,
      marginLeft: labels.margin,
      marginRight: 18,
      marginTop: 4,
      marginBottom: 42,
      x: { domain: [low < 0 ? low - pad : 0, high + pad] },
      y: { domain: [rows.length - 0.5, -0.5] },
      marks: [
        gridX({ ticks: 5 }),
        ...(reference === undefined ? [] : [ruleX([reference], { stroke: 'currentColor', strokeDasharray: '3 3' })]),
        axisX({ ticks: 5, tickFormat: numberText, label: unit, labelAnchor: 'center', labelArrow: 'none' }),
        axisY(
          rows.map(({ row }) => row),
          { tickFormat: (row: number) => labels.names[row], tickSize: 0, label: null, fontSize: FONT_SIZE - 2 },
        ),
        ...[true, false].flatMap((marked) => {
          const group = rows.filter((item) => (item.marked ?? true) === marked && Number.isFinite(item.value));
          const stroke = colours[marked ? colour : others];
          return [
            link(
              group.filter((item) => range(item) !== ''),
              { x1: 'lower', x2: 'upper', y1: 'row', y2: 'row', stroke, strokeWidth: 2 },
            ),
            dot(group, { x: 'value', y: 'row', r: marked ? 5 : 4, fill: stroke, title: say }),
          ];
        }),
      ],
    },
  });
}
