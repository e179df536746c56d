import { at, get, geti } from './access';
import { degree, neighbours } from './factorPull';
import { multiplyAdd, place, put, total, value } from './lanes';
import { addScaled, inner } from './product';

// Half a sweep of alternating least squares without forming any row's matrix: see alternate.ts for the layout.

/** out += sum over entries of (a_e + b_e (y_e . p)) y_e: a = moment and b = -weight for a residual, a = 0 and b = weight for a product. Four entries at a time. */
// @ts-ignore: decorator
@inline
function entriesPass<V>(
  e: i32, end: i32, indices: usize, weight: usize, moment: usize, sign: V, Y: usize, stride: i32, p: usize, out: usize,
): void {
  const bytes = <usize>stride * sizeof<V>();
  if (ASC_FEATURE_SIMD) {
    for (; e + 3 < end; e += 4) {
      const y0 = place<V>(Y, geti(indices, e) * stride), y1 = place<V>(Y, geti(indices, e + 1) * stride);
      const y2 = place<V>(Y, geti(indices, e + 2) * stride), y3 = place<V>(Y, geti(indices, e + 3) * stride);
      let s0 = v128.splat<V>(<V>0), s1 = s0, s2 = s0, s3 = s0;
      for (let t: usize = 0; t < bytes; t += 16) {
        const v = v128.load(p + t);
        s0 = multiplyAdd<V>(s0, v, v128.load(y0 + t));
        s1 = multiplyAdd<V>(s1, v, v128.load(y1 + t));
        s2 = multiplyAdd<V>(s2, v, v128.load(y2 + t));
        s3 = multiplyAdd<V>(s3, v, v128.load(y3 + t));
      }
      const c0 = v128.splat<V>(coefficient<V>(e, weight, moment, sign, total<V>(s0)));
      const c1 = v128.splat<V>(coefficient<V>(e + 1, weight, moment, sign, total<V>(s1)));
      const c2 = v128.splat<V>(coefficient<V>(e + 2, weight, moment, sign, total<V>(s2)));
      const c3 = v128.splat<V>(coefficient<V>(e + 3, weight, moment, sign, total<V>(s3)));
      for (let t: usize = 0; t < bytes; t += 16) {
        let o = multiplyAdd<V>(v128.load(out + t), c0, v128.load(y0 + t));
        o = multiplyAdd<V>(o, c1, v128.load(y1 + t));
        o = multiplyAdd<V>(o, c2, v128.load(y2 + t));
        v128.store(out + t, multiplyAdd<V>(o, c3, v128.load(y3 + t)));
      }
    }
  }
  for (; e < end; e++) {
    const y = place<V>(Y, geti(indices, e) * stride);
    addScaled<V>(coefficient<V>(e, weight, moment, sign, inner<V>(y, p, stride)), y, out, stride);
  }
}

// @ts-ignore: decorator
@inline
function coefficient<V>(e: i32, weight: usize, moment: usize, sign: V, product: V): V {
  const w: V = weight ? value<V>(weight, e) * product : product;
  return moment ? value<V>(moment, e) + sign * w : sign * w;
}

/** out += sign (G p): rows of the symmetric G (V, k rows of `stride`), four at a time. */
// @ts-ignore: decorator
@inline
function addGram<V>(G: usize, k: i32, stride: i32, p: usize, sign: V, out: usize): void {
  let t = 0;
  const bytes = <usize>stride * sizeof<V>();
  if (ASC_FEATURE_SIMD) {
    for (; t + 3 < k; t += 4) {
      const g0 = G + <usize>t * bytes, g1 = g0 + bytes, g2 = g1 + bytes, g3 = g2 + bytes;
      const a = v128.splat<V>(sign * value<V>(p, t)), b = v128.splat<V>(sign * value<V>(p, t + 1));
      const c = v128.splat<V>(sign * value<V>(p, t + 2)), d = v128.splat<V>(sign * value<V>(p, t + 3));
      for (let u: usize = 0; u < bytes; u += 16) {
        let o = multiplyAdd<V>(v128.load(out + u), a, v128.load(g0 + u));
        o = multiplyAdd<V>(o, b, v128.load(g1 + u));
        o = multiplyAdd<V>(o, c, v128.load(g2 + u));
        v128.store(out + u, multiplyAdd<V>(o, d, v128.load(g3 + u)));
      }
    }
  }
  for (; t < k; t++) addScaled<V>(sign * value<V>(p, t), G + <usize>t * bytes, out, stride);
}

/** What the ridge, the prior and the graph say about row i: out += ridge (prior - z) + pull of the neighbours, in the slots of unknowns. */
// @ts-ignore: decorator
@inline
function addPull<V>(
  i: i32, k: i32, biased: i32, ownSlot: i32, own: f64, ownBias: f64, links: f64, prior: usize, graph: usize, Z: usize, stride: i32, out: usize,
): void {
  const z = place<V>(Z, i * stride), p = prior ? place<V>(prior, i * stride) : 0;
  for (let n = 0; n < k + biased; n++) {
    const t = n < k ? n : ownSlot, r = n < k ? own : ownBias;
    let s = r * ((p ? at<V>(p, t) : 0.0) - at<V>(z, t));
    if (graph) s += neighbours<V>(i, graph, prior, Z, stride, t) - links * at<V>(z, t);
    put<V>(out, t, value<V>(out, t) + <V>s);
  }
}

/**
 * Conjugate gradients (Takacs, Pilaszy and Tikk 2011): the matrix of a row is never formed. scratch: r, p, q (stride each).
 */
