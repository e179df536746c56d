import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { numberArray, refuse, refuseEntry, vector } from '../core/checks.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { checkFinite, type VectorInput } from '../core/matrixInput.ts';
import type { SideEntries } from './side.ts';

/** Which cells of a dense matrix were observed: rows of booleans or of 0 and 1, or a matrix that is not 0 there. */
export type Mask = readonly ArrayLike<boolean | number>[] | DenseMatrix | CsrMatrix | CscMatrix;

/** Observed entries with their weights. */
export interface Observed {
  matrix: CsrMatrix;
  /** One per stored entry, > 0; undefined: all 1. */
  weights: Float64Array | undefined;
}

/**
 * The stored entries of a sparse matrix, a stored 0 being an observation like any other; or all cells of a dense one, or those in its mask.
 * @throws TypeError, RangeError for entries that are not finite (`R[3][1] is NaN`), nothing observed, or weights of the wrong number or sign
 */
export function observedEntries(
  R: DesignInput,
  options: { mask?: Mask | undefined; weights?: VectorInput | CsrMatrix | undefined },
  title = 'R',
): Observed {
  const { mask, weights } = options;
  const given = hostMatrix(R, title);
  let matrix: CsrMatrix;
  if (given instanceof DenseMatrix) matrix = fromDense(given, mask, title);
  else {
    if (mask !== undefined)
      throw new TypeError('mask: is for a dense R; the stored entries of a sparse matrix are the observed ones');
    matrix = given instanceof CscMatrix ? given.toCsr() : given;
    checkFinite(matrix, title);
  }
  if (matrix.nnz === 0) throw new RangeError(`${title}: expected at least one observed entry`);
  if (weights === undefined) return { matrix, weights: undefined };
  const values = entryWeights(weights, matrix);
  return values.includes(0) ? withoutZeros(matrix, values) : { matrix, weights: values };
}

/** An entry of weight 0 says nothing: not about its row's ridge, and not about what its row rests on. */
function withoutZeros({ rows, cols, indptr, indices, data }: CsrMatrix, weights: Float64Array): Observed {
  const start = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    start[i + 1] = start[i];
    for (let e = indptr[i]; e < indptr[i + 1]; e++) if (weights[e] > 0) start[i + 1]++;
  }
  const kept = (_: number, e: number) => weights[e] > 0;
  const matrix = new CsrMatrix({
    rows,
    cols,
    indptr: start,
    indices: indices.filter(kept),
    data: Float64Array.from(data).filter(kept),
  });
  return { matrix, weights: weights.filter(kept) };
}

function fromDense(R: DenseMatrix, mask: Mask | undefined, title: string): CsrMatrix {
  const inside = mask === undefined ? undefined : maskReader(mask, R.rows, R.cols);
  const [row, col, value]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < R.rows; i++) {
    for (let j = 0; j < R.cols; j++) {
      if (inside && !inside(i, j)) continue;
      const entry = R.get(i, j);
      if (!Number.isFinite(entry)) {
        const hint = inside ? '' : ' (for cells that were not observed: { mask } or a CsrMatrix of the others)';
        refuseEntry(entry, `${title}[${i}][${j}]`, `a finite number${hint}`);
      }
      row.push(i);
      col.push(j);
      value.push(entry);
    }
  }
  return CsrMatrix.fromCoo(R.rows, R.cols, { row, col, value });
}

function maskReader(mask: Mask, rows: number, cols: number): (i: number, j: number) => boolean {
  const check = (r: number, c: number) => {
    if (r !== rows || c !== cols) throw new RangeError(`mask: expected ${rows} x ${cols}, as R, got ${r} x ${c}`);
  };
  if (mask instanceof DenseMatrix || mask instanceof CsrMatrix || mask instanceof CscMatrix) {
    check(mask.rows, mask.cols);
    return (i, j) => mask.get(i, j) !== 0;
  }
  if (!Array.isArray(mask)) refuse(mask, 'mask', 'rows of booleans or a matrix', false);
  const lines = mask as readonly ArrayLike<boolean | number>[];
  for (const [i, line] of lines.entries()) {
    if (typeof line !== 'object' || line === null) refuse(line, `mask[${i}]`, 'a row of booleans', false);
    check(lines.length, line.length);
  }
  check(lines.length, cols);
  return (i, j) => Boolean(lines[i][j]);
}

function entryWeights(weights: VectorInput | CsrMatrix, matrix: CsrMatrix): Float64Array {
  let values: Float64Array;
  if (weights instanceof CsrMatrix) {
    const same = (a: Int32Array, b: Int32Array) => a.length === b.length && a.every((value, k) => value === b[k]);
    if (
      weights.rows !== matrix.rows ||
      weights.cols !== matrix.cols ||
      !same(weights.indptr, matrix.indptr) ||
      !same(weights.indices, matrix.indices)
    ) {
      throw new RangeError('weights: expected the same stored entries as R');
    }
    values = vector(weights.data, 'weights');
  } else values = vector(numberArray(weights, 'weights', matrix.nnz), 'weights', matrix.nnz);
  let largest = 0;
  for (const [k, w] of values.entries()) {
    if (w < 0) refuseEntry(w, `weights[${k}]`, 'a number >= 0');
    largest = Math.max(largest, w);
  }
  if (largest === 0) throw new RangeError('weights: expected at least one positive weight');
  return values;
}

/** Entries of rows and of columns as the kernels take them, with weight and moment made from value and weight. */
export function bothSides(
  { matrix, weights }: Observed,
  Kind: Float64ArrayConstructor | Float32ArrayConstructor,
  weightOf: ((value: number) => number) | undefined,
  momentOf: (value: number, weight: number) => number,
): { rows: SideEntries; columns: SideEntries } {
  const side = (values: CsrMatrix, given: CsrMatrix | undefined): SideEntries => {
    const { indptr, indices, data } = values;
    const moment = new Kind(data.length);
    const weight = weightOf || given ? new Kind(data.length) : undefined;
    for (let e = 0; e < data.length; e++) {
      const w = weightOf ? weightOf(data[e]) : given ? given.data[e] : 1;
      if (weight) weight[e] = w;
      moment[e] = momentOf(data[e], w);
    }
    return { indptr, indices, weight, moment };
  };
  const { rows, cols, indptr, indices } = matrix;
  const given = weights ? new CsrMatrix({ rows, cols, indptr, indices, data: weights }) : undefined;
  return { rows: side(matrix, given), columns: side(matrix.transpose(), given?.transpose()) };
}
