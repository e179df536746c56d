import { currentBackend } from '../backend/backend.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';

/** Rows x 2: the probability of either class where f is the logarithm of the odds of the second one. */
export function twoClassProbabilities(f: Float64Array): DenseMatrix {
  const { exp } = currentBackend().kernels;
  const out = new Float64Array(2 * f.length);
  for (let i = 0; i < f.length; i++) {
    const e = exp(-Math.abs(f[i]));
    const likelier = f[i] > 0 ? 1 : 0;
    out[2 * i + likelier] = 1 / (1 + e);
    out[2 * i + 1 - likelier] = e / (1 + e);
  }
  return new DenseMatrix(out, f.length, 2);
}
