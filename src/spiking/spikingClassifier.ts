import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type LayerForms, layerForms } from '../backend/layerForms.ts';
import { optionsObject } from '../core/checks.ts';
import { encodeLabels, type Label, type LabelInput, labelIndices } from '../core/labels.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { argmax } from './argmax.ts';
import { type Recipe, recipeOf, type SpikingClassifierOptions } from './classifierOptions.ts';
import { type InputStatistics, initialState } from './initialWeights.ts';
import type { NetworkInput } from './layeredNetwork.ts';
import {
  type Encoding,
  inputsOf,
  meanSquareOf,
  type PreparedInput,
  prepareInput,
  type SpikingInput,
  samplesOf,
  scaleOf,
  uploadInput,
} from './networkInput.ts';
import { identity, type NetworkState, type SynapseState, synapseMatrix } from './networkState.ts';
import { SpikeRaster } from './spikeRaster.ts';
import { runForward, type SpikingCertificate, SpikingModel, TOL } from './spikingModel.ts';
import { type Stationarity, stationarity } from './stationarity.ts';
import { ADVICE, type Training, type TrainingData, type TrainingNews, train } from './training.ts';

/** What `fit` takes beside the data. */
export interface SpikingFitOptions<L extends Label> extends RunOptions<TrainingNews> {
  /** Scored after every epoch; see `SpikingModel.history`. */
  validation?: { X: SpikingInput; labels: LabelInput<L> };
}

/**
 * Layers of leaky integrate-and-fire neurons, trained by surrogate gradients through time with a proximal L1 penalty on synapses:
 *
 *   min over W   (1/n) sum_i loss(network(x_i), y_i) + lambda sum |w|
 *   u[t] = beta u[t-1] - threshold s[t-1] + W x[t] + b,   s[t] = 1 where u[t] >= threshold
 *
 * Weights that do not pay become exactly 0; layers with few left are stored and run as CSR. The forward pass follows spikes, the backward
 * pass visits only neurons inside the surrogate's window. Same seed, same bits on every machine. Sources: Neftci, Mostafa and Zenke 2019
 * (surrogate gradients); Rossbroich 2022 (initialisation); Kingma and Ba 2015 (Adam); Zhu and Gupta 2017, Evci 2020 (pruning, regrowth).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new SpikingClassifier({ hidden: [64], lambda: 1e-4, seed: 1 }).fit(X, labels);
 * model.report(X, labels); // { accuracy, connections, connectionsTotal, activeNeurons, spikesPerSample, ... }
 */
export class SpikingClassifier {
  readonly #recipe: Recipe;

  constructor(options: SpikingClassifierOptions) {
    this.#recipe = recipeOf(options);
  }

