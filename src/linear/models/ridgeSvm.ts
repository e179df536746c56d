import { type DesignInput, ResidentMatrix } from '../../backend/residentMatrix.ts';
import type { LabelInput } from '../../core/labels.ts';
import { asMatrix } from '../../core/matrixInput.ts';
import { fitL2Svm } from '../dualSvm/index.ts';
import { LinearModel } from '../linearModel.ts';
import type { FitOptions } from '../options.ts';
import { fitGlm } from './fitGlm.ts';
import { fitWeights } from './glmJob.ts';
import type { GlmRecipe } from './glmRecipe.ts';
import type { SvmModel } from './svmModel.ts';

/** A support vector machine with the L2 penalty alone: by its dual, where nothing but weights and an intercept is added to it. */
export function fitRidgeSvm(
  glm: GlmRecipe<LabelInput, SvmModel>,
  lambda: number,
  X: DesignInput,
  labels: LabelInput,
  options: FitOptions,
  interceptScaling?: number,
): SvmModel {
  const { family, recipe } = glm;
  const { standardize, positive, penaltyFactors, lower, upper, fitIntercept, tol, maxEpochs } = recipe;
  const { signal, onProgress, offset } = options;
  const special = [penaltyFactors, lower, upper, offset].some((value) => value !== undefined);
  if (special || standardize || positive || lambda === 0) {
    if (interceptScaling !== undefined) {
      throw new TypeError('interceptScaling: not together with bounds, factors, standardize, an offset or lambda 0');
    }
    return fitGlm(glm, lambda, X, labels, options);
  }
  const matrix = X instanceof ResidentMatrix ? X : asMatrix(X);
  const target = family.target(labels, matrix.rows);
  const weights = fitWeights(options, target, matrix.rows);
  family.check?.(target, weights, '');
  const { coef, intercept, certificate } = fitL2Svm(
    {
      lambda,
      fitIntercept,
      tol,
      ...(maxEpochs !== undefined && { maxEpochs }),
      ...(interceptScaling !== undefined && { interceptScaling }),
    },
    matrix,
    target.response,
    weights,
    { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) },
  );
  return family.model(new LinearModel({ coef, intercept, lambda, certificate }), target);
}
