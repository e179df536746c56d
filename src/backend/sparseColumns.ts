import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import type { Arena } from './arena.ts';
import type { Columns } from './columns.ts';
import type { Pointer } from './kernels.ts';

/** CSR input passes through buffers of about this many entries. */
const STAGING_ENTRIES = 2 ** 14;

interface Storage {
  indptr: Pointer;
  indices: Pointer;
  data: Pointer;
}

/** CSC with f64 or f32 values in linear memory. */
export function sparseColumns(frame: Arena, X: CsrMatrix | CscMatrix): Columns {
  const { kernels: k, heap } = frame;
  const { rows: n, cols: p, nnz } = X;
  const single = X.data instanceof Float32Array;
  const { indptr, indices, data } =
    X instanceof CsrMatrix
      ? transpose(frame, X, single)
      : { indptr: frame.put(X.indptr), indices: frame.put(X.indices), data: frame.put(X.data) };

  const dots = single ? k.cscDotsF32 : k.cscDotsF64;
  const dotsPair = single ? k.cscDotsPairF32 : k.cscDotsPairF64;
  const combine = single ? k.cscCombineF32 : k.cscCombineF64;
  const moments = single ? k.cscMomentsF32 : k.cscMomentsF64;
  const pack = single ? k.cscPackF32 : k.cscPackF64;
  const epoch = single ? k.cscEpochF32 : k.cscEpochF64;
  const scatter = single ? k.csrRmatvecF32 : k.csrRmatvecF64;
  return {
    layout: 'sparse',
    type: single ? 'f32' : 'f64',
    rows: n,
    cols: p,
    nnz,
    dots: (index, count, u, out) => dots(indptr, indices, data, index, count, u, out),
    dotsPair: (index, count, u, v, outU, outV) => dotsPair(indptr, indices, data, index, count, u, v, outU, outV),
    combine: (index, coef, count, y) => combine(indptr, indices, data, index, coef, count, y),
    moments: (w, mean, second, index = 0, count = p) => moments(indptr, indices, data, n, count, w, mean, second, index),
    pack: (j, mean, w, out) => pack(indptr, indices, data, n, j, mean, w, out),
    gram: (packed, vectors, index, count, out, stride) => {
      for (let a = 0; a < vectors; a++) dots(indptr, indices, data, index, count, packed + a * n * 8, out + a * stride * 8);
    },
    epoch: (a) =>
      epoch(
        indptr,
        indices,
        data,
        n,
        a.index,
        a.count,
        a.w,
        a.mean,
        a.second,
        a.lambda,
        a.l1,
        a.l2,
        a.lower,
        a.upper,
        a.coef,
        a.u,
        a.total,
        a.penalty,
        a.shape,
        a.spread,
        a.mass,
      ),
    read: () =>
      new CscMatrix({
        rows: n,
        cols: p,
        indptr: heap.i32(indptr, p + 1).slice(),
        indices: heap.i32(indices, nnz).slice(),
        data: (single ? heap.f32(data, nnz) : heap.f64(data, nnz)).slice(),
      }),
    multiply: (B, width, out) => multiplyByColumns(frame, scatter, { indptr, indices, data }, n, p, B, width, out),
  };
}

/** Counting sort by column: rows are visited in order, so that the indices of every column come out ascending. */
function transpose(frame: Arena, X: CsrMatrix, single: boolean): Storage {
  const { kernels, heap } = frame;
  const { rows, cols, nnz } = X;
  const width = single ? 4 : 8;
  const scatter = single ? kernels.cscScatterF32 : kernels.cscScatterF64;
  const storage = { indptr: frame.i32(cols + 1), indices: frame.uninitialised(nnz * 4), data: frame.uninitialised(nnz * width) };
  const next = frame.i32(cols + 1);
  const longest = X.indptr.reduce((most, end, i) => (i > 0 ? Math.max(most, end - X.indptr[i - 1]) : most), 0);
  const step = Math.max(1, Math.min(nnz, Math.max(STAGING_ENTRIES, longest)));
  const someIndices = frame.uninitialised(step * 4);
  const someData = frame.uninitialised(step * width);
  const someRows = frame.uninitialised((Math.min(rows, step) + 1) * 4);

  for (let from = 0; from < nnz; from += step) {
    const part = X.indices.subarray(from, Math.min(from + step, nnz));
    heap.i32(someIndices, part.length).set(part);
    kernels.cscCount(someIndices, part.length, next + 4);
  }
  const starts = heap.i32(next, cols + 1);
  for (let j = 0; j < cols; j++) starts[j + 1] += starts[j];
  heap.i32(storage.indptr, cols + 1).set(starts);

  for (let first = 0; first < rows; ) {
    let end = first + 1;
    const most = Math.min(rows, first + step);
    while (end < most && X.indptr[end + 1] - X.indptr[first] <= step) end++;
    const from = X.indptr[first];
    const to = X.indptr[end];
    heap.i32(someRows, end - first + 1).set(X.indptr.subarray(first, end + 1));
    heap.i32(someIndices, to - from).set(X.indices.subarray(from, to));
    (single ? heap.f32(someData, to - from) : heap.f64(someData, to - from)).set(X.data.subarray(from, to));
    scatter(someRows, end - first, someIndices, someData, first, next, storage.indices, storage.data);
    first = end;
  }
  for (const pointer of [someRows, someData, someIndices, next]) frame.release(pointer);
  return storage;
}

type Scatter = (indptr: Pointer, indices: Pointer, data: Pointer, outer: number, x: Pointer, y: Pointer) => void;

/** Column c of X B is one scatter with column c of B; the products are gathered into rows at the end. */
function multiplyByColumns(
  frame: Arena,
  scatter: Scatter,
  s: Storage,
  n: number,
  p: number,
  B: Pointer,
  width: number,
  out: Pointer,
): void {
  const { heap } = frame;
  const x = frame.f64(p);
  const y = frame.f64(n);
  for (let c = 0; c < width; c++) {
    const from = heap.f64(B, p * width);
    const column = heap.f64(x, p);
    for (let j = 0; j < p; j++) column[j] = from[j * width + c];
    heap.f64(y, n).fill(0);
    scatter(s.indptr, s.indices, s.data, p, x, y);
    const product = heap.f64(y, n);
    const to = heap.f64(out, n * width);
    for (let i = 0; i < n; i++) to[i * width + c] = product[i];
  }
  frame.release(y);
  frame.release(x);
}
