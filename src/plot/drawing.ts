import type { Chart } from './chart.ts';
import { drawingDocument } from './document.ts';
import { type LegendItem, legendText } from './legend.ts';
import { dot, type PlotOptions, plot } from './library.ts';
import { escapeText, svgText } from './svgText.ts';

/** Width of most charts: readable when shrunk to a phone and not too large on a desk. */
export const WIDTH = 420;
export const FONT_SIZE = 14;

/** What every chart function may be told. */
export interface ChartOptions {
  /** Anchor and file name, and the root of the ids inside: letters, digits, `-`. */
  id?: string;
  title?: string;
}

/** A chart before it is drawn. */
export interface Drawing {
  id: string;
  title: string;
  description: string;
  columns: readonly string[];
  rows: readonly (readonly (number | string)[])[];
  legend?: readonly LegendItem[];
  plot: PlotOptions;
}

/** The drawing as a complete, self-contained `<svg>`: no style sheet, no script, no id that another chart could have. */
export function draw({ id, title, description, columns, rows, legend = [], plot: options }: Drawing): Chart {
  if (!/^[a-z][\w-]*$/i.test(id))
    throw new RangeError(`id: expected a letter, then letters, digits, "-" or "_", got ${JSON.stringify(id)}`);
  const { width = WIDTH, height = 300 } = options;
  const inner = plot({ ...options, width, height, document: drawingDocument } as PlotOptions);
  const offset = screenOffset();
  const content = Array.from(inner.childNodes, (child) => svgText(child, offset)).join('');
  const head = legendText(legend, width - 8, FONT_SIZE - 1);
  const attributes = [
    'xmlns="http://www.w3.org/2000/svg"',
    `viewBox="0 0 ${width} ${height + head.height}"`,
    `width="${width}" height="${height + head.height}"`,
    `role="img" aria-labelledby="${id}-title ${id}-desc"`,
    `fill="currentColor" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}" text-anchor="middle"`,
  ];
  const svg =
    `<svg ${attributes.join(' ')}><title id="${id}-title">${escapeText(title)}</title>` +
    `<desc id="${id}-desc">${escapeText(description)}</desc>` +
    (head.svg ? `<g transform="translate(4,4)">${head.svg}</g>` : '') +
    `<g${head.height ? ` transform="translate(0,${head.height})"` : ''}>${content}</g></svg>`;
  return { id, title, svg, description, data: { columns, rows } };
}

let known: number | undefined;

/** Plot moves its marks by half a pixel where screens are coarse; a drawing that is text must not depend on the screen that saw it made. */
function screenOffset(): number {
  if (known === undefined) {
    const probe = plot({ document: drawingDocument, axis: null, margin: 0, marks: [dot([[0, 0]])] } as PlotOptions);
    known = Number(/^translate\((.+),/.exec(probe.querySelector('g')?.getAttribute('transform') ?? '')?.[1] ?? 0);
  }
  return known;
}
