import type { Arena } from '../backend/arena.ts';
import type { Columns } from '../backend/columns.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';

/** X in linear memory as products with vectors; blocks are k vectors one after the other. */
export interface MatrixProducts {
  readonly rows: number;
  readonly cols: number;
  /** u = X v */
  times(v: Pointer, u: Pointer): void;
  /** v = X'u */
  timesTransposed(u: Pointer, v: Pointer): void;
  /** k vectors v = X'u */
  timesTransposedAll(U: Pointer, k: number, V: Pointer): void;
  /** out = X B with B (cols x k) and out (rows x k) row-major; where that beats single products */
  readonly multiply?: (B: Pointer, k: number, out: Pointer) => void;
  /** out = x_j - mean */
  pack?(j: number, mean: number, out: Pointer): void;
  /** out[a*cols + j] = packed_a . x_j for j < count */
  gram?(packed: Pointer, vectors: number, count: number, out: Pointer): void;
}

export function columnProducts({ heap }: Arena, columns: Columns): MatrixProducts {
  const { rows, cols } = columns;
  const dense = columns.layout === 'dense';
  return {
    rows,
    cols,
    times(v, u) {
      heap.f64(u, rows).fill(0);
      columns.combine(0, v, cols, u);
    },
    timesTransposed: (u, v) => columns.dots(0, cols, u, v),
    timesTransposedAll: (U, k, V) => columns.gram(U, k, 0, cols, V, cols),
    ...(dense ? { multiply: (B: Pointer, k: number, out: Pointer) => columns.multiply(B, k, out) } : {}),
    pack: (j, mean, out) => columns.pack(j, mean, 0, out),
    gram: (packed, vectors, count, out) => columns.gram(packed, vectors, 0, count, out, cols),
  };
}

/** Rows stay rows: where they are longer than columns, products by rows are about twice as fast. */
export function rowProducts(frame: Arena, X: CsrMatrix): MatrixProducts {
  const { heap, kernels } = frame;
  const { rows, cols } = X;
  const [indptr, indices, data] = [frame.put(X.indptr), frame.put(X.indices), frame.put(X.data)];
  const single = X.data instanceof Float32Array;
  const matvec = single ? kernels.csrMatvecF32 : kernels.csrMatvecF64;
  const scatter = single ? kernels.csrRmatvecF32 : kernels.csrRmatvecF64;
  const timesTransposed = (u: Pointer, v: Pointer): void => {
    heap.f64(v, cols).fill(0);
    scatter(indptr, indices, data, rows, u, v);
  };
  return {
    rows,
    cols,
    times: (v, u) => matvec(indptr, indices, data, rows, v, u),
    timesTransposed,
    timesTransposedAll(U, k, V) {
      for (let a = 0; a < k; a++) timesTransposed(U + a * rows * 8, V + a * cols * 8);
    },
  };
}
