import { logOf } from './logExp.ts';

/** Every number by which predicted routes are judged; `coverage` is NaN without intervals. */
export interface RouteMetrics {
  rmse: number;
  rmsePercent: number;
  rmsePercentByVolume: readonly { from: number; to: number; count: number; rmsePercent: number }[];
  mae: number;
  wape: number;
  cpc: number;
  deviance: number;
  coverage: number;
}

/** A prediction of no trips at all where there are some would have an infinite deviance. */
const LEAST_SHARE = 1e-6;

/** Mean Poisson deviance, 2 sum (t log(t / m) - t + m) / n. */
export function poissonDeviance(observed: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const n = observed.length;
  let mean = 0;
  for (let k = 0; k < n; k++) mean += observed[k] / n;
  const least = LEAST_SHARE * mean;
  let total = 0;
  for (let k = 0; k < n; k++) {
    const t = observed[k];
    const m = t > 0 ? Math.max(predicted[k], least) : predicted[k];
    if (t > 0) total += t * logOf(t / m);
    total += m - t;
  }
  return n > 0 ? (2 * total) / n : Number.NaN;
}

/** Common part of commuters: 2 sum min(t, m) / (sum t + sum m); 1 for a perfect prediction (Lenormand et al. 2012). */
export function commonPartOfCommuters(observed: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let [common, all] = [0, 0];
  for (let k = 0; k < observed.length; k++) {
    common += Math.min(observed[k], predicted[k]);
    all += observed[k] + predicted[k];
  }
  return all > 0 ? (2 * common) / all : Number.NaN;
}

export function routeMetrics(
  observed: Float64Array,
  predicted: Float64Array,
  interval?: { lower: Float64Array; upper: Float64Array },
): RouteMetrics {
  const n = observed.length;
  let [squares, absolute, sum, inside] = [0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    squares += (observed[k] - predicted[k]) ** 2;
    absolute += Math.abs(observed[k] - predicted[k]);
    sum += observed[k];
    if (interval && observed[k] >= interval.lower[k] && observed[k] <= interval.upper[k]) inside++;
  }
  const rmse = Math.sqrt(squares / n);
  return {
    rmse,
    rmsePercent: (100 * rmse) / (sum / n),
    rmsePercentByVolume: byVolume(observed, predicted),
    mae: absolute / n,
    wape: absolute / sum,
    cpc: commonPartOfCommuters(observed, predicted),
    deviance: poissonDeviance(observed, predicted),
    coverage: interval ? inside / n : Number.NaN,
  };
}

/** %RMSE in classes of volume: below 10, 10 to 100, and so on by powers of ten. */
function byVolume(observed: Float64Array, predicted: Float64Array): RouteMetrics['rmsePercentByVolume'] {
  const highest = observed.reduce((a, b) => Math.max(a, b), 0);
  const classes = [];
  for (let [from, to] = [0, 10]; from <= highest; [from, to] = [to, 10 * to]) {
    let [count, squares, sum] = [0, 0, 0];
    for (let k = 0; k < observed.length; k++) {
      if (!(observed[k] >= from && observed[k] < to)) continue;
      count++;
      sum += observed[k];
      squares += (observed[k] - predicted[k]) ** 2;
    }
    const mean = sum / count;
    if (count > 0 && mean > 0) classes.push({ from, to, count, rmsePercent: (100 * Math.sqrt(squares / count)) / mean });
  }
  return classes;
}
