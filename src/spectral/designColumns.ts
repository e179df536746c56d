import type { Arena } from '../backend/arena.ts';
import { type Columns, checkMoments, uploadColumns } from '../backend/columns.ts';
import type { Pointer } from '../backend/kernels.ts';
import { type DesignInput, ResidentMatrix } from '../backend/residentMatrix.ts';
import { asMatrix } from '../core/matrixInput.ts';

/** X by columns in linear memory, with their means and population variances. */
export interface DesignColumns {
  columns: Columns;
  mean: Pointer;
  variance: Pointer;
}

/** Uploads X, or takes the columns of a resident one. Every value is checked by the moments. @param hint what to do about missing values */
export function designColumns(frame: Arena, X: DesignInput, hint = ''): DesignColumns {
  if (X instanceof ResidentMatrix) {
    const columns = X.columns(frame.backend);
    const [mean, variance] = [frame.f64(columns.cols), frame.f64(columns.cols)];
    columns.moments(0, mean, variance);
    return { columns, mean, variance };
  }
  const matrix = asMatrix(X, 'X');
  const columns = uploadColumns(frame, matrix);
  const [mean, variance] = [frame.f64(columns.cols), frame.f64(columns.cols)];
  columns.moments(0, mean, variance);
  try {
    checkMoments(frame, matrix, 'X', mean, variance, columns.cols);
  } catch (error) {
    if (hint && error instanceof RangeError) error.message += hint;
    throw error;
  }
  return { columns, mean, variance };
}
