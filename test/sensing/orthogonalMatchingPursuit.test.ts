import { afterEach, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { setBackend } from '../../src/index.ts';
import { basisPursuit } from '../../src/linear/index.ts';
import { basisPursuitDenoise, debias, orthogonalMatchingPursuit, supportRecovery } from '../../src/linear/sensing/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { column, dot, solveLinear } from '../linear/oracle.ts';
import { norm, pulled, residualOf, sensed } from './signals.ts';

afterEach(() => setBackend('wasm'));

/** Least squares on some columns by the normal equations. */
function leastSquares(A: number[][], b: number[], support: number[]): number[] {
  const columns = support.map((j) => column(A, j));
  const coef = solveLinear(
    columns.map((c) => columns.map((d) => dot(c, d))),
    columns.map((c) => dot(c, b)),
  );
  const x = new Array<number>(A[0].length).fill(0);
  for (const [k, j] of support.entries()) x[j] = coef[k];
  return x;
}

/** The textbook: columns by normalised correlation, then least squares from scratch. */
function textbook(A: number[][], b: number[], nonzeros: number): number[] {
  const lengths = A[0].map((_, j) => norm(column(A, j)));
  const support: number[] = [];
  let r = b;
  while (support.length < nonzeros) {
    const scores = pulled(A, r).map((g, j) => (support.includes(j) ? -1 : Math.abs(g) / lengths[j]));
    support.push(scores.indexOf(Math.max(...scores)));
    r = residualOf(A, leastSquares(A, b, support), b);
  }
  return support;
}

describe.each(['wasm', 'js'] as const)('orthogonal matching pursuit on the %s backend', (backend) => {
  test('takes the columns of the textbook in its order, and fits them by least squares', () => {
    setBackend(backend);
    for (let seed = 1; seed <= 40; seed++) {
      const nonzeros = 1 + (seed % 6);
      const { A, b } = sensed(seed, 12, 20, 4, { noise: 0.3 });
      const { x, support, residualNorm, status, converged } = orthogonalMatchingPursuit(stored(A, FORMATS[seed % 4]), b, {
        nonzeros,
      });
      expect(Array.from(support), `seed ${seed}`).toEqual(textbook(A, b, nonzeros));
      const expected = leastSquares(A, b, Array.from(support));
      expect(Math.max(...expected.map((v, j) => Math.abs(v - x[j])))).toBeLessThanOrEqual(1e-10);
      expect(residualNorm).toBeCloseTo(norm(residualOf(A, expected, b)), 10);
      expect([status, converged]).toEqual(['nonzeros', true]);
    }
  });

  test('recovers sparse signals from dense and sparse measurements', () => {
    setBackend(backend);
    for (let seed = 1; seed <= 20; seed++) {
      const { A, b, truth } = sensed(seed, 50, 120, 5, { density: seed % 2 ? 1 : 0.5 });
      const { x, status } = orthogonalMatchingPursuit(stored(A, FORMATS[seed % 4]), b);
      expect(status, `seed ${seed}`).toBe('residual');
      const { f1, relativeError } = supportRecovery(x, truth);
      expect(f1).toBe(1);
      expect(relativeError).toBeLessThanOrEqual(1e-12);
    }
  });
});

describe('orthogonal matching pursuit', () => {
  test('says that it failed where the asked residual is not reached with the asked number of columns', () => {
    const { A, b, truth } = sensed(3, 20, 80, 14);
    const result = orthogonalMatchingPursuit(A, b, { nonzeros: 14, tol: 1e-9 });
    expect(result.status).toBe('nonzeros');
    expect(result.converged).toBe(false);
    expect(result.support.length).toBe(14);
    expect(result.residualNorm).toBeGreaterThan(1e-3 * norm(b));
    expect(supportRecovery(result.x, truth).recall).toBeLessThan(1);
  });

  test('says that it failed where b is outside the range of A, with the least-squares residual', () => {
    const A = [
      [1, 0, 1],
      [0, 1, 1],
      [0, 0, 0],
    ];
    const { status, converged, residualNorm, support } = orthogonalMatchingPursuit(A, [2, 1, 3]);
    expect([status, converged]).toEqual(['exhausted', false]);
    expect(residualNorm).toBeCloseTo(3, 12);
    expect(support.length).toBe(2);
    expect(orthogonalMatchingPursuit(A, [2, 1, 3], { nonzeros: 3 }).converged).toBe(false);
  });

  test('never takes a column that depends on those it has, nor one of zeros', () => {
    const { A, b } = sensed(5, 8, 6, 3, { noise: 1 });
    const wide = A.map((row) => [...row, row[0] - 2 * row[4], 0, row[2], 3 * row[5]]);
    const { support, status, x } = orthogonalMatchingPursuit(wide, b);
    expect(status).toBe('exhausted');
    expect(support.length).toBe(6);
    expect(Math.max(...pulled(wide, residualOf(wide, x, b)).map(Math.abs))).toBeLessThanOrEqual(1e-10);
  });

  test('does not care how long columns are', () => {
    const { A, b } = sensed(6, 15, 30, 4, { noise: 0.2 });
    const scaled = A.map((row) => row.map((v, j) => v * 2 ** ((j % 7) - 3)));
    expect(orthogonalMatchingPursuit(scaled, b, { nonzeros: 5 }).support).toEqual(
      orthogonalMatchingPursuit(A, b, { nonzeros: 5 }).support,
    );
  });

  test('goes on for as many columns as it takes, also more than its first room', () => {
    const { A, b } = sensed(7, 90, 100, 70);
    const { status, support, residualNorm } = orthogonalMatchingPursuit(A, b);
    expect(status).toBe('residual');
    expect(support.length).toBeGreaterThan(64);
    expect(residualNorm).toBeLessThanOrEqual(1e-9 * norm(b));
  });

  test('of a zero right-hand side is zero, and converged', () => {
    const { x, support, status } = orthogonalMatchingPursuit([[1, 2]], [0]);
    expect([Array.from(x), Array.from(support), status]).toEqual([[0, 0], [], 'residual']);
  });

  test('reports progress and can be stopped', () => {
    const { A, b } = sensed(8, 30, 60, 6);
    const done: number[] = [];
    orthogonalMatchingPursuit(A, b, { nonzeros: 6, onProgress: (p) => done.push(p.done) });
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 6]);
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    expect(() => orthogonalMatchingPursuit(A, b, { signal: stop.signal, onProgress })).toThrow('enough');
  });

  test('refuses bad input', () => {
    expect(() => orthogonalMatchingPursuit([[1, Number.NaN]], [1])).toThrow(/^A\[0\]\[1\] is NaN/);
    expect(() => orthogonalMatchingPursuit([[1, 2]], [1, 2])).toThrow(/^b: /);
    expect(() => orthogonalMatchingPursuit([[1]], [1], { nonzeros: 0 })).toThrow(
      new RangeError('nonzeros: expected an integer >= 1, got 0'),
    );
    expect(() => orthogonalMatchingPursuit([[1]], [1], { tol: -1 })).toThrow(
      new RangeError('tol: expected a number >= 0, got -1'),
    );
    expect(() => orthogonalMatchingPursuit([[1]], [1], { sparsity: 2 } as object)).toThrow(/unknown option "sparsity"/);
  });
});