  /**
   * @param X samples x features (finite numbers; divided by their largest size for the fit), or spike trains with `steps` steps
   * @param labels one per sample: numbers or strings, at least two different ones
   * @returns the model, also when `signal` stops the work (`certificate.status` says so)
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position)
   */
  fit<L extends Label>(X: SpikingInput, labels: LabelInput<L>, options?: SpikingFitOptions<L>): SpikingModel<L> {
    return fitNetwork(this.#recipe, X, labels, options);
  }

  /**
   * Scale of lambda: the largest, over the layers, of max |gradient of the mean loss| at a layer's synapses when they are 0 and all other
   * weights are the initial ones (with `penalty: 'neuron'`, of a row's norm / sqrt(post)). Above it the first step away from 0 does not pay
   * in any layer. Biases move, so it bounds the end of a training only where they have nothing to learn (balanced classes, `hidden: []`).
   */
  lambdaMax<L extends Label>(X: SpikingInput, labels: LabelInput<L>): number {
    return spikingLambdaMax(this.#recipe, X, labels);
  }
}

export function spikingLambdaMax<L extends Label>(recipe: Recipe, X: SpikingInput, labels: LabelInput<L>): number {
  const problem = setUp(recipe, X, labels);
  return arena(currentBackend(), (frame) => {
    const forms = layerForms(frame.backend, problem.recipe.precision);
    const data = { input: uploadInput(frame, forms, problem.input, problem.encoding.scale), labels: problem.index };
    let most = 0;
    for (let l = 0; l < problem.start.length; l++) {
      const state = problem.start.map((layer, at) =>
        at === l ? { ...layer, input: { ...layer.input, weights: new Float64Array(layer.input.weights.length) } } : layer,
      );
      const { gradients } = stationarity(frame, forms, data, state, problem.recipe);
      most = Math.max(most, steepest(gradients[l].input, state[l].input, problem.recipe.penalty));
    }
    return most;
  });
}

/** Smallest lambda at which a block of zeros is stationary. */
function steepest(gradient: Float64Array, { pre, post }: SynapseState, penalty: Recipe['penalty']): number {
  if (penalty === 'synapse') return gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  let most = 0;
  for (let i = 0; i < pre; i++) {
    let squares = 0;
    for (let k = i * post; k < (i + 1) * post; k++) squares += gradient[k] * gradient[k];
    most = Math.max(most, Math.sqrt(squares / post));
  }
  return most;
}

/** A fit's data, checked, with the network it starts from. */
interface SetUp<L extends Label> {
  recipe: Recipe;
  encoding: Encoding;
  input: PreparedInput;
  classes: L[];
  index: Int32Array;
  start: NetworkState;
}

/** @param warm weights to start from, instead of random ones */
export function setUp<L extends Label>(recipe: Recipe, X: SpikingInput, labels: LabelInput<L>, warm?: NetworkState): SetUp<L> {
  const { dynamics, encoder, dt, seed } = recipe;
  const encoding: Encoding = {
    encoder: X instanceof SpikeRaster ? 'spikes' : encoder,
    steps: dynamics.steps,
    dt,
    seed,
    scale: scaleOf(X),
  };
  const input = prepareInput(X, encoding);
  const { classes, index } = encodeLabels(labels, 'labels', samplesOf(input));
  const full = { ...recipe, classes: classes.length };
  const inputs = inputsOf(input);
  const hidden = recipe.grow ? recipe.hidden.map(() => recipe.grow!.from) : recipe.hidden;
  const start =
    warm ??
    initialState(dynamics, statisticsOf(input, encoding.scale), {
      inputs,
      hidden,
      classes: classes.length,
      recurrent: recipe.recurrent,
      grouped: recipe.penalty === 'neuron',
      signs: recipe.signs,
      xi: recipe.xi,
      seed,
    });
  return { recipe: full, encoding, input, classes, index, start };
}

export function fitNetwork<L extends Label>(
  recipe: Recipe,
  X: SpikingInput,
  labels: LabelInput<L>,
  options?: SpikingFitOptions<L>,
  warm?: NetworkState,
): SpikingModel<L> {
  const { signal, onProgress, validation } = optionsObject(options, 'fit', ['signal', 'onProgress', 'validation']);
  const problem = setUp(recipe, X, labels, warm);
  const { encoding, classes, index, start } = problem;
  return arena(currentBackend(), (frame) => {
    const forms = layerForms(frame.backend, recipe.precision);
    const data: TrainingData = { input: uploadInput(frame, forms, problem.input, encoding.scale), labels: index };
    const checked = validation && prepareInput(validation.X, encoding, data.input.inputs, 'validation.X');
    const check = checked && {
      input: uploadInput(frame, forms, checked, encoding.scale),
      index: labelIndices(validation.labels, classes, 'validation.labels', samplesOf(checked)),
    };
    const training = train(frame, forms, data, start, problem.recipe, {
      ...(signal && { signal }),
      onProgress: withTimeLeft(onProgress),
      ...(check && { validate: (state: NetworkState) => accuracy(frame, forms, state, problem.recipe, check) }),
    });
    return modelOf(problem, training, stationarity(frame, forms, data, training.state, problem.recipe));
  });
}

function modelOf<L extends Label>(
  { recipe, encoding, input, classes }: SetUp<L>,
  { state, history, status, epochs, steepestStart }: Training,
  { loss, penalty, violation }: Stationarity,
): SpikingModel<L> {
  const { lambda, dynamics, precision } = recipe;
  const sizes = [inputsOf(input), ...recipe.hidden, classes.length];
  const certificate: SpikingCertificate = {
    converged: false,
    status,
    loss,
    objective: loss + penalty,
    kkt: violation / (lambda > 0 ? lambda : steepestStart || violation || 1),
    epochs,
    tol: TOL,
  };
  certificate.converged = status === 'trained' && certificate.kkt <= TOL;
  const advice = ADVICE[status];
  if (advice) certificate.advice = advice;
  return new SpikingModel({
    classes,
    inputs: sizes[0],
    encoding,
    dynamics,
    loss: recipe.loss,
    lambda,
    precision,
    weights: state.map(({ input: block, ids }, l) =>
      synapseMatrix(block, sizes[l], sizes[l + 1], l === 0 ? undefined : state[l - 1].ids, ids),
    ),
    recurrentWeights: state.flatMap(({ recurrent, ids }, l) =>
      recurrent ? [synapseMatrix(recurrent, sizes[l + 1], sizes[l + 1], ids, ids)] : [],
    ),
    biases: state.map(({ bias, ids }, l) => {
      const full = new Float64Array(sizes[l + 1]);
      ids.forEach((id, j) => {
        full[id] = bias[j];
      });
      return full;
    }),
    certificate,
    history,
  });
}

/** Share of right predictions of a network in training. */
function accuracy(
  frame: Arena,
  forms: LayerForms,
  state: NetworkState,
  { dynamics, loss }: Recipe,
  { input, index }: { input: NetworkInput; index: Int32Array },
): number {
  let right = 0;
  runForward(frame, forms, state, dynamics, loss, input, identity(index.length), (i, _, output) => {
    const scores = new Float64Array(state[state.length - 1].size);
    output.scores(scores);
    if (argmax(scores, 0, scores.length) === index[i]) right++;
  });
  return right / index.length;
}

function statisticsOf(input: PreparedInput, scale: number): InputStatistics {
  return input instanceof SpikeRaster ? { rate: input.rate } : { meanSquare: meanSquareOf(input, scale) };
}
