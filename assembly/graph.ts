import { at, fold, gather, get, geti, pair, set, seti } from './access';

/** Weight of edge e. V = i32 stands for edges that all weigh 1: they carry no data. */
// @ts-ignore: decorator
@inline
function weight<V>(data: usize, e: i32): f64 {
  if (isInteger<V>()) return 1;
  return at<V>(data, e);
}

/** Sum of weight * u[index] over entries from..to-1: two f64x2 accumulators over blocks of 4 entries, then one by one. */
// @ts-ignore: decorator
@inline
function pull<V>(indices: usize, data: usize, from: i32, to: i32, u: usize): f64 {
  let e = from;
  let s = 0.0;
  if (ASC_FEATURE_SIMD) {
    if (to - from > 3) {
      let a = f64x2.splat(0), b = a;
      for (const end = to - 3; e < end; e += 4) {
        let x = gather(u, geti(indices, e), geti(indices, e + 1)), y = gather(u, geti(indices, e + 2), geti(indices, e + 3));
        if (isFloat<V>()) {
          x = f64x2.mul(x, pair<V>(data, e));
          y = f64x2.mul(y, pair<V>(data, e + 2));
        }
        a = f64x2.add(a, x);
        b = f64x2.add(b, y);
      }
      s = fold(f64x2.add(a, b));
    }
  }
  for (; e < to; e++) s += weight<V>(data, e) * get(u, geti(indices, e));
  return s;
}

// @ts-ignore: decorator
@inline
function weightRange<V>(data: usize, n: i32, range: usize): void {
  let low = get(range, 0), high = get(range, 1);
  let e = 0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(low), b = f64x2.splat(high), c = a, d = b, odd = f64x2.splat(0);
    for (const end = n - 3; e < end; e += 4) {
      const x = pair<V>(data, e), y = pair<V>(data, e + 2);
      // One instruction each, but without the NaN of their second argument, which is looked for beside them.
      a = f64x2.pmin(a, x);
      b = f64x2.pmax(b, x);
      c = f64x2.pmin(c, y);
      d = f64x2.pmax(d, y);
      odd = v128.or(odd, f64x2.ne(f64x2.add(x, y), f64x2.add(x, y)));
    }
    a = f64x2.min(a, c);
    b = f64x2.max(b, d);
    low = min(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1));
    high = max(f64x2.extract_lane(b, 0), f64x2.extract_lane(b, 1));
    if (v128.any_true(odd)) {
      // Infinity - Infinity looks like a NaN too: now the slow way.
      e = 0;
    }
  }
  for (; e < n; e++) {
    low = min(low, at<V>(data, e));
    high = max(high, at<V>(data, e));
  }
  set(range, 0, low);
  set(range, 1, high);
}

export function weightRangeF64(data: usize, n: i32, range: usize): void {
  weightRange<f64>(data, n, range);
}
export function weightRangeF32(data: usize, n: i32, range: usize): void {
  weightRange<f32>(data, n, range);
}

// @ts-ignore: decorator
@inline
function edgeCount<V>(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, incoming: usize, outgoing: usize, strength: usize, loop: usize,
): void {
  const base = geti(indptr, 0);
  for (let i = 0; i < rows; i++) {
    const from = geti(indptr, i) - base, to = geti(indptr, i + 1) - base, node = first + i;
    let total = isFloat<V>() ? 0.0 : <f64>(to - from), own = 0.0, others = to - from;
    for (let e = from; e < to; e++) {
      const j = geti(indices, e), w = weight<V>(data, e);
      if (isFloat<V>()) total += w;
      if (j == node) {
        own = w;
        others--;
      } else seti(incoming, j, geti(incoming, j) + 1);
    }
    set(strength, node, total);
    set(loop, node, own);
    seti(outgoing, node, others);
  }
}

