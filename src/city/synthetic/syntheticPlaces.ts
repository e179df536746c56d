import { currentBackend } from '../../backend/backend.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { Draws } from './draws.ts';
import { placeNames } from './placeNames.ts';

/** Candidates per place, of which the loneliest is taken. */
const CANDIDATES = 8;
/** Inhabitants of the median zone. */
const MEDIAN_POPULATION = 4000;

/** Zone attributes that carry what ties origins to destinations: mean, spread and digits after the point. */
export const INFORMATIVE: Readonly<Record<string, readonly [mean: number, spread: number, digits: number]>> = {
  income: [34, 6, 2],
  age: [39, 4, 2],
  carsPerHousehold: [1.1, 0.2, 3],
  shopsPerThousand: [9, 2, 2],
};
/** Zone attributes that carry nothing. */
export const UNINFORMATIVE: typeof INFORMATIVE = {
  elevation: [120, 30, 0],
  rainfall: [800, 40, 0],
  benches: [60, 15, 0],
};

/** Places on the plane, in km: the zones come first. */
export interface SyntheticPlaces {
  x: Float64Array;
  y: Float64Array;
  radius: number;
  names: string[];
  population: Float64Array;
  jobs: Float64Array;
  /** Standard normal features, zones x 4, of which the informative attributes are the images. */
  features: DenseMatrix;
  /** Attributes of every zone. */
  attributes: Record<string, number>[];
}

/** Zones and junctions spread evenly (best of a few candidates, Mitchell 1991) but denser towards the centre; people and jobs in the zones. */
export function syntheticPlaces(zones: number, junctions: number, seed: number): SyntheticPlaces {
  const radius = 0.9 * Math.sqrt(zones);
  const { x, y } = spread(zones + junctions, radius, new Draws(seed, 1));
  const draws = new Draws(seed, 2);
  const names = placeNames(zones, draws.random);
  const centres = [mostCentral(x, y, zones), ...subcentres(x, y, zones, radius, draws)];
  centres.forEach((zone, k) => {
    names[zone] = ['Old Town', 'Harbour', 'University', 'Airport'][k];
  });
  const population = Float64Array.from({ length: zones }, () => Math.round(MEDIAN_POPULATION * draws.logNormal(0.6)));
  const jobs = jobsAround(centres, x, y, radius, population, draws);
  const names4 = Object.keys(INFORMATIVE);
  const features = new DenseMatrix(new Float64Array(zones * names4.length), zones, names4.length);
  const attributes = Array.from({ length: zones }, (_, i) => {
    const out: Record<string, number> = { population: population[i], jobs: jobs[i] };
    names4.forEach((name, k) => {
      const value = draws.normal();
      features.data[i * names4.length + k] = value;
      out[name] = scaled(INFORMATIVE[name], value);
    });
    for (const name of Object.keys(UNINFORMATIVE)) out[name] = scaled(UNINFORMATIVE[name], draws.normal());
    return out;
  });
  return { x, y, radius, names, population, jobs, features, attributes };
}

function scaled([mean, spreadOf, digits]: readonly [number, number, number], z: number): number {
  return rounded(mean + spreadOf * z, digits);
}

/** A number to so many digits after the point. */
export function rounded(value: number, digits: number): number {
  const unit = [1, 10, 100, 1000][digits];
  return Math.round(value * unit) / unit;
}

function spread(count: number, radius: number, draws: Draws): { x: Float64Array; y: Float64Array } {
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let loneliest = -1;
    for (let k = 0; k < CANDIDATES; k++) {
      const [u, v] = inDisc(draws);
      let room = Infinity;
      for (let j = 0; j < i; j++) room = Math.min(room, (u * radius - x[j]) ** 2 + (v * radius - y[j]) ** 2);
      // In the centre less room is enough.
      room /= (0.5 + Math.sqrt(u * u + v * v)) ** 2;
      if (room <= loneliest) continue;
      loneliest = room;
      x[i] = u * radius;
      y[i] = v * radius;
    }
  }
  // To metres, which read better.
  return { x: x.map((value) => rounded(value, 3)), y: y.map((value) => rounded(value, 3)) };
}

function inDisc(draws: Draws): [number, number] {
  for (;;) {
    const u = draws.uniform(-1, 1);
    const v = draws.uniform(-1, 1);
    if (u * u + v * v <= 1) return [u, v];
  }
}

function mostCentral(x: Float64Array, y: Float64Array, zones: number): number {
  let best = 0;
  for (let i = 1; i < zones; i++) if (x[i] ** 2 + y[i] ** 2 < x[best] ** 2 + y[best] ** 2) best = i;
  return best;
}

/** Three zones at some distance from the centre. */
function subcentres(x: Float64Array, y: Float64Array, zones: number, radius: number, draws: Draws): number[] {
  const outer = Array.from({ length: zones }, (_, i) => i).filter((i) => x[i] ** 2 + y[i] ** 2 > (0.4 * radius) ** 2);
  return draws.random.shuffle(outer).slice(0, 3);
}

/** A peak in the centre, lower ones in the subcentres, a little everywhere; about one job per two inhabitants. */
function jobsAround(
  centres: number[],
  x: Float64Array,
  y: Float64Array,
  radius: number,
  population: Float64Array,
  draws: Draws,
): Float64Array {
  const { exp } = currentBackend().kernels;
  const raw = population.map((_, i) => {
    let sum = 0.25;
    centres.forEach((centre, k) => {
      const square = (x[i] - x[centre]) ** 2 + (y[i] - y[centre]) ** 2;
      const width = (k === 0 ? 0.25 : 0.12) * radius;
      sum += (k === 0 ? 4 : 2) * exp(-square / (2 * width * width));
    });
    return sum * draws.logNormal(0.4);
  });
  const total = raw.reduce((a, b) => a + b, 0);
  const people = population.reduce((a, b) => a + b, 0);
  return raw.map((share) => Math.round((0.5 * people * share) / total));
}
