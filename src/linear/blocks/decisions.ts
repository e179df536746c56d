import { type DesignInput, ResidentMatrix } from '../../backend/residentMatrix.ts';
import type { DenseMatrix } from '../../core/denseMatrix.ts';
import { asMatrix, checkFinite, type MatrixInput } from '../../core/matrixInput.ts';
import { byOutput } from './blockJob.ts';

/** offset + intercept + X B for K outputs, output after output; `coefOf(k)` are the p coefficients of output k. */
export function decisions(
  X: DesignInput,
  p: number,
  intercept: Float64Array,
  coefOf: (k: number) => Float64Array,
  offset?: MatrixInput,
): { fitted: Float64Array; rows: number } {
  const matrix = X instanceof ResidentMatrix ? X : checkFinite(asMatrix(X));
  if (matrix.cols !== p) throw new RangeError(`X: expected ${p} columns, as in the fit, got ${matrix.cols}`);
  const { rows } = matrix;
  const outputs = intercept.length;
  const fitted = offset === undefined ? new Float64Array(rows * outputs) : byOutput(offset, 'offset', rows, outputs);
  for (let k = 0; k < outputs; k++) {
    const product = matrix.matvec(coefOf(k));
    for (let i = 0; i < rows; i++) fitted[k * rows + i] += intercept[k] + product[i];
  }
  return { fitted, rows };
}

/** Columns of a matrix of coefficients (p x K) with an entry that is not zero. */
export function usedColumns(p: number, outputs: number, at: (j: number, k: number) => number): Int32Array {
  return Int32Array.from({ length: p }, (_, j) => j).filter((j) => {
    for (let k = 0; k < outputs; k++) if (at(j, k) !== 0) return true;
    return false;
  });
}

/** Row i of a matrix, copied. */
export function rowOf(matrix: DenseMatrix, i: number): Float64Array {
  return Float64Array.from({ length: matrix.cols }, (_, j) => matrix.get(i, j));
}
