import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { Random } from '../core/random.ts';

/**
 * Orthonormal vectors with the span of the k given ones (length n, one after the other), in place: Gram-Schmidt, each vector twice. A vector that lies in
 * the span of those before it (to 1e-10 of its length) becomes a random one orthogonal to them.
 */
export function orthonormalise(frame: Arena, V: Pointer, n: number, k: number, seed: number): void {
  const { heap, kernels } = frame;
  const coefficients = frame.f64(k);
  const state = frame.put(Random.seedState(seed, 1));
  for (let a = 0; a < k; a++) {
    const x = V + a * n * 8;
    for (let length = kernels.norm2(x, n); ; ) {
      for (let pass = 0; pass < 2 && a > 0; pass++) {
        kernels.denseDotsF64(V, n, n, 0, a, x, coefficients);
        const h = heap.f64(coefficients, a);
        for (let i = 0; i < a; i++) h[i] = -h[i];
        kernels.denseCombineF64(V, n, n, 0, coefficients, a, x);
      }
      const norm = kernels.norm2(x, n);
      if (norm > 1e-10 * length && norm > 0) {
        kernels.scale(1 / norm, x, n);
        break;
      }
      kernels.randomNormal(state, x, n);
      length = kernels.norm2(x, n);
    }
  }
  frame.release(state);
  frame.release(coefficients);
}
