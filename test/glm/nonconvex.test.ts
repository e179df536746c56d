import { describe, expect, it } from 'vitest';
import { type PenaltyOption, penaltyKind } from '../../src/linear/glm/penaltyKind.ts';
import { LOSSES, Oracle, type Point, pointOf, type Setup, sample, solving } from './setup.ts';

const OPTIONS: PenaltyOption[] = [
  'mcp',
  { name: 'mcp', gamma: 1.3 },
  'scad',
  'l1/2',
  'l2/3',
  { name: 'lp', p: 0.9 },
  'logSum',
  { name: 'logSum', epsilon: 0.1 },
];

/** t rho(b), b >= 0, in the words of the definitions. */
function rho(option: PenaltyOption, t: number, b: number): number {
  const { code, shape } = penaltyKind(option);
  if (code === 1) return b <= shape * t ? t * b - b ** 2 / (2 * shape) : (shape * t ** 2) / 2;
  if (code === 2) {
    if (b <= t) return t * b;
    return b <= shape * t ? (2 * shape * t * b - b ** 2 - t ** 2) / (2 * (shape - 1)) : (t ** 2 * (shape + 1)) / 2;
  }
  return code === 3 ? t * b ** shape : t * Math.log1p(b / shape);
}

function objective(oracle: Oracle, option: PenaltyOption, { coef, intercept }: Point, lambda: number): number {
  return (
    oracle.loss({ coef, intercept }) + coef.reduce((sum, b, j) => sum + rho(option, lambda, oracle.spread[j] * Math.abs(b)), 0)
  );
}

describe.each(LOSSES)('proximal Newton with penalties that are not convex, loss %s', (loss) => {
  it.each(OPTIONS.map((option) => [JSON.stringify(option), option] as const))(
    'ends in a coordinate-wise minimum under %s',
    (_, option) => {
      for (const standardize of [false, true]) {
        const setup: Setup = { ...sample(loss, 3, 50, 15), penalty: penaltyKind(option), standardize };
        const oracle = new Oracle(setup);
        solving(setup, (solver) => {
          for (const share of [0.999, 0.5, 0.2, 0.05]) {
            const lambda = share * solver.largestLambda();
            const certificate = solver.solve({ lambda, tol: 1e-6, maxEpochs: 20000 });
            const label = JSON.stringify({ share, standardize, certificate });
            expect(certificate.status, label).toBe('local');
            expect(certificate.gap, label).toBeNaN();
            expect(certificate.converged, label).toBe(true);
            expect(certificate.kkt, label).toBeLessThanOrEqual(1e-6);
            const point = pointOf(solver, 15);
            const value = objective(oracle, option, point, lambda);
            expect(Math.abs(certificate.primal - value), label).toBeLessThan(1e-11 * (1 + value));
            // Small moves of any coefficient, and of the intercept, do not pay.
            for (let j = -1; j < 15; j++) {
              // For Lp zero is a minimum always, with a wall about it that may be thin.
              const size = setup.penalty?.code === 3 && point.coef[j] === 0 ? 1e-6 : 1;
              for (const step of [1e-3, -1e-3, 1e-5, -1e-5].map((v) => size * v)) {
                const coef = point.coef.map((b, k) => (k === j ? b + step / oracle.spread[j] : b));
                const moved = { coef, intercept: point.intercept + (j < 0 ? step : 0) };
                expect(objective(oracle, option, moved, lambda), `${label} ${j} ${step}`).toBeGreaterThan(
                  value - 1e-5 * lambda * 1e-3 - 1e-12,
                );
              }
            }
          }
        });
      }
    },
  );

  it('has nothing but zeros at the largest lambda, and something well below it', () => {
    for (const option of OPTIONS) {
      const setup: Setup = { ...sample(loss, 9, 40, 10), penalty: penaltyKind(option) };
      solving(setup, (solver) => {
        const top = solver.largestLambda();
        solver.solve({ lambda: top, tol: 1e-6, maxEpochs: 1000 });
        expect(solver.coefficients().index.length, JSON.stringify(option)).toBe(0);
        // Log-sum may jump, but zero is a minimum until its slope there is too small.
        solver.solve({ lambda: (setup.penalty?.code === 4 ? 0.02 : 0.8) * top, tol: 1e-6, maxEpochs: 1000 });
        expect(solver.coefficients().index.length, JSON.stringify(option)).toBeGreaterThan(0);
      });
    }
  });
});
