import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Arena } from './arena.ts';
import type { Columns } from './columns.ts';
import type { Pointer } from './kernels.ts';

/** Row-major input passes through a buffer of this size: it fits the second-level cache beside the columns being written. */
const STAGING_BYTES = 2 ** 18;

/** Column-major f64 or f32 values in linear memory. */
export function denseColumns(frame: Arena, X: DenseMatrix): Columns {
  const { kernels: k, heap } = frame;
  const { rows: n, cols: p, data } = X;
  const single = data instanceof Float32Array;
  const pointer = frame.uninitialised(data.byteLength);
  if (X.order === 'column') (single ? heap.f32(pointer, data.length) : heap.f64(pointer, data.length)).set(data);
  else transpose(frame, X, pointer, single);

  const dots = single ? k.denseDotsF32 : k.denseDotsF64;
  const dotsPair = single ? k.denseDotsPairF32 : k.denseDotsPairF64;
  const combine = single ? k.denseCombineF32 : k.denseCombineF64;
  const moments = single ? k.denseMomentsF32 : k.denseMomentsF64;
  const pack = single ? k.densePackF32 : k.densePackF64;
  const gram = single ? k.denseGramF32 : k.denseGramF64;
  const epoch = single ? k.denseEpochF32 : k.denseEpochF64;
  const multiply = single ? k.denseMultiplyF32 : k.denseMultiplyF64;
  return {
    layout: 'dense',
    type: single ? 'f32' : 'f64',
    rows: n,
    cols: p,
    nnz: data.length,
    dots: (index, count, u, out) => dots(pointer, n, n, index, count, u, out),
    dotsPair: (index, count, u, v, outU, outV) => dotsPair(pointer, n, n, index, count, u, v, outU, outV),
    combine: (index, coef, count, y) => combine(pointer, n, n, index, coef, count, y),
    moments: (w, mean, second, index = 0, count = p) => moments(pointer, n, n, count, w, mean, second, index),
    pack: (j, mean, w, out) => pack(pointer, n, n, j, mean, w, out),
    gram: (packed, vectors, index, count, out, stride) => gram(packed, vectors, pointer, n, n, index, count, out, stride),
    epoch: (a) =>
      epoch(
        pointer,
        n,
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
    multiply: (B, width, out) => multiply(pointer, n, n, p, B, width, out),
    read: () => new DenseMatrix((single ? heap.f32(pointer, n * p) : heap.f64(pointer, n * p)).slice(), n, p, 'column'),
  };
}

function transpose(frame: Arena, X: DenseMatrix, target: Pointer, single: boolean): void {
  const { kernels, heap } = frame;
  const { rows, cols, data } = X;
  const fromRows = single ? kernels.denseFromRowsF32 : kernels.denseFromRowsF64;
  const step = Math.max(1, Math.min(rows, Math.floor(STAGING_BYTES / (cols * data.BYTES_PER_ELEMENT))));
  const staging = frame.uninitialised(step * cols * data.BYTES_PER_ELEMENT);
  const view = single ? heap.f32(staging, step * cols) : heap.f64(staging, step * cols);
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    view.set(data.subarray(first * cols, (first + count) * cols));
    fromRows(staging, count, cols, target, rows, first);
  }
  frame.release(staging);
}
