export { type BasisPursuitDenoise, type BasisPursuitDenoiseOptions, basisPursuitDenoise } from './basisPursuitDenoise.ts';
export { type Debiased, debias } from './debias.ts';
export type { LinearOperator } from './linearOperator.ts';
export { type OperatorLasso, type OperatorLassoOptions, operatorLasso } from './operatorLasso.ts';
export {
  type MatchingPursuitOptions,
  type OrthogonalMatchingPursuit,
  orthogonalMatchingPursuit,
} from './orthogonalMatchingPursuit.ts';
export { type SupportRecovery, supportRecovery } from './supportRecovery.ts';
