import { get, geti, seti } from './access';

// Membranes are stored as distances from where they would rest, so that a step is x - b x + drive with b = 1 - exp(-dt / tau):
// written so, rounding to f32 costs relative accuracy of b and x only, however close exp(-dt / tau) is to 1.

// A synaptic variable g is stored as what it adds to x in the next step: scaling a weight at each spike is cheaper than scaling g at each step.

// Parameter block of lifStep (f64): 0 b | 1 threshold | 2 reset | 3 refractory steps | 4 b of g0 | 5 b of g1 | 6 b of the adaptation |
// 7 adaptation per spike

// @ts-ignore: decorator
@inline
function one<V>(P: usize, k: i32): V {
  return <V>get(P, k);
}

// @ts-ignore: decorator
@inline
function all<V>(P: usize, k: i32): v128 {
  return v128.splat<V>(<V>get(P, k));
}

/** One bit per lane. */
// @ts-ignore: decorator
@inline
function bits<V>(mask: v128): i32 {
  return sizeof<V>() == 8 ? i64x2.bitmask(mask) : i32x4.bitmask(mask);
}

/** Neurons first + k with bit k of the mask are over their threshold: those that may spike do. */
// @ts-ignore: decorator
@inline
function fire<V>(P: usize, x: usize, adaptation: usize, until: usize, step: i32, log: usize, at: i32, first: i32, mask: i32): i32 {
  while (mask) {
    const i = first + ctz(mask);
    mask &= mask - 1;
    if (geti(until, i) > step) continue;
    const p = <usize>i * sizeof<V>();
    store<V>(x + p, one<V>(P, 2));
    if (adaptation) store<V>(adaptation + p, load<V>(adaptation + p) + one<V>(P, 7));
    seti(until, i, step + <i32>get(P, 3));
    seti(log, at++, i);
  }
  return at;
}

/** One block of lanes, stored and returned. */
// @ts-ignore: decorator
@inline
function advance<V>(
  receptors: i32, driven: bool, x: usize, g0: usize, g1: usize, input: usize, b: v128, b0: v128, b1: v128,
): v128 {
  const old = v128.load(x);
  let drive = v128.splat<V>(0);
  if (receptors > 0) {
    const g = v128.load(g0);
    drive = g;
    v128.store(g0, v128.sub<V>(g, v128.mul<V>(b0, g)));
  }
  if (receptors > 1) {
    const g = v128.load(g1);
    drive = v128.add<V>(drive, g);
    v128.store(g1, v128.sub<V>(g, v128.mul<V>(b1, g)));
  }
  if (driven) {
    const u = v128.load(input);
    drive = receptors > 0 ? v128.add<V>(drive, u) : u;
    v128.store(input, v128.splat<V>(0));
  }
  const next = v128.add<V>(old, v128.sub<V>(drive, v128.mul<V>(b, old)));
  v128.store(x, next);
  return next;
}

/** threshold + adaptation, which decays first. */
// @ts-ignore: decorator
@inline
function raised<V>(threshold: v128, adaptation: usize, b: v128): v128 {
  const h = v128.load(adaptation), next = v128.sub<V>(h, v128.mul<V>(b, h));
  v128.store(adaptation, next);
  return v128.add<V>(threshold, next);
}

