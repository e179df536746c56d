import { integerIn, vector } from './checks.ts';
import type { CompressedParts, Slices, Triplets } from './compressed.ts';
import {
  Compressed,
  checkCompressed,
  compressDense,
  compressTriplets,
  dotSlices,
  entryOf,
  expandSlices,
  multiplySlices,
  scatterSlices,
  transposeSlices,
} from './compressed.ts';
import { type CscMatrix, cscFromTrusted } from './cscMatrix.ts';
import { DenseMatrix } from './denseMatrix.ts';

/**
 * A sparse matrix in compressed sparse row form: row after row, only the stored entries.
 *
 * The entries of row k are `data[p]` in column `indices[p]`, for p from `indptr[k]` to `indptr[k + 1] - 1`; the column
 * indices of a row are strictly increasing. Explicit zeros are allowed and kept. Values are not looked at: functions that
 * need finite numbers check for them.
 *
 * @example A 2 x 3 matrix from a list of entries.
 * ```ts
 * import { CsrMatrix } from 'spinifex';
 * const X = CsrMatrix.fromCoo(2, 3, { row: [0, 1, 0], col: [1, 2, 1], value: [2, 5, 1] });
 * X.nnz; // 2: the two entries in row 0, column 1 are summed
 * X.matvec([1, 1, 1]); // Float64Array [3, 5]
 * ```
 */
export class CsrMatrix implements Slices {
  readonly rows: number;
  readonly cols: number;
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly data: Float64Array | Float32Array;

  /**
   * Checks the structure once and keeps the arrays as they are: `Int32Array` for `indptr` (`rows + 1` offsets) and
   * `indices` (columns), `Float64Array` or `Float32Array` for `data`. Other arrays are converted.
   * @throws TypeError for other kinds, RangeError for an empty matrix, wrong lengths, offsets that decrease, and indices that
   * are out of range, unsorted or duplicate
   */
  constructor(parts: CompressedParts) {
    const storage: Compressed = parts instanceof Compressed ? parts : checkCompressed(parts, 'row');
    this.rows = storage.major;
    this.cols = storage.minor;
    this.indptr = storage.indptr;
    this.indices = storage.indices;
    this.data = storage.data;
  }

  /**
   * A matrix from entries in any order, in O(nnz). Entries for one place are summed, in the order given; zeros are kept.
   * Values given as a `Float32Array` stay 32-bit numbers.
   * @throws TypeError for other kinds, RangeError for unequal lengths, indices out of range, or an empty matrix
   */
  static fromCoo(rows: number, cols: number, triplets: Triplets): CsrMatrix {
    return csrFromTrusted(compressTriplets(rows, cols, triplets, 'row'));
  }

  /** The non-zero entries of a dense matrix or an array of rows (errors as `DenseMatrix.from`). */
  static fromDense(X: DenseMatrix | readonly ArrayLike<number>[]): CsrMatrix {
    return csrFromTrusted(compressDense(X, 'row'));
  }

  /** Number of stored entries, explicit zeros included. */
  get nnz(): number {
    return this.indices.length;
  }

  /** The entry in row `i` and column `j`, both counted from 0; 0 where none is stored. */
  get(i: number, j: number): number {
    integerIn(i, 'i', 0, this.rows - 1);
    integerIn(j, 'j', 0, this.cols - 1);
    return entryOf(this, i, j);
  }

  /** The same matrix with every entry written out, row by row, in values of the same kind. */
  toDense(): DenseMatrix {
    return new DenseMatrix(expandSlices(this, this.cols), this.rows, this.cols, 'row');
  }

  /** The same matrix column by column, copied. */
  toCsc(): CscMatrix {
    return cscFromTrusted(transposeSlices(this, this.cols));
  }

  /** The transposed matrix (`cols` x `rows`), copied. */
  transpose(): CsrMatrix {
    return csrFromTrusted(transposeSlices(this, this.cols));
  }

  /** X x for `cols` numbers x: `rows` numbers, each summed in 64 bits over ascending columns. */
  matvec(x: ArrayLike<number>): Float64Array {
    return dotSlices(this, vector(x, 'x', this.cols));
  }

  /** X'y for `rows` numbers y: `cols` numbers, each summed in 64 bits over ascending rows. */
  rmatvec(y: ArrayLike<number>): Float64Array {
    return scatterSlices(this, vector(y, 'y', this.rows), this.cols);
  }

  /** X B for a dense B with `cols` rows: row-major, 64-bit. */
  multiply(B: DenseMatrix): DenseMatrix {
    return multiplySlices(this, this.rows, this.cols, 'row', B);
  }
}

/** Internal: a matrix from storage that is known to be sound, unchecked. Slices are rows. */
export function csrFromTrusted(storage: Compressed): CsrMatrix {
  return new CsrMatrix(storage as Compressed & CompressedParts);
}
