import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';
import { CentredMatrix, type Centring } from './centredMatrix.ts';

/** C V for the rows of V (k x p), where C = (X - mean) / scale: one row of k numbers per row of X. */
export function project(
  X: DesignInput,
  V: DenseMatrix,
  given: NonNullable<Centring['given']>,
  title = 'X',
  each?: (frame: Arena, C: CentredMatrix) => void,
): DenseMatrix {
  const matrix = checkedMatrix(X, V.cols, title);
  const { rows: k } = V;
  return arena(currentBackend(), (frame) => {
    const C = new CentredMatrix(frame, matrix, { centre: false, standardize: false, given, short: 'features' }, title);
    each?.(frame, C);
    const columns = columnsOf(frame, V);
    const out = frame.uninitialised(matrix.rows * k * 8);
    C.scores(columns, k, out);
    return new DenseMatrix(frame.read(out, matrix.rows * k), matrix.rows, k);
  });
}

/** Z V for Z n x k and V k x p, times `scale` and plus `mean` by columns. */
export function expand(
  Z: DesignInput,
  V: DenseMatrix,
  { mean, scale }: NonNullable<Centring['given']>,
  title = 'Z',
): DenseMatrix {
  const { rows: k, cols: p } = V;
  const scores = checkedMatrix(Z, k, title);
  return arena(currentBackend(), (frame) => {
    const C = new CentredMatrix(frame, scores, { centre: false, standardize: false, short: 'features' }, title);
    const { rows: n } = scores;
    const out = frame.uninitialised(n * p * 8);
    C.scores(frame.put(V.data), p, out);
    const values = frame.heap.f64(out, n * p);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < p; j++) {
        const at = i * p + j;
        values[at] = values[at] * (scale ? scale[j] : 1) + (mean ? mean[j] : 0);
      }
    }
    return new DenseMatrix(frame.read(out, n * p), n, p);
  });
}

/** The rows of V (k x p, row-major) as columns in linear memory. */
export function columnsOf(frame: Arena, V: DenseMatrix): number {
  const from = frame.put(V.data);
  const to = frame.uninitialised(V.data.length * 8);
  frame.kernels.transposeF64(from, V.cols, V.rows, V.cols, to, V.rows);
  frame.release(from);
  return to;
}

export function checkedMatrix(X: DesignInput, cols: number, title: string): Matrix {
  const matrix = hostMatrix(X, title);
  if (matrix.cols !== cols) throw new RangeError(`${title}: expected ${cols} columns, as in the fit, got ${matrix.cols}`);
  return matrix;
}
