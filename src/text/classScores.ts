import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { Label } from '../core/labels.ts';
import { countMatrix } from './classCounts.ts';

/** X W + 1 b': one score for each row and class, for W with a row for each feature. */
export function classScores(X: DesignInput, weights: DenseMatrix, offsets?: Float64Array): DenseMatrix {
  const scores = countMatrix(X, weights.rows).multiply(weights);
  const { data, cols } = scores;
  if (offsets !== undefined) for (let k = 0; k < data.length; k++) data[k] += offsets[k % cols];
  return scores;
}

/** The class of the largest score in each row, the first among equals. */
export function bestClasses<L extends Label>({ data, rows, cols }: DenseMatrix, classes: readonly L[]): L[] {
  return Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let c = 1; c < cols; c++) if (data[i * cols + c] > data[i * cols + best]) best = c;
    return classes[best];
  });
}

/** Each row less the logarithm of its sum of exponentials, in place: log probabilities. */
export function logNormalized(scores: DenseMatrix): DenseMatrix {
  const { kernels } = currentBackend();
  const { data, rows, cols } = scores;
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    let top = -Infinity;
    for (const x of row) top = Math.max(top, x);
    let sum = 0;
    for (const x of row) sum += kernels.exp(x - top);
    const shift = top + kernels.log(sum);
    for (let c = 0; c < cols; c++) row[c] -= shift;
  }
  return scores;
}

/** Every entry's exponential, in place. */
export function exponentiated(scores: DenseMatrix): DenseMatrix {
  const { kernels } = currentBackend();
  for (let k = 0; k < scores.data.length; k++) scores.data[k] = kernels.exp(scores.data[k]);
  return scores;
}
