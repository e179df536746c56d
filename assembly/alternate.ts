import { at, get, geti, set } from './access';
import { choleskyBackward, choleskyFactor, choleskyForward } from './factor';
import { degree, neighbours } from './factorPull';
import { place, put, value } from './lanes';
import { tallBlock } from './tall';

// Half a sweep of alternating least squares: every row of Z is the solution of its own ridge regression on rows of Y.
// A row of factors is [k factors, 1, bias] or [k factors, bias, 1], padded to the stride: the product of two rows is the prediction.

/** An indefinite Gram matrix gets 10^-12 (f32: 10^-6) of its trace, then ten times more, three times. */
const ATTEMPTS = 4;

/** One row of Y into the buffer: its k factors, then 1 for the bias, then zeros up to the width. */
// @ts-ignore: decorator
@inline
function gatherRow<V>(y: usize, k: i32, biased: i32, width: i32, to: usize): void {
  memory.copy(to, y, <usize>k * sizeof<V>());
  let t = k;
  if (biased) put<V>(to, t++, <V>1);
  for (; t < width; t++) put<V>(to, t, <V>0);
}

// @ts-ignore: decorator
@inline
function scaleRow<V>(x: usize, w: V, width: i32, to: usize): void {
  for (let t = 0; t < width; t++) put<V>(to, t, w * value<V>(x, t));
}

/** Gram matrix and right-hand side of row i over its entries, a buffer of rows at a time. */
// @ts-ignore: decorator
@inline
function normalEquations<V>(
  i: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32, offsetSlot: i32,
  width: i32, buffer: usize, batch: i32, gram: usize, rhs: usize,
): void {
  const scaled = buffer + <usize>batch * <usize>width * sizeof<V>();
  const coef = weight ? scaled + <usize>batch * <usize>width * sizeof<V>() : scaled;
  for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end;) {
    const count = min(batch, end - e);
    for (let b = 0; b < count; b++, e++) {
      const y = place<V>(Y, geti(indices, e) * stride), to = place<V>(buffer, b * width);
      gatherRow<V>(y, k, biased, width, to);
      const offset: V = biased ? value<V>(y, offsetSlot) : <V>0;
      if (weight) {
        const w = value<V>(weight, e);
        scaleRow<V>(to, w, width, place<V>(scaled, b * width));
        put<V>(coef, b, value<V>(moment, e) - w * offset);
      } else {
        put<V>(coef, b, value<V>(moment, e) - offset);
      }
    }
    if (weight) tallBlock<V>(scaled, width, width, buffer, width, width, count, gram, width, true);
    else tallBlock<V>(buffer, width, width, buffer, width, width, count, gram, width, true);
    tallBlock<V>(coef, 1, 1, buffer, width, width, count, rhs, width, false);
  }
}

// @ts-ignore: decorator
@inline
function alternate<V>(
  first: i32, last: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32,
  ownSlot: i32, offsetSlot: i32, base: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, buffer: usize,
  batch: i32, gram: usize, rhs: usize,
): i32 {
  const m = k + biased, width = (m + 3) & ~3;
  const tol = sizeof<V>() == 8 ? 1e-13 : 1e-7;
  for (let i = first; i < last; i++) {
    const z = place<V>(Z, i * stride), p = prior ? place<V>(prior, i * stride) : 0;
    const empty = geti(indptr, i) == geti(indptr, i + 1);
    if (empty && !base && !graph) {
      for (let t = 0; t < k; t++) put<V>(z, t, p ? value<V>(p, t) : <V>0);
      if (biased) put<V>(z, ownSlot, p ? value<V>(p, ownSlot) : <V>0);
      continue;
    }
    const own = get(ridge, i), ownBias = biased ? get(biasRidge, i) : 0.0, links = graph ? degree(i, graph) : 0.0;
    let jitter = 0.0, attempt = 0;
    for (; attempt < ATTEMPTS; attempt++) {
      if (base) memory.copy(gram, base, (<usize>width * <usize>width) << 3);
      else memory.fill(gram, 0, (<usize>width * <usize>width) << 3);
      memory.fill(rhs, 0, <usize>width << 3);
      normalEquations<V>(i, indptr, indices, weight, moment, Y, stride, k, biased, offsetSlot, width, buffer, batch, gram, rhs);
      let trace = 0.0;
      for (let t = 0; t < m; t++) {
        const slot = t < k ? t : ownSlot, r = t < k ? own : ownBias;
        const d = gram + ((<usize>t * <usize>(width + 1)) << 3);
        store<f64>(d, load<f64>(d) + r + links + jitter);
        trace += load<f64>(d);
        let q = p ? r * at<V>(p, slot) : 0.0;
        if (graph) q += neighbours<V>(i, graph, prior, Z, stride, slot);
        set(rhs, t, get(rhs, t) + q);
      }
      if (choleskyFactor(gram, m, width, tol) == m) break;
      jitter = jitter == 0 ? 10 * tol * trace / <f64>m + 1e-300 : 10 * jitter;
    }
    if (attempt == ATTEMPTS) return i;
    choleskyForward(gram, m, width, rhs);
    choleskyBackward(gram, m, width, rhs);
    for (let t = 0; t < k; t++) put<V>(z, t, <V>get(rhs, t));
    if (biased) put<V>(z, ownSlot, <V>get(rhs, k));
  }
  return last;
}

export function alternateF32(
  first: i32, last: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32,
  ownSlot: i32, offsetSlot: i32, base: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, buffer: usize,
  batch: i32, gram: usize, rhs: usize,
): i32 {
  return alternate<f32>(
    first, last, indptr, indices, weight, moment, Y, stride, k, biased, ownSlot, offsetSlot, base, ridge, biasRidge, prior, graph, Z, buffer,
    batch, gram, rhs,
  );
}
export function alternateF64(
  first: i32, last: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32,
  ownSlot: i32, offsetSlot: i32, base: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, buffer: usize,
  batch: i32, gram: usize, rhs: usize,
): i32 {
  return alternate<f64>(
    first, last, indptr, indices, weight, moment, Y, stride, k, biased, ownSlot, offsetSlot, base, ridge, biasRidge, prior, graph, Z, buffer,
    batch, gram, rhs,
  );
}
