import type { Basis } from '../factorization/index.ts';
import type { PlaceId } from './city.ts';

/** A route that was not observed, with what is to be expected on it. */
export interface PredictedRoute {
  origin: PlaceId;
  destination: PlaceId;
  /** Expected number of trips. */
  value: number;
  /** What the prediction rests on: `'warm'` (origin and destination have other entries), `'feature'`, `'graph'` or `'prior'`. */
  basis: Basis;
  /** Standard error of a new observation, in trips. */
  standardError: number;
  /** An interval that holds 90 % of new observations: log-normal around `value`, so it is not symmetric. */
  lower: number;
  upper: number;
}
