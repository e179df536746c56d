import type { Certificate } from '../linear/index.ts';
import { short } from './textTable.ts';

/** A certificate in words. */
export function certificateText({ status, gap, kkt, tol, unique }: Certificate): string {
  const ends = {
    converged: `converged: asked for ${short(tol, 2)}`,
    maxEpochs: `NOT converged: the most passes were reached before ${short(tol, 2)}`,
    machinePrecision: `as accurate as 64-bit numbers allow, though ${short(tol, 2)} was asked for`,
    local: 'a local minimum',
    separable: 'the classes can be separated, so that without a penalty there is no minimum',
  };
  const only = unique === undefined ? '' : unique ? '; the only solution' : '; other solutions are as good (dependent columns)';
  const conditions = Number.isNaN(kkt) ? '' : `; optimality conditions hold within ${short(kkt, 2)} lambda`;
  if (status === 'local') return `Certificate: the penalty is not convex; this is a local minimum${conditions}.`;
  return (
    `Certificate: no other coefficients are better by more than ${short(Math.max(gap, 0), 2)} of the null loss (duality gap; ${ends[status]})` +
    `${conditions}${only}.`
  );
}
