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
    for (const end = n - 3; i < end; i += 4) {
      const at = <usize>i << 2;
      const old = v128.load(v + at), wait = v128.load(countdown + at);
      const active = i32x4.eq(wait, zero);
      const next = f32x4.add(f32x4.add(rests, f32x4.mul(f32x4.sub(old, rests), decays)), v128.load(input + at));
      const held = v128.bitselect(next, old, active), left = i32x4.max_s(i32x4.sub(wait, one), zero);
      const spiked = v128.and(active, f32x4.ge(next, thresholds));
      v128.store(v + at, held);
      v128.store(countdown + at, left);
      v128.store(input + at, zero);
      const mask = i32x4.bitmask(spiked);
      if (!mask) continue;
      // Few blocks have a spike: only those pay for reset and refractory time.
      v128.store(v + at, v128.bitselect(f32x4.splat(reset), held, spiked));
      v128.store(countdown + at, v128.bitselect(i32x4.splat(refractory), left, spiked));
      found = report(spikes, found, i, mask);
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
