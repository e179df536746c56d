import type { DesignInput } from '../backend/residentMatrix.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { project } from './project.ts';

const KIND = 'SparsePca';

/** How well sparse components are settled: a fixed point of the method, which need not be the best there is. */
export interface SparsePcaCertificate {
  /** Whether `residual` <= `tol`. */
  converged: boolean;
  status: 'converged' | 'maxIterations';
  /** Change of the last step: ||x - next x|| of unit vectors (truncatedPower), or of the loadings relative to the largest (elasticNet). */
  residual: number;
  /** Whether the objective never got worse from step to step, up to rounding. */
  monotone: boolean;
  iterations: number;
  tol: number;
  /** Objective after each round of regressions (elasticNet). */
  history?: Float64Array;
}

/** Sparse principal components. Immutable. */
export class SparsePcaModel {
  /** k x p: one component per row, of norm 1 (empty where nothing was left), its first entry of largest magnitude positive. Not orthogonal. */
  readonly components: CsrMatrix;
  /** Columns with nonzero loadings of each component, ascending. */
  readonly supports: Int32Array[];
  /** Adjusted variances: what each component's scores add to those before it, squared norm over n - 1. */
  readonly explainedVariance: Float64Array;
  /** Shares of the variance of all columns. */
  readonly explainedVarianceRatio: Float64Array;
  /** Sum of the variances of all columns, 1/(n - 1). */
  readonly totalVariance: number;
  /** Column means. */
  readonly mean: Float64Array;
  /** Population standard deviations of the columns under `standardize`. */
  readonly scale: Float64Array | undefined;
  readonly certificate: SparsePcaCertificate;

  /** @internal */
  constructor(parts: {
    components: CsrMatrix;
    explainedVariance: Float64Array;
    totalVariance: number;
    mean: Float64Array;
    scale?: Float64Array;
    certificate: SparsePcaCertificate;
  }) {
    this.components = parts.components;
    const { indptr, indices } = parts.components;
    this.supports = Array.from({ length: parts.components.rows }, (_, j) => indices.slice(indptr[j], indptr[j + 1]));
    this.explainedVariance = parts.explainedVariance;
    this.totalVariance = parts.totalVariance;
    this.explainedVarianceRatio = parts.explainedVariance.map((v) => (parts.totalVariance > 0 ? v / parts.totalVariance : 0));
    this.mean = parts.mean;
    this.scale = parts.scale;
    this.certificate = parts.certificate;
  }

  /** Scores: (X - mean) / scale times the components, one row of k numbers per row of X. */
  transform(X: DesignInput): DenseMatrix {
    return project(X, this.components.toDense(), { mean: this.mean, ...(this.scale ? { scale: this.scale } : {}) });
  }

  toJSON(): { [name: string]: Json } {
    const { components, explainedVariance, totalVariance, mean, scale, certificate } = this;
    return modelJson(KIND, 1, { components, explainedVariance, totalVariance, mean, scale, certificate });
  }

  /** @throws SpinifexError `'BAD_MODEL'` for anything else than a saved SparsePca */
  static fromJSON(json: unknown): SparsePcaModel {
    const reader = readModelJson(json, KIND, 1);
    const components = reader.csrMatrix('components');
    const { rows: k, cols: p } = components;
    const saved = reader.object('certificate');
    return new SparsePcaModel({
      components,
      explainedVariance: reader.float64Array('explainedVariance', k),
      totalVariance: reader.number('totalVariance'),
      mean: reader.float64Array('mean', p),
      ...(reader.has('scale') ? { scale: reader.float64Array('scale', p) } : {}),
      certificate: {
        converged: saved.boolean('converged'),
        status: saved.oneOf('status', ['converged', 'maxIterations']),
        residual: saved.number('residual'),
        monotone: saved.boolean('monotone'),
        iterations: saved.integer('iterations', 0),
        tol: saved.number('tol'),
        ...(saved.has('history') ? { history: saved.float64Array('history') } : {}),
      },
    });
  }
}
