import { type Html, html } from './html.ts';

/** A cell: text, or markup. */
export type Cell = string | number | Html;

/** A table in a box of its own that scrolls sideways where the page is narrow; the first column names the row. */
export interface TableParts {
  caption: string;
  head: readonly string[];
  rows: readonly { cells: readonly Cell[]; ours?: boolean }[];
  /** Columns with words instead of numbers, beside the first. */
  words?: readonly number[];
}

export function table({ caption, head, rows, words = [] }: TableParts): Html {
  const kind = (k: number) => (k === 0 || words.includes(k) ? html`` : html` class="n"`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption><span>${caption}</span></caption>
<thead><tr>${head.map((name, k) => html`<th scope="col"${kind(k)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ cells, ours }) =>
      html`<tr${ours ? html` class="ours"` : undefined}>${cells.map((cell, k) =>
        k === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(k)}>${cell}</td>`,
      )}</tr>\n`,
  )}</tbody></table></div>\n`;
}
