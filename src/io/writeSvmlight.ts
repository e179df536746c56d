import { booleanFlag, optionsObject, vector } from '../core/checks.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { asMatrix, checkFinite, type MatrixInput, type VectorInput } from '../core/matrixInput.ts';

/**
 * A data set in svmlight (libsvm) format, one line `label index:value ...` for each row; of dense X the non-zero entries. Numbers are written so
 * that they are read back as the same number.
 *
 * @param y one label for each row of X
 * @throws TypeError, RangeError as everywhere where X and y are asked for
 * @example
 * writeSvmlight([[0.5, 0, 2], [0, 1, 0]], [1, -1]); // '1 1:0.5 3:2\n-1 2:1\n'
 */
export function writeSvmlight(X: MatrixInput, y: VectorInput, options: { zeroBased?: boolean } = {}): string {
  const { zeroBased = false } = optionsObject(options, 'writeSvmlight', ['zeroBased']);
  const base = booleanFlag(zeroBased, 'zeroBased') ? 0 : 1;
  const matrix = checkFinite(asMatrix(X));
  const csr = matrix instanceof CsrMatrix ? matrix : matrix instanceof CscMatrix ? transposed(matrix) : CsrMatrix.fromDense(matrix);
  const labels = vector(y, 'y', csr.rows);
  const lines: string[] = [];
  for (let i = 0; i < csr.rows; i++) {
    const entries = [String(labels[i])];
    for (let p = csr.indptr[i]; p < csr.indptr[i + 1]; p++) entries.push(`${csr.indices[p] + base}:${csr.data[p]}`);
    lines.push(`${entries.join(' ')}\n`);
  }
  return lines.join('');
}

function transposed(X: CscMatrix): CsrMatrix {
  const { rows, cols, indptr, indices, data } = X;
  return new CsrMatrix({ rows: cols, cols: rows, indptr, indices, data }).transpose();
}
