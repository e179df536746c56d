import { CscMatrix, CsrMatrix, DenseMatrix, type MatrixInput } from '../../src/index.ts';

export const FORMATS = ['row-major', 'column-major', 'CSR', 'CSC'] as const;
export type Format = (typeof FORMATS)[number];

/** The same numbers, stored in one of four ways. */
export function stored(
  rows: readonly (readonly number[])[],
  format: Format,
  Values: Float64ArrayConstructor | Float32ArrayConstructor = Float64Array,
) {
  const [n, p] = [rows.length, rows[0].length];
  const flat = Values.from(rows.flat());
  const dense = new DenseMatrix(flat, n, p);
  if (format === 'row-major') return dense;
  if (format === 'column-major') {
    return new DenseMatrix(
      Values.from({ length: n * p }, (_, k) => flat[(k % n) * p + Math.floor(k / n)]),
      n,
      p,
      'column',
    );
  }
  const csr = CsrMatrix.fromDense(dense);
  return format === 'CSR' ? csr : csr.toCsc();
}

/** A copy of everything inside a matrix, to see later that nobody wrote to it. */
export function contents(X: MatrixInput): number[][] {
  if (X instanceof DenseMatrix) return [[...X.data]];
  if (X instanceof CsrMatrix || X instanceof CscMatrix) return [[...X.data], [...X.indices], [...X.indptr]];
  return X.map((row) => Array.from(row));
}
