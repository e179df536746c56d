import { expOf, logOf } from './logExp.ts';
import { balance, type Deterrence, poissonGravity } from './poissonGravity.ts';
import { type RouteEntries, selectEntries } from './routeEntries.ts';
import type { RouteMethod, RoutePredictor } from './routeMethod.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** The methods that every predictor of routes has to beat (Kirby 1979; Ortuzar and Willumsen, Modelling Transport, chapter 5). None sees the held-out entries or their margins. */
export const baselines: readonly RouteMethod[] = [
  {
    name: 'global mean',
    knows: [],
    fit(train) {
      const mean = meanOf(train);
      return eachCell(() => mean);
    },
  },
  {
    name: 'row + column effects (log)',
    knows: [],
    fit: rowAndColumnEffects,
  },
  {
    name: 'O x D / T',
    knows: ['margins of what is observed'],
    fit(train) {
      // Means in place of sums, because not every cell of a row was observed.
      const { row, col, all } = means(train);
      return eachCell((i, j) => (all > 0 ? ((row[i] ?? all) * (col[j] ?? all)) / all : 0));
    },
  },
  {
    name: 'Furness (IPF)',
    knows: ['margins of what is observed'],
    fit(train) {
      const { a, b } = balance(train, new Float64Array(train.row.length).fill(1));
      const [ordinaryA, ordinaryB] = [typical(a), typical(b)];
      return eachCell((i, j) => (a[i] ?? ordinaryA) * (b[j] ?? ordinaryB));
    },
  },
  {
    name: 'gravity (doubly constrained Poisson)',
    knows: ['distance', 'attributes'],
    fit: poissonGravity,
  },
  {
    name: 'nearest neighbours',
    knows: ['distance', 'attributes'],
    fit: nearestRoutes,
  },
];

/** The mean of each row and column that has entries, and of all. */
function means({ zones, row, col, value }: RouteEntries): {
  row: (number | undefined)[];
  col: (number | undefined)[];
  all: number;
} {
  const sum = [new Float64Array(zones), new Float64Array(zones)];
  const count = [new Float64Array(zones), new Float64Array(zones)];
  for (let k = 0; k < row.length; k++) {
    for (const [side, at] of [row[k], col[k]].entries()) {
      sum[side][at] += value[k];
      count[side][at]++;
    }
  }
  const of = (side: number) => Array.from(sum[side], (s, i) => (count[side][i] > 0 ? s / count[side][i] : undefined));
  return { row: of(0), col: of(1), all: meanOf({ value }) };
}

function meanOf({ value }: Pick<RouteEntries, 'value'>): number {
  let sum = 0;
  for (const v of value) sum += v;
  return sum / value.length;
}

/** log(1 + T) = m + a_i + b_j by ridge regression, row after row and back, and the mean of the exponentials put right. */
function rowAndColumnEffects({ zones, row, col, value }: RouteEntries): RoutePredictor {
  const n = row.length;
  const y = value.map((v) => logOf(1 + v));
  const centre = meanOf({ value: y });
  const a = new Float64Array(zones);
  const b = new Float64Array(zones);
  for (let sweep = 0; sweep < 20; sweep++) {
    for (const [own, ownAt, other, otherAt] of [
      [a, row, b, col],
      [b, col, a, row],
    ] as const) {
      const sum = new Float64Array(zones);
      const count = new Float64Array(zones);
      for (let k = 0; k < n; k++) {
        sum[ownAt[k]] += y[k] - centre - other[otherAt[k]];
        count[ownAt[k]]++;
      }
      for (let i = 0; i < zones; i++) own[i] = sum[i] / (count[i] + 1);
    }
  }
  const cell = (i: number, j: number) => expOf(centre + a[i] + b[j]);
  let [seen, fitted] = [0, 0];
  for (let k = 0; k < n; k++) {
    seen += value[k] + 1;
    fitted += cell(row[k], col[k]);
  }
  return eachCell((i, j) => Math.max(0, (seen / fitted) * cell(i, j) - 1));
}

/** Neighbours that are averaged, and routes among which they are looked for: in a large city every so-manieth. */
const NEIGHBOURS = 10;
const MOST_CANDIDATES = 5000;

/** The mean logarithm of the observed routes whose ends and length are most alike. */
function nearestRoutes(train: RouteEntries, setting: ZoneSetting): RoutePredictor {
  const step = Math.ceil(train.row.length / MOST_CANDIDATES);
  const { row, col, value } = selectEntries(train, (k) => k % step === 0);
  const features = routeFeatures(setting);
  const known = Array.from(row, (i, k) => features(i, col[k]));
  const y = value.map((v) => logOf(1 + v));
  return eachCell((i, j) => {
    const point = features(i, j);
    const nearest = new Float64Array(NEIGHBOURS).fill(Number.POSITIVE_INFINITY);
    const at = new Int32Array(NEIGHBOURS).fill(-1);
    for (let k = 0; k < known.length; k++) {
      let d = 0;
      for (let t = 0; t < point.length && d < nearest[NEIGHBOURS - 1]; t++) d += (point[t] - known[k][t]) ** 2;
      if (!(d < nearest[NEIGHBOURS - 1])) continue;
      let place = NEIGHBOURS - 1;
      for (; place > 0 && nearest[place - 1] > d; place--) {
        nearest[place] = nearest[place - 1];
        at[place] = at[place - 1];
      }
      nearest[place] = d;
      at[place] = k;
    }
    let [sum, count] = [0, 0];
    for (const k of at) {
      if (k < 0) continue;
      sum += y[k];
      count++;
    }
    return expOf(sum / count) - 1;
  });
}

function routeFeatures({ size: n, names, attributes, separation }: ZoneSetting): (i: number, j: number) => Float64Array {
  const q = names.length;
  const length: Deterrence | undefined = separation && ((i, j) => logOf(separation[i * n + j]));
  return (i, j) => {
    const ends = [...attributes.subarray(i * q, (i + 1) * q), ...attributes.subarray(j * q, (j + 1) * q)];
    return Float64Array.from(length ? [...ends, length(i, j)] : ends);
  };
}

function typical(effects: readonly (number | undefined)[]): number {
  const known = effects.filter((v) => v !== undefined);
  return known.reduce((a, b) => a + b, 0) / known.length;
}

function eachCell(value: (i: number, j: number) => number): RoutePredictor {
  return { predict: (rows, cols) => ({ value: Float64Array.from(rows, (i, k) => value(i, cols[k])) }) };
}
