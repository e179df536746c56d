import { currentBackend } from '../backend/backend.ts';
import type { Precision } from '../backend/kernelForms.ts';
import {
  booleanFlag,
  integerIn,
  nonNegativeNumber,
  numberArray,
  numberIn,
  oneOf,
  optionsObject,
  positiveNumber,
} from '../core/checks.ts';
import type { ActivityRecipe } from './activity.ts';
import type { Dynamics } from './layeredNetwork.ts';
import type { Schedule } from './learningRate.ts';
import { moderateNumber } from './moderateNumber.ts';
import type { OptimizerOptions } from './optimizer.ts';
import { firesAtOutput, LOSSES, type LossName } from './outputLoss.ts';
import { type SurrogateOptions, type SurrogateShape, surrogateOf } from './surrogate.ts';

const ENCODERS = ['current', 'rate', 'poisson', 'latency'] as const;

/** How features become input: constant currents, or spikes by `rateEncode`, `poissonEncode` or `latencyEncode`. */
export type EncoderName = (typeof ENCODERS)[number];

/** Pruning while training: synapses that carry little of what flows from inputs to outputs go (synaptic flow, Tanaka 2020). */
export interface PruneOptions {
  /** Share of all synapses that is left at the end, in (0, 1]. */
  density: number;
  /** Epochs between which the share falls, along a cubic. @default from 1, until three quarters of the epochs */
  from?: number;
  until?: number;
  /** Share of the synapses left that is exchanged after each of those epochs: those that carry least go, those with the largest gradient come. @default 0 */
  regrow?: number;
}

/** Growing hidden layers while training. */
export interface GrowOptions {
  /** Neurons of each hidden layer at the start; the layer sizes in `hidden` are the goal. */
  from: number;
  /** Epochs between growth spurts. @default 1 */
  every?: number;
  /** Neurons per spurt. */
  by: number;
}

/** Bounds on the activity of hidden neurons, in spikes per step. */
export interface ActivityOptions {
  /** Neurons that fire less are pulled up. @default 0.01 */
  floor?: number;
  /** Neurons that fire more are pulled down. @default 1 (no bound) */
  ceiling?: number;
  /** Strength of both pulls; 0 switches them off. @default 0.1 */
  strength?: number;
  /** Price of a spike: added to the loss times the mean number of spikes per hidden neuron and step. @default 0 */
  cost?: number;
}

/** Options of `SpikingClassifier`. */
export interface SpikingClassifierOptions {
  /** Sizes of the LIF layers between input and output; `[]` leaves the output layer alone. */
  hidden: readonly number[];
  /** Time steps per sample. @default 25 */
  steps?: number;
  /** Length of a step in ms. @default 1 */
  dt?: number;
  /** Membrane time constant in ms, >= dt; beta = exp(-dt / tau). Give tau or beta. @default 10 dt */
  tau?: number;
  /** Share of the membrane that is left after a step, in [0, 1). */
  beta?: number;
  /** Time constant, or decay, of the leaky readout. @default as the hidden layers */
  readoutTau?: number;
  readoutBeta?: number;
  /** A neuron fires where its membrane is at least this. @default 1 */
  threshold?: number;
  /** After a spike: subtract the threshold in the next step, forget the membrane, or nothing. @default 'subtract' */
  reset?: 'subtract' | 'zero' | 'none';
  /** Whether the gradient ignores the reset. @default true */
  detachReset?: boolean;
  /** Name or options of the surrogate derivative. @default 'fastSigmoid' */
  surrogate?: SurrogateShape | SurrogateOptions;
  /**
   * Poisson and rate coding draw the noise of a sample from its row number: the same row of the same X has the same spikes at every prediction,
   * another row with the same values has others. @default 'current'
   */
  encoder?: EncoderName;
  /** @default 'membrane' */
  loss?: LossName;
  /** Synapses from every hidden layer to itself, one step late. @default false */
  recurrent?: boolean;
  /** @default 'adam' */
  optimizer?: 'adam' | 'sgd';
  /** @default 0.005 for Adam, 0.05 for SGD */
  learningRate?: number;
  /** Learning rate over the epochs: falling to 0 along half a cosine, or constant. @default 'cosine' */
  schedule?: Schedule;
  /** Of SGD, in [0, 1). @default 0.9 */
  momentum?: number;
  /** @default 30 */
  epochs?: number;
  /** @default 64 */
  batchSize?: number;
  /** Strength of the L1 penalty on all synapses, >= 0, in units of the mean loss. @default 0 */
  lambda?: number;
  /** Penalty on single synapses, or on all outgoing synapses of a neuron together (sqrt(n) times their 2-norm). @default 'synapse' */
  penalty?: 'synapse' | 'neuron';
  /** Whether weights may change sign: freely, never below 0, or only as far as 0 from where they started. @default 'free' */
  signs?: 'free' | 'nonNegative' | 'keep';
  prune?: PruneOptions;
  grow?: GrowOptions;
  /** Share of the connections left out of every batch, in [0, 1). @default 0 */
  dropout?: number;
  activity?: ActivityOptions;
  /** Standard deviations between mean membrane and threshold at the start (fluctuation-driven initialisation). @default 1 */
  xi?: number;
  /** @default 'f32'; 'f64' is for checks */
  precision?: Precision;
  /** @default 0 */
  seed?: number;
}

