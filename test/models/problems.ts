import { Dice, linearData } from '../linear/problems.ts';
import type { GlmSetup, LossName } from './oracle.ts';

export const LOSSES = ['squared', 'logistic', 'squaredHinge', 'poisson', 'huber'] as const satisfies readonly LossName[];

/** A random problem: rows, and responses that a sparse linear prediction explains in part. `lambda` is a share of about the largest one. */
export function randomSetup(
  loss: LossName,
  seed: number,
  traits: Partial<GlmSetup> & { n?: number; p?: number; share?: number } = {},
): GlmSetup {
  const { n = 40, p = 15, share = 0.2, ...rest } = traits;
  const dice = new Dice(seed);
  const { rows, y: f } = linearData(dice, n, p, { noise: 0.8, nonzeros: 3 });
  const y = f.map((value) => respond(loss, value, dice));
  // Both classes, and a count that is not 0.
  if (loss === 'logistic' || loss === 'squaredHinge') {
    y[0] = 1;
    y[1] = loss === 'logistic' ? 0 : -1;
  }
  if (loss === 'poisson') y[0] = 2;
  const setup = { loss, rows, y, lambda: 0, l1Ratio: 1, fitIntercept: true, standardize: false, ...rest };
  return { ...setup, lambda: share * roughLambda(setup) };
}

function respond(loss: LossName, f: number, dice: Dice): number {
  switch (loss) {
    case 'logistic':
      return f > 0.7 !== dice.chance(0.15) ? 1 : 0;
    case 'squaredHinge':
      return f > 0.7 !== dice.chance(0.15) ? 1 : -1;
    case 'poisson': {
      // A Poisson number by counting steps to exp(-mean).
      const floor = 1 / (1 + Math.max(0.2, Math.min(f + 1, 6))) ** 2;
      let count = 0;
      for (let product = dice.unit(); product > floor; product *= dice.unit()) count++;
      return count;
    }
    case 'huber':
      return dice.chance(0.1) ? 20 * f : f;
    case 'squared':
      return f;
  }
}

/** Largest |x_j'(y - mean y)| / n, residuals no larger than Huber's loss counts them: about lambda max. */
function roughLambda({ loss, rows, y }: GlmSetup): number {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const size = loss === 'huber' ? 1.345 : Infinity;
  const rest = y.map((v) => Math.max(-size, Math.min(size, v - mean)));
  return rows[0].reduce(
    (most, _, j) => Math.max(most, Math.abs(rows.reduce((sum, row, i) => sum + row[j] * rest[i], 0)) / y.length),
    0,
  );
}
