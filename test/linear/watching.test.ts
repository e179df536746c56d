import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { ElasticNetCV, Lasso, LassoCV, lassoPath, type Progress } from '../../src/index.ts';
import { Dice, linearData, plainTraits, setupFrom } from './problems.ts';
import { fitted } from './recipes.ts';

const { rows, y } = linearData(new Dice(11), 40, 60);

/** `done` never falls, starts from nothing and ends at the total. */
function expectFullBar(steps: readonly Progress[]): void {
  expect(steps.length).toBeGreaterThan(0);
  steps.forEach(({ done, total }, k) => {
    expect(done).toBeGreaterThanOrEqual(k > 0 ? steps[k - 1].done : 0);
    expect(done).toBeLessThanOrEqual(total);
  });
  const last = steps[steps.length - 1];
  expect(last.done).toBe(last.total);
}

describe('history', () => {
  test.each(['auto', 'cd', 'ista'] as const)("of '%s' never rises and ends at the objective of the certificate", (solver) => {
    const property = fc.property(plainTraits, (traits) => {
      const setup = setupFrom({ ...traits, share: Math.max(traits.share, 0.1) });
      const { history, certificate } = fitted(setup, { solver, history: true, tol: 1e-9 });
      const noise = 1e-12 * Math.max(...history!, 1e-300);
      for (let k = 1; k < history!.length; k++) expect(history![k]).toBeLessThanOrEqual(history![k - 1] + noise);
      if (history!.length > 0) expect(Math.abs(history![history!.length - 1] - certificate.primal)).toBeLessThanOrEqual(noise);
    });
    fc.assert(property, { seed: 20240612, numRuns: 60 });
  });

  test('is absent unless asked for', () => {
    expect(new Lasso({ lambda: 0.1 }).fit(rows, y).history).toBeUndefined();
  });
});

describe('progress', () => {
  test.each(['auto', 'cd', 'fista'] as const)("of a fit by '%s' rises to its total", (solver) => {
    const steps: Progress[] = [];
    new Lasso({ lambda: 0.05, solver }).fit(rows, y, { onProgress: (step) => steps.push(step) });
    expectFullBar(steps);
  });

  test('of a path counts every lambda and names it', () => {
    const steps: (Progress & { lambda: number })[] = [];
    const path = lassoPath(rows, y, { nLambdas: 20, onProgress: (step) => steps.push(step) });
    expectFullBar(steps);
    expect(steps.map(({ done }) => done)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
    expect(steps.map(({ lambda }) => lambda)).toEqual(Array.from(path.lambdas));
    expect(steps.every(({ total }) => total === 20)).toBe(true);
  });

  test('of a cross-validation runs over the path and all folds', () => {
    const steps: Progress[] = [];
    new ElasticNetCV({ folds: 3, nLambdas: 10 }).fit(rows, y, { onProgress: (step) => steps.push(step) });
    expectFullBar(steps);
    expect(new Set(steps.map(({ total }) => total)).size).toBe(1);
  });

  test('does not change the fit', () => {
    const recipe = new Lasso({ lambda: 0.05 });
    const watched = recipe.fit(rows, y, { onProgress: () => {}, signal: new AbortController().signal });
    expect(watched.coef).toEqual(recipe.fit(rows, y).coef);
  });
});

describe('an aborted signal', () => {
  const work: [string, (options: { signal?: AbortSignal; onProgress?: () => void }) => unknown][] = [
    ['fit', (options) => new Lasso({ lambda: 0.01 }).fit(rows, y, options)],
    ['fit by coordinate descent', (options) => new Lasso({ lambda: 0.01, solver: 'cd' }).fit(rows, y, options)],
    ['path', (options) => lassoPath(rows, y, { ...options, nLambdas: 20 })],
    ['cross-validation', (options) => new LassoCV({ folds: 3, nLambdas: 10 }).fit(rows, y, options)],
  ];

  test.each(work)('before a %s throws its reason and leaves nothing behind', (_, run) => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const reason = new Error('changed my mind');
    expect(thrown(() => run({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(heap.inUse).toBe(before);
    expect(thrown(() => run({ signal: AbortSignal.abort() }))).toHaveProperty('name', 'AbortError');
  });

  test.each(work)('in the middle of a %s throws its reason and leaves nothing behind', (_, run) => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    for (const stopAfter of [1, 3]) {
      const controller = new AbortController();
      const reason = { why: 'enough' };
      let steps = 0;
      const onProgress = () => {
        if (++steps === stopAfter) controller.abort(reason);
      };
      expect(thrown(() => run({ signal: controller.signal, onProgress }))).toBe(reason);
      expect(steps).toBe(stopAfter);
      expect(heap.inUse).toBe(before);
    }
    run({});
    expect(heap.inUse).toBe(before);
  });

  function thrown(body: () => unknown): unknown {
    try {
      body();
    } catch (error) {
      return error;
    }
    return 'nothing was thrown';
  }
});
