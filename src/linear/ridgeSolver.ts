import type { Pointer } from '../backend/kernels.ts';
import { type Certificate, certify } from './certificate.ts';
import { Coefficients } from './coefficients.ts';
import type { Problem } from './problem.ts';
import type { Run, Solver } from './solver.ts';

/** Columns per block of the kernel matrix: one block of packed columns is n x BLOCK values. */
const BLOCK = 64;
/** Corrections by the true residual: each squares the accuracy until rounding. */
const REFINEMENTS = 4;

/**
 * Ridge with more columns than rows, by its dual (Saunders, Gammerman, Vovk 1998): with D = lambda diag(l2),
 *
 *   (Z D^-1 Z' + I) alpha = y~,   b = D^-1 Z' alpha
 *
 * One n x n Cholesky factorisation instead of a p x p one, refined by the residual of the optimality conditions.
 */
export class RidgeSolver implements Solver {
  readonly #problem: Problem;
  readonly #state: Coefficients;
  readonly #vector: Pointer;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#state = new Coefficients(problem);
    this.#vector = problem.frame.uninitialised(problem.n * 8);
  }

  /** Whether this is such a problem: no L1, no bounds, every column penalised, p > n. */
  static fits(problem: Problem): boolean {
    const { n, p, heap, shape, lower } = problem;
    if (shape.l1Ratio !== 0 || lower || p <= n) return false;
    const l2 = heap.f64(problem.l2, p);
    const second = heap.f64(problem.second, p);
    for (let j = 0; j < p; j++) if (second[j] > 0 && !(l2[j] > 0)) return false;
    return true;
  }

  coefficients(): { index: Int32Array; values: Float64Array } {
    return this.#state.coefficients();
  }

  solve({ lambda, tol, record }: Run): Certificate {
    const { frame, kernels, heap, n, p, nullLoss } = this.#problem;
    const state = this.#state;
    heap.f64(state.coef, p).fill(0);
    state.update();
    // At lambda = 0 the judge itself refits: every column is free then.
    if (lambda === 0) return this.#certificate(0, tol, 1);
    const K = this.#kernelMatrix(lambda);
    kernels.choleskyFactor(K, n, n, 0);
    const alpha = frame.f64(n);
    let epochs = 0;
    let best: ReturnType<Coefficients['evaluate']> | undefined;
    while (epochs < REFINEMENTS) {
      // The dual residual y~ - Z b - alpha drives the correction; at first it is y~ itself.
      const rest = heap.f64(state.residual, n);
      const b = heap.f64(this.#vector, n);
      const a = heap.f64(alpha, n);
      for (let i = 0; i < n; i++) b[i] = rest[i] - a[i];
      kernels.choleskySolve(K, n, n, this.#vector);
      kernels.axpy(1, this.#vector, alpha, n);
      this.#primalOf(alpha, lambda);
      epochs++;
      const now = state.evaluate(lambda);
      record?.(now.primal);
      const improved = !best || now.gap < 0.5 * best.gap;
      best = now;
      if (now.gap <= tol * nullLoss || !improved) break;
    }
    for (const pointer of [alpha, K]) frame.release(pointer);
    return this.#certificate(lambda, tol, epochs);
  }

  /** b = D^-1 Z' alpha */
  #primalOf(alpha: Pointer, lambda: number): void {
    const { heap, p } = this.#problem;
    const { coef } = this.#state;
    this.#problem.correlate(alpha, 0, p, coef);
    const b = heap.f64(coef, p);
    const l2 = heap.f64(this.#problem.l2, p);
    const second = heap.f64(this.#problem.second, p);
    for (let j = 0; j < p; j++) b[j] = second[j] > 0 ? b[j] / (lambda * l2[j]) : 0;
  }

  /** Z D^-1 Z' + I, in blocks of columns. */
  #kernelMatrix(lambda: number): Pointer {
    const { frame, kernels, heap, n, p } = this.#problem;
    const K = frame.f64(n * n);
    const part = frame.uninitialised(n * n * 8);
    const block = frame.uninitialised(BLOCK * n * 8);
    const turned = frame.uninitialised(BLOCK * n * 8);
    const one = Int32Array.of(0);
    for (let first = 0; first < p; first += BLOCK) {
      const count = Math.min(BLOCK, p - first);
      for (let k = 0; k < count; k++) {
        const j = first + k;
        one[0] = j;
        const usable = heap.f64(this.#problem.second, p)[j] > 0;
        const scale = usable ? 1 / Math.sqrt(lambda * heap.f64(this.#problem.l2, p)[j]) : 0;
        heap.f64(block + k * n * 8, n).fill(0);
        this.#problem.addColumns(one, Float64Array.of(scale), block + k * n * 8);
      }
      kernels.denseFromRowsF64(block, count, n, turned, count, 0);
      kernels.syrkF64(turned, count, count, n, part);
      kernels.axpy(1, part, K, n * n);
    }
    for (const pointer of [turned, block, part]) frame.release(pointer);
    const values = heap.f64(K, n * n);
    for (let i = 0; i < n; i++) values[i * n + i] += 1;
    return K;
  }

  #certificate(lambda: number, tol: number, epochs: number): Certificate {
    const { primal, gap, kkt } = this.#state.evaluate(lambda);
    return certify({ primal, gap, nullLoss: this.#problem.nullLoss, kkt, epochs, tol, stalled: true, unique: lambda > 0 });
  }
}
