import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { RunOptions } from '../../core/progress.ts';
import { TruncatedSvd } from '../../spectral/index.ts';
import { checkCity } from '../checkCity.ts';
import type { City } from '../city.ts';
import type { FactoredRoutes } from '../cityReport.ts';
import { isLocated } from '../isLocated.ts';
import { factorLogTrips } from '../routes/factorization.ts';
import { predictRoutes, type UnknownRoutes } from '../routes/predictRoutes.ts';
import { routeEntries } from '../routes/routeEntries.ts';
import { settingOf } from '../routes/settingOf.ts';

/**
 * Equation 23 of the guide, X = U V', on X = log(1 + trips): what zones are like as origins and as destinations, those never observed placed by their positions and
 * attributes. The picture shows the two strongest directions of U V'. Unknown routes come from `predictRoutes`, which adds gravity.
 */
export function factorRoutes(city: City, unknown: UnknownRoutes = 'all', seed = 0, run: RunOptions = {}): FactoredRoutes {
  const entries = routeEntries(checkCity(city, 'trips').trips!);
  const model = factorLogTrips(entries, featuresOf(city), seed, run.signal);
  const { origins, destinations } = strongest(model.rowFactors, model.columnFactors);
  return { model, origins, destinations, predictions: predictRoutes(city, { unknown, seed }) };
}

/** Positions and attributes of the zones, one row each. */
function featuresOf(city: City): DenseMatrix | undefined {
  const { zones } = city;
  const { names, attributes } = settingOf(city);
  const located = isLocated(city);
  const width = names.length + (located ? 2 : 0);
  if (width === 0) return undefined;
  const out = new Float64Array(zones.length * width);
  for (let i = 0; i < zones.length; i++) {
    out.set(attributes.subarray(i * names.length, (i + 1) * names.length), i * width);
    if (located) out.set([zones[i].x!, zones[i].y!], i * width + names.length);
  }
  return new DenseMatrix(out, zones.length, width);
}

/** U V' = P S Q' cut to two directions; P S^1/2 and Q S^1/2. */
function strongest(U: DenseMatrix, V: DenseMatrix): { origins: DenseMatrix; destinations: DenseMatrix } {
  const n = U.rows;
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let f = 0; f < U.cols; f++) {
        product[i * n + j] += U.data[i * U.rowStride + f * U.columnStride] * V.data[j * V.rowStride + f * V.columnStride];
      }
    }
  }
  const components = Math.min(2, U.cols);
  const P = new DenseMatrix(product, n, n);
  const svd = new TruncatedSvd({ components }).fit(P);
  const root = svd.singularValues.map(Math.sqrt);
  const projected = svd.transform(P);
  const origins = new Float64Array(n * components);
  const destinations = new Float64Array(n * components);
  for (let i = 0; i < n; i++) {
    for (let f = 0; f < components; f++) {
      const at = i * components + f;
      origins[at] = root[f] > 0 ? projected.data[i * projected.rowStride + f * projected.columnStride] / root[f] : 0;
      destinations[at] = svd.components.data[f * svd.components.rowStride + i * svd.components.columnStride] * root[f];
    }
  }
  return { origins: new DenseMatrix(origins, n, components), destinations: new DenseMatrix(destinations, n, components) };
}
