import type { DenseMatrix } from '../../core/denseMatrix.ts';
import type { Place } from '../city.ts';
import { logOf } from './logExp.ts';

/** What is known of the zones beside their trips. */
export interface ZoneSetting {
  size: number;
  /** What lies between origin and destination (travel cost, or distance), row after row, > 0 off the diagonal; absent where neither roads nor positions are known. */
  separation?: Float64Array;
  /** How far zones lie from each other, symmetric, row after row. */
  distance?: Float64Array;
  names: readonly string[];
  /** Attributes of the zones, logarithms where they spread over powers of ten, standardised; row after row. */
  attributes: Float64Array;
  /** How much there is in a zone (the first attribute that is positive everywhere, else 1). */
  mass: Float64Array;
}

/** Attributes that spread further than this are compared by their logarithms. */
const WIDE = 10;

/** @param cost, distance zones x zones, as given by `costSkim` and `zoneDistances` */
export function zoneSetting(zones: readonly Place[], cost?: DenseMatrix, distance?: DenseMatrix): ZoneSetting {
  const size = zones.length;
  const names = [...new Set(zones.flatMap(({ attributes }) => Object.keys(attributes ?? {})))].sort();
  const columns = names.map((name) => zones.map(({ attributes }) => finite(attributes?.[name])));
  const known = columns.map((column) => spreads(column));
  const kept = names.filter((_, a) => known[a]);
  const attributes = new Float64Array(size * kept.length);
  for (const [a, column] of columns.filter((_, a) => known[a]).entries()) {
    const scaled = standardised(column);
    for (let i = 0; i < size; i++) attributes[i * kept.length + a] = scaled[i];
  }
  const paid = cost && betweenZones(cost);
  const flown = distance && betweenZones(distance);
  const near = flown ?? paid;
  const positive = columns.findIndex((column) => column.every((v) => v > 0));
  return {
    size,
    separation: paid ?? flown,
    distance: near && symmetric(near),
    names: kept,
    attributes,
    mass: Float64Array.from({ length: size }, (_, i) => (positive < 0 ? 1 : columns[positive][i])),
  };
}

/** NaN for what is not known. */
const finite = (value: number | undefined): number => (Number.isFinite(value) ? (value as number) : Number.NaN);

function spreads(column: readonly number[]): boolean {
  const seen = column.filter((v) => !Number.isNaN(v));
  return seen.length > 1 && seen.some((v) => v !== seen[0]);
}

/** Mean 0, standard deviation 1; what is not known becomes the mean. */
function standardised(column: readonly number[]): Float64Array {
  const seen = column.filter((v) => !Number.isNaN(v));
  const low = seen.reduce((a, b) => Math.min(a, b));
  const high = seen.reduce((a, b) => Math.max(a, b));
  const wide = low > 0 && high > WIDE * low;
  const values = Float64Array.from(column, (v) => (wide && !Number.isNaN(v) ? logOf(v) : v));
  let mean = 0;
  for (const v of values) if (!Number.isNaN(v)) mean += v / seen.length;
  let variance = 0;
  for (const v of values) if (!Number.isNaN(v)) variance += (v - mean) ** 2 / seen.length;
  const deviation = Math.sqrt(variance);
  return values.map((v) => (Number.isNaN(v) ? 0 : (v - mean) / deviation));
}

/** A copy whose cells are positive and finite: no way there is the longest way, no distance the shortest one. Undefined where all zones lie in one place, or none reaches another. */
function betweenZones(matrix: DenseMatrix): Float64Array | undefined {
  const { rows: n, data, rowStride, columnStride } = matrix;
  const out = new Float64Array(n * n);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const v = data[i * rowStride + j * columnStride];
      out[i * n + j] = v;
      if (i === j || !Number.isFinite(v)) continue;
      if (v > 0 && v < least) least = v;
      if (v > most) most = v;
    }
  }
  if (most === 0) return undefined;
  for (let k = 0; k < out.length; k++) {
    if (!Number.isFinite(out[k])) out[k] = most;
    else if (!(out[k] > 0)) out[k] = least / 2;
  }
  return out;
}

function symmetric(D: Float64Array): Float64Array {
  const n = Math.round(Math.sqrt(D.length));
  return D.map((_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i === j ? 0 : (D[i * n + j] + D[j * n + i]) / 2;
  });
}

/** The zones nearest to one of them, itself first, and what is known of them. */
export function zonesAround(setting: ZoneSetting, centre: number, count: number): { members: Int32Array; setting: ZoneSetting } {
  const { size: n, names, distance, separation } = setting;
  const far = (zone: number) => (zone === centre ? -1 : distance![centre * n + zone]);
  const members = Int32Array.from({ length: n }, (_, k) => k)
    .sort((a, b) => far(a) - far(b) || a - b)
    .slice(0, count);
  const q = names.length;
  const between = (matrix: Float64Array | undefined) =>
    matrix &&
    Float64Array.from({ length: members.length ** 2 }, (_, k) => {
      return matrix[members[Math.floor(k / members.length)] * n + members[k % members.length]];
    });
  return {
    members,
    setting: {
      size: members.length,
      separation: between(separation),
      distance: between(distance),
      names,
      attributes: Float64Array.from(
        { length: members.length * q },
        (_, k) => setting.attributes[members[Math.floor(k / q)] * q + (k % q)],
      ),
      mass: Float64Array.from(members, (zone) => setting.mass[zone]),
    },
  };
}
