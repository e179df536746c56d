import { currentBackend } from '../../backend/backend.ts';
import { isPlainObject, positiveNumber, refuse, vector } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import { encodeLabels, type Label, type LabelInput } from '../../core/labels.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { auc } from '../../core/metrics.ts';
import { lossOf } from '../glm/loss.ts';
import type { LinearModel } from '../linearModel.ts';
import { countsOf, weightedMean } from './deviance.ts';
import type { Family, HeldOutMetric, Target } from './family.ts';
import { LogisticModel } from './logisticModel.ts';
import { PoissonModel } from './poissonModel.ts';
import { SvmModel } from './svmModel.ts';

/** Factors of the sample weights by class: `'balanced'` gives every class the same total weight, a map those of its classes (others: 1). */
export type ClassWeight = 'balanced' | ReadonlyMap<Label, number>;

/** Least squares: (y - f)^2 / 2. */
export const squaredFamily: Family<VectorInput, LinearModel> = {
  loss: lossOf('squared'),
  target: numbers,
  model: (linear) => linear,
  metrics: { deviance: errorMetric((e) => e * e), ...errorMetrics((f) => f) },
};

/** Huber's loss. */
export function huberFamily(delta = 1.345): Family<VectorInput, LinearModel> {
  positiveNumber(delta, 'delta');
  return {
    loss: lossOf('huber', delta),
    target: numbers,
    model: (linear) => linear,
    metrics: {
      deviance: errorMetric((e) => {
        const size = Math.abs(e);
        return size <= delta ? e * e : delta * (2 * size - delta);
      }),
      ...errorMetrics((f) => f),
    },
  };
}

/** Counts with expectation exp(f). */
export const poissonFamily: Family<VectorInput, PoissonModel> = {
  loss: lossOf('poisson'),
  target: (y, n) => ({ response: countsOf(y, n) }),
  check({ response }, weights, rows) {
    if (!response.some((y, i) => y > 0 && weightAt(weights, i) > 0)) {
      throw new RangeError(
        `y: expected at least one count > 0${rows}, got zeros only (the expected count would be exp(-Infinity))`,
      );
    }
  },
  floor: (y) => (y > 0 ? y - y * currentBackend().kernels.log(y) : 0),
  model: (linear) => new PoissonModel(linear),
  metrics: {
    deviance: {
      best: 'min',
      of: (y, f, weights) => {
        const { exp, log } = currentBackend().kernels;
        return weightedMean(weights, (i) => 2 * (exp(f[i]) - y[i] + (y[i] > 0 ? y[i] * (log(y[i]) - f[i]) : 0)));
      },
    },
    ...errorMetrics((f) => currentBackend().kernels.exp(f)),
  },
};

/** Two classes, the logarithm of the odds linear. */
export function logisticFamily(classWeight?: ClassWeight): Family<LabelInput, LogisticModel> {
  return {
    ...classifier(classWeight, 0, (y, f) => {
      const { exp, log1p } = currentBackend().kernels;
      const margin = y > 0 ? f : -f;
      return 2 * (Math.max(-margin, 0) + log1p(exp(-Math.abs(margin))));
    }),
    loss: lossOf('logistic'),
    model: (linear, { classes }) => new LogisticModel(linear, classes as readonly Label[]),
  };
}

/** Two classes and a margin between them. */
export function svmFamily(classWeight?: ClassWeight): Family<LabelInput, SvmModel> {
  return {
    ...classifier(classWeight, -1, (y, f) => Math.max(0, 1 - y * f) ** 2),
    loss: lossOf('squaredHinge'),
    model: (linear, { classes }) => new SvmModel(linear, classes as readonly Label[]),
  };
}

function numbers(y: VectorInput, n: number): Target {
  return { response: vector(y, 'y', n) };
}

/** What classifiers share; `low` stands for the first class, 1 for the second. */
function classifier(
  classWeight: ClassWeight | undefined,
  low: 0 | -1,
  deviance: (y: number, f: number) => number,
): Omit<Family<LabelInput, unknown>, 'loss' | 'model'> {
  if (classWeight !== undefined) checkClassWeight(classWeight);
  return {
    target(y, n) {
      const { classes, index } = encodeLabels(y, 'y', n);
      if (classes.length > 2) {
        throw new SpinifexError('NOT_BINARY', `y: expected 2 classes, got ${classes.length}`);
      }
      const response = Float64Array.from(index, (k) => (k === 1 ? 1 : low));
      return classWeight === undefined
        ? { response, classes }
        : { response, classes, rowWeight: rowWeights(classWeight, classes, index) };
    },
    check({ response, classes }, weights, rows) {
      for (const [k, label] of (classes as readonly Label[]).entries()) {
        const value = k === 1 ? 1 : low;
        if (!response.some((y, i) => y === value && weightAt(weights, i) > 0)) {
          throw new RangeError(
            `y: expected rows of both classes with a positive weight${rows}, got none of ${JSON.stringify(label)}`,
          );
        }
      }
    },
    metrics: {
      deviance: { best: 'min', of: (y, f, weights) => weightedMean(weights, (i) => deviance(y[i], f[i])) },
      accuracy: { best: 'max', of: (y, f, weights) => weightedMean(weights, (i) => (f[i] > 0 === y[i] > 0 ? 1 : 0)) },
      auc: { best: 'max', of: (y, f, sampleWeight) => auc(y, f, { sampleWeight, positive: 1 }) },
    },
  };
}

function checkClassWeight(classWeight: ClassWeight): void {
  if (classWeight === 'balanced') return;
  if (!(classWeight instanceof Map)) {
    const hint = isPlainObject(classWeight) ? ' (an object would turn number labels into strings)' : '';
    refuse(classWeight, 'classWeight', `"balanced" or a Map from labels to numbers${hint}`, false);
  }
  for (const [label, weight] of classWeight) positiveNumber(weight, `classWeight of ${JSON.stringify(label)}`);
}

function rowWeights(classWeight: ClassWeight, classes: readonly Label[], index: Int32Array): Float64Array {
  if (classWeight === 'balanced') {
    const counts = new Float64Array(classes.length);
    for (const k of index) counts[k]++;
    return Float64Array.from(index, (k) => index.length / (classes.length * counts[k]));
  }
  const stranger = Array.from(classWeight.keys()).find((label) => !classes.includes(label));
  if (stranger !== undefined) {
    const known = classes.map((label) => JSON.stringify(label)).join(', ');
    throw new RangeError(`classWeight: ${JSON.stringify(stranger)} is none of the classes ${known}`);
  }
  return Float64Array.from(index, (k) => classWeight.get(classes[k]) ?? 1);
}

function errorMetric(of: (error: number) => number, mean: (f: number) => number = (f) => f): HeldOutMetric {
  return { best: 'min', of: (y, f, weights) => weightedMean(weights, (i) => of(y[i] - mean(f[i]))) };
}

function errorMetrics(mean: (f: number) => number): { mse: HeldOutMetric; mae: HeldOutMetric } {
  return { mse: errorMetric((e) => e * e, mean), mae: errorMetric(Math.abs, mean) };
}

function weightAt(weights: Float64Array | undefined, i: number): number {
  return weights ? weights[i] : 1;
}