// @ts-ignore: decorator
@inline
function lif<V>(
  receptors: i32, driven: bool, adaptive: bool, P: usize, x: usize, g0: usize, g1: usize, input: usize, adaptation: usize, until: usize,
  n: i32, step: i32, log: usize, held: i32, at: i32,
): i32 {
  const spikes = at;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const lanes = <i32>(16 / sizeof<V>());
    const b = all<V>(P, 0), threshold = all<V>(P, 1), b0 = all<V>(P, 4), b1 = all<V>(P, 5), ba = all<V>(P, 6);
    let p: usize = 0;
    // Two blocks per turn: the turn itself costs as much as a block's arithmetic.
    for (const end = n - 2 * lanes + 1; i < end; i += 2 * lanes) {
      const A = advance<V>(receptors, driven, x + p, g0 + p, g1 + p, input + p, b, b0, b1);
      const B = advance<V>(receptors, driven, x + p + 16, g0 + p + 16, g1 + p + 16, input + p + 16, b, b0, b1);
      const overA = v128.ge<V>(A, adaptive ? raised<V>(threshold, adaptation + p, ba) : threshold);
      const overB = v128.ge<V>(B, adaptive ? raised<V>(threshold, adaptation + p + 16, ba) : threshold);
      if (v128.any_true(v128.or(overA, overB))) {
        at = fire<V>(P, x, adaptive ? adaptation : 0, until, step, log, at, i, bits<V>(overA) | (bits<V>(overB) << lanes));
      }
      p += 32;
    }
  }
  const b = one<V>(P, 0), threshold = one<V>(P, 1), b0 = one<V>(P, 4), b1 = one<V>(P, 5), ba = one<V>(P, 6);
  for (; i < n; i++) {
    const p = <usize>i * sizeof<V>();
    const old = load<V>(x + p);
    let drive: V = 0;
    if (receptors > 0) {
      const g = load<V>(g0 + p);
      drive = g;
      store<V>(g0 + p, g - b0 * g);
    }
    if (receptors > 1) {
      const g = load<V>(g1 + p);
      drive += g;
      store<V>(g1 + p, g - b1 * g);
    }
    if (driven) {
      const u = load<V>(input + p);
      drive = receptors > 0 ? drive + u : u;
      store<V>(input + p, 0);
    }
    const next: V = old + (drive - b * old);
    store<V>(x + p, next);
    let limit = threshold;
    if (adaptive) {
      const h = load<V>(adaptation + p), now: V = h - ba * h;
      store<V>(adaptation + p, now);
      limit += now;
    }
    if (next >= limit) at = fire<V>(P, x, adaptive ? adaptation : 0, until, step, log, at, i, 1);
  }
  // Everybody was updated: whoever is refractory goes back to where it is held. They are the last spikes of the log.
  const reset = one<V>(P, 2);
  for (let k = held; k < spikes; k++) store<V>(x + <usize>geti(log, k) * sizeof<V>(), reset);
  return at;
}

// @ts-ignore: decorator
@inline
function lifStep<V>(
  P: usize, x: usize, g0: usize, g1: usize, input: usize, adaptation: usize, until: usize, n: i32, step: i32, log: usize, held: i32, at: i32,
): i32 {
  if (adaptation) {
    if (g1) return lif<V>(2, true, true, P, x, g0, g1, input, adaptation, until, n, step, log, held, at);
    if (g0) return lif<V>(1, true, true, P, x, g0, 0, input, adaptation, until, n, step, log, held, at);
    return lif<V>(0, true, true, P, x, 0, 0, input, adaptation, until, n, step, log, held, at);
  }
  if (input) {
    if (g1) return lif<V>(2, true, false, P, x, g0, g1, input, 0, until, n, step, log, held, at);
    if (g0) return lif<V>(1, true, false, P, x, g0, 0, input, 0, until, n, step, log, held, at);
    return lif<V>(0, true, false, P, x, 0, 0, input, 0, until, n, step, log, held, at);
  }
  if (g1) return lif<V>(2, false, false, P, x, g0, g1, 0, 0, until, n, step, log, held, at);
  if (g0) return lif<V>(1, false, false, P, x, g0, 0, 0, 0, until, n, step, log, held, at);
  return lif<V>(0, false, false, P, x, 0, 0, 0, 0, until, n, step, log, held, at);
}

