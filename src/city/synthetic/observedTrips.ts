import { currentBackend } from '../../backend/backend.ts';
import { CsrMatrix } from '../../core/csrMatrix.ts';
import type { DenseMatrix } from '../../core/denseMatrix.ts';
import { Draws } from './draws.ts';
import type { SyntheticPlan } from './syntheticOptions.ts';
import type { SyntheticPlaces } from './syntheticPlaces.ts';

/** What is observed of all trips, with the zones to which nothing is. */
export interface ObservedTrips {
  trips: CsrMatrix;
  coldZones: Int32Array;
}

/** Hides entries by the pattern of the plan, then all entries to the cold zones. */
export function observedTrips(plan: SyntheticPlan, places: SyntheticPlaces, trips: DenseMatrix): ObservedTrips {
  const n = trips.rows;
  const draws = new Draws(plan.seed, 6);
  const coldZones = draws.random
    .shuffle(Int32Array.from({ length: n }, (_, i) => i))
    .slice(0, plan.coldZones)
    .sort();
  const seen = new Uint8Array(n * n).fill(1);
  const hidden = n * n - Math.round(plan.observed * n * n);
  for (const cell of inOrderOfHiding(plan, places, trips, draws).subarray(0, hidden)) seen[cell] = 0;
  for (const j of coldZones) for (let i = 0; i < n; i++) seen[i * n + j] = 0;
  const cells = Array.from(seen.keys()).filter((cell) => seen[cell] === 1);
  return {
    trips: CsrMatrix.fromCoo(n, n, {
      row: cells.map((cell) => Math.floor(cell / n)),
      col: cells.map((cell) => cell % n),
      value: Float64Array.from(cells, (cell) => trips.data[cell]),
    }),
    coldZones,
  };
}

/** All cells (i n + j), the first to be hidden first. */
function inOrderOfHiding(plan: SyntheticPlan, places: SyntheticPlaces, trips: DenseMatrix, draws: Draws): Int32Array {
  const n = trips.rows;
  const { random } = draws;
  const all = () => random.shuffle(Int32Array.from({ length: n * n }, (_, cell) => cell));
  const zones = () => random.shuffle(Int32Array.from({ length: n }, (_, i) => i));
  switch (plan.missing) {
    case 'random':
      return all();
    case 'column':
      return Int32Array.from(Array.from(zones()).flatMap((j) => Array.from({ length: n }, (_, i) => i * n + j)));
    case 'row':
      return Int32Array.from(Array.from(zones()).flatMap((i) => Array.from({ length: n }, (_, j) => i * n + j)));
    case 'block':
      return blocks(places, n, draws);
    case 'volume': {
      // Weighted sampling without replacement (Efraimidis and Spirakis 2006): a cell is seen with a weight of 1 + its trips.
      const { log } = currentBackend().kernels;
      const key = trips.data.map((count) => log(1 - random.uniform()) / (1 + count));
      return Int32Array.from(key.keys()).sort((a, b) => key[a] - key[b] || a - b);
    }
  }
}

/** Trips between two neighbourhoods after another, each a sixth of the zones. */
function blocks({ x, y }: SyntheticPlaces, n: number, draws: Draws): Int32Array {
  const out = new Set<number>();
  const size = Math.max(1, Math.round(n / 6));
  const around = () => {
    const centre = draws.random.integer(n);
    const square = (i: number) => (x[i] - x[centre]) ** 2 + (y[i] - y[centre]) ** 2;
    return Array.from({ length: n }, (_, i) => i)
      .sort((a, b) => square(a) - square(b) || a - b)
      .slice(0, size);
  };
  // Blocks overlap, so the last cells may never be hit.
  for (let round = 0; round < 400 && out.size < n * n; round++) {
    const [origins, destinations] = [around(), around()];
    for (const i of origins) for (const j of destinations) out.add(i * n + j);
  }
  for (let cell = 0; cell < n * n; cell++) out.add(cell);
  return Int32Array.from(out);
}