/** Checked options with all defaults filled in. */
export interface Recipe extends OptimizerOptions {
  hidden: number[];
  /** Number of classes; 0 until the labels are known. */
  classes: number;
  dynamics: Dynamics;
  dt: number;
  encoder: EncoderName;
  loss: LossName;
  recurrent: boolean;
  learningRate: number;
  schedule: Schedule;
  epochs: number;
  batchSize: number;
  signs: 'free' | 'nonNegative' | 'keep';
  prune?: Required<PruneOptions>;
  grow?: Required<GrowOptions>;
  dropout: number;
  activity: ActivityRecipe;
  xi: number;
  precision: Precision;
  seed: number;
}

export const CLASSIFIER_OPTIONS: readonly (keyof SpikingClassifierOptions)[] = [
  'hidden',
  'steps',
  'dt',
  'tau',
  'beta',
  'readoutTau',
  'readoutBeta',
  'threshold',
  'reset',
  'detachReset',
  'surrogate',
  'encoder',
  'loss',
  'recurrent',
  'optimizer',
  'learningRate',
  'schedule',
  'momentum',
  'epochs',
  'batchSize',
  'lambda',
  'penalty',
  'signs',
  'prune',
  'grow',
  'dropout',
  'activity',
  'xi',
  'precision',
  'seed',
];

/** @throws TypeError, RangeError naming the option */
export function recipeOf(options: SpikingClassifierOptions, title = 'SpikingClassifier'): Recipe {
  const o = optionsObject(options, title, CLASSIFIER_OPTIONS);
  const sizes = numberArray(o.hidden, 'hidden');
  const hidden = Array.from(sizes, (size, l) => integerIn(size, `hidden[${l}]`, 1));
  const dt = positiveNumber(o.dt ?? 1, 'dt');
  const beta = betaOf(o.tau, o.beta, dt, 'tau', 'beta') ?? betaOf(10 * dt, undefined, dt, 'tau', 'beta')!;
  const readoutBeta = betaOf(o.readoutTau, o.readoutBeta, dt, 'readoutTau', 'readoutBeta') ?? beta;
  const threshold = moderateNumber(o.threshold ?? 1, 'threshold');
  const loss = oneOf(o.loss ?? 'membrane', 'loss', LOSSES);
  const name = oneOf(o.optimizer ?? 'adam', 'optimizer', ['adam', 'sgd']);
  const epochs = integerIn(o.epochs ?? 30, 'epochs', 1);
  const recipe: Recipe = {
    hidden,
    classes: 0,
    dynamics: {
      steps: integerIn(o.steps ?? 25, 'steps', 1),
      beta,
      readoutBeta,
      threshold,
      reset: oneOf(o.reset ?? 'subtract', 'reset', ['subtract', 'zero', 'none']),
      detachReset: booleanFlag(o.detachReset ?? true, 'detachReset'),
      surrogate: surrogateOf(o.surrogate, threshold),
      spikingOutput: firesAtOutput(loss),
    },
    dt,
    encoder: oneOf(o.encoder ?? 'current', 'encoder', ENCODERS),
    loss,
    recurrent: booleanFlag(o.recurrent ?? false, 'recurrent'),
    name,
    learningRate: positiveNumber(o.learningRate ?? (name === 'adam' ? 0.005 : 0.05), 'learningRate'),
    schedule: oneOf(o.schedule ?? 'cosine', 'schedule', ['cosine', 'constant']),
    momentum: numberIn(o.momentum ?? 0.9, 'momentum', 0, 1, '[)'),
    epochs,
    batchSize: integerIn(o.batchSize ?? 64, 'batchSize', 1),
    lambda: nonNegativeNumber(o.lambda ?? 0, 'lambda'),
    penalty: oneOf(o.penalty ?? 'synapse', 'penalty', ['synapse', 'neuron']),
    signs: oneOf(o.signs ?? 'free', 'signs', ['free', 'nonNegative', 'keep']),
    dropout: numberIn(o.dropout ?? 0, 'dropout', 0, 1, '[)'),
    activity: activityOf(o.activity),
    xi: positiveNumber(o.xi ?? 1, 'xi'),
    precision: oneOf(o.precision ?? 'f32', 'precision', ['f32', 'f64']),
    seed: integerIn(o.seed ?? 0, 'seed', 0),
  };
  if (o.prune !== undefined && o.grow !== undefined) {
    throw new TypeError('prune, grow: expected one of them, got both: growing brings pruned synapses back');
  }
  if (o.prune !== undefined) recipe.prune = pruneOf(o.prune, epochs);
  if (o.grow !== undefined) recipe.grow = growOf(o.grow, hidden, epochs);
  return recipe;
}

