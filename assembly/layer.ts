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

// @ts-ignore: decorator
@inline
function report(ids: usize, found: i32, first: i32, mask: i32): i32 {
  while (mask) {
    seti(ids, found++, first + ctz(mask));
    mask &= mask - 1;
  }
  return found;
}

/** u = beta prev - (reset) + drive, and where SCAN the neurons at or above threshold. Returns the new number of spikes. */
// @ts-ignore: decorator
@inline
function advance<V>(
  prev: usize, drive: usize, u: usize, n: i32, beta: V, theta: V, reset: i32, scan: bool, ids: usize, found: i32,
): i32 {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const betas = v128.splat<V>(beta), thetas = v128.splat<V>(theta), zero = v128.splat<V>(<V>0);
    const wide = lanes<V>();
    for (; j < n; j += 2 * wide) {
      let a = drive ? v128.load(drive) : zero, b = drive ? v128.load(drive, 16) : zero;
      if (prev) {
        const p = v128.load(prev), q = v128.load(prev, 16);
        let c = v128.mul<V>(p, betas), d = v128.mul<V>(q, betas);
        if (reset == SUBTRACT) {
          c = v128.sub<V>(c, v128.and(v128.ge<V>(p, thetas), thetas));
          d = v128.sub<V>(d, v128.and(v128.ge<V>(q, thetas), thetas));
        } else if (reset == ZERO) {
          c = v128.andnot(c, v128.ge<V>(p, thetas));
          d = v128.andnot(d, v128.ge<V>(q, thetas));
        }
        a = v128.add<V>(c, a);
        b = v128.add<V>(d, b);
        prev += 32;
      }
      v128.store(u, a);
      v128.store(u, b, 16);
      if (scan) {
        const s = v128.ge<V>(a, thetas), t = v128.ge<V>(b, thetas);
        if (v128.any_true(v128.or(s, t))) found = report(ids, found, j, bits<V>(s) | (bits<V>(t) << wide));
      }
      u += 32;
      if (drive) drive += 32;
    }
    return found;
  }
  for (; j < n; j++) {
    let x: V = drive ? value<V>(drive, j) : <V>0;
    if (prev) {
      const p = value<V>(prev, j);
      let c: V = p * beta;
      if (p >= theta) {
        if (reset == SUBTRACT) c -= theta;
        else if (reset == ZERO) c = 0;
      }
      x = c + x;
    }
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
      const s = v128.ge<V>(v128.load(u), thetas), t = v128.ge<V>(v128.load(u, 16), thetas);
      if (v128.any_true(v128.or(s, t))) found = report(ids, found, j, bits<V>(s) | (bits<V>(t) << wide));
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
  let found = 0, prev: usize = 0, u = U;
  if (offsets) seti(offsets, 0, 0);
  // A layer that never spikes has nothing to reset and nothing to send.
  else {
    reset = 0;
    recurrent = 0;
  }
  for (let t = 0; t < steps; t++) {
    if (!events && !recurrent && offsets) {
      found = advance<V>(prev, drive, u, stride, beta, theta, reset, true, ids, found);
    } else {
      advance<V>(prev, drive, u, stride, beta, theta, reset, false, ids, found);
      if (events) addEvents<V>(events, t, synapses, u, stride);
      if (recurrent && t > 0) {
        for (let e = geti(offsets, t - 1); e < found; e++) addRow<V>(recurrent, geti(ids, e), <V>1, u, stride);
      }
      if (offsets) found = atThreshold<V>(u, stride, theta, ids, found);
    }
    if (offsets) seti(offsets, t + 1, found);
    prev = u;
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

/** One step backwards: e becomes d = f'(u - theta) e + (what u passes on to the next step), added to the sum as well. */
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
    retreat<V>(u, e, next, sum, push, stride, beta, theta, reset, detached, shape, slope, peak, window, cost);
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
