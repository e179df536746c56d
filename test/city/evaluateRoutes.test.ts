import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../src/city/evaluation.ts';
import { evaluateRoutes } from '../../src/city/routes/evaluateRoutes.ts';
import { gravityFactorization } from '../../src/city/routes/gravityFactorization.ts';
import { routeMetrics } from '../../src/city/routes/routeMetrics.ts';
import { splitEntries } from '../../src/city/routes/splits.ts';
import { syntheticCity } from '../../src/city/synthetic/syntheticCity.ts';
import { newYork, scattered, seenBy, tripMatrix } from './routeSamples.ts';

const OURS = 'gravity x factorisation';
const GRAVITY = 'gravity (doubly constrained Poisson)';
const city = syntheticCity({ zones: 14, seed: 2, coldZones: 0 });
const of = ({ methods }: Evaluation, name: string) => methods.find(({ method }) => method === name)!;

describe('commuters of New York, held out', () => {
  test.each(['entry', 'column'] as const)(
    'by %s: gravity x factorisation has more skill and more in common than every baseline',
    (split) => {
      const evaluation = evaluateRoutes(newYork, { split, seeds: [0, 1] });
      const ours = of(evaluation, OURS);
      expect(evaluation.methods[0]).toBe(ours);
      expect(evaluation.methods).toHaveLength(8);
      for (const other of evaluation.methods) {
        if (other.method === OURS) continue;
        expect(ours.skill.mean, other.method).toBeGreaterThan(other.skill.mean);
        expect(ours.cpc.mean, other.method).toBeGreaterThan(other.cpc.mean);
      }
      expect(ours.skill.mean).toBeGreaterThan(0.15);
      expect(ours.coverage.mean).toBeGreaterThan(0.8);
      expect(ours.coverage.mean).toBeLessThan(0.97);
    },
  );
});

describe('an evaluation', () => {
  const evaluation = evaluateRoutes(city, { seeds: [0, 3] });

  test('holds what metrics say of each seed, and their means and standard errors', () => {
    const { entries, setting } = seenBy(city);
    const runs = [0, 3].map((seed) => {
      const { train, test } = splitEntries(entries, setting, 'entry', 0.2, seed);
      const { value, lower, upper } = gravityFactorization.fit(train, setting, seed).predict(test.row, test.col);
      return { count: test.row.length, ...routeMetrics(test.value, value, { lower: lower!, upper: upper! }) };
    });
    const ours = of(evaluation, OURS);
    for (const name of ['rmse', 'rmsePercent', 'mae', 'wape', 'cpc', 'deviance', 'coverage'] as const) {
      const [a, b] = runs.map((run) => run[name]);
      expect(ours[name].mean).toBeCloseTo((a + b) / 2, 10);
      // Of two numbers, half their difference.
      expect(ours[name].standardError).toBeCloseTo(Math.abs(a - b) / 2, 10);
    }
    expect(evaluation.heldOut).toEqual(runs.map(({ count }) => count));
    for (const { from, to, count } of ours.rmsePercentByVolume) {
      expect(to).toBe(from === 0 ? 10 : 10 * from);
      const counts = runs.flatMap((run) => run.rmsePercentByVolume.filter((c) => c.from === from).map((c) => c.count));
      expect(count).toBe(counts.reduce((a, b) => a + b, 0));
    }
  });

  test('measures skill against gravity, which has none itself, and orders by it', () => {
    const gravity = of(evaluation, GRAVITY);
    expect(gravity.skill).toEqual({ mean: 0, standardError: 0 });
    const skills = evaluation.methods.map(({ skill }) => skill.mean);
    expect(skills).toEqual([...skills].sort((a, b) => b - a));
    const single = evaluateRoutes(city, { seed: 3 });
    const ours = of(single, OURS);
    expect(ours.skill.mean).toBeCloseTo(1 - ours.deviance.mean / of(single, GRAVITY).deviance.mean, 12);
    expect(ours.skill.standardError).toBeNaN();
  });

  test('says which method is ours, what each knows, and that only ours has intervals', () => {
    for (const { method, ours, coverage, knows } of evaluation.methods) {
      expect(ours).toBe(method === OURS);
      expect(Number.isNaN(coverage.mean)).toBe(method !== OURS);
      if (method === 'global mean') expect(knows).toEqual([]);
    }
  });

  test('is the same again', () => {
    expect(evaluateRoutes(city, { seeds: [0, 3] })).toEqual(evaluation);
  });

  test.each(['column', 'row', 'both', 'spatial'] as const)('has finite scores where routes are held out by %s', (split) => {
    const { methods, heldOut } = evaluateRoutes(city, { split, seed: 1, fraction: 0.3 });
    expect(heldOut[0]).toBeGreaterThan(4);
    for (const { rmse, cpc, wape, deviance, skill } of methods) {
      for (const { mean } of [rmse, cpc, wape, deviance, skill]) expect(Number.isFinite(mean)).toBe(true);
      expect(cpc.mean).toBeGreaterThanOrEqual(0);
      expect(cpc.mean).toBeLessThanOrEqual(1);
    }
  });

  test('learns nothing from held-out entries: other values there change no prediction', () => {
    const n = 10;
    const zones = scattered(n, 4);
    const keep = (i: number, j: number) => i !== j && (i + 2 * j) % 7 > 1;
    const { entries, setting } = seenBy({ zones, links: [], trips: tripMatrix(n, (i, j) => 3 * i + j, keep) });
    const { test } = splitEntries(entries, setting, 'entry', 0.2, 0);
    const held = new Set(Array.from(test.row, (i, k) => i * n + test.col[k]));
    const tripled = tripMatrix(n, (i, j) => (held.has(i * n + j) ? 1000 : 3 * i + j), keep);
    const again = seenBy({ zones, links: [], trips: tripled });
    const second = splitEntries(again.entries, again.setting, 'entry', 0.2, 0);
    expect([...second.test.value]).toEqual([...test.value].map(() => 1000));
    const predicted = [entries, again.entries].map((all, k) => {
      const { train } = splitEntries(all, [setting, again.setting][k], 'entry', 0.2, 0);
      return [...gravityFactorization.fit(train, setting, 0).predict(test.row, test.col).value];
    });
    expect(predicted[0]).toEqual(predicted[1]);
  });

  test('is not led astray by zero trips', () => {
    const { methods } = evaluateRoutes({ zones: scattered(9, 1), links: [], trips: tripMatrix(9, () => 0) }, { seed: 0 });
    for (const { skill, rmse } of methods) {
      expect(skill.mean).not.toBeNaN();
      expect(rmse.mean).toBeLessThan(3);
    }
  });
});

