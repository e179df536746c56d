import { isPlainObject, oneOf, refuse } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { LabelInput } from '../core/labels.ts';
import type { Matrix, VectorInput } from '../core/matrixInput.ts';
import { accuracy, auc, balancedAccuracy, type MetricOptions, meanAbsoluteError, meanSquaredError, r2 } from '../core/metrics.ts';
import { seen } from '../core/seen.ts';
import type { Targets } from './estimator.ts';

/** Judges a fitted model on rows that it has not seen: one finite number. */
export type Scorer<M = unknown> = (model: M, X: Matrix, y: Targets, options: MetricOptions) => number;

/** A scorer that says which end is good. */
export interface DirectedScorer<M = unknown> {
  score: Scorer<M>;
  /** Whether large or small scores are good. */
  best: 'max' | 'min';
}

/** Metrics known by name: the errors are best when small, the others when large. */
export type MetricName = 'r2' | 'meanSquaredError' | 'meanAbsoluteError' | 'accuracy' | 'balancedAccuracy' | 'auc';

/** How models are judged: a name, several names, or scorers under names of your own (large is good unless `best: 'min'`). */
export type Scoring<M = unknown> = MetricName | readonly MetricName[] | Readonly<Record<string, Scorer<M> | DirectedScorer<M>>>;

interface Predicting {
  predict?(X: Matrix): ArrayLike<number> | ArrayLike<string>;
  decision?(X: Matrix): unknown;
  predictProbability?(X: Matrix): unknown;
  classes?: ArrayLike<unknown>;
}

type Metric = (y: never, predicted: never, options: MetricOptions) => number;

const byName: Record<MetricName, DirectedScorer> = {
  r2: { score: ofPredictions(r2), best: 'max' },
  meanSquaredError: { score: ofPredictions(meanSquaredError), best: 'min' },
  meanAbsoluteError: { score: ofPredictions(meanAbsoluteError), best: 'min' },
  accuracy: { score: ofPredictions(accuracy), best: 'max' },
  balancedAccuracy: { score: ofPredictions(balancedAccuracy), best: 'max' },
  auc: { score: (model, X, y, options) => auc(y as LabelInput, rankingOf(predictorOf(model), X), options), best: 'max' },
};
const NAMES = Object.keys(byName) as MetricName[];

/** The scorers by name; without any, accuracy for models that have classes and R2 for all others. */
export function scorersOf<M>(scoring: Scoring<M> | undefined): Record<string, DirectedScorer<M>> | undefined {
  if (scoring === undefined) return undefined;
  if (typeof scoring === 'string') return scorersOf([scoring]);
  if (Array.isArray(scoring)) {
    return Object.fromEntries(scoring.map((name, k) => [name, byName[oneOf(name, `scoring[${k}]`, NAMES)]]));
  }
  if (!isPlainObject(scoring))
    refuse(scoring, 'scoring', 'the name of a metric, an array of them, or an object of scorers', false);
  const entries = Object.entries(scoring as Record<string, Scorer<M> | DirectedScorer<M>>);
  if (entries.length === 0) throw new RangeError('scoring: expected at least one metric');
  return Object.fromEntries(entries.map(([name, scorer]) => [name, directed(name, scorer)]));
}

/** The metric for a model of its kind. */
export function defaultScorers(model: unknown): Record<string, DirectedScorer> {
  const name = predictorOf(model).classes === undefined ? 'r2' : 'accuracy';
  return { [name]: byName[name] };
}

/** The score, checked to be a finite number. */
export function scoreOf<M>(
  name: string,
  { score }: DirectedScorer<M>,
  model: M,
  X: Matrix,
  y: Targets,
  options: MetricOptions,
): number {
  const value: unknown = score(model, X, y, options);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  refuse(value, `score "${name}"`, 'a finite number', typeof value === 'number');
}

function directed<M>(name: string, scorer: Scorer<M> | DirectedScorer<M>): DirectedScorer<M> {
  if (typeof scorer === 'function') return { score: scorer, best: 'max' };
  if (!isPlainObject(scorer) || typeof scorer.score !== 'function') {
    refuse(scorer, `scoring.${name}`, "a function or { score, best: 'max' | 'min' }", false);
  }
  return { score: scorer.score, best: oneOf(scorer.best, `scoring.${name}.best`, ['max', 'min']) };
}

function ofPredictions(metric: Metric): Scorer {
  return (model, X, y, options) => {
    const chosen = predictorOf(model);
    if (typeof chosen.predict !== 'function') {
      throw new TypeError(`model: expected a method predict(X), got ${seen(chosen.predict)}`);
    }
    return metric(y as never, chosen.predict(X) as never, options);
  };
}

/** The model itself, or the one that a search (`LassoCV`, `gridSearch`) has chosen. */
function predictorOf(model: unknown): Predicting {
  const { model: chosen } = (model ?? {}) as { model?: Predicting };
  return chosen ?? ((model ?? {}) as Predicting);
}

/** Numbers that order rows towards the second class: decision values, else its probability, else predictions. */
function rankingOf(model: Predicting, X: Matrix): VectorInput {
  const given = model.decision?.(X) ?? model.predictProbability?.(X) ?? model.predict?.(X);
  if (!(given instanceof DenseMatrix)) return given as VectorInput;
  const { rows, cols, data, rowStride, columnStride } = given;
  if (cols > 2) throw new RangeError(`auc: expected a model of two classes, got ${cols}`);
  return Float64Array.from({ length: rows }, (_, i) => data[i * rowStride + (cols - 1) * columnStride]);
}
