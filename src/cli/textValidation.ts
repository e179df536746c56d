import type { Label } from '../core/labels.ts';
import type { RunOptions } from '../core/progress.ts';
import type { SelectionRule } from '../linear/index.ts';
import { accuracy, balancedAccuracy, kFold, splitsOf } from '../selection/index.ts';
import { TfidfVectorizer, type TfidfVectorizerOptions } from '../text/index.ts';
import type { Validation } from './cvOutput.ts';
import type { AlongOptions, TextMethod } from './textMethods.ts';
import { TextModel } from './textModel.ts';

/** Fits inside folds only rank lambdas. */
const [TOL, FOLD_TOL] = [1e-6, 1e-4];
const METRICS = { accuracy, balanced: balancedAccuracy };

/** What a classifier of texts is made with. */
export interface TextTask {
  method: TextMethod;
  vectorizer: TfidfVectorizerOptions;
  grid: Pick<AlongOptions, 'lambdas' | 'nLambdas' | 'lambdaMinRatio'>;
  balanced: boolean;
  metric: keyof typeof METRICS;
  folds: number;
  rule: SelectionRule;
  seed: number;
}

/** A classifier of texts, and what it says about texts that it has not seen. */
export interface ValidatedText extends Validation {
  model: TextModel;
  lambda: number;
  /** How many terms it uses. */
  used: number;
  /** The class of every text, by a model fitted without its fold. */
  heldOut: Label[];
}

/**
 * Fits texts along a grid and chooses its point by cross-validation. Every fold learns its own terms and their weights, so that nothing of the texts
 * that are held out is known to it.
 */
export function validateText(
  documents: readonly string[],
  labels: readonly Label[],
  { method, vectorizer, grid, balanced, metric, folds, rule, seed }: TextTask,
  { signal, onProgress }: Required<RunOptions>,
): ValidatedText {
  const classes = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
  const recipe = new TfidfVectorizer(vectorizer);
  const paths = method.penalised && classes.length > 2 ? classes.length : 1;
  const total = (folds + 1) * paths * (method.penalised ? (grid.lambdas?.length ?? grid.nLambdas) : 1);
  let done = 0;
  const options: AlongOptions = {
    ...grid,
    balanced,
    tol: TOL,
    signal,
    step: () => onProgress({ done: Math.min(++done, total), total }),
  };
  const all = recipe.fitTransform(documents, { signal });
  const along = method.fit(all.matrix, labels, classes, options);
  const { lambdas } = along;
  const splits = splitsOf(kFold(documents.length, { folds, seed, labels }));
  const said = Array.from(lambdas, () => new Array<Label>(documents.length));
  const scores = splits.map(({ train, test }) => {
    const pick = <T>(source: readonly T[], rows: Int32Array) => Array.from(rows, (i) => source[i]);
    const own = recipe.fitTransform(pick(documents, train), { signal });
    const fits = method.fit(own.matrix, pick(labels, train), classes, {
      ...options,
      tol: FOLD_TOL,
      ...(method.penalised && { lambdas }),
    });
    const held = own.model.transform(pick(documents, test), { signal });
    const truth = pick(labels, test);
    return said.map((all, l) => {
      const predicted = new TextModel(own.model, classes, fits.at(l)).predict(held);
      for (const [at, i] of test.entries()) all[i] = predicted[at];
      return METRICS[metric]<Label>(truth, predicted);
    });
  });
  const { mean, standardError } = overFolds(
    scores,
    splits.map(({ test }) => test.length),
  );
  const best = mean.indexOf(Math.max(...mean));
  const simple = mean.findIndex((value) => value >= mean[best] - standardError[best]);
  const chosen = rule === 'min' ? best : simple;
  return {
    path: { lambdas, points: Array.from(lambdas, (lambda, k) => ({ lambda, df: along.terms[k] })) },
    mean,
    standardError,
    lambdaMin: lambdas[best],
    lambda1se: lambdas[simple],
    model: new TextModel(all.model, classes, along.at(chosen)),
    lambda: lambdas[chosen],
    used: along.terms[chosen],
    heldOut: said[chosen],
  };
}

/** Means over folds by their size, and standard errors. */
function overFolds(scores: readonly (readonly number[])[], sizes: readonly number[]) {
  const n = sizes.reduce((a, b) => a + b, 0);
  const mean = new Float64Array(scores[0].length);
  const standardError = mean.map((_, l) => {
    for (const [k, size] of sizes.entries()) mean[l] += (size / n) * scores[k][l];
    const variance = sizes.reduce((sum, size, k) => sum + (size / n) * (scores[k][l] - mean[l]) ** 2, 0);
    return Math.sqrt(variance / (sizes.length - 1));
  });
  return { mean, standardError };
}