export function lifStepF32(
  P: usize, x: usize, g0: usize, g1: usize, input: usize, adaptation: usize, until: usize, n: i32, step: i32, log: usize, held: i32, at: i32,
): i32 {
  return lifStep<f32>(P, x, g0, g1, input, adaptation, until, n, step, log, held, at);
}
export function lifStepF64(
  P: usize, x: usize, g0: usize, g1: usize, input: usize, adaptation: usize, until: usize, n: i32, step: i32, log: usize, held: i32, at: i32,
): i32 {
  return lifStep<f64>(P, x, g0, g1, input, adaptation, until, n, step, log, held, at);
}

// Parameter block of izhikevichStep (f64): 0 dt / 2 | 1 dt a | 2 b | 3 threshold | 4 reset c | 5 jump d | 6 140 + current | 7 1 / dt

// @ts-ignore: decorator
@inline
function izhikevichStep<V>(P: usize, v: usize, u: usize, input: usize, n: i32, log: usize, at: i32): i32 {
  const size = <i32>sizeof<V>();
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const lanes = 16 / size;
    const half = all<V>(P, 0), a = all<V>(P, 1), b = all<V>(P, 2), threshold = all<V>(P, 3), base = all<V>(P, 6), rate = all<V>(P, 7);
    const square = v128.splat<V>(<V>0.04), line = v128.splat<V>(5);
    for (const end = n - lanes + 1; i < end; i += lanes) {
      const p = <usize>(i * size);
      const U = v128.load(u + p), drive = v128.sub<V>(v128.add<V>(base, v128.mul<V>(v128.load(input + p), rate)), U);
      v128.store(input + p, v128.splat<V>(0));
      let x = v128.load(v + p);
      x = v128.add<V>(x, v128.mul<V>(half, v128.add<V>(v128.mul<V>(v128.add<V>(v128.mul<V>(square, x), line), x), drive)));
      x = v128.add<V>(x, v128.mul<V>(half, v128.add<V>(v128.mul<V>(v128.add<V>(v128.mul<V>(square, x), line), x), drive)));
      v128.store(v + p, x);
      v128.store(u + p, v128.add<V>(U, v128.mul<V>(a, v128.sub<V>(v128.mul<V>(b, x), U))));
      let over = bits<V>(v128.ge<V>(x, threshold));
      while (over) {
        at = burst<V>(P, v, u, log, at, i + ctz(over));
        over &= over - 1;
      }
    }
  }
  const half = one<V>(P, 0), a = one<V>(P, 1), b = one<V>(P, 2), threshold = one<V>(P, 3), base = one<V>(P, 6), rate = one<V>(P, 7);
  for (; i < n; i++) {
    const p = <usize>(i * size);
    const U = load<V>(u + p);
    const drive: V = base + load<V>(input + p) * rate - U;
    store<V>(input + p, 0);
    let x = load<V>(v + p);
    x = x + half * ((<V>0.04 * x + 5) * x + drive);
    x = x + half * ((<V>0.04 * x + 5) * x + drive);
    store<V>(v + p, x);
    store<V>(u + p, U + a * (b * x - U));
    if (x >= threshold) at = burst<V>(P, v, u, log, at, i);
  }
  return at;
}

// @ts-ignore: decorator
@inline
function burst<V>(P: usize, v: usize, u: usize, log: usize, at: i32, i: i32): i32 {
  const p = <usize>i * sizeof<V>();
  store<V>(v + p, one<V>(P, 4));
  store<V>(u + p, load<V>(u + p) + one<V>(P, 5));
  seti(log, at, i);
  return at + 1;
}

export function izhikevichStepF32(P: usize, v: usize, u: usize, input: usize, n: i32, log: usize, at: i32): i32 {
  return izhikevichStep<f32>(P, v, u, input, n, log, at);
}
export function izhikevichStepF64(P: usize, v: usize, u: usize, input: usize, n: i32, log: usize, at: i32): i32 {
  return izhikevichStep<f64>(P, v, u, input, n, log, at);
}

