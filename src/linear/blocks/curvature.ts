import type { Pointer } from '../../backend/kernels.ts';
import type { BlockProblem } from './blockProblem.ts';
import type { BlockState } from './blockState.ts';

/** Columns are packed in batches of so many. */
const BATCH = 16;
/** A kept Gram matrix has at most so many columns. */
const MOST_KEPT = 2000;

/**
 * The Hessian of the loss by the intercept (row 0, where there is one) and some columns of Z. Where outputs share no curvature it is one matrix of columns;
 * otherwise the matrix of all (column, output), outputs of a column side by side.
 */
export class Curvature {
  readonly #problem: BlockProblem;
  readonly #state: BlockState;
  /** Where curvature is constant: slot of each column in what is kept, -1 for none. */
  readonly #slot: Int32Array;
  #order: number[] = [];
  #kept = new Float64Array(0);
  #capacity = 0;

  constructor(problem: BlockProblem, state: BlockState) {
    this.#problem = problem;
    this.#state = state;
    this.#slot = new Int32Array(problem.p).fill(-1);
  }

  /** Rows of the Hessian of these columns. */
  rows(columns: number): number {
    const { fitIntercept, loss } = this.#problem;
    return (columns + (fitIntercept ? 1 : 0)) * (loss.coupled ? loss.outputs : 1);
  }

  /** Writes it to G, row stride = its size. */
  write(columns: Int32Array, G: Pointer): void {
    const { heap, loss, fitIntercept } = this.#problem;
    const size = this.rows(columns.length);
    if (loss.coupled) {
      this.#writeCoupled(columns, G, size);
      return;
    }
    const first = fitIntercept ? 1 : 0;
    const m = columns.length;
    const out = heap.f64(G, size * size);
    if (loss.constant) {
      this.#keep(columns);
      const slots = columns.map((j) => this.#slot[j]);
      for (let a = 0; a < m; a++) {
        const from = slots[a] * this.#capacity;
        const to = (a + first) * size + first;
        for (let b = 0; b < m; b++) out[to + b] = this.#kept[from + slots[b]];
      }
      if (!first) return;
      // Weights do not change, so that columns stay centred under them.
      out[0] = 1;
      for (let a = 1; a < size; a++) {
        out[a] = 0;
        out[a * size] = 0;
      }
      return;
    }
    const products = this.#bordered(columns, this.#state.h);
    heap.f64(G, size * size).set(products);
  }

  /** Products of the intercept, where there is one, and the columns under row weights h. */
  #bordered(columns: Int32Array, h: Pointer): Float64Array {
    const { frame, heap, kernels, n, fitIntercept, mean, scale, columns: X } = this.#problem;
    const m = columns.length;
    const first = fitIntercept ? 1 : 0;
    const size = m + first;
    const mass = kernels.sum(h, n);
    const index = frame.put(columns);
    const dots = frame.f64(Math.max(m, 1));
    X.dots(index, m, h, dots);
    const sums = frame.read(dots, m).map((dot, a) => dot - mean[columns[a]] * mass);
    const out = new Float64Array(size * size);
    if (first) {
      out[0] = mass;
      for (let a = 0; a < m; a++) out[a + 1] = out[(a + 1) * size] = sums[a] * scale[columns[a]];
    }
    const batch = Math.min(BATCH, Math.max(m, 1));
    const packed = frame.uninitialised(batch * n * 8);
    const products = frame.uninitialised(batch * Math.max(m, 1) * 8);
    for (let start = 0; start < m; start += batch) {
      const count = Math.min(batch, m - start);
      for (let a = 0; a < count; a++) {
        const j = columns[start + a];
        X.pack(j, mean[j], h, packed + a * n * 8);
      }
      // Only the upper triangle: the lower one follows.
      X.gram(packed, count, index + start * 4, m - start, products, m);
      const view = heap.f64(products, count * m);
      for (let a = 0; a < count; a++) {
        const row = start + a;
        for (let b = row; b < m; b++) {
          const value = (view[a * m + b - start] - mean[columns[b]] * sums[row]) * scale[columns[row]] * scale[columns[b]];
          out[(row + first) * size + b + first] = value;
          out[(b + first) * size + row + first] = value;
        }
      }
    }
    for (const pointer of [products, packed, dots, index]) frame.release(pointer);
    return out;
  }

