export { FtrlClassifier, type FtrlClassifierOptions } from './ftrlClassifier.ts';
export { FtrlClassifierModel } from './ftrlClassifierModel.ts';
export type { OnlineChunk, OnlineProgress, OnlineStreamOptions } from './ftrlLearner.ts';
export { FtrlModel } from './ftrlModel.ts';
export type { FtrlOptions } from './ftrlOptions.ts';
export { FtrlRegression, type FtrlRegressionLoss, type FtrlRegressionOptions } from './ftrlRegression.ts';
export { FtrlRegressionModel } from './ftrlRegressionModel.ts';
