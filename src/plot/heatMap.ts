import { optionsObject } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { Chart } from './chart.ts';
import { type Colour, colours, faint } from './colours.ts';
import { type ChartOptions, draw, FONT_SIZE } from './drawing.ts';
import { axisY, rect, text } from './library.ts';
import { numberText } from './numberText.ts';
import { shorten } from './shorten.ts';

/** Options of `heatMap`. */
export interface HeatMapOptions extends ChartOptions {
  rowNames?: readonly string[];
  columnNames?: readonly string[];
  /** What a row and a column is. @default ['origin', 'destination'] */
  axes?: readonly [string, string];
  /** What a cell is. @default 'trips' */
  unit?: string;
  /** @default 'blue' */
  colour?: Colour;
  /** The value with the full colour. @default the largest one */
  largest?: number;
  /** Larger matrices are drawn in blocks, half as many a side. @default 64 */
  most?: number;
}

const SIZE = 420;
const MARGIN = { left: 92, right: 34, top: 86, bottom: 10 };

/**
 * A matrix as coloured cells, the stronger the larger, on a square-root scale. Of a sparse matrix only the stored cells are known: the others stay empty.
 * Matrices with more than `most` rows or columns are drawn in blocks that show the mean of what is known in them.
 */
export function heatMap(matrix: CsrMatrix | DenseMatrix, options: HeatMapOptions = {}): Chart {
  const {
    id = 'heat-map',
    title = 'The matrix',
    rowNames,
    columnNames,
    axes = ['origin', 'destination'],
    unit = 'trips',
  } = optionsObject(options, 'heatMap', ['id', 'title', 'rowNames', 'columnNames', 'axes', 'unit', 'colour', 'largest', 'most']);
  const { colour = 'blue', most = 64 } = options;
  const { rows, cols } = matrix;
  const [down, across] = [rows, cols].map((n) => (n <= most ? n : Math.max(1, most >> 1)));
  const sum = new Float64Array(down * across);
  const count = new Int32Array(down * across);
  let known = 0;
  eachCell(matrix, (i, j, value) => {
    const block = Math.floor((i * down) / rows) * across + Math.floor((j * across) / cols);
    sum[block] += value;
    count[block]++;
    known++;
  });
  const blocks = Array.from(sum, (total, k) => ({
    i: Math.floor(k / across),
    j: k % across,
    value: total / count[k],
    count: count[k],
  })).filter((b) => b.count > 0);
  const largest = options.largest ?? blocks.reduce((a, { value }) => Math.max(a, value), 0);
  const top = blocks.reduce((a, b) => (b.value > a.value ? b : a), { i: 0, j: 0, value: 0, count: 0 });
  const nameOf = (names: readonly string[] | undefined, k: number, n: number, of: number) => {
    const [first, last] = [Math.ceil((k * of) / n), Math.ceil(((k + 1) * of) / n) - 1];
    const name = (at: number) => names?.[at] ?? String(at);
    return first === last ? name(first) : `${name(first)} … ${name(last)}`;
  };
  const rowName = (i: number) => nameOf(rowNames, i, down, rows);
  const columnName = (j: number) => nameOf(columnNames, j, across, cols);
  const inBlocks = rows > down || cols > across;
  const share = rows * cols > 0 ? known / (rows * cols) : 0;
  const ticks = (n: number) => Array.from({ length: Math.ceil(n / Math.ceil(n / 20)) }, (_, k) => k * Math.ceil(n / 20) + 0.5);
  const label = (name: (k: number) => string) => (k: number) => shorten(name(k - 0.5).replace(/ … .*/, ' …'), 11);
  return draw({
    id,
    title,
    description:
      `A matrix of ${rows} rows (${axes[0]}) and ${cols} columns (${axes[1]}) with ${numberText(known)} cells that hold a value (${numberText(100 * share)} %)` +
      (inBlocks ? `, drawn in ${down} x ${across} blocks that show the mean of their known cells` : '') +
      (blocks.length > 0
        ? `. The largest is ${numberText(top.value)} ${unit}, from ${rowName(top.i)} to ${columnName(top.j)}. Empty cells are unknown.`
        : '.'),
    columns: [axes[0], axes[1], unit, ...(inBlocks ? ['known cells'] : [])],
    rows: blocks.map((b) => [rowName(b.i), columnName(b.j), b.value, ...(inBlocks ? [b.count] : [])]),
    legend: [0.05, 0.4, 1].map((strength) => ({
      label:
        strength < 0.1
          ? '0'
          : strength === 1
            ? `${numberText(largest)} ${unit}`
            : numberText(largest * ((strength - 0.04) / 0.96) ** 2),
      kind: 'square',
      colour: colours[colour],
      opacity: strength,
    })),
    plot: {
      width: SIZE,
      height: Math.round(MARGIN.top + MARGIN.bottom + ((SIZE - MARGIN.left - MARGIN.right) * down) / Math.max(across, 1)),
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
      x: { domain: [0, across], axis: null },
      y: { domain: [down, 0] },
      marks: [
        rect([0], { x1: 0, x2: across, y1: 0, y2: down, stroke: faint, fill: 'none' }),
        text(ticks(across), {
          x: (v: number) => v,
          frameAnchor: 'top',
          dx: 2,
          dy: -8,
          rotate: -50,
          textAnchor: 'start',
          text: label(columnName),
          fontSize: FONT_SIZE - 3,
        }),
        axisY(ticks(down), { tickFormat: label(rowName), tickSize: 3, label: null, fontSize: FONT_SIZE - 3 }),
        rect(blocks, {
          x1: 'j',
          x2: (b: { j: number }) => b.j + 1,
          y1: 'i',
          y2: (b: { i: number }) => b.i + 1,
          inset: across > 40 ? 0.2 : 0.4,
          fill: colours[colour],
          fillOpacity: (b: { value: number }) =>
            Math.round(100 * (0.04 + 0.96 * Math.sqrt(largest > 0 ? Math.min(Math.max(b.value, 0) / largest, 1) : 0))) / 100,
          title: (b: (typeof blocks)[number]) => `${rowName(b.i)} → ${columnName(b.j)}: ${numberText(b.value)} ${unit}`,
        }),
      ],
      opacity: { type: 'identity' },
    },
  });
}

function eachCell(matrix: CsrMatrix | DenseMatrix, see: (i: number, j: number, value: number) => void): void {
  if (matrix instanceof CsrMatrix) {
    const { indptr, indices, data } = matrix;
    for (let i = 0; i < matrix.rows; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) see(i, indices[e], data[e]);
  } else {
    const { rows, cols, data, order } = matrix;
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) see(i, j, data[order === 'row' ? i * cols + j : j * rows + i]);
  }
}
