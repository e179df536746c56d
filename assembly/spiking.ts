import { geti, seti } from './access';

// @ts-ignore: decorator
@inline
function report(spikes: usize, found: i32, first: i32, mask: i32): i32 {
  while (mask) {
    seti(spikes, found++, first + ctz(mask));
    mask &= mask - 1;
  }
  return found;
}

/** Decay, threshold, reset and refractory hold in one pass; lanes are chosen by masks, so that a spike costs nothing but its list entry. */
export function lifStep(
  v: usize, input: usize, countdown: usize, n: i32, decay: f32, rest: f32, threshold: f32, reset: f32, refractory: i32, spikes: usize,
): i32 {
  let found = 0;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const decays = f32x4.splat(decay), rests = f32x4.splat(rest), thresholds = f32x4.splat(threshold);
    const one = i32x4.splat(1), zero = i32x4.splat(0);
    let p = v, c = countdown, u = input;
    // Two blocks of four per turn: the turn itself costs as much as a block's arithmetic.
    for (const end = n - 7; i < end; i += 8) {
      const oldA = v128.load(p), oldB = v128.load(p, 16), waitA = v128.load(c), waitB = v128.load(c, 16);
      const activeA = i32x4.eq(waitA, zero), activeB = i32x4.eq(waitB, zero);
      const nextA = f32x4.add(f32x4.add(rests, f32x4.mul(f32x4.sub(oldA, rests), decays)), v128.load(u));
      const nextB = f32x4.add(f32x4.add(rests, f32x4.mul(f32x4.sub(oldB, rests), decays)), v128.load(u, 16));
      v128.store(p, v128.bitselect(nextA, oldA, activeA));
      v128.store(p, v128.bitselect(nextB, oldB, activeB), 16);
      v128.store(c, i32x4.max_s(i32x4.sub(waitA, one), zero));
      v128.store(c, i32x4.max_s(i32x4.sub(waitB, one), zero), 16);
      v128.store(u, zero);
      v128.store(u, zero, 16);
      const spikedA = v128.and(activeA, f32x4.ge(nextA, thresholds)), spikedB = v128.and(activeB, f32x4.ge(nextB, thresholds));
      // Few blocks have a spike: only those pay for reset and refractory time.
      if (v128.any_true(v128.or(spikedA, spikedB))) {
        const resets = f32x4.splat(reset), waits = i32x4.splat(refractory);
        v128.store(p, v128.bitselect(resets, v128.load(p), spikedA));
        v128.store(p, v128.bitselect(resets, v128.load(p, 16), spikedB), 16);
        v128.store(c, v128.bitselect(waits, v128.load(c), spikedA));
        v128.store(c, v128.bitselect(waits, v128.load(c, 16), spikedB), 16);
        found = report(spikes, found, i, i32x4.bitmask(spikedA) | (i32x4.bitmask(spikedB) << 4));
      }
      p += 32;
      c += 32;
      u += 32;
    }
  }
  for (; i < n; i++) {
    const at = <usize>i << 2;
    const wait = load<i32>(countdown + at);
    if (wait == 0) {
      const next = rest + (load<f32>(v + at) - rest) * decay + load<f32>(input + at);
      if (next >= threshold) {
        store<f32>(v + at, reset);
        store<i32>(countdown + at, refractory);
        seti(spikes, found++, i);
      } else store<f32>(v + at, next);
    } else store<i32>(countdown + at, wait - 1);
    store<f32>(input + at, 0);
  }
  return found;
}

export function spikePropagate(spikes: usize, count: i32, indptr: usize, targets: usize, weights: usize, input: usize): void {
  for (let k = 0; k < count; k++) {
    const source = geti(spikes, k);
    for (let e = geti(indptr, source), to = geti(indptr, source + 1); e < to; e++) {
      const p = input + (<usize>geti(targets, e) << 2);
      store<f32>(p, load<f32>(p) + load<f32>(weights + (<usize>e << 2)));
    }
  }
}
