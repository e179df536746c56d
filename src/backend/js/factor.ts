import type { FactorKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { addScaled, clip, dotProduct } from './loops.ts';
import { coordinate } from './proximal.ts';

export function factorKernels(memory: JsMemory): FactorKernels {
  return {
    choleskyFactor(A, m, ld, tol) {
      const f = memory.f64;
      A >>>= 3;
      for (let k = 0; k < m; k++) {
        const row = A + k * ld;
        const diagonal = f[row + k];
        for (let i = 0; i < k; i++) addScaled(-f[A + i * ld + k], f, A + i * ld + k, f, row + k, m - k);
        const pivot = f[row + k];
        if (!(pivot > tol * diagonal)) return k;
        const root = Math.sqrt(pivot);
        f[row + k] = root;
        for (let j = k + 1; j < m; j++) f[row + j] /= root;
      }
      return m;
    },

    choleskySolve(R, m, ld, b) {
      const f = memory.f64;
      forward(f, R >>> 3, m, ld, b >>> 3);
      backward(f, R >>> 3, m, ld, b >>> 3);
    },

    choleskyForward(R, m, ld, b) {
      forward(memory.f64, R >>> 3, m, ld, b >>> 3);
    },

    choleskyBackward(R, m, ld, b) {
      backward(memory.f64, R >>> 3, m, ld, b >>> 3);
    },

    choleskyAppend(R, m, ld, column, diagonal, tol) {
      const f = memory.f64;
      R >>>= 3;
      column >>>= 3;
      forward(f, R, m, ld, column);
      const pivot = diagonal - dotProduct(f, column, f, column, m);
      if (pivot > tol * diagonal) {
        for (let i = 0; i < m; i++) f[R + i * ld + m] = f[column + i];
        f[R + m * ld + m] = Math.sqrt(pivot);
      }
      return pivot;
    },

    choleskyDelete(R, m, ld, k) {
      const f = memory.f64;
      R >>>= 3;
      for (let i = 0; i < k; i++) {
        const row = R + i * ld;
        for (let j = k + 1; j < m; j++) f[row + j - 1] = f[row + j];
      }
      // Row i is finished one column to the left of where it was; row i + 1 waits in its old columns.
      for (let i = k; i < m - 1; i++) {
        const row = R + i * ld;
        const below = row + ld;
        const x = f[row + i + 1];
        const y = f[below + i + 1];
        const r = Math.sqrt(x * x + y * y);
        const c = x / r;
        const s = y / r;
        f[row + i] = r;
        for (let j = i + 2; j < m; j++) {
          const a = f[row + j];
          const b = f[below + j];
          f[row + j - 1] = c * a + s * b;
          f[below + j] = c * b - s * a;
        }
      }
    },

    gramEpoch(G, ld, m, q, lambda, l1, l2, lower, upper, coef, penalty = 0, shape = 0, spread = 0, mass = 1) {
      const f = memory.f64;
      const bounded = lower !== 0;
      G >>>= 3;
      q >>>= 3;
      l1 >>>= 3;
      l2 >>>= 3;
      lower >>>= 3;
      upper >>>= 3;
      coef >>>= 3;
      let largest = 0;
      for (let j = 0; j < m; j++) {
        const row = G + j * ld;
        const s = f[row + j];
        if (s <= 0) continue;
        const old = f[coef + j];
        let b = coordinate(
          penalty,
          shape,
          spread ? f[(spread >>> 3) + j] : 1,
          mass,
          f[q + j] + s * old,
          s,
          lambda * f[l1 + j],
          lambda * f[l2 + j],
        );
        if (bounded) b = clip(b, f[lower + j], f[upper + j]);
        const d = b - old;
        if (d === 0) continue;
        f[coef + j] = b;
        addScaled(-d, f, row, f, q, m);
        largest = Math.max(largest, s * d * d);
      }
      return largest;
    },
  };
}

/** Both sweeps walk along rows of R, so memory is read in order. */
function forward(f: Float64Array, R: number, m: number, ld: number, b: number): void {
  for (let i = 0; i < m; i++) {
    const diagonal = R + i * ld + i;
    const value = f[b + i] / f[diagonal];
    f[b + i] = value;
    addScaled(-value, f, diagonal + 1, f, b + i + 1, m - i - 1);
  }
}

function backward(f: Float64Array, R: number, m: number, ld: number, b: number): void {
  for (let i = m - 1; i >= 0; i--) {
    const diagonal = R + i * ld + i;
    f[b + i] = (f[b + i] - dotProduct(f, diagonal + 1, f, b + i + 1, m - i - 1)) / f[diagonal];
  }
}
