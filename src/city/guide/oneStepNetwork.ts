import type { CsrMatrix } from '../../core/csrMatrix.ts';
import { type Recipe, recipeOf } from '../../spiking/classifierOptions.ts';
import { SpikingModel } from '../../spiking/index.ts';
import { THRESHOLD } from './guideNumbers.ts';

/** Slope k of the surrogate 1 / (1 + k |u - theta|)^2. */
export const SLOPE = 5;

/** The network of equations 32 to 44: one time step, threshold 0.7, squared error of the spikes, plain descent over the whole batch. */
export function oneStepRecipe(options: { hidden: readonly number[]; lambda: number; learningRate: number }): Recipe {
  return recipeOf({
    ...options,
    steps: 1,
    threshold: THRESHOLD,
    surrogate: { shape: 'fastSigmoid', slope: SLOPE },
    loss: 'squaredRate',
    optimizer: 'sgd',
    momentum: 0,
    schedule: 'constant',
    epochs: 1,
    activity: { strength: 0 },
    precision: 'f64',
  });
}

/** Such a network with given synapses (layer by layer, from rows to columns), untrained. */
export function givenNetwork(classes: readonly string[], weights: CsrMatrix[]): SpikingModel<string> {
  const { dynamics, loss, precision } = oneStepRecipe({ hidden: [], lambda: 0, learningRate: 1 });
  return new SpikingModel({
    classes,
    inputs: weights[0].rows,
    encoding: { encoder: 'current', steps: 1, dt: 1, seed: 0, scale: 1 },
    dynamics,
    loss,
    lambda: 0,
    precision,
    weights,
    recurrentWeights: [],
    biases: weights.map(({ cols }) => new Float64Array(cols)),
    certificate: { converged: false, status: 'trained', loss: 0, objective: 0, kkt: 0, epochs: 0, tol: 0 },
    history: [],
  });
}
