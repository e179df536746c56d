export { AdaptiveLasso, type AdaptiveLassoOptions, AdaptiveModel } from './adaptiveLasso.ts';
export { type AdaptiveCrossValidated, AdaptiveLassoCV, type AdaptiveLassoCvOptions } from './adaptiveLassoCv.ts';
export { type DebiasedLasso, type DebiasedOptions, debiasedLasso } from './debiasedLasso.ts';
export type { AdaptiveOptions, InitialFit } from './firstFit.ts';
export { type CriteriaOptions, type InformationCriteria, informationCriteria, type PathSummary } from './informationCriteria.ts';
export { type RelaxedPathOptions, relaxedLassoPath } from './relaxedLasso.ts';
export { type RelaxedCrossValidated, RelaxedLassoCV, type RelaxedLassoCvOptions } from './relaxedLassoCv.ts';
export { type RefitCheck, RelaxedModel, RelaxedPath } from './relaxedPath.ts';
export { type StabilityOptions, type StabilitySelection, stabilitySelection } from './stabilitySelection.ts';
