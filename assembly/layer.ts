import { geti, seti } from './access';
import { bits, lanes, place, put, value } from './lanes';
import { addScaled, inner } from './product';
import { surrogateLanes, surrogateOf } from './surrogate';

// One sample's passage through one layer, all time steps in one call. Rows (one per step) have a stride that is a multiple of 8;
// the padding has weight 0 everywhere, so it stays silent.
//
//   synapses  [dense, indptr, indices, data]: four pointers; dense = 0 means CSR by presynaptic neuron
//   events    [offsets, ids, values]: step t has entries offsets[t] .. offsets[t + 1] - 1; values = 0 means all 1

const SUBTRACT = 1;
const ZERO = 2;

/** out += v * row j of the synapses. */
// @ts-ignore: decorator
@inline
function addRow<V>(synapses: usize, j: i32, v: V, out: usize, stride: i32): void {
  const dense = <usize>load<u32>(synapses);
  if (dense) {
    addScaled<V>(v, place<V>(dense, j * stride), out, stride);
  } else {
    const indptr = <usize>load<u32>(synapses, 4), indices = <usize>load<u32>(synapses, 8), data = <usize>load<u32>(synapses, 12);
    for (let e = geti(indptr, j), end = geti(indptr, j + 1); e < end; e++) {
      const p = place<V>(out, geti(indices, e));
      store<V>(p, load<V>(p) + v * value<V>(data, e));
    }
  }
}

/** Row j of the synapses times a vector. */
// @ts-ignore: decorator
@inline
function dotRow<V>(synapses: usize, j: i32, x: usize, stride: i32): V {
  const dense = <usize>load<u32>(synapses);
  if (dense) return inner<V>(place<V>(dense, j * stride), x, stride);
  const indptr = <usize>load<u32>(synapses, 4), indices = <usize>load<u32>(synapses, 8), data = <usize>load<u32>(synapses, 12);
  let s: V = 0;
  for (let e = geti(indptr, j), end = geti(indptr, j + 1); e < end; e++) s += value<V>(data, e) * value<V>(x, geti(indices, e));
  return s;
}

/** For each set of four lanes the numbers of those that are in it, in order; the rest of an entry is never read. */
const LISTS = memory.data<i32>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 1, 2, 0, 0, 0, 1, 2, 0,
  3, 0, 0, 0, 0, 3, 0, 0, 1, 3, 0, 0, 0, 1, 3, 0, 2, 3, 0, 0, 0, 2, 3, 0, 1, 2, 3, 0, 0, 1, 2, 3,
], 16);

/**
 * Lists the neurons of four lanes that spike, without a branch: spikes are too frequent and too irregular for a processor to foresee.
 * Writes four numbers; those beyond the count are overwritten by what follows, and never lie beyond one list entry per neuron and step.
 */
// @ts-ignore: decorator
@inline
function list(ids: usize, found: i32, first: i32, mask: i32): i32 {
  v128.store(ids + (<usize>found << 2), i32x4.add(i32x4.splat(first), v128.load(LISTS + (<usize>mask << 4))));
  return found + popcnt(mask);
}

/** Two vectors of comparisons, the first for neuron j on. */
// @ts-ignore: decorator
@inline
function listPair<V>(ids: usize, found: i32, j: i32, s: v128, t: v128): i32 {
  if (sizeof<V>() == 8) return list(ids, found, j, bits<V>(s) | (bits<V>(t) << 2));
  return list(ids, list(ids, found, j, bits<V>(s)), j + 4, bits<V>(t));
}

/**
 * u = beta prev - (reset) + drive, and with `scan` the neurons at or above threshold. Returns the new number of spikes.
 * `reset` is a literal where this is inlined, so that the loop has no branch for it.
 */
