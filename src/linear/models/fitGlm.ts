import type { DesignInput } from '../../backend/residentMatrix.ts';
import { LinearModel } from '../linearModel.ts';
import type { FitOptions } from '../options.ts';
import type { PathVisit } from './follower.ts';
import { runGlm } from './glmJob.ts';
import { type GlmRecipe, maxEpochsOf } from './glmRecipe.ts';

/** One fit at one lambda. */
export function fitGlm<Y, M>(glm: GlmRecipe<Y, M>, lambda: number, X: DesignInput, y: Y, options: FitOptions): M {
  return runGlm(glm, X, y, options, ({ follower, target, p }) => {
    const { signal, onProgress } = options;
    const maxEpochs = maxEpochsOf(glm.recipe);
    let passes = 0;
    const record = () => {
      passes++;
      onProgress?.({ done: passes, total: Math.max(passes, maxEpochs) });
      signal?.throwIfAborted();
    };
    const run = { lambda, tol: glm.recipe.tol, maxEpochs, ...(signal || onProgress ? { record } : {}) };
    const visit = follower().visit(run, true);
    onProgress?.({ done: passes, total: passes });
    return glm.family.model(linearModelOf(visit, p), target);
  });
}

/** The visit as a linear model of all p columns. */
export function linearModelOf({ index, values, intercept, lambda, certificate }: PathVisit, p: number): LinearModel {
  const coef = new Float64Array(p);
  for (let k = 0; k < index.length; k++) coef[index[k]] = values[k];
  return new LinearModel({ coef, intercept, lambda, certificate });
}
