export type { Precision } from '../backend/kernelForms.ts';
export { type BrunelOptions, brunelNetwork } from './brunelNetwork.ts';
export type {
  ActivityOptions,
  EncoderName,
  GrowOptions,
  PruneOptions,
  SpikingClassifierOptions,
} from './classifierOptions.ts';
export type { ConnectOptions } from './connect.ts';
export { type CubaOptions, cubaNetwork } from './cubaNetwork.ts';
export { type DeltaEncodeOptions, deltaEncode } from './deltaEncode.ts';
export { DenseClassifier, type DenseClassifierOptions, type DenseFitOptions } from './denseClassifier.ts';
export { DenseModel } from './denseModel.ts';
export { efficiencyTable } from './efficiencyTable.ts';
export { type LatencyEncodeOptions, latencyEncode } from './latencyEncode.ts';
export type { Schedule } from './learningRate.ts';
export { type AdaptiveLifModel, type AdaptiveLifOptions, adaptiveLif } from './models/adaptiveLif.ts';
export type { Current, Receptors, Start } from './models/checks.ts';
export { type IntegrateAndFireModel, type IntegrateAndFireOptions, integrateAndFire } from './models/integrateAndFire.ts';
export { type IzhikevichModel, type IzhikevichOptions, izhikevich } from './models/izhikevich.ts';
export { type LeakyIntegratorModel, type LeakyIntegratorOptions, leakyIntegrator } from './models/leakyIntegrator.ts';
export { type LifModel, type LifOptions, lif } from './models/lif.ts';
export type { NeuronModel } from './models/neuronModel.ts';
export { type PoissonSourceModel, poissonSource, type SpikeSourceModel, spikeSource } from './models/sources.ts';
export type { SpikingInput } from './networkInput.ts';
export type { LossName } from './outputLoss.ts';
export { type PoissonEncodeOptions, poissonEncode } from './poissonEncode.ts';
export { Population } from './population.ts';
export { Projection } from './projection.ts';
export { type Randman, type RandmanOptions, randman } from './randman.ts';
export type { RasterShape } from './rasterShape.ts';
export { type RateEncodeOptions, rateEncode } from './rateEncode.ts';
export {
  type PopulationRate,
  type PopulationResult,
  SimulationResult,
  type SpikeTrain,
  type VoltageTrace,
} from './simulationResult.ts';
export type { EnergyEstimate, SparsityReport } from './sparsityReport.ts';
export { type EventLists, type RasterParts, type SampleEvents, SpikeRaster, type TimedSpikes } from './spikeRaster.ts';
export { SpikingClassifier, type SpikingFitOptions } from './spikingClassifier.ts';
export { type SpikingCertificate, SpikingModel } from './spikingModel.ts';
export { type PoissonOptions, type RecordOptions, SpikingNetwork, type SpikingNetworkOptions } from './spikingNetwork.ts';
export { type SpikingPathOptions, type SpikingPathPoint, spikingPath } from './spikingPath.ts';
export type { StdpOptions } from './stdp.ts';
export type { SurrogateOptions, SurrogateShape } from './surrogate.ts';
export type { EpochRecord, TrainingNews, TrainingStatus } from './training.ts';
export { type YinYang, type YinYangOptions, yinYang } from './yinYang.ts';
