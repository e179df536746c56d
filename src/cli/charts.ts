/**
 * Pictures: the one place where the command meets `spinifex/plot`, which is loaded when a picture is asked for.
 * @module
 */
import type { CrossValidated, LinearPath } from '../linear/index.ts';

/** The coefficients along the path, with one lambda marked. */
export async function pathPicture(path: LinearPath, names: readonly string[], lambda?: number): Promise<string> {
  const { pathChart } = await import('../plot/index.ts');
  return pathChart(path, lambda === undefined ? { names } : { names, lambda }).svg;
}

/** The error along the path. */
export async function crossValidationPicture(cv: CrossValidated): Promise<string> {
  const { crossValidationChart } = await import('../plot/index.ts');
  return crossValidationChart(cv).svg;
}
