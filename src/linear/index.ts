export * from './around/index.ts';
export { type BasisPursuit, type BasisPursuitOptions, basisPursuit } from './basisPursuit.ts';
export * from './blocks/index.ts';
export type { Certificate, Status } from './certificate.ts';
export {
  type CrossValidated,
  ElasticNetCV,
  type ElasticNetCvOptions,
  LassoCV,
  type LassoCvOptions,
  type SelectionRule,
} from './crossValidation.ts';
export { ElasticNet, type ElasticNetOptions } from './elasticNet.ts';
export { Lasso, type LassoOptions } from './lasso.ts';
export { type LassoPath, lambdaMax, lassoPath, type PathOptions } from './lassoPath.ts';
export { LinearModel } from './linearModel.ts';
export { type ExactOptions, LinearPath, type PathPoint } from './linearPath.ts';
export { LinearRegression, type LinearRegressionOptions } from './linearRegression.ts';
export * from './models/index.ts';
export * from './online/index.ts';
export type { FitOptions, LinearOptions, SolverName } from './options.ts';
export { Ridge, type RidgeOptions } from './ridge.ts';
export * from './sensing/index.ts';
export * from './stream/index.ts';
