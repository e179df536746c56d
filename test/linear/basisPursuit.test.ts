import { describe, expect, test } from 'vitest';
import { basisPursuit, SpinifexError, setBackend } from '../../src/index.ts';
import { FORMATS, stored } from './formats.ts';
import { dot } from './oracle.ts';
import { Dice } from './problems.ts';

describe.each(['wasm', 'js'] as const)('basis pursuit on the %s backend', (name) => {
  test("finds the corner of the guide's line 10a + b = 5, and says that it is the only solution", () => {
    setBackend(name);
    const { x, unique, certificate } = basisPursuit([[10, 1]], [5]);
    expect(x).toBeInstanceOf(Float64Array);
    expect(Math.abs(x[0] - 0.5)).toBeLessThanOrEqual(1e-12);
    expect(x[1]).toBe(0);
    expect(unique).toBe(true);
    expect(certificate.converged).toBe(true);
    setBackend('wasm');
  });

  test("reports that the guide's line a + b = 1000 touches the diamond in more than one point", () => {
    setBackend(name);
    const { x, unique, certificate } = basisPursuit([[1, 1]], [1000]);
    expect(unique).toBe(false);
    expect(Math.abs(x[0] + x[1] - 1000)).toBeLessThanOrEqual(1e-9);
    expect(Math.abs(x[0]) + Math.abs(x[1])).toBeCloseTo(1000, 9);
    expect(certificate.converged).toBe(true);
    setBackend('wasm');
  });

  test('recovers sparse vectors from random measurements', () => {
    setBackend(name);
    for (let seed = 1; seed <= 20; seed++) {
      const dice = new Dice(seed);
      const A = dice.matrix(30, 80);
      const truth = new Array<number>(80).fill(0);
      for (const j of dice.permutation(80).slice(0, 5)) truth[j] = dice.chance(0.5) ? 1 + dice.unit() : -1 - dice.unit();
      const b = A.map((row) => dot(row, truth));
      const { x, unique, certificate } = basisPursuit(stored(A, FORMATS[seed % 4]), b);
      expect(Math.max(...truth.map((v, j) => Math.abs(v - x[j]))), `seed ${seed}`).toBeLessThanOrEqual(1e-8);
      expect(Array.from(x).filter((v) => Math.abs(v) > 1e-12).length).toBe(5);
      expect(unique).toBe(true);
      expect(certificate.gap).toBeLessThanOrEqual(1e-9);
    }
    setBackend('wasm');
  });

  test('returns a feasible vector with a dual proof where there is nothing sparse to recover', () => {
    setBackend(name);
    for (let seed = 1; seed <= 20; seed++) {
      const dice = new Dice(seed + 100);
      const A = dice.matrix(12, 30);
      const b = dice.vector(12);
      const { x, certificate } = basisPursuit(A, b);
      const residual = A.map((row, i) => dot(row, x) - b[i]);
      expect(Math.sqrt(dot(residual, residual) / dot(b, b)), `seed ${seed}`).toBeLessThanOrEqual(1e-9);
      expect(Math.abs(certificate.primal - x.reduce((sum, v) => sum + Math.abs(v), 0))).toBeLessThanOrEqual(
        1e-12 * certificate.primal,
      );
      expect(certificate.dual).toBeLessThanOrEqual(certificate.primal * (1 + 1e-12));
      expect(certificate.gap).toBeLessThanOrEqual(1e-9);
      expect(x.filter((v) => v !== 0).length).toBeLessThanOrEqual(12);
    }
    setBackend('wasm');
  });
});

describe('basis pursuit', () => {
  test('throws where the system has no solution', () => {
    for (const [A, b] of [
      [
        [[1], [1]],
        [1, 2],
      ],
      [
        [
          [1, 2],
          [2, 4],
        ],
        [1, 1],
      ],
      [[[0, 0]], [1]],
    ]) {
      expect(() => basisPursuit(A as number[][], b as number[])).toThrow(SpinifexError);
      expect(() => basisPursuit(A as number[][], b as number[])).toThrow(/^b: A x = b has no solution/);
    }
  });

  test('of a zero right-hand side is zero', () => {
    const { x, unique, certificate } = basisPursuit(
      [
        [1, 2, 3],
        [0, 1, 0],
      ],
      [0, 0],
    );
    expect(Array.from(x)).toEqual([0, 0, 0]);
    expect(unique).toBe(true);
    expect(certificate.converged).toBe(true);
  });

  test('leaves exact zeros outside the support that it recovers', () => {
    const dice = new Dice(2);
    const A = dice.matrix(30, 80);
    const b = A.map((row) => 2 * row[3] - row[40]);
    expect(Array.from(basisPursuit(A, b).x.keys()).filter((j) => basisPursuit(A, b).x[j] !== 0)).toEqual([3, 40]);
  });

  test('solves a square system exactly', () => {
    const dice = new Dice(4);
    const A = dice.matrix(6, 6);
    const truth = dice.vector(6);
    const { x } = basisPursuit(
      A,
      A.map((row) => dot(row, truth)),
    );
    expect(Math.max(...truth.map((v, j) => Math.abs(v - x[j])))).toBeLessThanOrEqual(1e-8);
  });

  test('names A and b in its errors', () => {
    expect(() => basisPursuit([[1, Number.NaN]], [1])).toThrow(/A\[0\]\[1\]/);
    expect(() => basisPursuit([[1, 2]], [1, 2])).toThrow(/^b: /);
    expect(() => basisPursuit([[1, 2]], [Number.NaN])).toThrow(/^b\[0\]/);
    expect(() => basisPursuit([[1, 2]], [1], { tol: -1 })).toThrow(/^tol: /);
  });
});
