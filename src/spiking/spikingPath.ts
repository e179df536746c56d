import { currentBackend } from '../backend/backend.ts';
import { integerIn, numberIn, optionsObject, vector } from '../core/checks.ts';
import { type Label, type LabelInput, labelIndices } from '../core/labels.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { CLASSIFIER_OPTIONS, recipeOf, type SpikingClassifierOptions } from './classifierOptions.ts';
import { inputsOf, prepareInput, type SpikingInput, samplesOf } from './networkInput.ts';
import { type NetworkState, type SynapseState, stateOf } from './networkState.ts';
import type { SparsityReport } from './sparsityReport.ts';
import { fitNetwork, setUp, spikingLambdaMax } from './spikingClassifier.ts';
import type { SpikingModel } from './spikingModel.ts';
import type { TrainingNews } from './training.ts';

/** Options of `spikingPath`: those of `SpikingClassifier` without `lambda`, `grow` and `prune`, and the path's own. */
export interface SpikingPathOptions<L extends Label = Label>
  extends Omit<SpikingClassifierOptions, 'lambda' | 'grow' | 'prune'>,
    RunOptions<{ lambda: number }> {
  /** Strengths of the penalty, in any order. */
  lambdas?: VectorInput;
  /** Where `lambdas` is not given: how many, spaced evenly in the logarithm. @default 10 */
  nLambdas?: number;
  /** Where `lambdas` is not given: the smallest over the largest. @default 0.001 */
  lambdaMinRatio?: number;
  /** Epochs of every fit after the first. @default a third of `epochs` */
  pathEpochs?: number;
  /** What the reports are about. @default the training data */
  validation?: { X: SpikingInput; labels: LabelInput<L> };
}

/** One network of a path. */
export interface SpikingPathPoint<L extends Label = Label> {
  lambda: number;
  report: SparsityReport;
  model: SpikingModel<L>;
}

const SHARED = CLASSIFIER_OPTIONS.filter((name) => name !== 'lambda' && name !== 'grow' && name !== 'prune');
const OWN = ['lambdas', 'nLambdas', 'lambdaMinRatio', 'pathEpochs', 'validation', 'signal', 'onProgress'] as const;

/** The path ends below lambdaMax, where nothing but biases would be left. */
const LARGEST = 0.3;

/**
 * Accuracy against connections against spikes: networks for ascending lambda, each one starting from the one before. From dense to sparse,
 * because the problem is not convex and an empty network has no gradient to start from.
 *
 * @returns one point per lambda, ascending; where `signal` stops the work those until then, the last one with the status 'aborted'
 * @throws TypeError, RangeError as `SpikingClassifier`
 * @example
 * for (const { lambda, report } of spikingPath(X, labels, { hidden: [64] }))
 *   console.log(lambda, report.accuracy, report.connections, report.spikesPerSample);
 */
export function spikingPath<L extends Label>(
  X: SpikingInput,
  labels: LabelInput<L>,
  options: SpikingPathOptions<L>,
): SpikingPathPoint<L>[] {
  const {
    lambdas,
    nLambdas = 10,
    lambdaMinRatio = 0.001,
    pathEpochs,
    validation,
    signal,
    onProgress,
    ...rest
  } = optionsObject(options, 'spikingPath', [...SHARED, ...OWN]);
  const recipe = recipeOf(rest);
  const epochs = integerIn(pathEpochs ?? Math.ceil(recipe.epochs / 3), 'pathEpochs', 1);
  const grid =
    lambdas === undefined
      ? geometric(
          spikingLambdaMax(recipe, X, labels) * LARGEST,
          integerIn(nLambdas, 'nLambdas', 2),
          numberIn(lambdaMinRatio, 'lambdaMinRatio', 0, 1, '()'),
        )
      : checkedLambdas(lambdas);
  const report = withTimeLeft(onProgress);
  const problem = setUp(recipe, X, labels);
  // What is wrong with the validation data must not come out after hours of training.
  if (validation) {
    const held = prepareInput(validation.X, problem.encoding, inputsOf(problem.input), 'validation.X');
    labelIndices(validation.labels, problem.classes, 'validation.labels', samplesOf(held));
  }
  const signs = recipe.signs === 'keep' ? problem.start : undefined;
  const points: SpikingPathPoint<L>[] = [];
  const total = recipe.epochs + (grid.length - 1) * epochs;
  let done = 0;
  let warm: NetworkState | undefined;
  for (const [k, lambda] of grid.entries()) {
    const current = { ...recipe, lambda, epochs: k === 0 ? recipe.epochs : epochs };
    const onEpoch = ({ epoch, loss }: TrainingNews) => {
      if (loss !== undefined) report?.({ done: done + epoch, total, lambda });
    };
    const model = fitNetwork(current, X, labels, { onProgress: onEpoch, ...(signal && { signal }) }, warm);
    // Stopped before its first epoch was over, it is still the network before.
    if (model.certificate.status === 'aborted' && model.certificate.epochs === 0) break;
    const { weights, recurrentWeights, biases } = model;
    warm = stateOf(weights, recurrentWeights, biases, { grouped: recipe.penalty === 'neuron', signs: recipe.signs });
    points.push({ lambda, report: model.report(validation?.X ?? X, validation?.labels ?? labels), model });
    if (model.certificate.status === 'aborted') break;
    if (signs) warm = withSigns(warm, signs);
    done += current.epochs;
  }
  return points;
}

function checkedLambdas(lambdas: VectorInput): Float64Array {
  const values = vector(lambdas, 'lambdas').sort();
  if (values.length === 0) throw new RangeError('lambdas: expected at least one value');
  if (values[0] < 0) throw new RangeError(`lambdas: expected numbers >= 0, got ${values[0]}`);
  return values;
}

function geometric(most: number, count: number, ratio: number): Float64Array {
  const { exp, log } = currentBackend().kernels;
  const step = log(1 / ratio) / (count - 1);
  return Float64Array.from({ length: count }, (_, k) => most * ratio * exp(k * step));
}

/** A weight that has become 0 has lost its sign: the first network of the path remembers it. */
function withSigns(state: NetworkState, first: NetworkState): NetworkState {
  const signed = (block: SynapseState, { signs }: SynapseState): SynapseState => ({ ...block, ...(signs && { signs }) });
  return state.map((layer, l) => ({
    ...layer,
    input: signed(layer.input, first[l].input),
    ...(layer.recurrent && { recurrent: signed(layer.recurrent, first[l].recurrent!) }),
  }));
}
