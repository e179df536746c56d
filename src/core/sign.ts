import { finiteNumber, vector } from './checks.ts';

/**
 * The sign, +1, 0 or -1 (equation 15 of the guide). For an array, a fresh `Float64Array` with the sign of each entry.
 * @throws TypeError for other kinds, RangeError for NaN or infinities
 */
export function sign(w: number): number;
export function sign(w: ArrayLike<number>): Float64Array;
export function sign(w: number | ArrayLike<number>): number | Float64Array {
  if (typeof w === 'number') return signOf(finiteNumber(w, 'w'));
  const out = vector(w, 'w');
  for (let i = 0; i < out.length; i++) out[i] = signOf(out[i]);
  return out;
}

function signOf(w: number): number {
  if (w > 0) return 1;
  return w < 0 ? -1 : 0;
}
