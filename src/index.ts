export { type BackendName, backend, init, setBackend } from './backend/backend.ts';
export { type DesignInput, ResidentMatrix, upload } from './backend/residentMatrix.ts';
export * from './cluster/index.ts';
export { CscMatrix } from './core/cscMatrix.ts';
export { CsrMatrix } from './core/csrMatrix.ts';
export { DenseMatrix } from './core/denseMatrix.ts';
export { OutOfMemoryError, SpinifexError, WasmUnsupportedError } from './core/errors.ts';
export { IdIndex } from './core/idIndex.ts';
export type { Label, LabelInput } from './core/labels.ts';
export type { Matrix, MatrixInput, VectorInput } from './core/matrixInput.ts';
export type { Progress, RunOptions } from './core/progress.ts';
export {
  type Duplicates,
  type Field,
  type GraphOptions,
  graphFromRecords,
  matrixFromRecords,
  type RecordGraph,
  type RecordMatrix,
  type RecordOptions,
} from './core/records.ts';
export { sign } from './core/sign.ts';
export { softThreshold } from './core/softThreshold.ts';
export { SparseVector } from './core/sparseVector.ts';
export * from './factorization/index.ts';
export * from './graph/index.ts';
export * from './linear/index.ts';
export * from './preprocessing/index.ts';
export * from './selection/index.ts';
export * from './spectral/index.ts';
export * from './spiking/index.ts';
export * from './text/index.ts';