// @ts-ignore: decorator
@inline
function foldReceptor<V>(g: usize, n: i32, b: f64, input: usize): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const lanes = <i32>(16 / sizeof<V>()), B = v128.splat<V>(<V>b);
    for (const end = n - lanes + 1; i < end; i += lanes) {
      const p = <usize>i * sizeof<V>(), x = v128.load(g + p);
      v128.store(input + p, v128.add<V>(v128.load(input + p), x));
      v128.store(g + p, v128.sub<V>(x, v128.mul<V>(B, x)));
    }
  }
  for (; i < n; i++) {
    const p = <usize>i * sizeof<V>(), x = load<V>(g + p);
    store<V>(input + p, load<V>(input + p) + x);
    store<V>(g + p, x - <V>b * x);
  }
}

export function foldReceptorF32(g: usize, n: i32, b: f64, input: usize): void {
  foldReceptor<f32>(g, n, b, input);
}
export function foldReceptorF64(g: usize, n: i32, b: f64, input: usize): void {
  foldReceptor<f64>(g, n, b, input);
}

// @ts-ignore: decorator
@inline
function addCurrent<V>(current: usize, n: i32, input: usize): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const lanes = <i32>(16 / sizeof<V>());
    for (const end = n - lanes + 1; i < end; i += lanes) {
      const p = <usize>i * sizeof<V>();
      v128.store(input + p, v128.add<V>(v128.load(input + p), v128.load(current + p)));
    }
  }
  for (; i < n; i++) {
    const p = <usize>i * sizeof<V>();
    store<V>(input + p, load<V>(input + p) + load<V>(current + p));
  }
}

export function addCurrentF32(current: usize, n: i32, input: usize): void {
  addCurrent<f32>(current, n, input);
}
export function addCurrentF64(current: usize, n: i32, input: usize): void {
  addCurrent<f64>(current, n, input);
}

// @ts-ignore: decorator
@inline
function decay<V>(x: usize, n: i32, b: f64): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const lanes = <i32>(16 / sizeof<V>()), B = v128.splat<V>(<V>b);
    for (const end = n - lanes + 1; i < end; i += lanes) {
      const p = x + <usize>i * sizeof<V>(), y = v128.load(p);
      v128.store(p, v128.sub<V>(y, v128.mul<V>(B, y)));
    }
  }
  for (; i < n; i++) {
    const p = x + <usize>i * sizeof<V>(), y = load<V>(p);
    store<V>(p, y - <V>b * y);
  }
}

export function decayF32(x: usize, n: i32, b: f64): void {
  decay<f32>(x, n, b);
}
export function decayF64(x: usize, n: i32, b: f64): void {
  decay<f64>(x, n, b);
}

// @ts-ignore: decorator
@inline
function liftTiny<V>(x: usize, n: i32, tiny: f64, floor: f64): void {
  for (let i = 0; i < n; i++) {
    const p = x + <usize>i * sizeof<V>(), y = load<V>(p);
    if (y < <V>tiny && y > -<V>tiny && y != 0) store<V>(p, y > 0 ? <V>floor : -<V>floor);
  }
}

export function liftTinyF32(x: usize, n: i32, tiny: f64, floor: f64): void {
  liftTiny<f32>(x, n, tiny, floor);
}
export function liftTinyF64(x: usize, n: i32, tiny: f64, floor: f64): void {
  liftTiny<f64>(x, n, tiny, floor);
}

// @ts-ignore: decorator
@inline
function sampleState<V>(x: usize, index: usize, count: i32, shift: f64, out: usize): void {
  for (let k = 0; k < count; k++) {
    store<f64>(out + (<usize>k << 3), <f64>load<V>(x + <usize>geti(index, k) * sizeof<V>()) + shift);
  }
}

export function sampleStateF32(x: usize, index: usize, count: i32, shift: f64, out: usize): void {
  sampleState<f32>(x, index, count, shift, out);
}
export function sampleStateF64(x: usize, index: usize, count: i32, shift: f64, out: usize): void {
  sampleState<f64>(x, index, count, shift, out);
}
