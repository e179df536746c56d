import { afterAll, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { ImplicitFactorization, MatrixFactorization, type Progress, rankingMetrics, setBackend } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { cases, fitted, variants } from './problems.ts';
import { counts, csr, thrown } from './ratings.ts';

afterAll(() => setBackend('wasm'));

const visits = csr(counts(new Dice(3), 20, 15));

describe('linear memory', () => {
  test.each(['wasm', 'js'] as const)('is where it was after fits and all that models do, on the %s backend', (name) => {
    setBackend(name);
    const { heap } = currentBackend();
    const work = () => {
      for (const [, variant] of cases) {
        const model = fitted(variant, { maxSweeps: 3 });
        model.predictAll();
        model.predictEntries([0, 1], [2, 5]);
        model.recommendAll(3);
        model.foldInRow([0, 2], [1, 2]);
        model.foldInColumn([0, 2], [1, 2], { weights: [1, 2] });
        model.toJSON();
      }
      const model = new ImplicitFactorization({ rank: 4, lambda: 0.1 }).fit(visits);
      model.foldInRow([0, 2], [1, 2]);
      rankingMetrics(model, visits);
    };
    const start = heap.inUse;
    work();
    expect(heap.inUse).toBe(start);
    const length = heap.buffer.byteLength;
    for (let k = 0; k < 5; k++) work();
    expect(heap.inUse).toBe(start);
    expect(heap.buffer.byteLength).toBe(length);
    setBackend('wasm');
  });

  test('is given back by fits that throw', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const R = variants.plain.problem.R;
    const tooLarge = csr({ rows: 3, cols: 3, row: [0, 1, 2], col: [0, 1, 2], value: [1e300, 1e300, 1] });
    expect(() => new MatrixFactorization({ rank: 2, lambda: 0, precision: 'f32' }).fit(tooLarge)).toThrow();
    expect(heap.inUse).toBe(before);
    expect(() => new MatrixFactorization({ rank: 2, lambda: 1, columnFeatures: [[1]] }).fit(R)).toThrow();
    expect(heap.inUse).toBe(before);
    expect(() => new MatrixFactorization({ rank: 2, lambda: 1 }).fit(R).foldInRow([99], [1])).toThrow();
    expect(heap.inUse).toBe(before);
  });
});

type Run = (options: { signal?: AbortSignal; onProgress?: (progress: Progress) => void }) => unknown;
const plain = variants.plain.problem.R;
const work: [string, Run][] = [
  ['least squares', (run) => new MatrixFactorization({ rank: 2, lambda: 0.5, tol: 0, maxSweeps: 12 }).fit(plain, run)],
  [
    'conjugate gradients',
    (run) => new MatrixFactorization({ rank: 2, lambda: 0.5, solver: 'cg', tol: 0, maxSweeps: 12 }).fit(plain, run),
  ],
  [
    'coordinate descent',
    (run) => new MatrixFactorization({ rank: 2, lambda: 0.5, l1: 0.1, tol: 0, maxSweeps: 12 }).fit(plain, run),
  ],
  ['a fit of counts', (run) => new ImplicitFactorization({ rank: 2, lambda: 0.5, tol: 0, maxSweeps: 12 }).fit(visits, run)],
];

describe.each(work)('%s', (_, run) => {
  test('reports every sweep, and is not changed by that', () => {
    const steps: (Progress & { objective?: number; rmse?: number })[] = [];
    const watched = run({ onProgress: (step) => steps.push(step), signal: new AbortController().signal });
    expect(steps.map(({ done }) => done)).toEqual(Array.from({ length: 13 }, (_, k) => k));
    expect(steps.every(({ total }) => total === 12)).toBe(true);
    expect(steps[1].secondsLeft).toBeGreaterThanOrEqual(0);
    for (let k = 2; k < steps.length; k++) expect(steps[k].objective).toBeLessThanOrEqual(steps[k - 1].objective! * (1 + 1e-12));
    expect(JSON.stringify(watched)).toBe(JSON.stringify(run({})));
  });

  test('stops for a signal with its reason, and leaves nothing behind', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const reason = new Error('enough');
    expect(thrown(() => run({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    for (const after of [0, 1, 5]) {
      const controller = new AbortController();
      let last = -1;
      const onProgress = ({ done }: Progress) => {
        last = done;
        if (done === after) controller.abort(reason);
      };
      expect(thrown(() => run({ signal: controller.signal, onProgress }))).toBe(reason);
      expect(last).toBe(after);
      expect(heap.inUse).toBe(before);
    }
  });

  test('lets an error of onProgress through, and leaves nothing behind', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const failure = new Error('from the callback');
    const onProgress = ({ done }: Progress) => {
      if (done >= 2) throw failure;
    };
    expect(thrown(() => run({ onProgress }))).toBe(failure);
    expect(heap.inUse).toBe(before);
  });
});
