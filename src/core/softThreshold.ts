import { finiteNumber, nonNegativeNumber, vector } from './checks.ts';

/**
 * The soft threshold, sign(w) max(|w| - t, 0): w moves towards 0 by t and stops there (equation 13 of the guide).
 * For an array, a fresh `Float64Array` with the soft threshold of each entry.
 * @throws TypeError for other kinds, RangeError for NaN, infinities or t < 0
 */
export function softThreshold(w: number, t: number): number;
export function softThreshold(w: ArrayLike<number>, t: number): Float64Array;
export function softThreshold(w: number | ArrayLike<number>, t: number): number | Float64Array {
  nonNegativeNumber(t, 't');
  if (typeof w === 'number') return shrink(finiteNumber(w, 'w'), t);
  const out = vector(w, 'w');
  for (let i = 0; i < out.length; i++) out[i] = shrink(out[i], t);
  return out;
}

function shrink(w: number, t: number): number {
  if (w > t) return w - t;
  return w < -t ? w + t : 0;
}