// @ts-ignore: decorator
@inline
function alternateCg<V>(
  first: i32, last: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32,
  ownSlot: i32, offsetSlot: i32, G: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, steps: i32,
  scratch: usize,
): void {
  const bytes = <usize>stride * sizeof<V>();
  const r = scratch, p = r + bytes, q = p + bytes;
  const tiny = sizeof<V>() == 8 ? 1e-30 : 1e-14;
  for (let i = first; i < last; i++) {
    const z = place<V>(Z, i * stride);
    const start = geti(indptr, i), end = geti(indptr, i + 1);
    if (start == end && !prior && !graph) {
      for (let t = 0; t < k; t++) put<V>(z, t, <V>0);
      if (biased) put<V>(z, ownSlot, <V>0);
      continue;
    }
    const own = get(ridge, i), ownBias = biased ? get(biasRidge, i) : 0.0, links = graph ? degree(i, graph) : 0.0;
    memory.fill(r, 0, bytes);
    entriesPass<V>(start, end, indices, weight, moment, <V>-1, Y, stride, z, r);
    if (G) addGram<V>(G, k, stride, z, <V>-1, r);
    addPull<V>(i, k, biased, ownSlot, own, ownBias, links, prior, graph, Z, stride, r);
    if (biased) put<V>(r, offsetSlot, <V>0);
    let rr = inner<V>(r, r, stride);
    memory.copy(p, r, bytes);
    // Relative to where the row starts, so that entries of any unit are fitted.
    const enough = tiny * <f64>rr;
    for (let step = 0; step < steps && <f64>rr > enough; step++) {
      memory.fill(q, 0, bytes);
      entriesPass<V>(start, end, indices, weight, 0, <V>1, Y, stride, p, q);
      if (G) addGram<V>(G, k, stride, p, <V>1, q);
      addScaled<V>(<V>(own + links), p, q, stride);
      if (biased) {
        put<V>(q, ownSlot, value<V>(q, ownSlot) + <V>((ownBias - own) * <f64>value<V>(p, ownSlot)));
        put<V>(q, offsetSlot, <V>0);
      }
      const curvature = inner<V>(p, q, stride);
      if (!(curvature > 0)) break;
      const alpha = rr / curvature;
      addScaled<V>(alpha, p, z, stride);
      addScaled<V>(-alpha, q, r, stride);
      const next = inner<V>(r, r, stride);
      const beta = next / rr;
      rr = next;
      for (let t = 0; t < stride; t++) put<V>(p, t, value<V>(r, t) + beta * value<V>(p, t));
    }
  }
}

export function alternateCgF32(
  first: i32, last: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32,
  ownSlot: i32, offsetSlot: i32, G: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, steps: i32,
  scratch: usize,
): void {
  alternateCg<f32>(
    first, last, indptr, indices, weight, moment, Y, stride, k, biased, ownSlot, offsetSlot, G, ridge, biasRidge, prior, graph, Z, steps,
    scratch,
  );
}
export function alternateCgF64(
  first: i32, last: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32,
  ownSlot: i32, offsetSlot: i32, G: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, steps: i32,
  scratch: usize,
): void {
  alternateCg<f64>(
    first, last, indptr, indices, weight, moment, Y, stride, k, biased, ownSlot, offsetSlot, G, ridge, biasRidge, prior, graph, Z, steps,
    scratch,
  );
}

/** out_i = right-hand side - matrix z of row i's normal equations; returns the sum of squares of what the entries alone give there at z = 0. */
// @ts-ignore: decorator
@inline
function factorResiduals<V>(
  rows: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32, ownSlot: i32,
  offsetSlot: i32, G: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, out: usize, scratch: usize,
): f64 {
  const bytes = <usize>stride * sizeof<V>();
  const p = scratch, q = p + bytes;
  let scale = 0.0;
  memory.fill(p, 0, bytes);
  if (biased) put<V>(p, offsetSlot, <V>1);
  for (let i = 0; i < rows; i++) {
    const start = geti(indptr, i), end = geti(indptr, i + 1), r = out + <usize>i * bytes, z = place<V>(Z, i * stride);
    memory.fill(q, 0, bytes);
    entriesPass<V>(start, end, indices, weight, moment, <V>-1, Y, stride, p, q);
    if (biased) put<V>(q, offsetSlot, <V>0);
    scale += <f64>inner<V>(q, q, stride);
    memory.fill(r, 0, bytes);
    entriesPass<V>(start, end, indices, weight, moment, <V>-1, Y, stride, z, r);
    if (G) addGram<V>(G, k, stride, z, <V>-1, r);
    addPull<V>(i, k, biased, ownSlot, get(ridge, i), biased ? get(biasRidge, i) : 0.0, graph ? degree(i, graph) : 0.0, prior, graph, Z, stride, r);
    if (biased) put<V>(r, offsetSlot, <V>0);
  }
  return scale;
}

export function factorResidualsF32(
  rows: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32, ownSlot: i32,
  offsetSlot: i32, G: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, out: usize, scratch: usize,
): f64 {
  return factorResiduals<f32>(
    rows, indptr, indices, weight, moment, Y, stride, k, biased, ownSlot, offsetSlot, G, ridge, biasRidge, prior, graph, Z, out, scratch,
  );
}
export function factorResidualsF64(
  rows: i32, indptr: usize, indices: usize, weight: usize, moment: usize, Y: usize, stride: i32, k: i32, biased: i32, ownSlot: i32,
  offsetSlot: i32, G: usize, ridge: usize, biasRidge: usize, prior: usize, graph: usize, Z: usize, out: usize, scratch: usize,
): f64 {
  return factorResiduals<f64>(
    rows, indptr, indices, weight, moment, Y, stride, k, biased, ownSlot, offsetSlot, G, ridge, biasRidge, prior, graph, Z, out, scratch,
  );
}
