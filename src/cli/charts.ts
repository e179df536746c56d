/**
 * Pictures: the one place where the command meets `spinifex/plot`, which is loaded when a picture is asked for.
 * @module
 */
import type { CoefficientPathInput, CrossValidationCurveOptions } from '../plot/index.ts';
import type { Validation } from './cvOutput.ts';

/** The coefficients along the path, with one lambda marked. */
export async function pathPicture(path: CoefficientPathInput, names: readonly string[], lambda?: number): Promise<string> {
  const { coefficientPath } = await import('../plot/index.ts');
  return coefficientPath(path, lambda === undefined ? { names } : { names, chosen: lambda }).svg;
}

/** The error along the path. */
export async function crossValidationPicture(cv: Validation, options: CrossValidationCurveOptions = {}): Promise<string> {
  const { crossValidationCurve } = await import('../plot/index.ts');
  return crossValidationCurve(cv, options).svg;
}
