import type { Arena } from '../backend/arena.ts';
import { strideOf } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { Points } from './points.ts';

/** Unit roundoff of f32, with a reserve for what f64 rounds. */
const ROUNDOFF = 6.3e-8;
/** More than f32 loses of a product near its smallest number. */
const TINY = 1e-44;

/** k centres in linear memory, and all that an assignment wants to know of them. */
export class Centres {
  readonly values: Pointer;
  readonly norms: Pointer;
  /** Rows of the last assignment by centre, and their weight. */
  readonly mass: Pointer;
  readonly dirty: Pointer;
  readonly #frame: Arena;
  readonly #points: Points;
  readonly #count: number;
  readonly #stride: number;
  readonly #transposed: Pointer;
  readonly #bias: Pointer;
  readonly #half: Pointer;
  readonly #moved: Pointer;
  readonly #drop: Pointer;
  readonly #sums: Pointer;
  readonly #scratch: Pointer;
  #radius = 0;

  constructor(frame: Arena, points: Points, count: number) {
    const { cols } = points;
    this.#frame = frame;
    this.#points = points;
    this.#count = count;
    this.#stride = strideOf(count);
    this.values = frame.f64(count * cols);
    this.#sums = frame.f64(count * cols);
    this.#transposed = frame.zeros(cols * this.#stride * 4);
    this.#bias = frame.zeros(this.#stride * 4);
    const vectors = Array.from({ length: 5 }, () => frame.f64(count));
    [this.norms, this.mass, this.#half, this.#moved, this.#drop] = vectors;
    this.dirty = frame.i32(count);
    // Compressed rows are compared one by one, dense ones in blocks.
    this.#scratch = frame.uninitialised((points.indptr ? 0 : 544 * cols) + 512 * this.#stride + 512);
  }

  /** Puts the centres somewhere. */
  place(values: Float64Array): void {
    this.#frame.heap.f64(this.values, values.length).set(values);
    for (let c = 0; c < this.#count; c++) this.#settle(c);
    this.#measure();
  }

  /** One assignment: see the kernel. Bounds and labels are those of `Assignment`. Returns how many labels changed. */
  assign(labels: Pointer, upper: Pointer, lower: Pointer): number {
    const { indptr, indices, values: X, rows, cols, squares, terms } = this.#points;
    const e = (terms + 8) * ROUNDOFF;
    const r = this.#radius;
    return this.#frame.kernels.hamerlyStep(
      indptr,
      indices,
      X,
      rows,
      cols,
      squares,
      this.values,
      this.norms,
      this.#count,
      this.#transposed,
      this.#stride,
      this.#bias,
      this.#half,
      this.#moved,
      this.#drop,
      e * r,
      (e * r * r) / 2 + terms * TINY,
      labels,
      upper,
      lower,
      this.dirty,
      this.#scratch,
    );
  }

  /** Weights by centre, summed anew where rows came or left. */
  gather(labels: Pointer, weight: Pointer): Float64Array {
    const { indptr, indices, values, rows, cols } = this.#points;
    const { kernels, heap } = this.#frame;
    const k = this.#count;
    kernels.centreSums(indptr, indices, values, rows, cols, labels, weight, k, this.dirty, this.#sums, this.mass);
    return heap.f64(this.mass, k);
  }

  /** Moves every centre to the mean (spherical: the mean direction) of its rows; returns the sum of squared moves. */
  move(): number {
    const { cols, spherical } = this.#points;
    const { heap } = this.#frame;
    const k = this.#count;
    const C = heap.f64(this.values, k * cols);
    const S = heap.f64(this.#sums, k * cols);
    const [moved, dirty, mass] = [heap.f64(this.#moved, k), heap.i32(this.dirty, k), heap.f64(this.mass, k)];
    let total = 0;
    moved.fill(0);
    for (let c = 0; c < k; c++) {
      if (dirty[c] === 0) continue;
      dirty[c] = 0;
      let size = mass[c];
      if (spherical) {
        let square = 0;
        for (let e = c * cols; e < (c + 1) * cols; e++) square += S[e] * S[e];
        size = Math.sqrt(square);
      }
      // Nothing to be the mean of, or directions that cancel.
      if (!(size > 0)) continue;
      let square = 0;
      for (let e = c * cols; e < (c + 1) * cols; e++) {
        const value = S[e] / size;
        const d = value - C[e];
        square += d * d;
        C[e] = value;
      }
      moved[c] = Math.sqrt(square);
      total += square;
      this.#settle(c);
    }
    this.#measure();
    return total;
  }

  /** What depends on centre c alone. */
  #settle(c: number): void {
    const { cols } = this.#points;
    const { heap } = this.#frame;
    const stride = this.#stride;
    const C = heap.f64(this.values + c * cols * 8, cols);
    const T = heap.f32(this.#transposed, cols * stride);
    let square = 0;
    for (let j = 0, at = c; j < cols; j++, at += stride) {
      square += C[j] * C[j];
      T[at] = C[j];
    }
    heap.f64(this.norms, this.#count)[c] = square;
    heap.f32(this.#bias, stride)[c] = -square / 2;
  }

  /** What depends on all of them. */
  #measure(): void {
    const { heap, kernels } = this.#frame;
    const k = this.#count;
    kernels.halfSeparations(this.values, k, this.#points.cols, this.#half);
    this.#radius = Math.sqrt(heap.f64(this.norms, k).reduce((a, b) => Math.max(a, b), 0));
    const [moved, drop] = [heap.f64(this.#moved, k), heap.f64(this.#drop, k)];
    let [farthest, first, second] = [-1, 0, 0];
    for (let c = 0; c < k; c++) {
      if (moved[c] > first) [farthest, first, second] = [c, moved[c], first];
      else second = Math.max(second, moved[c]);
    }
    for (let c = 0; c < k; c++) drop[c] = c === farthest ? second : first;
  }
}
