/** How entries are held out: single ones, all entries of some destinations, of some origins, of both, or of a neighbourhood. */
export type Split = 'entry' | 'column' | 'row' | 'both' | 'spatial';

/** A number over several seeds. */
export interface Score {
  mean: number;
  /** Standard error over the seeds; NaN for a single one. */
  standardError: number;
}

/** How one method predicted the held-out entries. */
export interface MethodScores {
  /** E.g. `'gravity x factorisation'`. */
  method: string;
  ours: boolean;
  /** What the method was given beside the training entries: `'margins'`, `'distance'`, `'attributes'`... */
  knows: readonly string[];
  rmse: Score;
  /** 100 RMSE / mean of what was held out. */
  rmsePercent: Score;
  /** The same within classes of volume. */
  rmsePercentByVolume: readonly { from: number; to: number; count: number; score: Score }[];
  mae: Score;
  /** Sum of absolute errors over sum of trips. */
  wape: Score;
  /** Common part of commuters, 2 sum min(T, T') / (sum T + sum T'). */
  cpc: Score;
  /** Poisson deviance per entry. */
  deviance: Score;
  /** 1 - deviance / deviance of doubly constrained gravity; 0 or less adds nothing. */
  skill: Score;
  /** Share of held-out entries inside the 90 % intervals; NaN for methods without intervals. */
  coverage: Score;
}

/** Every method on one kind of split, over several seeds. */
export interface Evaluation {
  split: Split;
  seeds: readonly number[];
  /** Held-out entries per seed. */
  heldOut: readonly number[];
  /** The best (by skill) first. */
  methods: readonly MethodScores[];
}
