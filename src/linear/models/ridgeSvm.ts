import type { DesignInput } from '../../backend/residentMatrix.ts';
import type { Label, LabelInput } from '../../core/labels.ts';
import type { FitOptions } from '../options.ts';
import { fitGlm } from './fitGlm.ts';
import type { GlmRecipe } from './glmRecipe.ts';
import type { SvmModel } from './svmModel.ts';

/** The one place where a support vector machine with the L2 penalty alone chooses its solver. */
export function fitRidgeSvm(
  glm: GlmRecipe<LabelInput, SvmModel<Label>>,
  lambda: number,
  X: DesignInput,
  labels: LabelInput,
  options: FitOptions,
): SvmModel<Label> {
  return fitGlm(glm, lambda, X, labels, options);
}
