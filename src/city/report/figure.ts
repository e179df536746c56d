import type { Chart } from '../../plot/index.ts';
import { Html, html } from './html.ts';
import { table } from './table.ts';

/** Tables up to this many rows are in the page as such; longer ones are made by the script when they are asked for. */
const SMALL = 30;

/** The most rows of data that the page carries for one chart. */
const MOST = 5000;

/** A chart with its caption, its text alternative, its data to read and to download. */
export function figure(chart: Chart | undefined, { wide = false } = {}): Html | undefined {
  if (chart === undefined) return undefined;
  const { id, title, svg, description, data } = chart;
  const cells = (row: readonly (number | string)[]) => row.map((value) => (typeof value === 'number' ? short(value) : value));
  const width = Number(/ width="(\d+)"/.exec(svg)?.[1]);
  const kept = Math.min(data.rows.length, MOST);
  const small = data.rows.length <= SMALL;
  return html`<figure id="chart-${id}" data-chart="${id}"${wide ? html` class="wide"` : undefined}>
<figcaption>${title}</figcaption>
<div class="plot" style="--w:${width}px" tabindex="0" role="group" aria-label="${title}: chart. Arrow keys go from value to value.">${new Html(svg)}</div>
<details><summary>In words and numbers</summary><p>${description}</p>
<p><a class="download" href="#chart-${id}" download="${id}.csv">Download the data (CSV, ${kept < data.rows.length ? `the first ${kept} of ` : ''}${data.rows.length} rows)</a></p>
<div class="data">${
    small
      ? table({
          caption: `${title}: data`,
          head: data.columns,
          rows: data.rows.map((row) => ({ cells: cells(row) })),
          words: wordColumns(chart),
        })
      : undefined
  }</div></details>
<script type="application/json">${new Html(scriptSafe({ columns: data.columns, rows: data.rows.slice(0, kept).map((row) => cells(row)) }))}</script>
</figure>\n`;
}

/** JSON that cannot end the element it stands in. */
export function scriptSafe(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

/** Six digits are more than a chart shows and less than a double takes. */
function short(value: number): number | string {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value);
}

function wordColumns({ data }: Chart): number[] {
  return data.columns.map((_, k) => k).filter((k) => data.rows.some((row) => typeof row[k] === 'string' && row[k] !== ''));
}
