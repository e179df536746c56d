import { type FieldDesign, type FieldParameters, GravityField } from './gravityField.ts';
import type { RouteEntries } from './routeEntries.ts';

const START: FieldParameters = { pair: 0.6, noise: 0.2, reach: 1 };
const BOUNDS = { pair: [0.01, 10], noise: [0.005, 10], reach: [0.5, 4] } as const;
/** Each round tries a factor up and down for each parameter, then halves the factor's logarithm. */
const ROUNDS = 2;

/** The parameters of the largest marginal likelihood, by a coordinate search from a fixed start. */
export function tuneField(entries: RouteEntries, design: FieldDesign, seed: number): FieldParameters {
  const devianceOf = (parameters: FieldParameters) =>
    new GravityField(entries, design, parameters, seed, { wantCovariance: false }).deviance;
  let best = START;
  let least = devianceOf(best);
  let factor = 2;
  for (let round = 0; round < ROUNDS; round++, factor = Math.sqrt(factor)) {
    for (const name of ['noise', 'pair', 'reach'] as const) {
      // The kernel of a reach costs a matrix, so reaches stay on a coarse grid.
      if (name === 'reach' && round > 0) continue;
      for (const step of [factor, 1 / factor]) {
        for (;;) {
          const value = best[name] * step;
          if (value < BOUNDS[name][0] || value > BOUNDS[name][1]) break;
          const trial = { ...best, [name]: value };
          const deviance = devianceOf(trial);
          if (!(deviance < least)) break;
          [best, least] = [trial, deviance];
        }
      }
    }
  }
  return best;
}
