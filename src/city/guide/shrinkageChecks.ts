import { DenseMatrix } from '../../core/denseMatrix.ts';
import { sign } from '../../core/sign.ts';
import { softThreshold } from '../../core/softThreshold.ts';
import { Lasso } from '../../linear/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { annotated, compare } from './compare.ts';
import { ETA_LAMBDA, ROADS, ROUTES } from './guideNumbers.ts';
import { ROUTES_TO_D } from './regressionChecks.ts';

const TWO_STEPS =
  'One step takes 0.1 from every road and leaves B -> D at 0.1; B -> D is 0 after the second step, as Table 3 has it, when A -> D is at 1.8.';

/** Roads into E before the step: the guide gives only 0.9 for A after it, and "similar" for the rest. */
const ROADS_TO_E = [1.0, 0.2, -0.1];

/** Sections 5 and 6: equations 13 and 15 to 22, Tables 3 and 4. */
export function shrinkageChecks(): GuideCheck[] {
  return [...thresholdChecks(), ...roadChecks()];
}

function thresholdChecks(): GuideCheck[] {
  const probes = [2.0, 0.2, 0.1, 0.05, 0, -0.1, -0.2];
  const byCases = probes.map((w) => (w > 0.1 ? w - 0.1 : w < -0.1 ? w + 0.1 : 0));
  const { steps } = shrunk(ROADS);
  // A minimum stays where it is under a proximal step; with eta = 0.1 that tells lambda from eta lambda.
  const [eta, lambda] = [0.1, 0.02];
  const { coef } = new Lasso({ lambda, fitIntercept: false, tol: 1e-14 }).fit(ROUTES, ROUTES_TO_D);
  const X = DenseMatrix.from(ROUTES);
  const g = X.rmatvec(X.matvec(coef).map((f, i) => (f - ROUTES_TO_D[i]) / ROUTES.length));
  const moved = coef.map((w, j) => w - eta * g[j]);
  const slope = 0.05;
  return [
    compare(
      'Table 3',
      'Start and steps 1 to 3',
      [
        [2.0, 0.2, -0.1],
        [1.9, 0.1, 0],
        [1.8, 0, 0],
        [1.7, 0, 0],
      ],
      steps.slice(0, 4),
    ),
    annotated(
      compare(
        'Table 3',
        'Where the steps end',
        [1.5, 0, 0],
        steps[steps.length - 1],
        'Shrinking alone does not stop at 1.5 (that is step 5) but at 0; a weight comes to rest above 0 only where the gradient of the error balances lambda.',
      ),
      `after ${steps.length - 1} steps`,
    ),
    compare('equation 13', 'Soft threshold at 0.1', byCases, softThreshold(probes, 0.1)),
    compare(
      'equation 13',
      'A minimum of the lasso after one more step of length 0.1: threshold lambda, and threshold eta lambda',
      softThreshold(moved, lambda),
      softThreshold(moved, eta * lambda),
      'After a step of length eta the threshold is eta lambda, as the caption of Table 3 has it, and not lambda: only then does a minimum stay where it is.',
    ),
    compare('equation 15', 'Signs of 2.0, 0 and -0.1', [1, 0, -1], sign([2.0, 0, -0.1])),
    compare(
      'equation 15',
      'A weight at 0 whose error gradient is -0.05, below lambda = 0.1, after one step with eta = 0.1',
      0 - eta * (-slope + 0.1 * sign(0)),
      softThreshold(0 + eta * slope, eta * 0.1),
      'With sign(0) = 0 equation 10 lets any gradient push a closed road open again; at 0 every number in [-1, 1] is a subgradient of |w|, and the soft threshold keeps the road closed.',
    ),
  ];
}

function roadChecks(): GuideCheck[] {
  const X = DenseMatrix.from(ROUTES);
  const after = [...softThreshold(ROADS, ETA_LAMBDA)];
  const { closedIn } = shrunk(ROADS);
  const roads = DenseMatrix.from(ROADS.map((w) => [w]));
  const weight = (equation: number, name: string, guide: number, ours: number, steps: number) =>
    annotated(compare(`equation ${equation}`, `Weight of the road ${name}`, guide, ours), `(closed in step ${steps})`);
  return [
    compare('equation 16', 'D for F, G, H before the step', combine(ROADS), X.matvec(ROADS)),
    compare('equation 17', 'E for F, G, H, from weights 1.0, 0.2, -0.1', combine(ROADS_TO_E), X.matvec(ROADS_TO_E)),
    weight(18, 'A -> D, strong', 2.0, roads.get(0, 0), closedIn[0]),
    weight(19, 'B -> D, weak', 0.2, roads.get(1, 0), closedIn[1]),
    weight(20, 'C -> D, weak negative', -0.1, roads.get(2, 0), closedIn[2]),
    compare('Table 4', 'Roads into D after one step', [1.9, 0, 0], after, TWO_STEPS),
    compare('equation 21', 'Weights of D after one step', [1.9, 0, 0], after, TWO_STEPS),
    compare(
      'equation 22',
      'Weights of E after one step',
      [0.9, 0, 0],
      softThreshold(ROADS_TO_E, ETA_LAMBDA),
      'The guide gives no weights of E before the step; from 1.0, 0.2 and -0.1 one step leaves B -> E at 0.1, as it does for D.',
    ),
  ];
}

/** Soft thresholds by eta lambda until nothing is left: all steps, and the one that closes each road. */
function shrunk(weights: readonly number[]): { steps: number[][]; closedIn: number[] } {
  const steps = [[...weights]];
  while (steps[steps.length - 1].some((w) => w !== 0)) steps.push([...softThreshold(steps[steps.length - 1], ETA_LAMBDA)]);
  return { steps, closedIn: weights.map((_, j) => steps.findIndex((row) => row[j] === 0)) };
}

/** Equations 16 and 17 written out. */
function combine([a, b, c]: number[]): number[] {
  return ROUTES.map(([A, B, C]) => a * A + b * B + c * C);
}
