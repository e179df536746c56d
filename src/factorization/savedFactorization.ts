import type { Precision } from '../backend/kernelForms.ts';
import type { ModelReader } from '../core/modelReader.ts';
import type { FactorCertificate, SweepRecord } from './factorCertificate.ts';
import { FeatureMap } from './featureMap.ts';

/** What happens to a prediction that rests on nothing but means: the mean (with the bias of the side that is known), or NaN. */
export type ColdStart = 'mean' | 'nan';

/** How a model was fitted, as far as its predictions and fold-ins need it. */
export interface FactorRecipe {
  lambda: number;
  biases: boolean;
  biasLambda: number;
  scaleLambda: boolean;
  l1: number;
  nonNegative: boolean;
  coldStart: ColdStart;
  precision: Precision;
}

/** Observed cells: a sparse pattern, and weights where they were given. */
export interface ObservedPattern {
  indptr: Int32Array;
  indices: Int32Array;
  weight: Float64Array | undefined;
}

/** A graph as it entered the fit, multiplied by its strength. */
export interface GraphPart {
  indptr: Int32Array;
  indices: Int32Array;
  data: Float64Array;
}

/** What one side of a model knows beside its factors. */
export interface SidePart {
  map: FeatureMap | undefined;
  /** B: rows of the layout, one per column of the map. */
  coefficients: Float64Array | undefined;
  graph: GraphPart | undefined;
  /** Rows of the layout: what each would be without its own entries. */
  expected: Float64Array | undefined;
}

export function readSide(reader: ModelReader): SidePart {
  const map = reader.has('map') ? FeatureMap.read(reader.object('map')) : undefined;
  let graph: GraphPart | undefined;
  if (reader.has('graph')) {
    const parts = reader.object('graph');
    graph = { indptr: parts.int32Array('indptr'), indices: parts.int32Array('indices'), data: parts.float64Array('data') };
  }
  return {
    map,
    coefficients: reader.has('coefficients') ? reader.float64Array('coefficients') : undefined,
    graph,
    expected: reader.has('expected') ? reader.float64Array('expected') : undefined,
  };
}

export function readRecipe(reader: ModelReader): FactorRecipe {
  return {
    lambda: reader.number('lambda'),
    biases: reader.boolean('biases'),
    biasLambda: reader.number('biasLambda'),
    scaleLambda: reader.boolean('scaleLambda'),
    l1: reader.number('l1'),
    nonNegative: reader.boolean('nonNegative'),
    coldStart: reader.oneOf('coldStart', ['mean', 'nan']),
    precision: reader.oneOf('precision', ['f32', 'f64']),
  };
}

/** The pattern of observed cells in a saved model. */
export function readPattern(reader: ModelReader, m: number, n: number): ObservedPattern {
  const indptr = reader.int32Array('indptr', m + 1, 0);
  const indices = reader.int32Array('indices', indptr[m], 0, n - 1);
  for (let i = 0; i < m; i++) if (indptr[i] > indptr[i + 1]) reader.fail('"observed.indptr" decreases');
  return { indptr, indices, weight: reader.has('weight') ? reader.float64Array('weight', indices.length) : undefined };
}

export function readRecord(reader: ModelReader): SweepRecord {
  const record: SweepRecord = {
    sweep: reader.integer('sweep', 1),
    objective: reader.number('objective'),
    rmse: reader.number('rmse'),
  };
  if (reader.has('validation')) record.validation = reader.number('validation');
  return record;
}

export function readCertificate(reader: ModelReader): FactorCertificate {
  return {
    converged: reader.boolean('converged'),
    status: reader.oneOf('status', ['converged', 'maxSweeps', 'earlyStopping']),
    gradient: reader.number('gradient'),
    objective: reader.number('objective'),
    sweeps: reader.integer('sweeps', 0),
    tol: reader.number('tol'),
  };
}
