import { geti, seti } from './access';
import { log } from './math';
import { next, uniform } from './random';

// Synapses are compressed by source: source s has entries indptr[s]..indptr[s + 1] - 1, sorted by target.

// @ts-ignore: decorator
@inline
function propagate<V>(spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, weight: f64, out: usize): f64 {
  const w = <V>weight;
  let events: i64 = 0;
  for (let k = 0; k < count; k++) {
    const s = geti(spikes, k), from = geti(indptr, s), to = geti(indptr, s + 1);
    events += to - from;
    if (weights) {
      for (let e = from; e < to; e++) {
        const p = out + <usize>geti(targets, e) * sizeof<V>();
        store<V>(p, load<V>(p) + w * load<V>(weights + <usize>e * sizeof<V>()));
      }
    } else {
      for (let q = targets + (<usize>from << 2), end = targets + (<usize>to << 2); q < end; q += 4) {
        const p = out + <usize>load<i32>(q) * sizeof<V>();
        store<V>(p, load<V>(p) + w);
      }
    }
  }
  return <f64>events;
}

export function propagateF32(spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, weight: f64, out: usize): f64 {
  return propagate<f32>(spikes, count, indptr, targets, weights, weight, out);
}
export function propagateF64(spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, weight: f64, out: usize): f64 {
  return propagate<f64>(spikes, count, indptr, targets, weights, weight, out);
}

// @ts-ignore: decorator
@inline
function clip<V>(w: V, low: V, high: V): V {
  return min<V>(max<V>(w, low), high);
}

// @ts-ignore: decorator
@inline
function stdpArrive<V>(
  spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, gain: f64, out: usize, before: usize, after: usize, aMinus: f64,
  wMin: f64, wMax: f64,
): f64 {
  let events: i64 = 0;
  for (let k = 0; k < count; k++) {
    const s = geti(spikes, k), from = geti(indptr, s), to = geti(indptr, s + 1);
    events += to - from;
    for (let e = from; e < to; e++) {
      const t = <usize>geti(targets, e) * sizeof<V>(), q = weights + <usize>e * sizeof<V>(), w = load<V>(q);
      store<V>(out + t, load<V>(out + t) + <V>gain * w);
      store<V>(q, clip<V>(w - <V>aMinus * load<V>(after + t), <V>wMin, <V>wMax));
    }
    const p = before + <usize>s * sizeof<V>();
    store<V>(p, load<V>(p) + 1);
  }
  return <f64>events;
}

export function stdpArriveF32(
  spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, gain: f64, out: usize, before: usize, after: usize, aMinus: f64,
  wMin: f64, wMax: f64,
): f64 {
  return stdpArrive<f32>(spikes, count, indptr, targets, weights, gain, out, before, after, aMinus, wMin, wMax);
}
export function stdpArriveF64(
  spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, gain: f64, out: usize, before: usize, after: usize, aMinus: f64,
  wMin: f64, wMax: f64,
): f64 {
  return stdpArrive<f64>(spikes, count, indptr, targets, weights, gain, out, before, after, aMinus, wMin, wMax);
}

// @ts-ignore: decorator
@inline
function stdpFire<V>(
  spikes: usize, count: i32, colptr: usize, sources: usize, edges: usize, weights: usize, before: usize, after: usize, aPlus: f64, wMin: f64,
  wMax: f64,
): void {
  for (let k = 0; k < count; k++) {
    const t = geti(spikes, k);
    for (let c = geti(colptr, t), to = geti(colptr, t + 1); c < to; c++) {
      const q = weights + <usize>geti(edges, c) * sizeof<V>();
      store<V>(q, clip<V>(load<V>(q) + <V>aPlus * load<V>(before + <usize>geti(sources, c) * sizeof<V>()), <V>wMin, <V>wMax));
    }
    const p = after + <usize>t * sizeof<V>();
    store<V>(p, load<V>(p) + 1);
  }
}