export function edgeCountUnit(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, incoming: usize, outgoing: usize, strength: usize, loop: usize,
): void {
  edgeCount<i32>(indptr, rows, indices, data, first, incoming, outgoing, strength, loop);
}
export function edgeCountF64(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, incoming: usize, outgoing: usize, strength: usize, loop: usize,
): void {
  edgeCount<f64>(indptr, rows, indices, data, first, incoming, outgoing, strength, loop);
}
export function edgeCountF32(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, incoming: usize, outgoing: usize, strength: usize, loop: usize,
): void {
  edgeCount<f32>(indptr, rows, indices, data, first, incoming, outgoing, strength, loop);
}

/** A counting sort by edges in, with indptr as its buckets until the rows are known. */
export function pageRankOrder(
  n: i32, alpha: f64, incoming: usize, outgoing: usize, strength: usize, loop: usize, label: usize, next: usize, indptr: usize,
  diagonal: usize, mass: usize, hanging: usize, counts: usize,
): void {
  let core = 0, sinks = 0, longest = 0;
  memory.fill(indptr, 0, <usize>(n + 1) << 2);
  for (let i = 0; i < n; i++) {
    const edges = geti(incoming, i), sends = i32(geti(outgoing, i) > 0), receives = i32(edges > 0);
    const bucket = (sends & receives) * edges;
    core += sends & receives;
    sinks += receives & ~sends;
    longest = max(longest, bucket);
    seti(indptr, bucket, geti(indptr, bucket) + 1);
  }
  seti(counts, 0, core);
  seti(counts, 1, sinks);
  for (let edges = longest, start = 0; edges > 0; edges--) {
    const nodes = geti(indptr, edges);
    seti(indptr, edges, start);
    start += nodes;
  }
  // The places of the next start and the next sink, kept like those of the rows of each length: no branch, which could not be foreseen.
  const others = counts + 8;
  seti(others, 0, core + sinks);
  seti(others, 1, core);
  for (let i = 0; i < n; i++) {
    const edges = geti(incoming, i), sends = geti(outgoing, i) > 0, receives = i32(edges > 0);
    const place = sends && receives ? indptr + (<usize>edges << 2) : others + (<usize>receives << 2);
    const k = load<i32>(place);
    store<i32>(place, k + 1);
    const s = get(strength, i), hangs = i32(s == 0);
    seti(label, i, k);
    set(diagonal, k, s - alpha * get(loop, i) + <f64>hangs);
    set(mass, k, s + <f64>hangs);
    set(hanging, k, <f64>hangs);
  }
  seti(indptr, 0, 0);
  for (let i = 0; i < n; i++) seti(indptr, geti(label, i) + 1, geti(incoming, i));
  for (let k = 0; k < n; k++) seti(indptr, k + 1, geti(indptr, k) + geti(indptr, k + 1));
  for (let i = 0; i < n; i++) seti(next, i, geti(indptr, geti(label, i)));
}

// @ts-ignore: decorator
@inline
function edgeScatter<V>(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, label: usize, next: usize, coreEnd: i32, outIndices: usize,
  outData: usize, inside: usize,
): void {
  const base = geti(indptr, 0);
  for (let i = 0; i < rows; i++) {
    const from = geti(indptr, i) - base, to = geti(indptr, i + 1) - base, node = first + i, k = geti(label, node);
    let share = 0.0, edges = 0;
    for (let e = from; e < to; e++) {
      const j = geti(indices, e);
      if (j == node) continue;
      const slot = geti(next, j);
      seti(next, j, slot + 1);
      seti(outIndices, slot, k);
      if (isFloat<V>()) store<V>(outData + <usize>slot * sizeof<V>(), load<V>(data + <usize>e * sizeof<V>()));
      // A factor and not a branch: which targets are in the core cannot be foreseen.
      const inCore = i32(slot < coreEnd);
      if (isFloat<V>()) share += <f64>inCore * weight<V>(data, e);
      else edges += inCore;
    }
    set(inside, k, isFloat<V>() ? share : <f64>edges);
  }
}