// @ts-ignore: decorator
@inline
function advance<V>(
  prev: usize, drive: usize, u: usize, n: i32, beta: V, theta: V, reset: i32, scan: bool, ids: usize, found: i32,
): i32 {
  if (ASC_FEATURE_SIMD) {
    const betas = v128.splat<V>(beta), thetas = v128.splat<V>(theta);
    const wide = lanes<V>();
    for (let j = 0; j < n; j += 2 * wide) {
      const p = v128.load(prev), q = v128.load(prev, 16);
      let a = v128.mul<V>(p, betas), b = v128.mul<V>(q, betas);
      if (reset == SUBTRACT) {
        a = v128.sub<V>(a, v128.and(v128.ge<V>(p, thetas), thetas));
        b = v128.sub<V>(b, v128.and(v128.ge<V>(q, thetas), thetas));
      } else if (reset == ZERO) {
        a = v128.andnot(a, v128.ge<V>(p, thetas));
        b = v128.andnot(b, v128.ge<V>(q, thetas));
      }
      if (drive) {
        a = v128.add<V>(a, v128.load(drive));
        b = v128.add<V>(b, v128.load(drive, 16));
        drive += 32;
      }
      v128.store(u, a);
      v128.store(u, b, 16);
      if (scan) {
        found = listPair<V>(ids, found, j, v128.ge<V>(a, thetas), v128.ge<V>(b, thetas));
      }
      prev += 32;
      u += 32;
    }
    return found;
  }
  for (let j = 0; j < n; j++) {
    const p = value<V>(prev, j);
    let x: V = p * beta;
    if (p >= theta) {
      if (reset == SUBTRACT) x -= theta;
      else if (reset == ZERO) x = 0;
    }
    if (drive) x += value<V>(drive, j);
    put<V>(u, j, x);
    if (scan && x >= theta) seti(ids, found++, j);
  }
  return found;
}

// @ts-ignore: decorator
@inline
function atThreshold<V>(u: usize, n: i32, theta: V, ids: usize, found: i32): i32 {
  if (ASC_FEATURE_SIMD) {
    const thetas = v128.splat<V>(theta);
    const wide = lanes<V>();
    for (let j = 0; j < n; j += 2 * wide) {
      found = listPair<V>(ids, found, j, v128.ge<V>(v128.load(u), thetas), v128.ge<V>(v128.load(u, 16), thetas));
      u += 32;
    }
    return found;
  }
  for (let j = 0; j < n; j++) if (value<V>(u, j) >= theta) seti(ids, found++, j);
  return found;
}

// @ts-ignore: decorator
@inline
function addEvents<V>(events: usize, t: i32, synapses: usize, out: usize, stride: i32): void {
  const offsets = <usize>load<u32>(events), ids = <usize>load<u32>(events, 4), values = <usize>load<u32>(events, 8);
  for (let e = geti(offsets, t), end = geti(offsets, t + 1); e < end; e++) {
    addRow<V>(synapses, geti(ids, e), values ? value<V>(values, e) : <V>1, out, stride);
  }
}

// @ts-ignore: decorator
@inline
function lifForward<V>(
  steps: i32, stride: i32, beta: V, theta: V, reset: i32, drive: usize, events: usize, synapses: usize, recurrent: usize,
  U: usize, offsets: usize, ids: usize,
): void {
  const row = <usize>stride * sizeof<V>();
  // A layer that only has a constant drive looks for its spikes while it advances; otherwise they are known after the events.
  const scan = !events && !recurrent && offsets != 0;
  let found = 0, u = U;
  if (offsets) seti(offsets, 0, 0);
  // A layer that never spikes has nothing to reset and nothing to send.
  else {
    reset = 0;
    recurrent = 0;
  }
  for (let t = 0; t < steps; t++) {
    const prev = u - row;
    if (t == 0) {
      if (drive) memory.copy(u, drive, row);
      else memory.fill(u, 0, row);
      if (scan) found = atThreshold<V>(u, stride, theta, ids, found);
    } else if (reset == SUBTRACT) found = advance<V>(prev, drive, u, stride, beta, theta, SUBTRACT, scan, ids, found);
    else if (reset == ZERO) found = advance<V>(prev, drive, u, stride, beta, theta, ZERO, scan, ids, found);
    else found = advance<V>(prev, drive, u, stride, beta, theta, 0, scan, ids, found);
    if (events) addEvents<V>(events, t, synapses, u, stride);
    if (recurrent && t > 0) {
      for (let e = geti(offsets, t - 1); e < found; e++) addRow<V>(recurrent, geti(ids, e), <V>1, u, stride);
    }
    if (offsets) {
      if (!scan) found = atThreshold<V>(u, stride, theta, ids, found);
      seti(offsets, t + 1, found);
    }
    u += row;
  }
}

export function lifForwardF32(
  steps: i32, stride: i32, beta: f64, theta: f64, reset: i32, drive: usize, events: usize, synapses: usize, recurrent: usize,
  U: usize, offsets: usize, ids: usize,
): void {
  lifForward<f32>(steps, stride, <f32>beta, <f32>theta, reset, drive, events, synapses, recurrent, U, offsets, ids);
}
export function lifForwardF64(
  steps: i32, stride: i32, beta: f64, theta: f64, reset: i32, drive: usize, events: usize, synapses: usize, recurrent: usize,
  U: usize, offsets: usize, ids: usize,
): void {
  lifForward<f64>(steps, stride, beta, theta, reset, drive, events, synapses, recurrent, U, offsets, ids);
}

