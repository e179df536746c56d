import type { Pointer } from '../../backend/kernels.ts';
import { Random } from '../../core/random.ts';
import type { Problem } from '../problem.ts';

/** Rows are copied while the matrix has at most so many values and cells (columns are unpacked one by one to find the rows). */
const MOST_VALUES = 2 ** 24;
const MOST_CELLS = 2 ** 28;
/** Blocks of a pass: few enough rows for noisy cheap steps, enough for a step to outweigh its overhead of O(p). */
const BLOCKS = 32;

/** The rows of a problem in random order, cut into blocks: a compressed copy by rows, zeros left out, of dense and sparse matrices alike. */
export class RowBlocks {
  readonly #problem: Problem;
  /** First row of every block, and their end. */
  readonly #starts: Int32Array;
  readonly #indptr: Pointer;
  readonly #indices: Pointer;
  readonly #data: Pointer;
  /** - weight of each row times the number of blocks */
  readonly #weights: Pointer;
  readonly #image: Pointer;

  /** Undefined where the copy would be too large. */
  static of(problem: Problem, seed: number): RowBlocks | undefined {
    const { n, p, columns } = problem;
    return columns.nnz <= MOST_VALUES && n * p <= MOST_CELLS ? new RowBlocks(problem, seed) : undefined;
  }

  constructor(problem: Problem, seed: number) {
    const { frame, heap, n, p, columns } = problem;
    this.#problem = problem;
    const place = new Random(seed).shuffle(Int32Array.from({ length: n }, (_, i) => i));
    const count = Math.min(BLOCKS, n);
    this.#starts = Int32Array.from({ length: count + 1 }, (_, k) => Math.floor((k * n) / count));
    const given = problem.weights ? heap.f64(problem.weights, n) : undefined;
    const weights = new Float64Array(n);
    for (let i = 0; i < n; i++) weights[place[i]] = -count * (given ? given[i] : 1 / n);
    this.#weights = frame.put(weights);
    this.#image = frame.f64(n);

    const column = frame.uninitialised(n * 8);
    const each = (visit: (row: number, j: number, value: number) => void) => {
      for (let j = 0; j < p; j++) {
        columns.pack(j, 0, 0, column);
        const values = heap.f64(column, n);
        for (let i = 0; i < n; i++) if (values[i] !== 0) visit(place[i], j, values[i]);
      }
    };
    const next = new Int32Array(n + 1);
    each((row) => {
      next[row + 1]++;
    });
    for (let i = 0; i < n; i++) next[i + 1] += next[i];
    this.#indptr = frame.put(next);
    this.#indices = frame.i32(next[n]);
    this.#data = frame.f64(next[n]);
    const indices = heap.i32(this.#indices, next[n]);
    const data = heap.f64(this.#data, next[n]);
    each((row, j, value) => {
      indices[next[row]] = j;
      data[next[row]++] = value;
    });
    frame.release(column);
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** g -= (number of blocks) Z_B' Z_B d for block k: on average over the blocks g -= Z'Z d. */
  subtract(k: number, d: Pointer, g: Pointer): void {
    const { kernels, p, mean } = this.#problem;
    const first = this.#starts[k];
    const rows = this.#starts[k + 1] - first;
    const indptr = this.#indptr + first * 4;
    kernels.csrMatvecF64(indptr, this.#indices, this.#data, rows, d, this.#image);
    kernels.shift(-kernels.dot(mean, d, p), this.#image, rows);
    kernels.multiply(this.#weights + first * 8, this.#image, this.#image, rows);
    kernels.csrRmatvecF64(indptr, this.#indices, this.#data, rows, this.#image, g);
    kernels.axpy(-kernels.sum(this.#image, rows), mean, g, p);
  }
}
