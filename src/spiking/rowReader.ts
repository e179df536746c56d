import { isNumberArray, refuse } from '../core/checks.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { asMatrix, checkFinite, type Matrix, type MatrixInput } from '../core/matrixInput.ts';

/** A function that writes out row i of a matrix, zeros included, into one buffer that all its calls share. */
export function rowReader(X: Matrix): (i: number) => Float64Array {
  const row = new Float64Array(X.cols);
  if (X instanceof DenseMatrix) {
    const { data, rowStride, columnStride } = X;
    return (i) => {
      for (let j = 0, p = i * rowStride; j < row.length; j++, p += columnStride) row[j] = data[p];
      return row;
    };
  }
  const { indptr, indices, data } = X instanceof CscMatrix ? X.toCsr() : X;
  return (i) => {
    row.fill(0);
    for (let p = indptr[i]; p < indptr[i + 1]; p++) row[indices[p]] = data[p];
    return row;
  };
}

/** One matrix per sample, all of one shape and finite. */
export function matrixPerSample(samples: readonly MatrixInput[], title: string): Matrix[] {
  if (!Array.isArray(samples)) refuse(samples, title, 'an array of matrices, one per sample', false);
  if (samples.length === 0) throw new RangeError(`${title}: expected at least one sample`);
  // A loop over the length sees holes, which map would skip.
  const matrices: Matrix[] = [];
  for (let i = 0; i < samples.length; i++) {
    const place = `${title}[${i}]`;
    const matrix = checkFinite(asMatrix(samples[i], place), place);
    const { rows, cols } = matrices[0] ?? matrix;
    if (matrix.rows !== rows || matrix.cols !== cols) {
      throw new RangeError(`${place}: expected ${rows} x ${cols} values, as ${title}[0], got ${matrix.rows} x ${matrix.cols}`);
    }
    matrices.push(matrix);
  }
  return matrices;
}

/** Whether this is an array of matrices rather than one matrix (which may be an array of rows). */
export function isArrayOfMatrices(value: unknown): value is readonly MatrixInput[] {
  if (!Array.isArray(value)) return false;
  const first: unknown = value[0];
  if (first instanceof DenseMatrix || first instanceof CsrMatrix || first instanceof CscMatrix) return true;
  return Array.isArray(first) && isNumberArray(first[0]);
}