/** e += synapses . d for the neurons with |u - theta| < window: elsewhere the surrogate is 0 and e does not matter. */
// @ts-ignore: decorator
@inline
function spreadStep<V>(u: usize, size: i32, theta: V, window: V, synapses: usize, d: usize, post: i32, e: usize): void {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const thetas = v128.splat<V>(theta), windows = v128.splat<V>(window);
    for (; j < size; j += lanes<V>()) {
      let mask = bits<V>(v128.lt<V>(v128.abs<V>(v128.sub<V>(v128.load(place<V>(u, j)), thetas)), windows));
      while (mask) {
        const i = j + ctz(mask);
        if (i < size) put<V>(e, i, value<V>(e, i) + dotRow<V>(synapses, i, d, post));
        mask &= mask - 1;
      }
    }
  }
  for (; j < size; j++) {
    if (abs<V>(value<V>(u, j) - theta) < window) put<V>(e, j, value<V>(e, j) + dotRow<V>(synapses, j, d, post));
  }
}

// @ts-ignore: decorator
@inline
function spread<V>(steps: i32, stride: i32, size: i32, theta: V, window: V, U: usize, synapses: usize, D: usize, post: i32, E: usize): void {
  memory.fill(E, 0, <usize>(steps * stride) * sizeof<V>());
  for (let t = 0; t < steps; t++) {
    spreadStep<V>(place<V>(U, t * stride), size, theta, window, synapses, place<V>(D, t * post), post, place<V>(E, t * stride));
  }
}

export function spreadF32(
  steps: i32, stride: i32, size: i32, theta: f64, window: f64, U: usize, synapses: usize, D: usize, post: i32, E: usize,
): void {
  spread<f32>(steps, stride, size, <f32>theta, <f32>window, U, synapses, D, post, E);
}
export function spreadF64(
  steps: i32, stride: i32, size: i32, theta: f64, window: f64, U: usize, synapses: usize, D: usize, post: i32, E: usize,
): void {
  spread<f64>(steps, stride, size, theta, window, U, synapses, D, post, E);
}

/**
 * One step backwards: e becomes d = f'(u - theta) e + (what u passes on to the next step), added to the sum as well.
 * `shape`, `reset` and `detached` are literals where the common case is inlined.
 */
// @ts-ignore: decorator
@inline
function retreat<V>(
  u: usize, e: usize, next: usize, sum: usize, push: usize, n: i32, beta: V, theta: V, reset: i32, detached: bool, shape: i32, slope: V,
  peak: V, window: V, cost: V,
): void {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const betas = v128.splat<V>(beta), thetas = v128.splat<V>(theta), slopes = v128.splat<V>(slope), peaks = v128.splat<V>(peak);
    const windows = v128.splat<V>(window), costs = v128.splat<V>(cost);
    for (const wide = lanes<V>(); j < n; j += wide) {
      const x = v128.load(u), distance = v128.sub<V>(x, thetas);
      let after = v128.splat<V>(<V>0), carry = after;
      if (next) {
        after = v128.load(next);
        carry = v128.mul<V>(betas, after);
        if (reset == ZERO) carry = v128.andnot(carry, v128.ge<V>(x, thetas));
        next += 16;
      }
      const size = v128.abs<V>(distance), near = v128.lt<V>(size, windows);
      // Few neurons are near their threshold: the others only pass on what comes from later steps.
      if (v128.any_true(near)) {
        let back = v128.add<V>(v128.load(e), costs);
        if (!detached) {
          if (reset == SUBTRACT) back = v128.sub<V>(back, v128.mul<V>(thetas, after));
          else if (reset == ZERO) back = v128.sub<V>(back, v128.mul<V>(v128.mul<V>(betas, x), after));
        }
        const slopeHere = v128.and(near, surrogateLanes<V>(size, shape, slopes, peaks));
        carry = v128.add<V>(v128.mul<V>(slopeHere, back), carry);
      }
      if (push) {
        carry = v128.add<V>(carry, v128.load(push));
        push += 16;
      }
      v128.store(e, carry);
      if (sum) {
        v128.store(sum, v128.add<V>(v128.load(sum), carry));
        sum += 16;
      }
      u += 16;
      e += 16;
    }
    return;
  }
  for (; j < n; j++) {
    const x = value<V>(u, j), size = abs<V>(x - theta);
    const after: V = next ? value<V>(next, j) : <V>0;
    let carry: V = reset == ZERO && x >= theta ? <V>0 : beta * after;
    if (size < window) {
      let back = value<V>(e, j) + cost;
      if (!detached) {
        if (reset == SUBTRACT) back -= theta * after;
        else if (reset == ZERO) back -= beta * x * after;
      }
      carry = surrogateOf<V>(size, shape, slope, peak) * back + carry;
    }
    if (push) carry += value<V>(push, j);
    put<V>(e, j, carry);
    if (sum) put<V>(sum, j, value<V>(sum, j) + carry);
  }
}