export function edgeScatterUnit(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, label: usize, next: usize, coreEnd: i32, outIndices: usize,
  outData: usize, inside: usize,
): void {
  edgeScatter<i32>(indptr, rows, indices, data, first, label, next, coreEnd, outIndices, outData, inside);
}
export function edgeScatterF64(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, label: usize, next: usize, coreEnd: i32, outIndices: usize,
  outData: usize, inside: usize,
): void {
  edgeScatter<f64>(indptr, rows, indices, data, first, label, next, coreEnd, outIndices, outData, inside);
}
export function edgeScatterF32(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, label: usize, next: usize, coreEnd: i32, outIndices: usize,
  outData: usize, inside: usize,
): void {
  edgeScatter<f32>(indptr, rows, indices, data, first, label, next, coreEnd, outIndices, outData, inside);
}

// @ts-ignore: decorator
@inline
function gaussSeidel<V>(
  indptr: usize, indices: usize, data: usize, first: i32, last: i32, alpha: f64, v: usize, diagonal: usize, u: usize,
): f64 {
  let change = 0.0;
  let from = geti(indptr, first);
  for (let i = first; i < last; i++) {
    const to = geti(indptr, i + 1), d = get(diagonal, i);
    const x = get(v, i) + alpha * pull<V>(indices, data, from, to, u);
    change += abs(x - d * get(u, i));
    set(u, i, x / d);
    from = to;
  }
  return change;
}

export function gaussSeidelUnit(
  indptr: usize, indices: usize, data: usize, first: i32, last: i32, alpha: f64, v: usize, diagonal: usize, u: usize,
): f64 {
  return gaussSeidel<i32>(indptr, indices, data, first, last, alpha, v, diagonal, u);
}
export function gaussSeidelF64(
  indptr: usize, indices: usize, data: usize, first: i32, last: i32, alpha: f64, v: usize, diagonal: usize, u: usize,
): f64 {
  return gaussSeidel<f64>(indptr, indices, data, first, last, alpha, v, diagonal, u);
}
export function gaussSeidelF32(
  indptr: usize, indices: usize, data: usize, first: i32, last: i32, alpha: f64, v: usize, diagonal: usize, u: usize,
): f64 {
  return gaussSeidel<f32>(indptr, indices, data, first, last, alpha, v, diagonal, u);
}

// @ts-ignore: decorator
@inline
function pageRankResidual<V>(
  indptr: usize, indices: usize, data: usize, rows: i32, alpha: f64, a: f64, v: usize, b: f64, w: usize, diagonal: usize, u: usize,
  out: usize, sums: usize,
): void {
  let total = 0.0, rounding = 0.0;
  let from = geti(indptr, 0);
  for (let i = 0; i < rows; i++) {
    const to = geti(indptr, i + 1);
    const x = get(diagonal, i) * get(u, i);
    let r = alpha * pull<V>(indices, data, from, to, u) - x;
    if (v) r += a * get(v, i);
    if (w) r += b * get(w, i);
    set(out, i, r);
    total += abs(r);
    rounding += <f64>(to - from) * abs(x);
    from = to;
  }
  set(sums, 0, total);
  set(sums, 1, rounding);
}

export function pageRankResidualUnit(
  indptr: usize, indices: usize, data: usize, rows: i32, alpha: f64, a: f64, v: usize, b: f64, w: usize, diagonal: usize, u: usize,
  out: usize, sums: usize,
): void {
  pageRankResidual<i32>(indptr, indices, data, rows, alpha, a, v, b, w, diagonal, u, out, sums);
}
export function pageRankResidualF64(
  indptr: usize, indices: usize, data: usize, rows: i32, alpha: f64, a: f64, v: usize, b: f64, w: usize, diagonal: usize, u: usize,
  out: usize, sums: usize,
): void {
  pageRankResidual<f64>(indptr, indices, data, rows, alpha, a, v, b, w, diagonal, u, out, sums);
}
export function pageRankResidualF32(
  indptr: usize, indices: usize, data: usize, rows: i32, alpha: f64, a: f64, v: usize, b: f64, w: usize, diagonal: usize, u: usize,
  out: usize, sums: usize,
): void {
  pageRankResidual<f32>(indptr, indices, data, rows, alpha, a, v, b, w, diagonal, u, out, sums);
}

export function pageRankScores(n: i32, label: usize, mass: usize, u: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    const k = geti(label, i);
    set(out, i, get(mass, k) * get(u, k));
  }
}
