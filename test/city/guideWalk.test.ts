import { afterAll, describe, expect, test } from 'vitest';
import type { GuideCheck } from '../../src/city/guideCheck.ts';
import { guideWalk } from '../../src/city/guideWalk.ts';
import { setBackend } from '../../src/index.ts';

afterAll(() => setBackend('wasm'));

const checks = guideWalk();

/** All checks of a place, the library's numbers and the guide's as numbers. */
function at(place: string): (GuideCheck & { ours: number[]; theirs: number[] })[] {
  const found = checks.filter((check) => check.place === place);
  expect(found.length).toBeGreaterThan(0);
  return found.map((check) => ({ ...check, ours: numbersOf(check.computed), theirs: numbersOf(check.guide) }));
}

const numbersOf = (text: string): number[] => (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);

/** Literals of the guide, typed from its text: what the library must compute. */
const printed: Record<string, number[]> = {
  'Table 1': [20, 10, 150, 100, 100, 200],
  'equation 3': [1, (30 - 20) / (100 - 20), 0],
  'equation 5': [0.87, 0.39, 0.24],
  'equation 16': [1.89, 1.29, 0.84],
  'equation 18': [2.0],
  'equation 19': [0.2],
  'equation 20': [-0.1],
  'section 7.2, U': [0.9, 0.2, 0.6, 0.5, 0.3, 0.8],
  'section 7.2, V': [0.8, 0.3, 0.7, 0.4, 0.6, 0.5, 0.9, 0.1, 0.2, 0.9],
  'equation 24': [0.9, 0.2, 0.9, 0.1],
  'equation 25': [0.81, 0.02, 0.83],
  'equation 26': [0.9, 0.2, 0.2, 0.9],
  'equation 27': [0.18, 0.18, 0.36],
  'equation 33': [0.8],
  'equation 34': [0.5],
  'equation 35': [0.6],
  'equation 36': [0.95],
  'equation 37': [1, 1],
  'equation 38': [0.12],
  'equation 39': [0, 0],
  'equation 45': [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
};

/** Where the guide's arithmetic does not follow: its numbers, and what follows instead. */
const corrected: [place: string, which: number, guide: number[], computed: number[]][] = [
  ['Table 2', 0, [1.0, 0.1, 0.5, 0.3, 0.6, 0.4, 0.2, 1.0, 0.3], [1, 0, 1, 0.125, 5 / 9, 0.6, 0, 1, 0]],
  ['equation 6', 0, [1, 0.3, 0.2], [0.87, 0.39, 0.24]],
  ['Table 3', 1, [1.5, 0, 0], [0, 0, 0]],
  ['Table 4', 0, [1.9, 0, 0], [1.9, 0.1, 0]],
  ['equation 21', 0, [1.9, 0, 0], [1.9, 0.1, 0]],
  ['equation 22', 0, [0.9, 0, 0], [0.9, 0.1, 0]],
  ['equation 23', 0, [0.9, 0.8, 0.7, 0.6, 0.7, 0.5, 0.4, 0.5, 0.6], [0.78, 0.71, 0.64, 0.63, 0.62, 0.61, 0.48, 0.53, 0.58]],
  ['section 9.5', 1, [0], [1]],
  ['equation 31', 0, [4.5], []],
  ['section 8.5', 0, [4.5, 1.2, 0.1], []],
  ['equation 30', 0, [0.8, -0.5, -0.1], []],
  ['section 10.4', 0, [10, 8, 3, 1], []],
];

describe('the walk through the guide', () => {
  test('meets every equation from 3 to 47 and every table', () => {
    const places = new Set(checks.map(({ place }) => place));
    const tables = ['Table 1', 'Table 2', 'Table 3', 'Table 4', 'Table 5'];
    const unnumbered = ['section 7.2, U', 'section 7.2, V', 'section 8.5', 'section 9.5', 'section 10.4', 'section 12.4'];
    const equations = Array.from({ length: 45 }, (_, k) => `equation ${k + 3}`);
    expect([...equations, ...tables, ...unnumbered].filter((place) => !places.has(place))).toEqual([]);
  });

  test.each(Object.entries(printed))('%s: the library computes what the guide prints', (place, numbers) => {
    const [check] = at(place);
    expect(check.agrees).toBe(true);
    numbers.forEach((value, k) => {
      expect(check.ours[k]).toBeCloseTo(value, 6);
      expect(check.theirs[k]).toBeCloseTo(value, 6);
    });
  });

  test('Table 3: steps 1 to 3 are those of the soft threshold', () => {
    expect(at('Table 3')[0].ours).toEqual([2.0, 0.2, -0.1, 1.9, 0.1, 0, 1.8, 0, 0, 1.7, 0, 0]);
    expect(at('Table 3')[0].agrees).toBe(true);
    expect(at('Table 3')[1].computed).toBe('[0, 0, 0] after 20 steps');
  });

  test.each(corrected)('%s: both numbers are given where the guide’s do not follow', (place, which, guide, computed) => {
    const check = at(place)[which];
    expect(check.agrees).toBe(false);
    guide.forEach((value, k) => {
      expect(check.theirs[k]).toBe(value);
    });
    computed.forEach((value, k) => {
      expect(check.ours[k]).toBeCloseTo(value, 5);
    });
    expect(check.ours.length).toBeGreaterThan(0);
    expect(check.ours.slice(0, guide.length)).not.toEqual(guide);
  });

  test('equation 9 counts the error n = 3 times', () => {
    const whole = at('equation 8')[0].ours[0];
    // With error E and penalty P: 3 (E + P) - (3 E + P) = 2 P, and 0 < P < E + P.
    const penalty = (3 * whole - at('equation 9')[0].theirs[0]) / 2;
    expect(penalty).toBeGreaterThan(0);
    expect(penalty).toBeLessThan(whole);
    expect(at('equation 9')[0].ours).toEqual(at('equation 8')[0].ours);
  });

  test('the gradient of equation 10 is that of the MSE but for 2/n = 2/3', () => {
    const { theirs, ours } = at('equation 10')[1];
    for (const j of [0, 1, 2]) expect(ours[j] / theirs[j]).toBeCloseTo(2 / 3, 5);
  });

  test('equations 10 and 46, and 12 and 47, are the same', () => {
    expect(at('equation 46')[0].ours).toEqual(at('equation 10')[0].ours);
    expect(at('equation 47')[0].ours).toEqual(at('equation 12')[0].ours);
    // X'(XW - Y) by hand: errors 1.06, 0.70, 0.49 (X W = 1.89, 1.29, 0.84 less 0.83, 0.59, 0.35).
    expect(at('equation 12')[0].ours).toEqual([1.57, 1.583, 1.386]);
  });

  test('no eigenvalue of the guide’s attributes can reach 4.5, and only two are not 0', () => {
    const [first, second, third] = at('section 8.5')[0].ours;
    expect(first + second).toBeLessThan(0.75);
    expect(third).toBe(0);
    const [, , , ...standardized] = at('section 8.5')[0].ours;
    expect(standardized.reduce((sum, value) => sum + value)).toBeCloseTo(3, 5);
  });

  test('gradients of the trained network (equations 43 and 44) are not those of the penalty alone', () => {
    for (const place of ['equation 43', 'equation 44']) {
      const [{ agrees, ours }] = at(place);
      expect(agrees).toBe(true);
      expect(ours).toHaveLength(6);
      expect(ours.filter((g) => Math.abs(Math.abs(g) - 0.01) > 1e-6).length).toBeGreaterThanOrEqual(2);
    }
  });

  test('L1 and spikes leave few of the 12 connections, at full accuracy', () => {
    const { computed } = at('section 10.4')[0];
    const [dense, , denseAccuracy, sparse, active, accuracy] = numbersOf(computed);
    expect([dense, denseAccuracy, accuracy]).toEqual([12, 100, 100]);
    expect(sparse).toBeLessThanOrEqual(4);
    expect(active).toBeLessThanOrEqual(1);
  });

  test('every disagreement has its reason, one sentence, and nothing else has one', () => {
    for (const { place, title, guide, computed, agrees, why } of checks) {
      expect(agrees, `${place}, ${title}: ${guide} | ${computed}`).toBe(why === '');
      if (!agrees) expect(why).toMatch(/^[A-Z][^\n]{20,}[^.]\.$/);
      expect(guide).not.toBe('');
      expect(computed).not.toMatch(/^$|NaN|undefined/);
    }
  });

  test('exactly these places disagree', () => {
    expect(new Set(checks.filter(({ agrees }) => !agrees).map(({ place }) => place))).toEqual(
      new Set([
        'Table 2',
        'equation 6',
        'equation 9',
        'equation 10',
        'Table 3',
        'equation 13',
        'equation 15',
        'Table 4',
        'equation 21',
        'equation 22',
        'equation 23',
        'equation 29',
        'equation 30',
        'equation 31',
        'section 8.5',
        'section 8.6',
        'section 8.7',
        'section 9.5',
        'equation 42',
        'equation 44',
        'section 10.4',
        'section 12.4',
        'Table 5',
      ]),
    );
  });

  test('prints the same numbers on the JavaScript kernels, where no training sums in another order', () => {
    setBackend('js');
    const untrained = ({ place }: GuideCheck) => place !== 'equation 40' && place !== 'section 10.4';
    expect(guideWalk().filter(untrained)).toEqual(checks.filter(untrained));
  });
});
