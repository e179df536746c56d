import { arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';

/** Rounding errors of an n x n kernel stay below this. */
const ROUNDING = 1e-8;

/**
 * An n x n kernel matrix with ones on its diagonal as it is where it is positive semidefinite, else the others brought down until it is: exp(-d) is a kernel for
 * distances of the plane (Schoenberg 1938), not for those along every road network.
 */
export function definiteKernel(kernel: Float64Array, n: number): Float64Array {
  let added = ROUNDING;
  while (!isDefinite(kernel, n, added)) added *= 4;
  return added === ROUNDING ? kernel : kernel.map((k, at) => (at % (n + 1) === 0 ? 1 : k / (1 + added)));
}

function isDefinite(kernel: Float64Array, n: number, added: number): boolean {
  return arena(currentBackend(), (frame) => {
    const sum = frame.put(kernel);
    const K = frame.heap.f64(sum, n * n);
    for (let i = 0; i < n; i++) K[i * n + i] += added;
    return frame.kernels.choleskyFactor(sum, n, n, 0) === n;
  });
}
