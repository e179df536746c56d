import { Random } from '../core/random.ts';
import type { CentredMatrix } from './centredMatrix.ts';
import { eigenpairs } from './eigenpairs.ts';
import { multiplyInPlace, orthonormalize } from './orthonormalize.ts';
import type { Subspace, Watch } from './subspace.ts';

/** Settings of the randomised solver. */
export interface RandomizedSettings {
  oversamples: number;
  powerIterations: number;
  seed: number;
}

/**
 * Randomised subspace iteration (Halko, Martinsson and Tropp 2011): a seeded Gaussian block on the short side, multiplied by the Gram matrix
 * `powerIterations` times and orthonormalised each time, then Rayleigh-Ritz.
 */
export function randomizedSubspace(C: CentredMatrix, k: number, settings: RandomizedSettings, watch: Watch): Subspace {
  const { frame, short: s } = C;
  const { kernels, heap } = frame;
  // Whole vectors of four columns cost no more than a part of one.
  const width = Math.min(s, Math.ceil((k + settings.oversamples) / 4) * 4);
  const random = new Random(settings.seed, 1);
  const Y = frame.uninitialised(s * width * 8);
  const Z = frame.uninitialised(s * width * 8);
  kernels.randomNormal(frame.put(Random.seedState(settings.seed)), Y, s * width);
  const steps = settings.powerIterations + 1;
  for (let step = 0; step < settings.powerIterations; step++) {
    C.applyGram(Y, width, Z);
    heap.f64(Y, s * width).set(heap.f64(Z, s * width));
    orthonormalize(frame, Y, s, width, width, random);
    watch.step(step + 1, steps + 1);
  }
  if (settings.powerIterations === 0) orthonormalize(frame, Y, s, width, width, random);
  C.applyGram(Y, width, Z);
  const T = frame.f64(width * width);
  kernels.tallGramF64(Y, width, width, Z, width, width, s, T, width);
  const t = heap.f64(T, width * width);
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) t[i * width + j] = t[j * width + i];
  const { values, order, vectors } = eigenpairs(frame, T, width);
  const S = heap.f64(vectors, width * width);
  const right = new Float64Array(width * width);
  for (let j = 0; j < width; j++) for (let i = 0; i < width; i++) right[i * width + j] = S[order[j] * width + i];
  multiplyInPlace(frame, Y, s, width, width, right, width);
  const U = frame.uninitialised(s * k * 8);
  const [from, to] = [heap.f64(Y, s * width), heap.f64(U, s * k)];
  for (let i = 0; i < s; i++) for (let j = 0; j < k; j++) to[i * k + j] = from[i * width + j];
  for (const pointer of [vectors, T, Z, Y]) frame.release(pointer);
  watch.step(steps, steps + 1);
  return { vectors: U, k, next: k < width ? Math.max(values[k], 0) : undefined, iterations: steps };
}
