import { type DesignInput, ResidentMatrix } from '../../backend/residentMatrix.ts';
import { booleanFlag } from '../../core/checks.ts';
import { encodeLabels, type Label, type LabelInput } from '../../core/labels.ts';
import { asMatrix, type MatrixInput, type VectorInput } from '../../core/matrixInput.ts';
import type { BlockCrossValidated } from '../blocks/blockFolds.ts';
import type { BlockPath } from '../blocks/blockPath.ts';
import * as blocks from '../blocks/multinomial.ts';
import { type MultinomialModel, multinomialModel } from '../blocks/multinomialModel.ts';
import type { LambdaOptions } from '../lambdas.ts';
import type { FitOptions } from '../options.ts';
import { type ClassWeight, rowWeights } from './families.ts';
import type { GlmCrossValidation } from './glmCrossValidation.ts';
import { fitWeights } from './glmJob.ts';
import { type GlmRecipe, maxEpochsOf } from './glmRecipe.ts';
import type { LogisticModel } from './logisticModel.ts';
import type { GlmPlan } from './walkGlmPath.ts';

/** How logistic models treat more than two classes. */
export interface MulticlassOptions<M extends boolean = boolean> {
  /**
   * Whether to fit one coefficient row per class (softmax); `false` refuses more than two classes. TypeScript cannot count classes: say `true` for
   * the type of the multinomial model. @default true for more than two classes
   */
  multinomial?: M;
  /** Multinomial only: penalise ||B_j||_2 over the classes in place of ||B_j||_1, so that a column enters for all classes or none. @default false */
  grouped?: boolean;
}

export const MULTICLASS_OPTIONS = ['multinomial', 'grouped'] as const satisfies readonly (keyof MulticlassOptions)[];

/** What logistic fits take beside X and labels. */
export interface LogisticFitOptions<Extra extends object = object> extends Omit<FitOptions<Extra>, 'offset'> {
  /** A known part of f: one value per row; multinomial: a matrix n x classes. */
  offset?: VectorInput | MatrixInput;
}

/** Outcome of a multinomial cross-validation. Immutable. */
export interface CrossValidatedMultinomial<L extends Label = Label> extends BlockCrossValidated<MultinomialModel<L>> {
  readonly metric: string;
}

/** What the multinomial fits take from the options of logistic ones, beside a recipe. */
export interface Multiclass extends MulticlassOptions {
  classWeight?: ClassWeight | undefined;
}

/** Checks what does not depend on data. */
export function checkMulticlass({ multinomial, grouped }: Multiclass, glm: GlmRecipe<never, unknown>): void {
  if (multinomial !== undefined) booleanFlag(multinomial, 'multinomial');
  if (grouped !== undefined) booleanFlag(grouped, 'grouped');
  if (multinomial === true) optionsOf(glm);
  if (multinomial === false) refuseGrouped(grouped);
}

/** Whether these labels take a multinomial fit. */
export function isMultinomial({ multinomial, grouped }: Multiclass, labels: LabelInput): boolean {
  const many = multinomial ?? encodeLabels(labels).classes.length > 2;
  if (!many) refuseGrouped(grouped);
  return many;
}

export function fitMultinomial<L extends Label>(
  glm: GlmRecipe<never, unknown>,
  lambda: number,
  multiclass: Multiclass,
  X: DesignInput,
  labels: LabelInput<L>,
  fitOptions: LogisticFitOptions,
): MultinomialModel<L> {
  const options = { ...optionsOf(glm, multiclass), lambda };
  const { matrix, index, classes, data } = dataOf(X, labels, fitOptions, multiclass);
  return multinomialModel(classes)(blocks.fitMultinomial(options, matrix, index, classes.length, data));
}

export function multinomialPath<L extends Label>(
  plan: GlmPlan<never, unknown>,
  multiclass: Multiclass,
  X: DesignInput,
  labels: LabelInput<L>,
  fitOptions: LogisticFitOptions<{ lambda: number }>,
): BlockPath<MultinomialModel<L>> {
  const options = gridOf(plan, multiclass);
  const { matrix, index, classes, data } = dataOf(X, labels, fitOptions, multiclass);
  return blocks.multinomialPath(options, matrix, index, classes.length, multinomialModel(classes), data);
}

