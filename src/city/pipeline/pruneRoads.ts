import { numberIn } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { Lasso, lambdaMax } from '../../linear/index.ts';
import { checkCity } from '../checkCity.ts';
import type { City } from '../city.ts';
import type { PrunedRoads } from '../cityReport.ts';
import { logOf } from '../routes/logExp.ts';
import { routeEntries } from '../routes/routeEntries.ts';
import { settingOf } from '../routes/settingOf.ts';
import { candidateRoads } from './candidateRoads.ts';

/** Fewer observed routes to a zone than this say nothing about the roads into it. */
const FEWEST = 5;

/**
 * Equations 16 to 22 of the guide for every zone D: log trips into D, by origin, are explained by log trips into the zones that have a road to D,
 *
 *   D = w_AD A + w_BD B + ...,   lasso with lambda = lambdaRatio times the smallest one that closes every road.
 *
 * A road with weight 0 is closed. Trips that were not observed are the mean of their column. Zones with fewer than five observed routes keep no road.
 *
 * @param lambdaRatio in (0, 1)
 */
export function pruneRoads(city: City, lambdaRatio = 0.1): PrunedRoads {
  numberIn(lambdaRatio, 'lambdaRatio', 0, 1, '()');
  const { zones, row, col, value } = routeEntries(checkCity(city, 'trips').trips!);
  const columns = logColumns(zones, row, col, value);
  const roads: { from: number; to: number; weight: number }[] = [];
  for (const [to, into] of candidateRoads(city, settingOf(city)).entries()) {
    const known = columns[to].known;
    if (known.length < FEWEST || into.length === 0) {
      roads.push(...into.map((from) => ({ from, to, weight: 0 })));
      continue;
    }
    const X = new DenseMatrix(new Float64Array(known.length * into.length), known.length, into.length, 'column');
    for (const [c, from] of into.entries())
      X.data.set(
        known.map((o) => columns[from].values[o]),
        c * known.length,
      );
    const y = Float64Array.from(known, (o) => columns[to].values[o]);
    const largest = lambdaMax(X, y, { standardize: true });
    const coef = largest > 0 ? new Lasso({ lambda: lambdaRatio * largest, standardize: true }).fit(X, y).coef : undefined;
    roads.push(...into.map((from, c) => ({ from, to, weight: coef?.[c] ?? 0 })));
  }
  return { roads, open: roads.filter(({ weight }) => weight !== 0).length, lambdaRatio };
}

/** log(1 + trips) into each zone by origin, and from where they are known. */
function logColumns(
  zones: number,
  row: Int32Array,
  col: Int32Array,
  value: Float64Array,
): { values: Float64Array; known: number[] }[] {
  const columns = Array.from({ length: zones }, () => ({
    values: new Float64Array(zones).fill(Number.NaN),
    known: [] as number[],
  }));
  for (let k = 0; k < row.length; k++) {
    columns[col[k]].values[row[k]] = logOf(1 + value[k]);
    columns[col[k]].known.push(row[k]);
  }
  for (const { values, known } of columns) {
    const mean = known.reduce((s, o) => s + values[o] / known.length, 0);
    for (let o = 0; o < zones; o++) if (Number.isNaN(values[o])) values[o] = mean;
  }
  return columns;
}
