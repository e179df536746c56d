import { describe, expect, test } from 'vitest';
import { CsrMatrix, MatrixFactorization } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { complaint, csr, distance, ratings } from './ratings.ts';

const dice = new Dice(31);
const all = ratings(dice, 30, 25, { share: 0.35, noise: 1 });
const keep = all.row.map(() => !dice.chance(0.25));
const part = (held: boolean) => {
  const at = all.row.flatMap((_, k) => (keep[k] === held ? [] : [k]));
  return csr({ ...all, row: at.map((k) => all.row[k]), col: at.map((k) => all.col[k]), value: at.map((k) => all.value[k]) });
};
const [train, held] = [part(false), part(true)];
/** Fits noise if it is let. */
const eager = { rank: 2, lambda: 1, tol: 0, maxSweeps: 200 };

function heldError(model: { predict: (i: number, j: number) => number }): number {
  let s = 0;
  for (let i = 0; i < held.rows; i++) {
    for (let e = held.indptr[i]; e < held.indptr[i + 1]; e++) s += (held.data[e] - model.predict(i, held.indices[e])) ** 2;
  }
  return Math.sqrt(s / held.nnz);
}

describe('early stopping', () => {
  test.each(['cholesky', 'ccd'] as const)("by '%s' returns the factors of the best sweep", (solver) => {
    const model = new MatrixFactorization({ ...eager, solver, patience: 2 }).fit(train, { validation: held });
    const { history, certificate } = model;
    expect(certificate.status).toBe('earlyStopping');
    expect(certificate.converged).toBe(false);
    const errors = history.map(({ validation }) => validation!);
    const best = errors.indexOf(Math.min(...errors)) + 1;
    expect(certificate.sweeps).toBe(best);
    expect(history.length).toBe(best + 2);
    expect(Math.abs(heldError(model) - errors[best - 1])).toBeLessThanOrEqual(1e-12);
    expect(certificate.objective).toBeCloseTo(history[best - 1].objective, 9);
    const short = new MatrixFactorization({ ...eager, solver, maxSweeps: best }).fit(train);
    expect(distance(short.predictAll().data, model.predictAll().data)).toBeLessThanOrEqual(1e-12);
  });

  test('with features and a graph returns a best sweep whose error is that of its record, up to the last priors', () => {
    const more = { rowFeatures: dice.matrix(30, 2), columnFeatures: dice.matrix(25, 2) };
    const model = new MatrixFactorization({ ...eager, ...more }).fit(train, { validation: held });
    const errors = model.history.map(({ validation }) => validation!);
    expect(heldError(model)).toBeLessThanOrEqual(Math.min(...errors) * 1.05);
  });

  test('waits for as many sweeps as patience says', () => {
    const lengths = [1, 3, 10].map((patience) => {
      const { history, certificate } = new MatrixFactorization({ ...eager, patience }).fit(train, { validation: held });
      return history.length - certificate.sweeps;
    });
    expect(lengths).toEqual([1, 3, 10]);
  });

  test('lets a fit converge whose held-out error keeps falling', () => {
    const model = new MatrixFactorization({ rank: 1, lambda: 20, tol: 1e-3 }).fit(train, { validation: held });
    expect(['converged', 'earlyStopping']).toContain(model.certificate.status);
    expect(model.history.every(({ validation }) => Number.isFinite(validation))).toBe(true);
    expect(new MatrixFactorization({ rank: 1, lambda: 20 }).fit(train).history[0]).not.toHaveProperty('validation');
  });

  test('holds out a share of the entries by the seed', () => {
    const recipe = (seed: number) => new MatrixFactorization({ rank: 2, lambda: 1, seed, maxSweeps: 5 });
    const observedOf = (seed: number) => {
      const model = recipe(seed).fit(train, { validation: 0.2 });
      let count = 0;
      for (let i = 0; i < 30; i++) for (let j = 0; j < 25; j++) count += Number(model.basis(i, j) === 'entry');
      return { count, model };
    };
    const { count, model } = observedOf(1);
    expect(count).toBe(train.nnz - Math.round(0.2 * train.nnz));
    expect(model.history[0].validation).toBeGreaterThan(0);
    expect(observedOf(1).model.predictAll()).toEqual(model.predictAll());
    expect(observedOf(2).model.predictAll()).not.toEqual(model.predictAll());
  });

  test('holds out weighted entries with their weights', () => {
    const weights = Array.from(train.data, (_, e) => 1 + (e % 4));
    const model = new MatrixFactorization({ rank: 2, lambda: 1 }).fit(train, { weights, validation: 0.3 });
    expect(model.history[0].validation).toBeGreaterThan(0);
  });

  test('refuses held-out entries that are fitted too, of another shape, or none', () => {
    const recipe = new MatrixFactorization({ rank: 2, lambda: 1 });
    const [i, j] = [0, train.indices[0]];
    const shared = CsrMatrix.fromCoo(30, 25, { row: [29, i], col: [0, j], value: [1, 2.5] });
    const refused = (validation: unknown) => complaint(() => recipe.fit(train, { validation } as never));
    expect(refused(shared)).toMatch(
      new RegExp(
        `^RangeError: validation\\[${train.get(29, 0) === 0 ? i : 29}\\]\\[\\d+\\] is .*: expected an entry that is not in R as well`,
      ),
    );
    expect(refused(CsrMatrix.fromCoo(29, 25, { row: [0], col: [0], value: [1] }))).toBe(
      'RangeError: validation: expected 30 x 25, as R, got 29 x 25',
    );
    expect(refused(CsrMatrix.fromCoo(30, 25, { row: [], col: [], value: [] }))).toBe(
      'RangeError: validation: expected at least one entry',
    );
    for (const share of [0, 1, -0.1, 2, Number.NaN])
      expect(refused(share)).toMatch(/^RangeError: validation: expected a number in \(0, 1\)/);
    expect(refused('0.1')).toMatch(/^TypeError: validation/);
  });
});
