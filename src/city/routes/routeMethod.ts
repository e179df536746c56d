import type { RouteEntries } from './routeEntries.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** Expected trips for a list of routes. */
export interface RoutePredictions {
  value: Float64Array;
  /** Standard error of a new observation, and an interval that holds 90 % of them; absent for methods that know none. */
  standardError?: Float64Array;
  lower?: Float64Array;
  upper?: Float64Array;
}

/** What a method has learnt. */
export interface RoutePredictor {
  predict(rows: Int32Array, cols: Int32Array): RoutePredictions;
}

/** A way to predict routes from the observed ones. */
export interface RouteMethod {
  name: string;
  /** What it is given beside the observed entries. */
  knows: readonly string[];
  fit(train: RouteEntries, setting: ZoneSetting, seed: number): RoutePredictor;
}
