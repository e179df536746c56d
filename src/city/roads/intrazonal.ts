import type { DenseMatrix } from '../../core/denseMatrix.ts';

/** Puts half the smallest other entry of its row (0 in a city of one zone; Infinity where all are out of reach) on the diagonal of a row-major matrix. */
export function halfNearestOnDiagonal(matrix: DenseMatrix): DenseMatrix {
  const { data, rows } = matrix;
  for (let i = 0; i < rows; i++) {
    let nearest = Infinity;
    for (let j = 0; j < rows; j++) if (j !== i) nearest = Math.min(nearest, data[i * rows + j]);
    data[i * rows + i] = rows === 1 ? 0 : nearest / 2;
  }
  return matrix;
}
