import { describe, expect, it } from 'vitest';
import { Dice } from '../linear/problems.ts';
import { LOSSES, Oracle, pointOf, respond, type Setup, sample, solved, solving } from './setup.ts';

/** Solves at several lambdas down a path and has each solution judged from scratch. */
function expectSolvedAlong(setup: Setup, shares: number[], tol: number, violation: number): void {
  const oracle = new Oracle(setup);
  solving(setup, (solver) => {
    for (const share of shares) {
      const lambda = share * solver.largestLambda();
      const certificate = solver.solve({ lambda, tol, maxEpochs: 100000 });
      const point = pointOf(solver, setup.rows[0].length);
      const label = JSON.stringify({ share, certificate });
      expect(certificate.converged, label).toBe(true);
      expect(Math.abs(certificate.primal - oracle.objective(point, lambda)), label).toBeLessThan(
        1e-11 * Math.abs(solver.nullLoss),
      );
      expect(oracle.violation(point, lambda).worst / lambda, label).toBeLessThan(violation);
    }
  });
}

describe('proximal Newton on hard problems', () => {
  it('finds one case in a thousand', () => {
    const dice = new Dice(1);
    const rows = dice.matrix(3000, 10);
    for (let i = 0; i < 3; i++) rows[1000 * i][0] += 3;
    const y = rows.map((_, i) => (i % 1000 === 0 ? 1 : 0));
    for (const loss of ['logistic', 'squaredHinge'] as const) {
      const labels = loss === 'logistic' ? y : y.map((v) => 2 * v - 1);
      expectSolvedAlong({ loss, rows, y: labels }, [0.5, 0.1, 0.01], 1e-9, 0.01);
    }
  });

  it('converges on separable classes as lambda falls', () => {
    const dice = new Dice(2);
    const rows = dice.matrix(40, 60);
    for (const loss of ['logistic', 'squaredHinge'] as const) {
      const y = rows.map((row) => (row[0] > 0 ? 1 : loss === 'logistic' ? 0 : -1));
      expectSolvedAlong({ loss, rows, y }, [0.3, 0.1, 0.03, 0.01, 1e-3, 1e-4], 1e-7, 0.1);
      const { certificate } = solved({ loss, rows, y }, 1e-4, { tol: 1e-7, maxEpochs: 100000 });
      expect(certificate.converged).toBe(true);
    }
  });

  it('counts events in the ten thousands, with exposures as offset', () => {
    const dice = new Dice(3);
    const rows = dice.matrix(60, 8);
    const offset = rows.map(() => 8 + 2 * dice.unit());
    const y = rows.map((row, i) => Math.round(Math.exp(offset[i] + 0.5 * row[0] - 0.3 * row[1]) * (1 + 0.05 * dice.normal())));
    expect(Math.max(...y)).toBeGreaterThan(1e4);
    for (const l1Ratio of [1, 0.5])
      expectSolvedAlong({ loss: 'poisson', rows, y, offset, l1Ratio }, [0.5, 0.1, 0.01, 0.001], 1e-9, 0.01);
  });

  it.each(LOSSES)('copes with one to three rows and with one column (%s)', (loss) => {
    for (const n of [1, 2, 3]) {
      for (const p of [1, 5]) {
        for (const fitIntercept of [true, false]) {
          const dice = new Dice(10 * n + p);
          const rows = dice.matrix(n, p);
          const y = rows.map((_, i) => (loss === 'squaredHinge' ? [1, -1, 1][i] : [1, 0, 1][i]));
          const setup: Setup = { loss, rows, y, fitIntercept };
          solving(setup, (solver) => {
            const top = solver.largestLambda();
            expect(Number.isFinite(top)).toBe(true);
            // One row alone says nothing beside its intercept.
            if (n === 1 && fitIntercept) expect(top).toBe(0);
            for (const share of [1, 0.5, 0.1]) {
              const lambda = share * (top || 0.1);
              const certificate = solver.solve({ lambda, tol: 1e-8, maxEpochs: 10000 });
              const point = pointOf(solver, p);
              expect([...point.coef, point.intercept, solver.loss].every(Number.isFinite)).toBe(true);
              const saturated = solver.nullLoss < 1e-12;
              if (!saturated)
                expect(certificate.converged, JSON.stringify({ n, p, fitIntercept, share, certificate })).toBe(true);
              const { worst } = new Oracle(setup).violation(point, lambda);
              expect(worst).toBeLessThan(1e-3);
            }
          });
        }
      }
    }
  });

  it.each(LOSSES)('leaves constant columns to the intercept, and uses them without one (%s)', (loss) => {
    const dice = new Dice(4);
    const rows = Array.from({ length: 30 }, () => [2, -5]);
    const y = respond(loss, dice, dice.matrix(30, 2), [1, 1], 0.5);
    const alone = solved({ loss, rows, y }, 1);
    expect([...alone.coef, alone.lambda]).toEqual([0, 0, 0]);
    expectSolvedAlong({ loss, rows, y, fitIntercept: false }, [0.5, 0.01], 1e-9, 0.01);
  });

  it.each(LOSSES)('misses no column that should have entered, with many more columns than rows (%s)', (loss) => {
    const base = sample(loss, 5, 40, 400, 0.5);
    // Correlated columns enter late, when others leave.
    const rows = base.rows.map((row) => row.map((x, j) => (j % 5 === 0 ? x : 0.6 * x + 0.8 * row[j - (j % 5)])));
    const dice = new Dice(6);
    const truth = rows[0].map((_, j) => (j < 8 ? 1 : 0));
    const setup = { ...base, rows, y: respond(loss, dice, rows, truth) };
    expectSolvedAlong(
      setup,
      Array.from({ length: 30 }, (_, k) => 0.87 ** (k + 1)),
      1e-10,
      0.005,
    );
    // A jump far down, where no strong rule holds, and back up again.
    if (loss !== 'huber') expectSolvedAlong(setup, [0.9, 0.02, 0.5, 0.05], 1e-10, 0.01);
  });

  it.each(LOSSES)('gives the same bits again (%s)', (loss) => {
    const setup = sample(loss, 8, 40, 30);
    expect(solved(setup, 0.05)).toEqual(solved(setup, 0.05));
  });
});