  #writeCoupled(columns: Int32Array, G: Pointer, size: number): void {
    const { frame, heap, n, outputs, weights } = this.#problem;
    const h = frame.uninitialised(n * 8);
    const cells = size / outputs;
    for (let k = 0; k < outputs; k++) {
      for (let l = k; l < outputs; l++) {
        const row = heap.f64(h, n);
        const w = weights ? heap.f64(weights, n) : undefined;
        const own = heap.f64(this.#state.h + k * n * 8, n);
        const other = heap.f64(this.#state.h + l * n * 8, n);
        for (let i = 0; i < n; i++) row[i] = (w ? w[i] : 1 / n) * own[i] * ((k === l ? 1 : 0) - other[i]);
        const block = this.#bordered(columns, h);
        const out = heap.f64(G, size * size);
        for (let a = 0; a < cells; a++) {
          for (let b = 0; b < cells; b++) {
            out[(a * outputs + k) * size + b * outputs + l] = block[a * cells + b];
            out[(a * outputs + l) * size + b * outputs + k] = block[a * cells + b];
          }
        }
      }
    }
    frame.release(h);
  }

  /** Adds what is missing of these columns to the kept matrix. */
  #keep(columns: Int32Array): void {
    const { frame, heap, n, mean, scale, columns: X } = this.#problem;
    let fresh: Int32Array = columns.filter((j) => this.#slot[j] < 0);
    if (fresh.length === 0) return;
    if (this.#order.length + fresh.length > MOST_KEPT) {
      this.#slot.fill(-1);
      this.#order = [];
      fresh = columns;
    }
    for (const j of fresh) this.#slot[j] = this.#order.push(j) - 1;
    const size = this.#order.length;
    if (size > this.#capacity) {
      const capacity = Math.max(2 * this.#capacity, size, 32);
      const wider = new Float64Array(capacity * capacity);
      for (let a = 0; a < this.#capacity; a++) {
        wider.set(this.#kept.subarray(a * this.#capacity, (a + 1) * this.#capacity), a * capacity);
      }
      this.#kept = wider;
      this.#capacity = capacity;
    }
    const index = frame.put(Int32Array.from(this.#order));
    const dots = frame.f64(size);
    X.dots(index, size, this.#state.h, dots);
    const batch = Math.min(BATCH, fresh.length);
    const packed = frame.uninitialised(batch * n * 8);
    const products = frame.uninitialised(batch * size * 8);
    const mass = this.#problem.kernels.sum(this.#state.h, n);
    const sums = frame.read(dots, size).map((dot, a) => dot - mean[this.#order[a]] * mass);
    for (let start = 0; start < fresh.length; start += batch) {
      const count = Math.min(batch, fresh.length - start);
      for (let a = 0; a < count; a++) {
        const j = fresh[start + a];
        X.pack(j, mean[j], this.#state.h, packed + a * n * 8);
      }
      X.gram(packed, count, index, size, products, size);
      const view = heap.f64(products, count * size);
      for (let a = 0; a < count; a++) {
        const j = fresh[start + a];
        const row = this.#slot[j];
        for (let b = 0; b < size; b++) {
          const other = this.#order[b];
          const value = (view[a * size + b] - mean[other] * sums[row]) * scale[j] * scale[other];
          this.#kept[row * this.#capacity + b] = value;
          this.#kept[b * this.#capacity + row] = value;
        }
      }
    }
    for (const pointer of [products, packed, dots, index]) frame.release(pointer);
  }
}
