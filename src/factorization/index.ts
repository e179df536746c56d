export type { Basis } from './basis.ts';
export type { Connectivity } from './connectivity.ts';
export type { FactorCertificate, FactorStatus, SweepRecord } from './factorCertificate.ts';
export {
  type ColdStart,
  type EntryPredictions,
  FactorizationModel,
  type FoldedRow,
  type FoldInOptions,
  type GivenFactors,
} from './factorizationModel.ts';
export type { FeatureKernel } from './featureMap.ts';
export {
  type FactorizationFitOptions,
  type FactorSolver,
  MatrixFactorization,
  type MatrixFactorizationOptions,
} from './matrixFactorization.ts';
export type { Mask } from './observedEntries.ts';
export type { Recommendation } from './topColumns.ts';
export type { ValidationInput } from './validation.ts';
