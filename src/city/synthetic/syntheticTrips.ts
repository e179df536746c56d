import { currentBackend } from '../../backend/backend.ts';
import { allocateFloats } from '../../core/allocateFloats.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { Draws } from './draws.ts';
import type { SyntheticPlan } from './syntheticOptions.ts';
import type { SyntheticPlaces } from './syntheticPlaces.ts';

/** Trips of a synthetic city and where they come from. */
export interface SyntheticTrips {
  trips: DenseMatrix;
  expected: DenseMatrix;
  originFactors?: DenseMatrix;
  destinationFactors?: DenseMatrix;
}

/** T_ij ~ NegBin(total O_i D_j exp(-beta c_ij) exp(x_i . y_j) / Z, dispersion) with O the inhabitants and D the jobs. */
export function syntheticTrips(plan: SyntheticPlan, places: SyntheticPlaces, cost: DenseMatrix): SyntheticTrips {
  const { exp } = currentBackend().kernels;
  const { population, jobs } = places;
  const n = population.length;
  const factors = new Draws(plan.seed, 4);
  const x = hiddenFactors(plan, places.features, factors);
  const y = hiddenFactors(plan, places.features, factors);
  const expected = new DenseMatrix(allocateFloats(n * n, `${n} x ${n} trips`), n, n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let exponent = -plan.beta * cost.data[i * n + j];
      for (let k = 0; k < plan.rank; k++) exponent += x[i * plan.rank + k] * y[j * plan.rank + k];
      sum += expected.data[i * n + j] = population[i] * jobs[j] * exp(exponent);
    }
  }
  const total = plan.tripsPerPerson * population.reduce((a, b) => a + b, 0);
  const trips = new DenseMatrix(allocateFloats(n * n, `${n} x ${n} trips`), n, n);
  const draws = new Draws(plan.seed, 5);
  for (let p = 0; p < n * n; p++) {
    expected.data[p] *= total / sum;
    trips.data[p] = draws.negativeBinomial(expected.data[p], plan.dispersion);
  }
  if (plan.rank === 0) return { trips, expected };
  const [originFactors, destinationFactors] = [x, y].map((data) => new DenseMatrix(data, n, plan.rank));
  return { trips, expected, originFactors, destinationFactors };
}

/** Normal factors, zones x rank, of which `informativeness`^2 of the variance is linear in the features. */
function hiddenFactors(plan: SyntheticPlan, features: DenseMatrix, draws: Draws): Float64Array {
  const { rank, informativeness, interaction } = plan;
  const { rows: n, cols: width, data } = features;
  const out = new Float64Array(n * rank);
  if (rank === 0) return out;
  // The product of two factors has variance spread^4, and there are `rank` of them.
  const spread = Math.sqrt(interaction / Math.sqrt(rank));
  const own = Math.sqrt(1 - informativeness * informativeness);
  for (let k = 0; k < rank; k++) {
    const direction = Float64Array.from({ length: width }, () => draws.normal());
    const norm = Math.sqrt(direction.reduce((sum, d) => sum + d * d, 0));
    for (let i = 0; i < n; i++) {
      let told = 0;
      for (let f = 0; f < width; f++) told += (data[i * width + f] * direction[f]) / norm;
      out[i * rank + k] = spread * (informativeness * told + own * draws.normal());
    }
  }
  return out;
}
