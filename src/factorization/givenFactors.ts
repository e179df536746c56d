import { finiteNumber } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';

/** Factors given by hand: a row-major copy, every value finite. */
export function givenFactors(value: DenseMatrix | readonly ArrayLike<number>[], title: string): DenseMatrix {
  const matrix = value instanceof DenseMatrix ? value : DenseMatrix.from(value, title);
  const data = new Float64Array(matrix.rows * matrix.cols);
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < matrix.cols; j++) data[i * matrix.cols + j] = finiteNumber(matrix.get(i, j), `${title}[${i}][${j}]`);
  }
  return new DenseMatrix(data, matrix.rows, matrix.cols);
}
