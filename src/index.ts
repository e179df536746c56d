export { type BackendName, backend, init, setBackend } from './backend/backend.ts';
export { type DesignInput, ResidentMatrix, upload } from './backend/residentMatrix.ts';
export { CscMatrix } from './core/cscMatrix.ts';
export { CsrMatrix } from './core/csrMatrix.ts';
export { DenseMatrix } from './core/denseMatrix.ts';
export { OutOfMemoryError, SpinifexError, WasmUnsupportedError } from './core/errors.ts';
export type { Label, LabelInput } from './core/labels.ts';
export type { Matrix, MatrixInput, VectorInput } from './core/matrixInput.ts';
export type { Progress, RunOptions } from './core/progress.ts';
export { sign } from './core/sign.ts';
export { softThreshold } from './core/softThreshold.ts';
export { type BasisPursuit, type BasisPursuitOptions, basisPursuit } from './linear/basisPursuit.ts';
export type { Certificate, Status } from './linear/certificate.ts';
export {
  type CrossValidated,
  ElasticNetCV,
  type ElasticNetCvOptions,
  LassoCV,
  type LassoCvOptions,
  type SelectionRule,
} from './linear/crossValidation.ts';
export { ElasticNet, type ElasticNetOptions } from './linear/elasticNet.ts';
export { Lasso, type LassoOptions } from './linear/lasso.ts';
export { lambdaMax, lassoPath, type PathOptions } from './linear/lassoPath.ts';
export { LinearModel } from './linear/linearModel.ts';
export { type ExactOptions, LinearPath, type PathPoint } from './linear/linearPath.ts';
export { LinearRegression, type LinearRegressionOptions } from './linear/linearRegression.ts';
export type { FitOptions, LinearOptions, SolverName } from './linear/options.ts';
export { Ridge, type RidgeOptions } from './linear/ridge.ts';
export * from './spiking/index.ts';