function betaOf(tau: unknown, beta: unknown, dt: number, tauTitle: string, betaTitle: string): number | undefined {
  if (tau !== undefined && beta !== undefined) throw new TypeError(`${tauTitle}, ${betaTitle}: expected one of them, got both`);
  if (beta !== undefined) return numberIn(beta, betaTitle, 0, 1, '[)');
  if (tau === undefined) return undefined;
  const constant = positiveNumber(tau, tauTitle);
  if (constant < dt) {
    throw new RangeError(
      `${tauTitle}: expected at least dt = ${dt} ms (a membrane that forgets within a step), got ${constant}; lower dt`,
    );
  }
  return currentBackend().kernels.exp(-dt / constant);
}

function activityOf(options: ActivityOptions | undefined): ActivityRecipe {
  const {
    ceiling = 1,
    floor = Math.min(0.01, ceiling),
    strength = 0.1,
    cost = 0,
  } = optionsObject(options, 'activity', ['floor', 'ceiling', 'strength', 'cost']);
  const low = numberIn(floor, 'activity.floor', 0, 1);
  return {
    floor: low,
    ceiling: numberIn(ceiling, 'activity.ceiling', low, 1),
    strength: nonNegativeNumber(strength, 'activity.strength'),
    cost: nonNegativeNumber(cost, 'activity.cost'),
  };
}

function pruneOf(options: PruneOptions, epochs: number): Required<PruneOptions> {
  const { density, from = 1, until, regrow = 0 } = optionsObject(options, 'prune', ['density', 'from', 'until', 'regrow']);
  if (epochs < 2) throw new RangeError(`epochs: expected at least 2 for prune, which works between epochs, got ${epochs}`);
  const first = integerIn(from, 'prune.from', 1, epochs - 1);
  const last = until ?? Math.max(first + 1, Math.floor(0.75 * epochs));
  return {
    density: numberIn(density, 'prune.density', 0, 1, '(]'),
    from: first,
    until: integerIn(last, 'prune.until', first + 1, epochs),
    regrow: numberIn(regrow, 'prune.regrow', 0, 1, '[)'),
  };
}

function growOf(options: GrowOptions, hidden: readonly number[], epochs: number): Required<GrowOptions> {
  const { from, every = 1, by } = optionsObject(options, 'grow', ['from', 'every', 'by']);
  if (hidden.length === 0) throw new RangeError('grow: expected hidden layers, got hidden: []');
  const plan = {
    from: integerIn(from, 'grow.from', 1, Math.min(...hidden)),
    every: integerIn(every, 'grow.every', 1),
    by: integerIn(by, 'grow.by', 1),
  };
  const reached = plan.from + plan.by * Math.floor((epochs - 1) / plan.every);
  if (reached < Math.max(...hidden)) {
    throw new RangeError(`grow: expected a plan that reaches ${Math.max(...hidden)} neurons in ${epochs} epochs, got ${reached}`);
  }
  return plan;
}
