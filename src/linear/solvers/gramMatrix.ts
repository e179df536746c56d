import type { Pointer } from '../../backend/kernels.ts';
import type { Problem } from '../problem.ts';

/** Columns per pass over the data. */
const BLOCK = 32;

/** G = Z'Z, p x p and symmetric, with zeros for columns that may not enter. */
export function gramMatrix(problem: Problem): Pointer {
  const { frame, heap, n, p, columns } = problem;
  const out = frame.f64(p * p);
  const packed = frame.uninitialised(Math.min(BLOCK, p) * n * 8);
  for (let first = 0; first < p; first += BLOCK) {
    const count = Math.min(BLOCK, p - first);
    for (let k = 0; k < count; k++) problem.pack(first + k, packed + k * n * 8);
    columns.gram(packed, count, 0, first + count, out + first * p * 8, p);
  }
  frame.release(packed);
  const second = heap.f64(problem.second, p);
  const G = heap.f64(out, p * p);
  for (let row = 0; row < p; row++) {
    for (let j = 0; j <= row; j++) {
      if (!(second[row] > 0 && second[j] > 0)) G[row * p + j] = 0;
      G[j * p + row] = G[row * p + j];
    }
  }
  return out;
}

/** K = Z D^-1 Z', n x n and symmetric, with D = diag(||z~_j||^2). */
export function kernelMatrix(problem: Problem): Pointer {
  const { frame, heap, kernels, n, p } = problem;
  const K = frame.f64(n * n);
  const part = frame.uninitialised(n * n * 8);
  const block = frame.uninitialised(BLOCK * n * 8);
  const turned = frame.uninitialised(BLOCK * n * 8);
  for (let first = 0; first < p; first += BLOCK) {
    const count = Math.min(BLOCK, p - first);
    heap.f64(block, count * n).fill(0);
    for (let k = 0; k < count; k++) {
      const square = heap.f64(problem.second, p)[first + k];
      if (square > 0) problem.addColumns(Int32Array.of(first + k), Float64Array.of(1 / Math.sqrt(square)), block + k * n * 8);
    }
    kernels.denseFromRowsF64(block, count, n, turned, count, 0);
    kernels.syrkF64(turned, count, count, n, part);
    kernels.axpy(1, part, K, n * n);
  }
  for (const pointer of [turned, block, part]) frame.release(pointer);
  return K;
}
