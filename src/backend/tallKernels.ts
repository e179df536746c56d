import type { Pointer } from './kernels.ts';

/** Products of tall, narrow row-major matrices, each for values stored as f32 or f64. */
export interface TallKernels {
  /**
   * out (a x b, f64, row stride ldo) += A'B over the rows of A (rows x a, row stride lda) and B (rows x b, row stride ldb). Sums over 64 rows
   * are in the values' own type, their sums in f64. A = B with equal strides and widths: out, symmetric on entry, is symmetric to the last bit.
   */
  tallGramF32(
    A: Pointer,
    lda: number,
    a: number,
    B: Pointer,
    ldb: number,
    b: number,
    rows: number,
    out: Pointer,
    ldo: number,
  ): void;
  tallGramF64: TallKernels['tallGramF32'];
}
