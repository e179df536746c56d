export { fitL2Svm, type L2SvmFit, type L2SvmOptions } from './l2Svm.ts';
export type { SvmLoss } from './svmState.ts';
