import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { MatrixProducts } from './matrixProducts.ts';

/** Columns of V or U that are multiplied at a time. */
const BLOCK = 8;

/**
 * The matrix C = (X - 1 mean') D^-1 as products with vectors, never formed: sparse X stays sparse. Blocks are k vectors one after the other.
 */
export class SpectralOperator {
  readonly frame: Arena;
  readonly rows: number;
  readonly cols: number;
  readonly #products: MatrixProducts;
  readonly #mean: Pointer;
  /** 1 / D, or 0. */
  readonly #inverse: Pointer;
  readonly #scaled: Pointer;

  /** @param mean p numbers, or 0; @param inverse p numbers, or 0 */
  constructor(frame: Arena, products: MatrixProducts, mean: Pointer, inverse: Pointer) {
    this.frame = frame;
    this.rows = products.rows;
    this.cols = products.cols;
    this.#products = products;
    this.#mean = mean;
    this.#inverse = inverse;
    this.#scaled = inverse ? frame.f64(products.cols) : 0;
  }

  /** u = C v */
  forward(v: Pointer, u: Pointer): void {
    const { kernels } = this.frame;
    const [n, p] = [this.rows, this.cols];
    let x = v;
    if (this.#inverse) {
      kernels.multiply(v, this.#inverse, this.#scaled, p);
      x = this.#scaled;
    }
    this.#products.times(x, u);
    if (this.#mean) kernels.shift(-kernels.dot(this.#mean, x, p), u, n);
  }

  /** v = C'u */
  backward(u: Pointer, v: Pointer): void {
    const { kernels } = this.frame;
    this.#products.timesTransposed(u, v);
    this.#finishBackward(kernels.sum(u, this.rows), v);
  }

  /** k vectors u = C v */
  forwardAll(V: Pointer, k: number, U: Pointer): void {
    const { frame } = this;
    const { kernels } = frame;
    const [n, p] = [this.rows, this.cols];
    const { multiply } = this.#products;
    if (!multiply) {
      for (let a = 0; a < k; a++) this.forward(V + a * p * 8, U + a * n * 8);
      return;
    }
    const B = frame.f64(p * BLOCK);
    const out = frame.f64(n * BLOCK);
    for (let first = 0; first < k; first += BLOCK) {
      const count = Math.min(BLOCK, k - first);
      const from = V + first * p * 8;
      kernels.transposeF64(from, p, count, p, B, count);
      if (this.#inverse) this.#scaleRows(B, count);
      multiply(B, count, out);
      kernels.transposeF64(out, count, n, count, U + first * n * 8, n);
      if (!this.#mean) continue;
      for (let a = 0; a < count; a++) {
        let x = from + a * p * 8;
        if (this.#inverse) {
          kernels.multiply(x, this.#inverse, this.#scaled, p);
          x = this.#scaled;
        }
        kernels.shift(-kernels.dot(this.#mean, x, p), U + (first + a) * n * 8, n);
      }
    }
    frame.release(out);
    frame.release(B);
  }

  /** k vectors v = C'u */
  backwardAll(U: Pointer, k: number, V: Pointer): void {
    const [n, p] = [this.rows, this.cols];
    this.#products.timesTransposedAll(U, k, V);
    for (let a = 0; a < k; a++) this.#finishBackward(this.frame.kernels.sum(U + a * n * 8, n), V + a * p * 8);
  }

  /** C'C, p x p. */
  gram(): Pointer {
    const { frame } = this;
    const products = this.#products;
    if (!products.pack || !products.gram) return this.#gramByProducts();
    const { kernels, heap } = frame;
    const [n, p] = [this.rows, this.cols];
    const out = frame.f64(p * p);
    const packed = frame.f64(n * BLOCK);
    const mean = this.#mean ? frame.read(this.#mean, p) : undefined;
    for (let first = 0; first < p; first += BLOCK) {
      const count = Math.min(BLOCK, p - first);
      for (let a = 0; a < count; a++) products.pack(first + a, mean ? mean[first + a] : 0, packed + a * n * 8);
      // One side centred is enough: the other's mean is multiplied by a sum that is 0.
      products.gram(packed, count, first + count, out + first * p * 8);
    }
    frame.release(packed);
    if (this.#inverse) {
      for (let i = 0; i < p; i++) kernels.multiply(out + i * p * 8, this.#inverse, out + i * p * 8, p);
      const inverse = frame.read(this.#inverse, p);
      for (let i = 0; i < p; i++) kernels.scale(inverse[i], out + i * p * 8, p);
    }
    const G = heap.f64(out, p * p);
    for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) G[j * p + i] = G[i * p + j];
    return out;
  }

  /** Column after column of C'C as C'(C e_j). */
  #gramByProducts(): Pointer {
    const { frame, rows: n, cols: p } = this;
    const out = frame.f64(p * p);
    const unit = frame.f64(p);
    const middle = frame.f64(n);
    for (let j = 0; j < p; j++) {
      frame.heap.f64(unit, p).fill(0)[j] = 1;
      this.forward(unit, middle);
      this.backward(middle, out + j * p * 8);
    }
    frame.release(middle);
    frame.release(unit);
    return out;
  }

  #finishBackward(total: number, v: Pointer): void {
    const { kernels } = this.frame;
    const p = this.cols;
    if (this.#mean) kernels.axpy(-total, this.#mean, v, p);
    if (this.#inverse) kernels.multiply(v, this.#inverse, v, p);
  }

  #scaleRows(B: Pointer, count: number): void {
    const { heap } = this.frame;
    const rows = heap.f64(B, this.cols * count);
    const inverse = heap.f64(this.#inverse, this.cols);
    for (let j = 0; j < this.cols; j++) for (let a = 0; a < count; a++) rows[j * count + a] *= inverse[j];
  }
}