describe('a long evaluation', () => {
  test('reports every method and seed once, never more than all', () => {
    const reports: { done: number; total: number; method: string; seed: number }[] = [];
    evaluateRoutes(city, { seeds: [1, 2], onProgress: (report) => reports.push({ ...report }) });
    expect(reports.map(({ done }) => done)).toEqual(reports.map((_, k) => k + 1));
    expect(new Set(reports.map(({ total }) => total))).toEqual(new Set([16]));
    expect(reports).toHaveLength(16);
    expect(new Set(reports.map(({ method, seed }) => `${method} ${seed}`)).size).toBe(16);
  });

  test('stops at a signal', () => {
    const controller = new AbortController();
    let count = 0;
    const stop = new Error('enough');
    const onProgress = () => {
      if (++count === 3) controller.abort(stop);
    };
    expect(() => evaluateRoutes(city, { seed: 0, onProgress, signal: controller.signal })).toThrow(stop);
    expect(count).toBe(3);
  });
});

test.each([
  [{ split: 'diagonal' }, 'split: expected'],
  [{ fraction: 0 }, 'fraction: expected a share between 0 and 1, got 0'],
  [{ fraction: 1 }, 'fraction: expected a share between 0 and 1, got 1'],
  [{ fraction: -1 }, 'fraction: expected a number >= 0, got -1'],
  [{ seeds: [] }, 'seeds: expected a list of at least one seed, got'],
  [{ seeds: [0, 0.5] }, 'seeds[1]: expected an integer >= 0, got 0.5'],
  [{ seed: 1, seeds: [1] }, 'evaluateRoutes: expected either seed or seeds, got both'],
  [{ repeats: 3 }, 'repeats'],
  [{ fraction: 0.01 }, "evaluateRoutes: split 'entry' of"],
])('options that make no sense are refused: %j', (options, message) => {
  expect(() => evaluateRoutes(city, options as never)).toThrow(message);
});

test('a city without trips is refused', () => {
  expect(() => evaluateRoutes({ zones: [{ id: 1 }], links: [] })).toThrow('city.trips: expected trips between zones, got none');
});
