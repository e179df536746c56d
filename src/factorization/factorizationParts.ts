import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { FactorCertificate, SweepRecord } from './factorCertificate.ts';
import type { FactorRecipe, ObservedPattern, SidePart } from './savedFactorization.ts';

/** The parts of a fitted factorisation. */
export interface FactorizationParts {
  recipe: FactorRecipe;
  mean: number;
  rowFactors: DenseMatrix;
  columnFactors: DenseMatrix;
  rowBias: Float64Array;
  columnBias: Float64Array;
  observed: ObservedPattern;
  rows: SidePart;
  columns: SidePart;
  /** Weighted sum of squared residuals. */
  loss: number;
  history: SweepRecord[];
  certificate: FactorCertificate;
}
