import { get, geti, set } from './access';
import { exp, log, log1p } from './math';

/** Passes inside one block where its minimiser has no closed form. */
const PASSES = 8;
/** They end when a pass moves less than this share of what the visit has moved. */
const SMALL = 1e-3;
/** Smallest probability that is divided by. */
const TINY = 1e-300;

export function softmaxDerivatives(F: usize, label: usize, w: usize, n: i32, classes: i32, R: usize, P: usize): f64 {
  const share = 1.0 / <f64>n;
  let total = 0.0;
  for (let i = 0; i < n; i++) {
    const weight = w ? get(w, i) : share, own = geti(label, i);
    let top = get(F, i), best = 0;
    for (let k = 1; k < classes; k++) {
      const f = get(F, k * n + i);
      if (f > top) {
        top = f;
        best = k;
      }
    }
    // The largest term is 1: left out of the sum, the others keep their digits.
    let rest = 0.0;
    for (let k = 0; k < classes; k++) {
      const e = k == best ? 1.0 : exp(get(F, k * n + i) - top);
      if (k != best) rest += e;
      set(P, k * n + i, e);
    }
    const mass = 1 + rest;
    let others = 0.0;
    for (let k = 0; k < classes; k++) {
      const p = get(P, k * n + i) / mass;
      set(P, k * n + i, p);
      set(R, k * n + i, -weight * p);
      if (k != own) others += p;
    }
    set(R, own * n + i, weight * others);
    total += weight * (top - get(F, own * n + i) + log1p(rest));
  }
  return total;
}

export function softmaxGap(label: usize, w: usize, n: i32, R: usize, P: usize, s: f64): f64 {
  if (s == 1) return 0;
  const share = 1.0 / <f64>n, rest = 1 - s;
  let total = 0.0;
  for (let i = 0; i < n; i++) {
    const weight = w ? get(w, i) : share, at = geti(label, i) * n + i;
    if (weight == 0) continue;
    const others = get(R, at) / weight, own = get(P, at);
    const lift = (rest * others) / Math.max(own, TINY);
    total += weight * Math.max(0, s * others * log(s) + (own + rest * others) * log1p(lift));
  }
  return total;
}

/** Q -= G(., row) d for the rows from..to-1 and all columns of B that moved: `moved` holds d. */
// @ts-ignore: decorator
@inline
function pull(G: usize, ld: i32, row: i32, from: i32, to: i32, width: i32, moved: usize, Q: usize): void {
  if (width == 1) {
    const d = get(moved, 0);
    for (let r = from; r < to; r++) set(Q, r, get(Q, r) - get(G, row * ld + r) * d);
    return;
  }
  for (let r = from; r < to; r++) {
    const g = get(G, row * ld + r);
    if (g == 0) continue;
    for (let k = 0; k < width; k++) set(Q, r * width + k, get(Q, r * width + k) - g * get(moved, k));
  }
}

// @ts-ignore: decorator
@inline
function shrunk(u: f64, t: f64): f64 {
  return u > t ? u - t : u < -t ? u + t : 0;
}

export function blockEpoch(
  G: usize, ld: i32, rows: i32, width: i32, starts: usize, count: i32, bound: usize, a: usize, l1: usize, l2: usize,
  Q: usize, B: usize, scratch: usize,
): f64 {
  let most = 0.0;
  for (let g = 0; g < count; g++) {
    const first = geti(starts, g), last = geti(starts, g + 1);
    const offset = first * width, size = (last - first) * width;
    const group = get(a, g), lone = get(l1, g), ridge = get(l2, g), top = get(bound, g);
    const old = scratch, step = scratch + (<usize>size << 3);
    memory.copy(old, B + (<usize>offset << 3), <usize>size << 3);
    if (group == 0) {
      for (let r = first; r < last; r++) {
        const own = get(G, r * ld + r);
        if (own + ridge <= 0) continue;
        let moved = false;
        for (let k = 0; k < width; k++) {
          const at = r * width + k, b = get(B, at);
          const next = shrunk(get(Q, at) + own * b, lone) / (own + ridge);
          set(step, k, next - b);
          set(B, at, next);
          if (next != b) moved = true;
        }
        if (moved) pull(G, ld, r, first, last, width, step, Q);
      }
    } else if (top > 0) {
      const passes = last - first == 1 ? 1 : PASSES;
      let reach = 0.0;
      for (let pass = 0; pass < passes; pass++) {
        let norm = 0.0;
        for (let c = 0; c < size; c++) {
          const t = shrunk(get(Q, offset + c) + top * get(B, offset + c), lone);
          set(step, c, t);
          norm += t * t;
        }
        norm = Math.sqrt(norm);
        const factor = norm > group ? (1 - group / norm) / (top + ridge) : 0;
        let moved = 0.0;
        for (let c = 0; c < size; c++) {
          const next = factor * get(step, c), d = next - get(B, offset + c);
          set(step, c, d);
          set(B, offset + c, next);
          moved = Math.max(moved, Math.abs(d));
        }
        if (moved == 0) break;
        for (let r = first; r < last; r++) pull(G, ld, r, first, last, width, step + (<usize>((r - first) * width) << 3), Q);
        reach = Math.max(reach, moved);
        if (moved <= SMALL * reach) break;
      }
    }
    for (let r = first; r < last; r++) {
      const from = (r - first) * width;
      const curvature = group == 0 ? get(G, r * ld + r) : top;
      let moved = false;
      for (let k = 0; k < width; k++) {
        const d = get(B, r * width + k) - get(old, from + k);
        set(old, from + k, d);
        if (d != 0) moved = true;
        most = Math.max(most, curvature * d * d);
      }
      if (!moved) continue;
      const change = old + (<usize>from << 3);
      pull(G, ld, r, 0, first, width, change, Q);
      pull(G, ld, r, last, rows, width, change, Q);
    }
  }
  return most;
}
