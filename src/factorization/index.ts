export type { Basis } from './basis.ts';
export type { Connectivity } from './connectivity.ts';
export type { FactorCertificate, FactorStatus, SweepRecord } from './factorCertificate.ts';
export {
  type EntryPredictions,
  FactorizationModel,
  type FoldedRow,
  type FoldInOptions,
  type GivenFactors,
} from './factorizationModel.ts';
export type { FeatureKernel } from './featureMap.ts';
export { ImplicitFactorization, type ImplicitFactorizationOptions } from './implicitFactorization.ts';
export { type ImplicitFoldedRow, ImplicitModel } from './implicitModel.ts';
export {
  type FactorizationFitOptions,
  type FactorSolver,
  MatrixFactorization,
  type MatrixFactorizationOptions,
} from './matrixFactorization.ts';
export type { Mask } from './observedEntries.ts';
export { type RankingMetrics, type Recommender, rankingMetrics } from './rankingMetrics.ts';
export type { ColdStart } from './savedFactorization.ts';
export type { Exclude, Recommendation } from './topColumns.ts';
export type { ValidationInput } from './validation.ts';