test.each(['wasm', 'js'] as const)(
  'pursuits and debiasing leave nothing in linear memory on the %s backend, also where they throw',
  (name) => {
    setBackend(name);
    const { heap } = currentBackend();
    const { A, b } = sensed(1, 40, 50, 4, { noise: 1 });
    const tall = A.map((row) => row.slice(0, 10));
    const before = heap.inUse;
    expect(orthogonalMatchingPursuit(A, b).support.length).toBe(40);
    debias(A, b, [3, 4]);
    basisPursuitDenoise(A, b, 0.1);
    expect(() => basisPursuitDenoise(tall, b, 1e-3)).toThrow(/^sigma/);
    expect(() => debias(A, b, [3, 3])).toThrow(/^support/);
    expect(heap.inUse).toBe(before);
  },
);

describe('below and above the phase transition', () => {
  const [m, n] = [40, 100];
  test('matching and basis pursuit both recover with few entries', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { A, b, truth } = sensed(seed, m, n, 4, { even: true });
      expect(supportRecovery(orthogonalMatchingPursuit(A, b).x, truth).relativeError, `seed ${seed}`).toBeLessThanOrEqual(1e-9);
      expect(supportRecovery(basisPursuit(A, b).x, truth).relativeError, `seed ${seed}`).toBeLessThanOrEqual(1e-9);
    }
  });

  test('with many entries matching pursuit says that it failed, and basis pursuit proves that a smaller x than the truth solves A x = b', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { A, b, truth } = sensed(seed, m, n, 32, { even: true });
      const greedy = orthogonalMatchingPursuit(A, b, { nonzeros: 32, tol: 1e-9 });
      expect(greedy.converged, `seed ${seed}`).toBe(false);
      const { x, certificate } = basisPursuit(A, b);
      expect(certificate.converged).toBe(true);
      expect(certificate.primal).toBeLessThan(truth.reduce((sum, v) => sum + Math.abs(v), 0) - 1e-3);
      expect(norm(residualOf(A, x, b))).toBeLessThanOrEqual(1e-8 * norm(b));
      expect(supportRecovery(x, truth).relativeError).toBeGreaterThan(0.1);
    }
  });
});