// @ts-ignore: decorator
@inline
function lifBackward<V>(
  steps: i32, stride: i32, size: i32, beta: V, theta: V, reset: i32, detached: bool, shape: i32, slope: V, peak: V, window: V, cost: V,
  push: usize, recurrent: usize, U: usize, E: usize, sum: usize,
): void {
  for (let t = steps - 1; t >= 0; t--) {
    const u = place<V>(U, t * stride), e = place<V>(E, t * stride);
    const next = t + 1 < steps ? place<V>(e, stride) : 0;
    if (recurrent && next) spreadStep<V>(u, size, theta, window, recurrent, next, stride, e);
    // The cost of a spike would fill the padding, and from there the padding of weights.
    for (let j = size; j < stride; j++) put<V>(e, j, -cost);
    if (shape == 0 && detached && reset != ZERO) {
      retreat<V>(u, e, next, sum, push, stride, beta, theta, SUBTRACT, true, 0, slope, peak, window, cost);
    } else retreat<V>(u, e, next, sum, push, stride, beta, theta, reset, detached, shape, slope, peak, window, cost);
  }
}

export function lifBackwardF32(
  steps: i32, stride: i32, size: i32, beta: f64, theta: f64, reset: i32, detached: i32, shape: i32, slope: f64, peak: f64, window: f64,
  cost: f64, push: usize, recurrent: usize, U: usize, E: usize, sum: usize,
): void {
  lifBackward<f32>(
    steps, stride, size, <f32>beta, <f32>theta, reset, detached != 0, shape, <f32>slope, <f32>peak, <f32>window, <f32>cost, push, recurrent,
    U, E, sum,
  );
}
export function lifBackwardF64(
  steps: i32, stride: i32, size: i32, beta: f64, theta: f64, reset: i32, detached: i32, shape: i32, slope: f64, peak: f64, window: f64,
  cost: f64, push: usize, recurrent: usize, U: usize, E: usize, sum: usize,
): void {
  lifBackward<f64>(steps, stride, size, beta, theta, reset, detached != 0, shape, slope, peak, window, cost, push, recurrent, U, E, sum);
}

/** The gradient lies where the weights lie, so one row walk serves weights and gradients. */
// @ts-ignore: decorator
@inline
function eventGradient<V>(steps: i32, events: usize, gradient: usize, D: usize, stride: i32): void {
  const offsets = <usize>load<u32>(events), ids = <usize>load<u32>(events, 4), values = <usize>load<u32>(events, 8);
  const dense = <usize>load<u32>(gradient);
  const indptr = <usize>load<u32>(gradient, 4), indices = <usize>load<u32>(gradient, 8), data = <usize>load<u32>(gradient, 12);
  for (let t = 0; t < steps; t++) {
    const d = place<V>(D, t * stride);
    for (let e = geti(offsets, t), end = geti(offsets, t + 1); e < end; e++) {
      const v: V = values ? value<V>(values, e) : <V>1;
      const j = geti(ids, e);
      if (dense) addScaled<V>(v, d, place<V>(dense, j * stride), stride);
      else {
        for (let k = geti(indptr, j), to = geti(indptr, j + 1); k < to; k++) {
          const p = place<V>(data, k);
          store<V>(p, load<V>(p) + v * value<V>(d, geti(indices, k)));
        }
      }
    }
  }
}

export function eventGradientF32(steps: i32, events: usize, gradient: usize, D: usize, stride: i32): void {
  eventGradient<f32>(steps, events, gradient, D, stride);
}
export function eventGradientF64(steps: i32, events: usize, gradient: usize, D: usize, stride: i32): void {
  eventGradient<f64>(steps, events, gradient, D, stride);
}

// @ts-ignore: decorator
@inline
function leakBackward<V>(steps: i32, stride: i32, beta: V, G: usize): void {
  for (let t = steps - 2; t >= 0; t--) addScaled<V>(beta, place<V>(G, (t + 1) * stride), place<V>(G, t * stride), stride);
}

export function leakBackwardF32(steps: i32, stride: i32, beta: f64, G: usize): void {
  leakBackward<f32>(steps, stride, <f32>beta, G);
}
export function leakBackwardF64(steps: i32, stride: i32, beta: f64, G: usize): void {
  leakBackward<f64>(steps, stride, beta, G);
}
