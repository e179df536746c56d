import { CscMatrix, CsrMatrix, DenseMatrix, type MatrixInput } from '../../src/index.ts';

export const FORMATS = ['row-major', 'column-major', 'CSR', 'CSC'] as const;
export type Format = (typeof FORMATS)[number];

/** The same numbers, stored in one of four ways. */
export function stored(
  rows: readonly (readonly number[])[],
  format: Format,
  Values: new (length: number) => Float64Array | Float32Array = Float64Array,
): DenseMatrix | CsrMatrix | CscMatrix {
  const [n, p] = [rows.length, rows[0].length];
  const flat = new Values(n * p);
  const turned = format === 'column-major';
  rows.forEach((row, i) => {
    for (let j = 0; j < p; j++) flat[turned ? j * n + i : i * p + j] = row[j];
  });
  const dense = new DenseMatrix(flat, n, p, turned ? 'column' : 'row');
  if (format === 'row-major' || turned) return dense;
  const csr = CsrMatrix.fromDense(dense);
  return format === 'CSR' ? csr : csr.toCsc();
}

/** A copy of everything inside a matrix, to see later that nobody wrote to it. */
export function contents(X: MatrixInput): number[][] {
  if (X instanceof DenseMatrix) return [[...X.data]];
  if (X instanceof CsrMatrix || X instanceof CscMatrix) return [[...X.data], [...X.indices], [...X.indptr]];
  return X.map((row) => Array.from(row));
}
