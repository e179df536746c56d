import type { Pointer } from './kernels.ts';

/**
 * A centred, scaled matrix C applied to tall row-major matrices (f64), without forming C; X and slices are stored as f32 or f64.
 *
 * Dense: X has `rows` rows of p values (row stride ldx). C = (X - mean) * factor, with one mean and factor per column or, for byRow = 1, per
 * row; 0: none. scratch: 64 x p. Sparse: slices as in `SparseKernels`, C = F (S - m c'), one m and one factor F per slice.
 */
export interface SpectralKernels {
  /** out (p x p, symmetric on entry) += C'C, symmetric to the last bit */
  centredGramF32(
    X: Pointer,
    ldx: number,
    rows: number,
    p: number,
    mean: Pointer,
    factor: Pointer,
    byRow: number,
    out: Pointer,
    scratch: Pointer,
  ): void;
  centredGramF64: SpectralKernels['centredGramF32'];
  /** W (rows x b) = C B with B p x b, unless B = 0 (W is read then); out (p x b) += C'W, unless out = 0: one pass over X */
  centredProductsF32(
    X: Pointer,
    ldx: number,
    rows: number,
    p: number,
    mean: Pointer,
    factor: Pointer,
    byRow: number,
    B: Pointer,
    W: Pointer,
    b: number,
    out: Pointer,
    scratch: Pointer,
  ): void;
  centredProductsF64: SpectralKernels['centredProductsF32'];
  /** mean_j and second central moment of every column of a row-major X, weights 1/rows */
  rowMomentsF32(X: Pointer, ldx: number, rows: number, p: number, mean: Pointer, second: Pointer): void;
  rowMomentsF64: SpectralKernels['rowMomentsF32'];
  /**
   * For every slice o: t = F_o (slice . U - m_o total), out[indices] += data t, shift += m_o t; U, out have b columns. m = 0: all 1,
   * F = 0: all 1, total = 0: no centring (shift is not touched).
   */
  sliceGramF32(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    outer: number,
    m: Pointer,
    factor: Pointer,
    U: Pointer,
    b: number,
    total: Pointer,
    out: Pointer,
    shift: Pointer,
  ): void;
  sliceGramF64: SpectralKernels['sliceGramF32'];
  /** out[indices] += data * row o of B, rows of k values: CSR A'B, or CSC A B */
  sliceScatterF32(indptr: Pointer, indices: Pointer, data: Pointer, outer: number, B: Pointer, k: number, out: Pointer): void;
  sliceScatterF64: SpectralKernels['sliceScatterF32'];
  /** W (rows x k) = F (W - m c'), in place; m = 0: all 1, factor = 0: all 1, c = 0: only scaled */
  shiftRows(W: Pointer, rows: number, k: number, m: Pointer, c: Pointer, factor: Pointer): void;
  /** out (rows x b, row stride ldo) += factor A C with A rows x a (stride lda) and C a x b (stride ldc) */
  tallMultiply(
    A: Pointer,
    lda: number,
    rows: number,
    a: number,
    C: Pointer,
    ldc: number,
    b: number,
    factor: number,
    out: Pointer,
    ldo: number,
  ): void;
  /** to[r*ldTo + j] = from[r*ldFrom + j], j < width */
  copyRows(from: Pointer, ldFrom: number, rows: number, width: number, to: Pointer, ldTo: number): void;
}