/** The cross-validation of two classes, with its folds and options, for more of them. */
export function crossValidateMultinomial<L extends Label>(
  validation: Pick<GlmCrossValidation<LabelInput, LogisticModel>, 'plan' | 'settings' | 'foldsOf'>,
  multiclass: Multiclass,
  X: DesignInput,
  labels: LabelInput<L>,
  fitOptions: LogisticFitOptions,
): CrossValidatedMultinomial<L> {
  const { metric, rule, foldTol } = validation.settings;
  if (metric === 'auc') throw new RangeError('metric: "auc" compares two classes; multinomial takes "deviance" or "accuracy"');
  const path = gridOf(validation.plan, multiclass);
  const { matrix, index, classes, data } = dataOf(X, labels, fitOptions, multiclass);
  const count = classes.length;
  const fold = validation.foldsOf(index.length, index);
  const weights = data.sampleWeight ?? new Float64Array(index.length).fill(1);
  for (let k = fold.reduce((a, b) => Math.max(a, b), 0); k >= 0; k--) {
    const kept = weights.map((w, i) => (fold[i] === k ? 0 : w));
    // A fold without a positive weight changes nothing.
    if (weights.some((w, i) => w > kept[i])) checkClasses(index, classes, kept, ` without fold ${k}`);
  }
  const options = { ...path, foldIds: fold, rule, foldTol };
  const judge = (metric === 'accuracy' ? blocks.multinomialAccuracy : blocks.multinomialDeviance)(index, count);
  const found = blocks.crossValidateMultinomial(options, matrix, index, count, multinomialModel(classes), data, judge);
  return { ...found, metric };
}

/** The multinomial recipe; what it cannot do is refused by name. */
function optionsOf(glm: GlmRecipe<never, unknown>, { grouped = false }: Multiclass = {}): blocks.MultinomialOptions {
  const { penalty, recipe } = glm;
  const { lower, upper, positive, l1Ratio, fitIntercept, standardize, tol, penaltyFactors } = recipe;
  const why = 'multinomial (more than two classes)';
  if (!penalty.convex) throw new RangeError(`penalty: ${why} takes "l1" or "l2", got "${penalty.name}"`);
  for (const [name, value] of Object.entries({ lower, upper, positive: positive || undefined })) {
    if (value !== undefined) throw new RangeError(`${name}: ${why} has no bounds`);
  }
  return { l1Ratio, grouped, fitIntercept, standardize, tol, penaltyFactors, maxEpochs: maxEpochsOf(recipe) };
}

function gridOf(
  { glm, plan, maxDf }: GlmPlan<never, unknown>,
  multiclass: Multiclass,
): blocks.MultinomialOptions & LambdaOptions {
  if (maxDf !== Infinity) throw new RangeError('maxDf: multinomial (more than two classes) has no such limit');
  const { given, count, ratio } = plan;
  return { ...optionsOf(glm, multiclass), lambdas: given, nLambdas: count, lambdaMinRatio: ratio };
}

function dataOf<L extends Label, Extra extends object>(
  X: DesignInput,
  labels: LabelInput<L>,
  { offset, sampleWeight, signal, onProgress }: LogisticFitOptions<Extra>,
  { classWeight }: Multiclass,
) {
  const matrix = X instanceof ResidentMatrix ? X : asMatrix(X);
  const { classes, index } = encodeLabels(labels, 'y', matrix.rows);
  const rowWeight = classWeight && rowWeights(classWeight, classes, index);
  const weights = fitWeights({ sampleWeight }, { rowWeight }, matrix.rows);
  checkClasses(index, classes, weights, '');
  return { matrix, classes, index, data: { offset: offset as MatrixInput, sampleWeight: weights, signal, onProgress } };
}

/** A class without rows would have an intercept of -Infinity. */
function checkClasses(index: Int32Array, classes: readonly Label[], weights: Float64Array | undefined, rows: string): void {
  if (!weights) return;
  const found = new Set(index.filter((_, i) => weights[i] > 0));
  const missing = classes.find((_, k) => !found.has(k));
  if (missing === undefined) return;
  throw new RangeError(`y: expected rows of all classes with a positive weight${rows}, got none of ${JSON.stringify(missing)}`);
}

function refuseGrouped(grouped: boolean | undefined): void {
  if (grouped)
    throw new RangeError('grouped: two classes have one coefficient per column (for two rows of them: multinomial: true)');
}
