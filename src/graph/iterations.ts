import type { Kernels } from '../backend/kernels.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';

/** What a run reports beside its progress: the estimated L1 error of the scores, not yet a bound. */
export interface ErrorEstimate {
  error: number;
}

/** Counts the passes over the graph, asks the signal before each, and reports how far the error has come on its way to `tol`. */
export class Iterations {
  done = 0;
  readonly most: number;
  readonly #tol: number;
  readonly #kernels: Kernels;
  readonly #signal: AbortSignal | undefined;
  readonly #report;
  #first = 0;

  constructor(kernels: Kernels, most: number, tol: number, { signal, onProgress }: RunOptions<ErrorEstimate>) {
    this.most = most;
    this.#tol = tol;
    this.#kernels = kernels;
    this.#signal = signal;
    this.#report = withTimeLeft(onProgress);
  }

  /** Whether another pass is allowed; counts it. */
  next(): boolean {
    this.#signal?.throwIfAborted();
    if (this.done >= this.most) return false;
    this.done++;
    return true;
  }

  /** How many more passes bring `error` to `target` at the mean rate since the first report; Infinity where it does not fall. */
  left(error: number, target: number): number {
    if (error <= target) return 0;
    if (!(error < this.#first)) return Infinity;
    const { log } = this.#kernels;
    return Math.ceil((log(error / target) * (this.done - 1)) / log(this.#first / error));
  }

  /** After a pass with this estimated error. */
  report(error: number): void {
    if (this.#first === 0) this.#first = error;
    if (!this.#report) return;
    const left = Math.min(this.left(error, Math.max(this.#tol, 1e-16)), this.most - this.done);
    this.#report({ done: this.done, total: this.done + Math.max(left, 1), error });
  }

  /** The last report: a full bar. */
  finish(error: number): void {
    const done = Math.max(this.done, 1);
    this.#report?.({ done, total: done, error });
  }
}
