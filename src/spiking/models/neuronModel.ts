import type { AdaptiveLifModel } from './adaptiveLif.ts';
import type { IntegrateAndFireModel } from './integrateAndFire.ts';
import type { IzhikevichModel } from './izhikevich.ts';
import type { LeakyIntegratorModel } from './leakyIntegrator.ts';
import type { LifModel } from './lif.ts';
import type { PoissonSourceModel, SpikeSourceModel } from './sources.ts';

/** What `population` takes: the result of one of the model functions. */
export type NeuronModel =
  | LifModel
  | AdaptiveLifModel
  | IntegrateAndFireModel
  | LeakyIntegratorModel
  | IzhikevichModel
  | PoissonSourceModel
  | SpikeSourceModel;

/** Names of the model functions, which are the kinds of models. */
export const modelNames = [
  'lif',
  'adaptiveLif',
  'integrateAndFire',
  'leakyIntegrator',
  'izhikevich',
  'poissonSource',
  'spikeSource',
] as const satisfies NeuronModel['kind'][];