describe('debias', () => {
  test('is least squares on the support, whatever its order', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { A, b } = sensed(seed, 20, 12, 4, { noise: 1 });
      const support = [7, 2, 9, 0];
      const { x, residualNorm, dependent } = debias(stored(A, FORMATS[seed % 4]), b, support);
      const expected = leastSquares(A, b, support);
      expect(Math.max(...expected.map((v, j) => Math.abs(v - x[j])))).toBeLessThanOrEqual(1e-11);
      expect(residualNorm).toBeCloseTo(norm(residualOf(A, expected, b)), 11);
      expect(dependent.length).toBe(0);
    }
  });

  test('names columns that depend on earlier ones and leaves them at 0', () => {
    const A = [
      [1, 2, 0, 1],
      [1, 2, 0, 3],
      [0, 0, 0, 1],
    ];
    const { x, dependent } = debias(A, [2, 4, 1], [0, 1, 2, 3]);
    expect(Array.from(dependent)).toEqual([1, 2]);
    [1, 0, 0, 1].forEach((v, j) => {
      expect(x[j]).toBeCloseTo(v, 12);
    });
    expect(Array.from(debias(A, [2, 4, 1], []).x)).toEqual([0, 0, 0, 0]);
  });

  test('refuses columns that are not there and columns named twice', () => {
    expect(() => debias([[1, 2]], [1], [2])).toThrow(new RangeError('support[0] is 2: expected an integer in 0..1'));
    expect(() => debias([[1, 2]], [1], [1, 0, 1])).toThrow(new RangeError('support[2] is 1: expected every column once'));
  });
});

describe('supportRecovery', () => {
  test('counts what was found and what was not', () => {
    expect(supportRecovery([1, 0.5, 0, 2], [1, 0, 3, 2])).toEqual({
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      relativeError: Math.sqrt(9.25 / 14),
    });
    expect(supportRecovery([1, 1e-9, 0], [1, 0, 0], { threshold: 1e-6 }).precision).toBe(1);
    expect(supportRecovery([0, 0], [0, 0])).toEqual({ precision: 1, recall: 1, f1: 1, relativeError: 0 });
    expect(supportRecovery([1, 0], [0, 0])).toEqual({ precision: 0, recall: 1, f1: 0, relativeError: Infinity });
  });

  test('refuses vectors of two lengths', () => {
    expect(() => supportRecovery([1], [1, 2])).toThrow(new RangeError('x: expected 2 numbers, got 1'));
  });
});
