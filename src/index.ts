export { type BackendName, backend, init, setBackend } from './backend/backend.ts';
export { type DesignInput, ResidentMatrix, upload } from './backend/residentMatrix.ts';
export { CscMatrix } from './core/cscMatrix.ts';
export { CsrMatrix } from './core/csrMatrix.ts';
export { DenseMatrix } from './core/denseMatrix.ts';
export { OutOfMemoryError, SpinifexError, WasmUnsupportedError } from './core/errors.ts';
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
export { type BrunelOptions, brunelNetwork } from './spiking/brunelNetwork.ts';
export type { ConnectOptions } from './spiking/connect.ts';
export { type CubaOptions, cubaNetwork } from './spiking/cubaNetwork.ts';
export { type AdaptiveLifModel, type AdaptiveLifOptions, adaptiveLif } from './spiking/models/adaptiveLif.ts';
export { type IntegrateAndFireModel, type IntegrateAndFireOptions, integrateAndFire } from './spiking/models/integrateAndFire.ts';
export { type IzhikevichModel, type IzhikevichOptions, izhikevich } from './spiking/models/izhikevich.ts';
export { type LeakyIntegratorModel, type LeakyIntegratorOptions, leakyIntegrator } from './spiking/models/leakyIntegrator.ts';
export { type LifModel, type LifOptions, lif } from './spiking/models/lif.ts';
export type { NeuronModel } from './spiking/models/neuronModel.ts';
export { type PoissonSourceModel, poissonSource, type SpikeSourceModel, spikeSource } from './spiking/models/sources.ts';
export { Population } from './spiking/population.ts';
export type { Precision } from './spiking/populationState.ts';
export { Projection } from './spiking/projection.ts';
export {
  type PopulationRate,
  type PopulationResult,
  SimulationResult,
  type SpikeTrain,
  type VoltageTrace,
} from './spiking/simulationResult.ts';
export { type PoissonOptions, type RecordOptions, SpikingNetwork, type SpikingNetworkOptions } from './spiking/spikingNetwork.ts';
export type { StdpOptions } from './spiking/stdp.ts';
