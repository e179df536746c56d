import { Compressed } from '../core/compressed.ts';
import { type CsrMatrix, csrFromTrusted } from '../core/csrMatrix.ts';

/** Grows a sparse matrix of counts row by row; entries for one place are summed. */
export class RowBuilder {
  rows = 0;
  #indices = new Int32Array(1024);
  #values = new Float64Array(1024);
  #starts = new Int32Array(1024);
  #count = 0;
  #rowStart = 0;
  /** Where the last entry of each column is: in this row, if not before its start. */
  #last = new Int32Array(1024).fill(-1);

  /** Adds to the entry of the row that is being written. */
  add(column: number, value: number): void {
    if (column >= this.#last.length) this.#widen(column);
    const at = this.#last[column];
    if (at >= this.#rowStart) {
      this.#values[at] += value;
      return;
    }
    const p = this.#count;
    if (p === this.#indices.length) this.#lengthen();
    this.#last[column] = p;
    this.#indices[p] = column;
    this.#values[p] = value;
    this.#count = p + 1;
  }

  endRow(): void {
    this.rows++;
    if (this.rows === this.#starts.length) this.#starts = grown(this.#starts, new Int32Array(2 * this.rows));
    this.#starts[this.rows] = this.#rowStart = this.#count;
  }

  /** The number of rows that each of the columns appears in. */
  frequencies(columns: number): Int32Array {
    const out = new Int32Array(columns);
    for (let p = 0; p < this.#count; p++) out[this.#indices[p]]++;
    return out;
  }

  /** The sum of each of the columns. */
  totals(columns: number): Float64Array {
    const out = new Float64Array(columns);
    for (let p = 0; p < this.#count; p++) out[this.#indices[p]] += this.#values[p];
    return out;
  }

  /**
   * The matrix, once: what was added to column j is in column `target[j]`, or left out where that is -1. Sums that came to 0 are left out, too.
   * @param target no target: every column is its own
   */
  finish(columns: number, target?: Int32Array): CsrMatrix {
    const indices = this.#indices;
    const values = this.#values;
    const starts = this.#starts;
    const count = new Float64Array(columns);
    let end = 0;
    for (let i = 0, p = 0; i < this.rows; i++) {
      const start = end;
      for (; p < starts[i + 1]; p++) {
        const column = target === undefined ? indices[p] : target[indices[p]];
        if (column < 0 || values[p] === 0) continue;
        count[column] = values[p];
        indices[end++] = column;
      }
      starts[i] = start;
      sortRange(indices, start, end);
      for (let q = start; q < end; q++) values[q] = count[indices[q]];
    }
    starts[this.rows] = end;
    return csrFromTrusted(
      new Compressed(this.rows, columns, starts.slice(0, this.rows + 1), indices.slice(0, end), values.slice(0, end)),
    );
  }

  #lengthen(): void {
    const size = 2 * this.#count;
    this.#indices = grown(this.#indices, new Int32Array(size));
    this.#values = grown(this.#values, new Float64Array(size));
  }

  #widen(column: number): void {
    this.#last = grown(this.#last, new Int32Array(2 * column).fill(-1));
  }
}

function grown<T extends Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** Rows up to this length are sorted by insertion. */
const SHORT = 16;

function sortRange(items: Int32Array, start: number, end: number): void {
  if (end - start > SHORT) {
    items.subarray(start, end).sort();
    return;
  }
  for (let i = start + 1; i < end; i++) {
    const item = items[i];
    let k = i;
    for (; k > start && items[k - 1] > item; k--) items[k] = items[k - 1];
    items[k] = item;
  }
}
