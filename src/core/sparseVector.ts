import { integerIn } from './checks.ts';

/**
 * A vector of `length` numbers of which only some are written down: `values[k]` at `indices[k]`, the indices strictly increasing;
 * all others are 0.
 */
export class SparseVector {
  readonly length: number;
  readonly indices: Int32Array;
  readonly values: Float64Array;

  /** @internal Takes the arrays as they are; whoever makes one vouches for them. */
  constructor(length: number, indices: Int32Array, values: Float64Array) {
    this.length = length;
    this.indices = indices;
    this.values = values;
  }

  /** Entry `i`, counted from 0; 0 where none is stored. @throws TypeError, RangeError for an i that is not in 0..length-1 */
  get(i: number): number {
    integerIn(i, 'i', 0, this.length - 1);
    let low = 0;
    let high = this.indices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.indices[middle] < i) low = middle + 1;
      else high = middle;
    }
    return low < this.indices.length && this.indices[low] === i ? this.values[low] : 0;
  }

  /** All `length` numbers. */
  toDense(): Float64Array {
    const out = new Float64Array(this.length);
    for (let k = 0; k < this.indices.length; k++) out[this.indices[k]] = this.values[k];
    return out;
  }
}
