import type { Arena } from '../backend/arena.ts';
import { checkMoments, uploadColumns } from '../backend/columns.ts';
import type { Pointer } from '../backend/kernels.ts';
import { type DesignInput, ResidentMatrix } from '../backend/residentMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { asMatrix, type Matrix } from '../core/matrixInput.ts';
import { columnProducts, type MatrixProducts, rowProducts } from './matrixProducts.ts';

/** X in linear memory, with the means and population variances of its columns. */
export interface DesignProducts {
  products: MatrixProducts;
  mean: Pointer;
  variance: Pointer;
}

/** Uploads X, or takes a resident one. Every value is checked by the moments. @param hint what to do about values that are not numbers */
export function designProducts(frame: Arena, X: DesignInput, hint = ''): DesignProducts {
  const matrix = X instanceof ResidentMatrix ? undefined : asMatrix(X, 'X');
  const { rows, cols } = X instanceof ResidentMatrix ? X : (matrix as Matrix);
  const [mean, variance] = [frame.f64(cols), frame.f64(cols)];
  let products: MatrixProducts;
  if (matrix instanceof CsrMatrix && rows < cols) {
    products = rowProducts(frame, matrix);
    momentsOfRows(frame, matrix, mean, variance);
  } else {
    const columns = X instanceof ResidentMatrix ? X.columns(frame.backend) : uploadColumns(frame, matrix as Matrix);
    products = columnProducts(frame, columns);
    columns.moments(0, mean, variance);
  }
  if (matrix) {
    try {
      checkMoments(frame, matrix, 'X', mean, variance, cols);
    } catch (error) {
      if (hint && error instanceof RangeError) error.message += hint;
      throw error;
    }
  }
  return { products, mean, variance };
}

/** Means, then squares about them: entries that are not stored are zeros. */
function momentsOfRows({ heap }: Arena, { rows, cols, indices, data }: CsrMatrix, mean: Pointer, variance: Pointer): void {
  const m = heap.f64(mean, cols);
  const v = heap.f64(variance, cols);
  const stored = new Int32Array(cols);
  for (let e = 0; e < data.length; e++) {
    m[indices[e]] += data[e];
    stored[indices[e]]++;
  }
  for (let j = 0; j < cols; j++) m[j] /= rows;
  for (let e = 0; e < data.length; e++) v[indices[e]] += (data[e] - m[indices[e]]) ** 2;
  for (let j = 0; j < cols; j++) v[j] = (v[j] + (rows - stored[j]) * m[j] ** 2) / rows;
}