export function stdpFireF32(
  spikes: usize, count: i32, colptr: usize, sources: usize, edges: usize, weights: usize, before: usize, after: usize, aPlus: f64, wMin: f64,
  wMax: f64,
): void {
  stdpFire<f32>(spikes, count, colptr, sources, edges, weights, before, after, aPlus, wMin, wMax);
}
export function stdpFireF64(
  spikes: usize, count: i32, colptr: usize, sources: usize, edges: usize, weights: usize, before: usize, after: usize, aPlus: f64, wMin: f64,
  wMax: f64,
): void {
  stdpFire<f64>(spikes, count, colptr, sources, edges, weights, before, after, aPlus, wMin, wMax);
}

/** How many trials fail before the next success: floor(log(u) / log(1 - p)), inverse = 1 / log(1 - p). */
// @ts-ignore: decorator
@inline
function skip(state: usize, inverse: f64): f64 {
  return Math.floor(log(1.0 - uniform(state)) * inverse);
}

/** The count that a draw u stands for, times weight. */
// @ts-ignore: decorator
@inline
function addCount<V>(u: u32, first: i32, table: usize, guide: usize, weight: f64, p: usize): void {
  let k = geti(guide, u >>> 24);
  while (u > <u32>geti(table, k)) k++;
  store<V>(p, load<V>(p) + <V>weight * <V>(k + first));
}

// @ts-ignore: decorator
@inline
function poissonInput<V>(
  state: usize, gap: usize, inverse: f64, first: i32, table: usize, guide: usize, weight: f64, out: usize, n: i32,
): void {
  if (inverse == 0) {
    // xoshiro128** as in `next`, its state in locals: one draw need not wait for the last one's stores.
    let s0 = load<u32>(state), s1 = load<u32>(state, 4), s2 = load<u32>(state, 8), s3 = load<u32>(state, 12);
    for (let i = 0; i < n; i++) {
      addCount<V>(rotl<u32>(s1 * 5, 7) * 9, first, table, guide, weight, out + <usize>i * sizeof<V>());
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotl<u32>(s3, 11);
    }
    store<u32>(state, s0);
    store<u32>(state, s1, 4);
    store<u32>(state, s2, 8);
    store<u32>(state, s3, 12);
    return;
  }
  let i = load<f64>(gap);
  while (i < <f64>n) {
    addCount<V>(next(state), first, table, guide, weight, out + <usize>(<i32>i) * sizeof<V>());
    i += 1 + skip(state, inverse);
  }
  store<f64>(gap, i - <f64>n);
}

export function poissonInputF32(
  state: usize, gap: usize, inverse: f64, first: i32, table: usize, guide: usize, weight: f64, out: usize, n: i32,
): void {
  poissonInput<f32>(state, gap, inverse, first, table, guide, weight, out, n);
}
export function poissonInputF64(
  state: usize, gap: usize, inverse: f64, first: i32, table: usize, guide: usize, weight: f64, out: usize, n: i32,
): void {
  poissonInput<f64>(state, gap, inverse, first, table, guide, weight, out, n);
}

export function bernoulliSpikes(state: usize, gap: usize, inverse: f64, n: i32, spikes: usize, at: i32): i32 {
  let i = load<f64>(gap);
  while (i < <f64>n) {
    seti(spikes, at++, <i32>i);
    i += 1 + skip(state, inverse);
  }
  store<f64>(gap, i - <f64>n);
  return at;
}

export function bernoulliRows(
  state: usize, inverse: f64, row: i32, rows: i32, cols: i32, indptr: usize, targets: usize, capacity: i32,
): i32 {
  let at = geti(indptr, 0);
  let r = row;
  // A row may have as many entries as there are columns.
  for (; r < rows && at + cols <= capacity; r++) {
    for (let j = skip(state, inverse); j < <f64>cols; j += 1 + skip(state, inverse)) seti(targets, at++, <i32>j);
    seti(indptr, r - row + 1, at);
  }
  return r;
}

export function randomIntegers(state: usize, below: u32, out: usize, n: i32): void {
  // 2^32 - (2^32 mod below) numbers are dealt out evenly; the rest is drawn again.
  const last = u32.MAX_VALUE - (u32.MAX_VALUE % below + 1) % below;
  for (let i = 0; i < n; i++) {
    let draw = next(state);
    while (draw > last) draw = next(state);
    seti(out, i, <i32>(draw % below));
  }
}
