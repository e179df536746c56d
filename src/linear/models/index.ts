export type { LossName as RegressionLoss } from '../glm/loss.ts';
export type { PenaltyName, PenaltyOption } from '../glm/penaltyKind.ts';
export { hingeLoss, logLoss, poissonDeviance } from './deviance.ts';
export type { ClassWeight } from './families.ts';
export {
  GeneralizedRegression,
  GeneralizedRegressionCV,
  generalizedPath,
  type LossOptions,
  type ModelOf,
  type ResponseOf,
} from './generalizedRegression.ts';
export type { CrossValidatedGlm, GlmCvOptions } from './glmCrossValidation.ts';
export type { ExactGlmOptions, GlmPath } from './glmPath.ts';
export type { GlmOptions, GlmPenalty } from './glmRecipe.ts';
export type { GlmStream, GlmStreamOptions, GlmStreamPoint } from './glmStream.ts';
export { type DeltaOption, type HuberOptions, HuberRegression, HuberRegressionCV, huberPath } from './huberRegression.ts';
export { cFromLambda, lambdaFromAlpha, lambdaFromC } from './lambdaConversions.ts';
export { LinearSvm, LinearSvmCV, type SvmOptions, svmPath } from './linearSvm.ts';
export { LogisticModel } from './logisticModel.ts';
export {
  type ClassOptions,
  type LogisticOptions,
  LogisticRegression,
  LogisticRegressionCV,
  logisticPath,
} from './logisticRegression.ts';
export { PoissonModel } from './poissonModel.ts';
export {
  type PoissonOptions as PoissonRegressionOptions,
  PoissonRegression,
  PoissonRegressionCV,
  poissonPath,
} from './poissonRegression.ts';
export { SvmModel } from './svmModel.ts';
export type { GlmGridOptions, GlmPathOptions } from './walkGlmPath.ts';
