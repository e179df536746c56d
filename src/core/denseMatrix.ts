import { allocateFloats } from './allocateFloats.ts';
import { integerIn, isNumberArray, oneOf, refuse, refuseEntry, vector } from './checks.ts';

/**
 * A dense matrix: one flat typed array, stored row by row or column by column.
 *
 * Entry (i, j) is `data[i * rowStride + j * columnStride]`. The array is used as it is, not copied, and its values are not
 * looked at: functions that need finite numbers check for them.
 *
 * @example Two rows, three columns.
 * ```ts
 * import { DenseMatrix } from 'spinifex';
 * const X = new DenseMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3);
 * X.get(1, 0); // 4
 * X.matvec([1, 0, 1]); // Float64Array [4, 10]
 * ```
 */
export class DenseMatrix {
  readonly data: Float64Array | Float32Array;
  readonly rows: number;
  readonly cols: number;
  readonly order: 'row' | 'column';

  /**
   * @param data `rows * cols` values
   * @param rows at least 1
   * @param cols at least 1
   * @param order `'row'`: row after row; `'column'`: column after column
   * @default order 'row'
   * @throws TypeError for other kinds of arrays, RangeError for a wrong length or an empty matrix
   */
  constructor(data: Float64Array | Float32Array, rows: number, cols: number, order: 'row' | 'column' = 'row') {
    if (!(data instanceof Float64Array || data instanceof Float32Array)) {
      refuse(data, 'data', 'a Float64Array or a Float32Array', false);
    }
    atLeastOne(rows, 'row');
    atLeastOne(cols, 'column');
    this.rows = integerIn(rows, 'rows', 1);
    this.cols = integerIn(cols, 'cols', 1);
    this.order = oneOf(order, 'order', ['row', 'column']);
    if (data.length !== rows * cols) {
      throw new RangeError(`data: expected rows * cols = ${rows * cols} numbers, got ${data.length}`);
    }
    this.data = data;
  }

  /**
   * A row-major matrix of 64-bit numbers from an array of rows, copied. NaN and infinities are numbers, too.
   * @param title the name that error messages use
   * @throws TypeError for anything but rows of numbers, RangeError for ragged or empty rows
   */
  static from(rows: readonly ArrayLike<number>[], title = 'X'): DenseMatrix {
    if (!Array.isArray(rows)) refuse(rows, title, 'an array of rows', false);
    atLeastOne(rows.length, 'row', title);
    if (!isNumberArray(rows[0])) refuse(rows[0], `${title}[0]`, 'a row of numbers', false);
    const cols = rows[0].length;
    atLeastOne(cols, 'column', title);
    const data = allocateFloats(rows.length * cols, `a ${rows.length} x ${cols} matrix`);
    for (let i = 0, k = 0; i < rows.length; i++) {
      const row = rows[i];
      if (!isNumberArray(row)) refuse(row, `${title}[${i}]`, 'a row of numbers', false);
      if (row.length !== cols) {
        throw new RangeError(`${title}[${i}]: expected ${cols} numbers, as in row 0, got ${row.length}`);
      }
      for (let j = 0; j < cols; j++) {
        if (typeof row[j] !== 'number') refuseEntry(row[j], `${title}[${i}][${j}]`, 'a number');
        data[k++] = row[j];
      }
    }
    return new DenseMatrix(data, rows.length, cols);
  }

  /** Distance in `data` from an entry to the one below it. */
  get rowStride(): number {
    return this.order === 'row' ? this.cols : 1;
  }

  /** Distance in `data` from an entry to the one right of it. */
  get columnStride(): number {
    return this.order === 'row' ? 1 : this.rows;
  }

  /** The entry in row `i` and column `j`, both counted from 0. */
  get(i: number, j: number): number {
    integerIn(i, 'i', 0, this.rows - 1);
    integerIn(j, 'j', 0, this.cols - 1);
    return this.data[i * this.rowStride + j * this.columnStride];
  }

  /** X x for `cols` numbers x: `rows` numbers, each summed in 64 bits over ascending columns. */
  matvec(x: ArrayLike<number>): Float64Array {
    return product(this, this.rows, this.rowStride, this.columnStride, vector(x, 'x', this.cols));
  }

  /** X'y for `rows` numbers y: `cols` numbers, each summed in 64 bits over ascending rows. */
  rmatvec(y: ArrayLike<number>): Float64Array {
    return product(this, this.cols, this.columnStride, this.rowStride, vector(y, 'y', this.rows));
  }

  /** The same entries as an array of rows, copied. */
  toRows(): number[][] {
    const { data, rowStride, columnStride } = this;
    return Array.from({ length: this.rows }, (_, i) =>
      Array.from({ length: this.cols }, (_, j) => data[i * rowStride + j * columnStride]),
    );
  }
}

function atLeastOne(count: number, what: 'row' | 'column', title = 'X'): void {
  if (count === 0) throw new RangeError(`${title}: expected at least one ${what}`);
}

/** out_k = sum_l data[k outStride + l inStride] x_l; memory is read in storage order, sums run over ascending l. */
function product(X: DenseMatrix, count: number, outStride: number, inStride: number, x: Float64Array): Float64Array {
  const { data } = X;
  const out = new Float64Array(count);
  if (inStride === 1) {
    for (let k = 0; k < count; k++) {
      const start = k * outStride;
      let sum = 0;
      for (let l = 0; l < x.length; l++) sum += data[start + l] * x[l];
      out[k] = sum;
    }
  } else {
    for (let l = 0; l < x.length; l++) {
      const start = l * inStride;
      const factor = x[l];
      for (let k = 0; k < count; k++) out[k] += data[start + k * outStride] * factor;
    }
  }
  return out;
}
