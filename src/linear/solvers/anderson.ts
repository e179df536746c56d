import type { Pointer } from '../../backend/kernels.ts';
import type { Problem } from '../problem.ts';

/** Differences that an extrapolation combines. */
const DEPTH = 5;
/** Tikhonov term, as a share of the trace. */
const RIDGE = 1e-13;

/**
 * Anderson extrapolation of a linearly converging sequence b_0, ..., b_5 (Anderson 1965; for coordinate descent Bertrand and Massias
 * 2021): with U the matrix of the differences b_k - b_(k-1), the affine combination sum_k c_k b_k, c = (U'U)^-1 1 / sum, has the smallest
 * combined difference. Lengths are taken in the metric of the columns.
 */
export class Anderson {
  readonly #problem: Problem;
  /** The extrapolated point, after `push` returned true. */
  readonly candidate: Pointer;
  readonly #iterates: Pointer;
  readonly #differences: Pointer;
  readonly #matrix: Pointer;
  readonly #weights: Pointer;
  #count = 0;

  constructor(problem: Problem) {
    const { frame, p } = problem;
    this.#problem = problem;
    this.candidate = frame.f64(p);
    this.#iterates = frame.f64((DEPTH + 1) * p);
    this.#differences = frame.f64(DEPTH * p);
    this.#matrix = frame.f64(DEPTH * DEPTH);
    this.#weights = frame.f64(DEPTH);
  }

  /** Starts a new sequence at this point. */
  begin(coef: Pointer): void {
    this.#count = 0;
    this.push(coef);
  }

  /** Takes the next iterate. After five of them returns true where `candidate` could be formed; the sequence must then begin anew. */
  push(coef: Pointer): boolean {
    const { heap, p } = this.#problem;
    heap.f64(this.#iterate(this.#count), p).set(heap.f64(coef, p));
    this.#count++;
    return this.#count > DEPTH && this.#extrapolate();
  }

  #extrapolate(): boolean {
    const { heap, kernels, p, second } = this.#problem;
    for (let k = 0; k < DEPTH; k++) {
      const u = this.#differences + k * p * 8;
      heap.f64(u, p).set(heap.f64(this.#iterate(k + 1), p));
      kernels.axpy(-1, this.#iterate(k), u, p);
    }
    const matrix = heap.f64(this.#matrix, DEPTH * DEPTH);
    for (let a = 0; a < DEPTH; a++) {
      for (let b = 0; b < DEPTH; b++) {
        matrix[a * DEPTH + b] = kernels.dotWeighted(second, this.#differences + a * p * 8, this.#differences + b * p * 8, p);
      }
    }
    let trace = 0;
    for (let a = 0; a < DEPTH; a++) trace += matrix[a * DEPTH + a];
    for (let a = 0; a < DEPTH; a++) matrix[a * DEPTH + a] += RIDGE * trace;
    if (!(trace > 0) || kernels.choleskyFactor(this.#matrix, DEPTH, DEPTH, 0) < DEPTH) return false;
    const c = heap.f64(this.#weights, DEPTH).fill(1);
    kernels.choleskySolve(this.#matrix, DEPTH, DEPTH, this.#weights);
    const total = c.reduce((a, b) => a + b, 0);
    heap.f64(this.candidate, p).fill(0);
    for (let k = 0; k < DEPTH; k++) kernels.axpy(c[k] / total, this.#iterate(k + 1), this.candidate, p);
    this.#clip();
    return true;
  }

  #clip(): void {
    const { heap, p, lower, upper } = this.#problem;
    if (!lower) return;
    const low = heap.f64(lower, p);
    const high = heap.f64(upper, p);
    const coef = heap.f64(this.candidate, p);
    for (let j = 0; j < p; j++) coef[j] = Math.max(low[j], Math.min(high[j], coef[j]));
  }

  #iterate(k: number): Pointer {
    return this.#iterates + k * this.#problem.p * 8;
  }
}
