export {
  type AdaptiveCrossValidated,
  AdaptiveLasso,
  AdaptiveLassoCV,
  type AdaptiveLassoCvOptions,
  type AdaptiveLassoOptions,
  AdaptiveModel,
  type AdaptiveOptions,
  type InitialFit,
} from './adaptiveLasso.ts';
export { type DebiasedLasso, type DebiasedOptions, debiasedLasso } from './debiasedLasso.ts';
export { type CriteriaOptions, type InformationCriteria, informationCriteria, type PathSummary } from './informationCriteria.ts';
export {
  type RelaxedCrossValidated,
  RelaxedLassoCV,
  type RelaxedLassoCvOptions,
  type RelaxedPathOptions,
  relaxedLassoPath,
} from './relaxedLasso.ts';
export { type RefitCheck, RelaxedModel, RelaxedPath } from './relaxedPath.ts';
export { type StabilityOptions, type StabilitySelection, stabilitySelection } from './stabilitySelection.ts';
