import { afterEach, describe, expect, test } from 'vitest';
import { SpinifexError, setBackend } from '../../src/index.ts';
import { basisPursuit, Lasso, lambdaMax } from '../../src/linear/index.ts';
import { basisPursuitDenoise } from '../../src/linear/sensing/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { dot } from '../linear/oracle.ts';
import { norm, pulled, residualOf, sensed } from './signals.ts';

afterEach(() => setBackend('wasm'));

const l1 = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, v) => sum + Math.abs(v), 0);

describe.each(['wasm', 'js'] as const)('basis pursuit denoising on the %s backend', (backend) => {
  test('puts the residual at sigma, and a dual point proves that no smaller x does', () => {
    setBackend(backend);
    for (let seed = 1; seed <= 60; seed++) {
      const [m, n] = seed % 3 === 0 ? [30, 12] : [15, 40];
      const { A, b, dice } = sensed(seed, m, n, 4, { noise: 0.5, density: seed % 2 ? 1 : 0.6 });
      const least = m > n ? norm(residualOf(A, new Lasso({ lambda: 1e-12, tol: 0, fitIntercept: false }).fit(A, b).coef, b)) : 0;
      const sigma = least + (0.01 + 0.98 * dice.unit()) * (norm(b) - least);
      const { x, lambda, residualNorm, unique, certificate } = basisPursuitDenoise(stored(A, FORMATS[seed % 4]), b, sigma);
      const r = residualOf(A, x, b);
      expect(Math.abs(norm(r) - sigma), `seed ${seed}`).toBeLessThanOrEqual(1e-11 * norm(b));
      expect(residualNorm).toBeCloseTo(norm(r), 10);
      const theta = r.map((v) => v / Math.max(...pulled(A, r).map(Math.abs)));
      const bound = dot(theta, b) - sigma * norm(theta);
      expect(l1(x) - bound).toBeLessThanOrEqual(1e-9 * l1(x));
      expect(certificate.converged).toBe(true);
      expect(certificate.primal).toBeCloseTo(l1(x), 10);
      expect(Math.abs(certificate.dual - bound)).toBeLessThanOrEqual(1e-9 * l1(x));
      expect(unique).toBe(true);
      const { coef } = new Lasso({ lambda, tol: 1e-14, fitIntercept: false }).fit(A, b);
      expect(Math.max(...coef.map((v, j) => Math.abs(v - x[j])))).toBeLessThanOrEqual(1e-7);
    }
  });
});

describe('basis pursuit denoising', () => {
  test('of one equation is the corner moved by sigma', () => {
    const { x } = basisPursuitDenoise([[10, 1]], [5], 1);
    expect(x[0]).toBeCloseTo(0.4, 14);
    expect(x[1]).toBe(0);
  });

  test('is basis pursuit for sigma 0, and tends to it', () => {
    const { A, b } = sensed(4, 15, 40, 4);
    const exact = basisPursuit(A, b);
    const { x, lambda, residualNorm } = basisPursuitDenoise(A, b, 0);
    expect(x).toEqual(exact.x);
    expect(lambda).toBe(0);
    expect(residualNorm).toBeLessThanOrEqual(1e-9 * norm(b));
    const near = basisPursuitDenoise(A, b, 1e-8 * norm(b));
    expect(Math.max(...near.x.map((v, j) => Math.abs(v - x[j])))).toBeLessThanOrEqual(1e-6);
    expect(near.certificate.gap).toBeLessThanOrEqual(1e-6);
  });

  test('is zero where sigma is at least the length of b', () => {
    const { A, b } = sensed(4, 15, 40, 4);
    for (const sigma of [norm(b) * (1 + 1e-14), 2 * norm(b)]) {
      const { x, lambda, certificate } = basisPursuitDenoise(A, b, sigma);
      expect(l1(x)).toBe(0);
      expect(lambda).toBeCloseTo(lambdaMax(A, b, { fitIntercept: false }), 12);
      expect(certificate.converged).toBe(true);
    }
    expect(Array.from(basisPursuitDenoise([[1, 2]], [0], 0.5).x)).toEqual([0, 0]);
  });

  test('refuses a sigma below the least-squares residual, and takes one just above', () => {
    const { A, b } = sensed(9, 30, 10, 4, { noise: 1 });
    const least = norm(residualOf(A, new Lasso({ lambda: 1e-13, tol: 0, fitIntercept: false }).fit(A, b).coef, b));
    expect(() => basisPursuitDenoise(A, b, 0.9 * least)).toThrow(SpinifexError);
    expect(() => basisPursuitDenoise(A, b, 0.9 * least)).toThrow(
      /^sigma: no x has \|\|A x - b\|\| <= [\d.]+: the least-squares residual is [\d.]+$/,
    );
    const { residualNorm, certificate } = basisPursuitDenoise(A, b, least * (1 + 1e-6));
    expect(residualNorm).toBeLessThanOrEqual(least * (1 + 1e-6 + 1e-12));
    expect(certificate.gap).toBeLessThanOrEqual(1e-6);
    expect(() => basisPursuitDenoise([[0, 0]], [1], 0.5)).toThrow(SpinifexError);
  });

  test('takes a small sigma for what it is where columns differ a million times in length', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { A, b } = sensed(seed, 12, 25, 4, { even: true });
      const scaled = A.map((row) => row.map((v, j) => v * 10 ** ((j % 7) - 3)));
      const { residualNorm, certificate } = basisPursuitDenoise(scaled, b, 1e-5 * norm(b));
      expect(Math.abs(residualNorm - 1e-5 * norm(b)), `seed ${seed}`).toBeLessThanOrEqual(1e-11 * norm(b));
      expect(certificate.gap).toBeLessThanOrEqual(1e-3);
    }
  });

  test('says when the solution is not the only one', () => {
    expect(basisPursuitDenoise([[1, 1]], [10], 1).unique).toBe(false);
  });

  test('finds the support under noise that the residual allows', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { A, b, truth } = sensed(seed, 60, 150, 4, { noise: 0.01, even: true });
      const { x } = basisPursuitDenoise(A, b, 0.01 * Math.sqrt(60));
      for (const [j, v] of truth.entries()) if (v !== 0) expect(Math.abs(x[j] - v)).toBeLessThanOrEqual(0.2);
      expect(l1(x)).toBeLessThanOrEqual(l1(truth) * 1.02);
    }
  });

  test('names its arguments in errors, and stops when it is told', () => {
    expect(() => basisPursuitDenoise([[1]], [1], -1)).toThrow(new RangeError('sigma: expected a number >= 0, got -1'));
    expect(() => basisPursuitDenoise([[Number.NaN]], [1], 1)).toThrow(/^A\[0\]\[0\]/);
    expect(() => basisPursuitDenoise([[1]], ['1' as unknown as number], 1)).toThrow(/^b\[0\]/);
    expect(() => basisPursuitDenoise([[1]], [1], 0.5, { sigma: 1 } as object)).toThrow(/unknown option "sigma"/);
    expect(() => basisPursuitDenoise([[1]], [1], 0.5, { signal: AbortSignal.abort(new Error('enough')) })).toThrow('enough');
  });
});
