import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { Random } from '../../src/core/random.ts';
import { CsrMatrix, DenseMatrix, lassoPath } from '../../src/index.ts';
import { stabilitySelection } from '../../src/linear/around/index.ts';
import { Dice, linearData } from '../linear/problems.ts';

const { rows, y, truth } = linearData(new Dice(23), 80, 60, { nonzeros: 5 });
const planted = truth.flatMap((b, j) => (b === 0 ? [] : [j]));

describe('stabilitySelection', () => {
  test('is the share of half-samples, in complementary pairs, that select a column', () => {
    const sampleWeight = y.map((_, i) => (i === 7 ? 0 : 1 + (i % 2)));
    const options = { lambdas: [0.4, 0.2, 0.1], subsamples: 6, seed: 3, sampleWeight, standardize: true };
    const result = stabilitySelection(rows, y, options);
    const order = Int32Array.from(y.keys()).filter((i) => i !== 7);
    const random = new Random(3);
    const counts = new Float64Array(3 * 60);
    let union = 0;
    for (let pair = 0; pair < 3; pair++) {
      random.shuffle(order);
      for (const half of [order.slice(0, 39), order.slice(39, 78)]) {
        const all = { lambdas: options.lambdas, standardize: true, sampleWeight: Array.from(half, (i) => sampleWeight[i]) };
        const path = lassoPath(
          Array.from(half, (i) => rows[i]),
          Array.from(half, (i) => y[i]),
          all,
        );
        const seen = new Set<number>();
        for (const [l, lambda] of path.lambdas.entries()) {
          for (const j of path.at(lambda).support) {
            counts[l * 60 + j]++;
            seen.add(j);
          }
        }
        union += seen.size;
      }
    }
    expect(result.path.data).toEqual(counts.map((count) => count / 6));
    expect([result.path.rows, result.path.cols]).toEqual([3, 60]);
    result.probabilities.forEach((share, j) => {
      expect(share).toBe(Math.max(...[0, 1, 2].map((l) => counts[l * 60 + j] / 6)));
    });
    expect(result.averageSelected).toBeCloseTo(union / 6, 12);
    expect(result.errorBound).toBeCloseTo((union / 6) ** 2 / (0.2 * 60), 12);
  });

  test('finds the planted columns and keeps its bound on false ones', () => {
    for (const perFamilyErrorRate of [0.5, 4]) {
      const { stable, averageSelected, errorBound, probabilities, threshold } = stabilitySelection(rows, y, {
        perFamilyErrorRate,
        threshold: 0.8,
      });
      if (perFamilyErrorRate === 4) expect(Array.from(stable)).toEqual(planted);
      for (const j of stable) expect(planted).toContain(j);
      expect(errorBound).toBeLessThanOrEqual(perFamilyErrorRate);
      expect(averageSelected).toBeLessThanOrEqual(Math.sqrt(perFamilyErrorRate * 0.6 * 60));
      expect(Array.from(stable)).toEqual(rows[0].map((_, j) => j).filter((j) => probabilities[j] >= threshold));
    }
  });

  test('expects on pure noise no more false columns than the bound says', () => {
    let wrong = 0;
    for (let k = 0; k < 20; k++) {
      const dice = new Dice(500 + k);
      const noise = dice.matrix(60, 40);
      wrong += stabilitySelection(noise, dice.vector(60), { perFamilyErrorRate: 1, threshold: 0.75, subsamples: 30 }).stable
        .length;
    }
    expect(wrong / 20).toBeLessThanOrEqual(1);
  });

  test('is given by its seed, in every format', () => {
    const options = { lambda: 0.15, subsamples: 20 };
    const reference = stabilitySelection(rows, y, options);
    expect(stabilitySelection(rows, y, options)).toEqual(reference);
    for (const X of [DenseMatrix.from(rows), CsrMatrix.fromDense(DenseMatrix.from(rows))]) {
      expect(stabilitySelection(X, y, options).probabilities).toEqual(reference.probabilities);
    }
    expect(stabilitySelection(rows, y, { ...options, seed: 1 }).probabilities).not.toEqual(reference.probabilities);
    expect(Array.from(reference.lambdas)).toEqual([0.15]);
  });

  test('does not count columns without penalty, nor those that may not enter', () => {
    const penaltyFactors = rows[0].map((_, j) => (j < 4 ? 0 : j < 8 ? Infinity : 1));
    const { probabilities, averageSelected, errorBound } = stabilitySelection(rows, y, {
      lambda: 10,
      penaltyFactors,
      subsamples: 10,
    });
    expect(Array.from(probabilities)).toEqual(rows[0].map((_, j) => (j < 4 ? 1 : 0)));
    expect([averageSelected, errorBound]).toEqual([0, 0]);
    const low = stabilitySelection(rows, y, { lambda: 0.1, penaltyFactors, subsamples: 10 });
    expect(low.errorBound).toBeCloseTo(low.averageSelected ** 2 / (0.2 * 52), 12);
  });

  test('reports its progress, stops when aborted, and gives memory back', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const steps: number[] = [];
    stabilitySelection(rows, y, { lambda: 0.2, subsamples: 8, onProgress: ({ done, total }) => steps.push(done / total) });
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((k) => k / 8));
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 3 && controller.abort(new Error('enough'));
    expect(() => stabilitySelection(rows, y, { lambda: 0.2, signal: controller.signal, onProgress })).toThrow('enough');
    expect(heap.inUse).toBe(before);
  });

  test.each<[string, () => unknown, string]>([
    [
      'an odd number of half-samples',
      () => stabilitySelection(rows, y, { subsamples: 5 }),
      'subsamples: expected an even number (they come in pairs), got 5',
    ],
    [
      'a threshold of one half',
      () => stabilitySelection(rows, y, { threshold: 0.5 }),
      'threshold: expected a number in (0.5, 1], got 0.5',
    ],
    [
      'an error rate of 0',
      () => stabilitySelection(rows, y, { perFamilyErrorRate: 0 }),
      'perFamilyErrorRate: expected a number > 0, got 0',
    ],
    [
      'lambda and lambdas',
      () => stabilitySelection(rows, y, { lambda: 1, lambdas: [1] }),
      'lambda: expected no lambdas beside it',
    ],
    ['a ridge', () => stabilitySelection(rows, y, { l1Ratio: 0 }), 'l1Ratio: expected a number in (0, 1], got 0'],
    [
      'a single row',
      () => stabilitySelection([[1, 2]], [1]),
      'number of rows: expected at least 2 with a positive weight, got 1',
    ],
    ['an unknown option', () => stabilitySelection(rows, y, { pairs: 5 } as never), 'stabilitySelection: unknown option "pairs"'],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
