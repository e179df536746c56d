import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { FactorizationModel } from '../factorization/index.ts';
import type { CrossValidated } from '../linear/index.ts';
import type { PcaModel, SparsePcaModel } from '../spectral/index.ts';
import type { DenseModel, SparsityReport, SpikingModel } from '../spiking/index.ts';
import type { City, PlaceId } from './city.ts';
import type { Evaluation } from './evaluation.ts';
import type { GuideCheck } from './guideCheck.ts';
import type { PredictedRoute } from './predictedRoute.ts';

/** Attributes of the links of a city (or, where it has none, of its observed routes): one row each. */
export interface AttributeTable {
  /** What a row is. */
  item: 'link' | 'route';
  from: readonly PlaceId[];
  to: readonly PlaceId[];
  /** Names of the columns; `'traffic'` first where it is known. */
  names: readonly string[];
  values: DenseMatrix;
}

/** Stage 1, equation 3: x' = (x - min) / (max - min). */
export interface NormalizedAttributes {
  table: AttributeTable;
  minimum: Float64Array;
  maximum: Float64Array;
  /** Rows x names, within [0, 1]; a constant column is 0. */
  values: DenseMatrix;
}

/** Stage 2, equations 4 and 5: score = sum over attributes of weight times x' (or 1 - x' where less is better). */
export interface CombinedAttributes {
  terms: readonly { name: string; weight: number; lessIsBetter: boolean }[];
  /** One per row of the table, within [0, 1] where the weights sum to 1. */
  score: Float64Array;
}

/** Stage 3: which attributes explain the traffic. Columns are standardised; the response is log(1 + traffic). */
export interface SelectedAttributes {
  names: readonly string[];
  response: string;
  crossValidated: CrossValidated;
  /** Share of the response's variance that the chosen model explains, in the data. */
  explained: number;
  /** Attributes that were left out because they give the answer away. */
  leaks: readonly { name: string; reason: string }[];
}

/** Stage 4, equations 16 to 22: for each place, which of the roads into it L1 keeps. */
export interface PrunedRoads {
  /** Numbers of zones; a closed road has weight 0. */
  roads: readonly { from: number; to: number; weight: number }[];
  open: number;
  /** Strength of L1: a share of the largest useful lambda of each place. */
  lambdaRatio: number;
}

/** Stage 5, equation 23: hidden factors of the route matrix and the routes that were unknown. */
export interface FactoredRoutes {
  model: FactorizationModel;
  /** Zones x 2 (or fewer): coordinates of the zones as origins and as destinations in the two strongest factors. */
  origins: DenseMatrix;
  destinations: DenseMatrix;
  predictions: readonly PredictedRoute[];
}

/** Stage 6, equations 28 to 31: in which directions the attributes vary. */
export interface PrincipalDirections {
  names: readonly string[];
  pca: PcaModel;
  sparse: SparsePcaModel;
}

/** Stage 7: PageRank of the places on the road (or route) graph. */
export interface RankedPlaces {
  scores: Float64Array;
  /** Numbers of the zones, the highest score first. */
  order: Int32Array;
  errorBound: number;
}

/** Stage 8, equations 32 to 39: zones as neurons, roads as synapses, demand as input current. */
export interface SpikingCity {
  /** Zones where the demand starts, by number, and how strong it is there (within [0, 1]). */
  demand: Float64Array;
  threshold: number;
  durationMs: number;
  /** In order of time: ms, and number of the zone. */
  spikes: { time: Float64Array; neuron: Int32Array };
  /** Spikes per zone. */
  counts: Int32Array;
  /** The synapses: entry (i, j) is the weight of the road from zone i to zone j. */
  roads: CsrMatrix;
}

/** Stage 9, equations 40 to 44: one classification task learnt four ways. */
export interface EfficientNetwork {
  /** What is learnt, for people: `'low, middle or high traffic of a link from its attributes'`. */
  task: string;
  classes: readonly string[];
  rows: readonly { name: string; report: SparsityReport }[];
  /** Accuracy against connections, along ascending lambdas. */
  path: readonly { lambda: number; report: SparsityReport }[];
  dense: DenseModel;
  sparse: SpikingModel;
}

/** A stage that a city has no data for. */
export interface SkippedStage {
  stage: CityStage;
  reason: string;
}

/** The stages of `cityPipeline`, in their order. */
export type CityStage =
  | 'normalize'
  | 'combine'
  | 'select'
  | 'prune'
  | 'factorize'
  | 'directions'
  | 'rank'
  | 'spike'
  | 'sparsify'
  | 'evaluate'
  | 'guide';

/** Everything that `cityPipeline` found. A stage that the city has no data for is absent, and `skipped` says why. */
export interface CityReport {
  city: City;
  seed: number;
  normalize?: NormalizedAttributes;
  combine?: CombinedAttributes;
  select?: SelectedAttributes;
  prune?: PrunedRoads;
  factorize?: FactoredRoutes;
  directions?: PrincipalDirections;
  rank?: RankedPlaces;
  spike?: SpikingCity;
  sparsify?: EfficientNetwork;
  /** Held-out entries, then held-out columns. */
  evaluate?: readonly Evaluation[];
  /** The guide's own numbers beside ours. */
  guide?: readonly GuideCheck[];
  skipped: readonly SkippedStage[];
}
