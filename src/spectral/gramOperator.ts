import type { CentredMatrix } from './centredMatrix.ts';

/** Up to this many columns C'C is formed: products with it then do not depend on the number of rows. */
const FORMED = 2000;

/** The symmetric matrix S = C'C, seen through products, from which directions can be taken out one after another. */
export interface GramOperator {
  readonly size: number;
  /** Of S as it was given. */
  readonly diagonal: Float64Array;
  /** S x */
  times(x: Float64Array): Float64Array;
  /**
   * Schur complement (Mackey 2009): S becomes S - S x x'S / (x'S x), what is left of C'C when every row's score on x has been regressed out.
   * Unlike Hotelling's deflation it stays positive semidefinite when x is not an eigenvector.
   */
  deflate(x: Float64Array): void;
}

export function gramOperator(C: CentredMatrix): GramOperator {
  return C.features && C.cols <= FORMED ? formed(C) : implicit(C);
}

function formed(C: CentredMatrix): GramOperator {
  const { frame, cols: p } = C;
  const { kernels, heap } = frame;
  const S = frame.f64(p * p);
  C.gram(S);
  const [v, out] = [frame.f64(p), frame.f64(p)];
  const given = heap.f64(S, p * p);
  const times = (x: Float64Array) => {
    heap.f64(v, p).set(x);
    kernels.denseDotsF64(S, p, p, 0, p, v, out);
    return frame.read(out, p);
  };
  return {
    size: p,
    diagonal: Float64Array.from({ length: p }, (_, j) => given[j * p + j]),
    times,
    deflate(x) {
      const y = times(x);
      const square = inner(x, y);
      if (!(square > 0)) return;
      const matrix = heap.f64(S, p * p);
      for (let i = 0; i < p; i++) {
        const factor = y[i] / square;
        for (let j = 0; j < p; j++) matrix[i * p + j] -= factor * y[j];
      }
    },
  };
}

/** S x = C'(I - T T') C x, T an orthonormal basis of the scores that were taken out. */
function implicit(C: CentredMatrix): GramOperator {
  const { frame, rows: n, cols: p, columnMeans, columnVariances, mean, scale } = C;
  const { kernels, heap } = frame;
  const [v, t, out] = [frame.f64(p), frame.f64(n), frame.f64(p)];
  const basis: number[] = [];
  const score = (x: Float64Array) => {
    heap.f64(v, p).set(x);
    C.scores(v, 1, t);
    for (let pass = 0; pass < 2; pass++) for (const q of basis) kernels.axpy(-kernels.dot(q, t, n), q, t, n);
  };
  return {
    size: p,
    diagonal: columnVariances.map((s, j) => (n * (s + (columnMeans[j] - mean[j]) ** 2)) / (scale ? scale[j] * scale[j] : 1)),
    times(x) {
      score(x);
      C.loadings(t, 1, out);
      return frame.read(out, p);
    },
    deflate(x) {
      score(x);
      const norm = kernels.norm2(t, n);
      if (!(norm > 0)) return;
      const q = frame.put(heap.f64(t, n).slice());
      kernels.scale(1 / norm, q, n);
      basis.push(q);
    },
  };
}

export function inner(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * y[i];
  return s;
}
