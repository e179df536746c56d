import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  ElasticNet,
  Lasso,
  LassoCV,
  LinearModel,
  type LinearOptions,
  LinearRegression,
  lambdaMax,
  lassoPath,
  Ridge,
  setBackend,
} from '../../src/index.ts';
import { FORMATS, stored } from './formats.ts';
import { column, dot, fitDifference, judge, largestLambda, objective, type Setup, solveLinear } from './oracle.ts';
import { anyTraits, Dice, linearData, plainTraits, setupFrom, type Traits } from './problems.ts';
import { fitOptionsOf, fitted, optionsOf } from './recipes.ts';

/** Fixed, so that a failure in CI is a failure everywhere. */
const SEED = 20240611;
/** For comparisons of two fits of the same problem written in two ways. */
const EXACT: LinearOptions = { tol: 1e-12 };

function check<T>(arbitrary: fc.Arbitrary<T>, numRuns: number, body: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, body), { seed: SEED, numRuns });
}

const plainSetups = plainTraits.map(setupFrom);
const seeds = fc.integer({ min: 1, max: 2 ** 30 });

/** Predictions of a setup's own rows, with its offset. */
function predictions({ rows, offset }: Setup, { coef, intercept }: { coef: ArrayLike<number>; intercept: number }): number[] {
  return rows.map((row, i) => dot(row, coef) + intercept + (offset ? offset[i] : 0));
}

/** Two gaps of 1e-12 leave the fits up to 2e-6 apart; fits that are right to rounding are far closer. */
function expectSamePredictions(setup: Setup, a: ArrayLike<number>, b: ArrayLike<number>): void {
  expect(fitDifference(setup, a, b)).toBeLessThanOrEqual(1e-7);
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  const scale = Math.max(largest(b), 1e-300);
  expect(largest(Array.from(a, (v, j) => v - b[j]))).toBeLessThanOrEqual(tolerance * scale);
}

afterEach(() => setBackend('wasm'));

describe('the certificate', () => {
  /** Centring is implicit, so a mean of m standard deviations costs m^2 roundings. */
  const slackOf = ({ largeMean }: Traits) => (largeMean ? 1e-8 : 1e-11);

  test('holds for problems of every shape: its gap, its KKT residual and its objective are those that the definitions give', () => {
    check(fc.tuple(anyTraits, fc.constantFrom(...FORMATS)), 1500, ([traits, format]) => {
      const setup = setupFrom(traits);
      const slack = slackOf(traits);
      const { coef, intercept, certificate } = fitted(setup, { tol: 1e-7 }, stored(setup.rows, format));
      const own = judge(setup, coef, intercept);
      expect(certificate.status).toBe('converged');
      expect(certificate.converged).toBe(true);
      expect(certificate.gap).toBeGreaterThanOrEqual(-1e-12);
      expect(certificate.gap).toBeLessThanOrEqual(1e-7);
      expect(own.gap).toBeGreaterThanOrEqual(-slack);
      expect(own.gap).toBeLessThanOrEqual(1e-7 + slack);
      expect(own.gap).toBeLessThanOrEqual(Math.max(certificate.gap, 0) + slack);
      expect(own.kkt).toBeLessThanOrEqual(1.001 * certificate.kkt + 1e-9 + own.kktNoise * (traits.largeMean ? 1e3 : 1));
      expect(Math.abs(own.primal - certificate.primal)).toBeLessThanOrEqual(slack * (own.nullLoss || 1));
      expect(own.interceptSlope).toBeLessThanOrEqual(slack);
      expect(own.primal).toBeGreaterThanOrEqual(certificate.dual - slack * (own.nullLoss || 1));
      if (!setup.fitIntercept) expect(intercept).toBe(0);
    });
  });

  const dependent: [string, number[][], number[], object][] = [
    [
      'very different size',
      [
        [-3000, -1e-6, -4e-6],
        [-1000, -4e-6, -2e-6],
        [0, -2e-6, -4e-6],
      ],
      [-2, 3, 2],
      { lambda: 0.1, standardize: true },
    ],
    [
      'very small size',
      [
        [2e-6, 2000, 1e-3, 0, 1000],
        [-2e-6, 1000, 2e-3, 3e6, 1000],
        [-3e-6, 1000, 4e-3, -1e6, 1000],
      ],
      [-2, -2, 1],
      { lambda: 0.5, standardize: true },
    ],
    [
      'ordinary size, with bounds',
      [
        [3, -4, 3, -1, 3],
        [0, 3, 3, 4, 1],
        [-2, -4, -3, 0, 2],
      ],
      [-4, 3, -3],
      { lambda: 0.1, lower: [-0.5, -0.5, -0.25, -0.5, -0.25], upper: [0.5, 0.5, 0.5, 0.5, 0] },
    ],
    [
      'a mean of 100, without penalty',
      [
        [100, 98],
        [101, 103],
      ],
      [-1, -3],
      { lambda: 1, penaltyFactors: [0, 0] },
    ],
    [
      'a mean of 1000, without penalty',
      [
        [999, 1000],
        [1000, 1001],
      ],
      [-1, 3],
      { lambda: 1, penaltyFactors: [0, 0] },
    ],
  ];

  test.each(dependent)('holds for columns that depend on each other and have %s', (_, rows, y, options) => {
    for (const format of FORMATS) {
      const { coef, intercept, certificate } = new Lasso({ lambda: 0, tol: 1e-8, ...options }).fit(stored(rows, format), y);
      const own = judge({ rows, y, lambda: 0, l1Ratio: 1, fitIntercept: true, standardize: false, ...options }, coef, intercept);
      expect(own.gap).toBeLessThanOrEqual(2e-8);
      expect(certificate.converged).toBe(true);
      expect(certificate.gap).toBeLessThanOrEqual(1e-8);
    }
  });

  test('holds for many small problems with columns of very different size, and with bounds', () => {
    check(fc.tuple(seeds, fc.boolean()), 3000, ([seed, boxed]) => {
      const dice = new Dice(seed);
      const [n, p] = [2 + dice.integer(4), 2 + dice.integer(7)];
      const scale = dice.vector(p, () => (boxed ? 1 : [1e-6, 1e-3, 1, 1e3, 1e6][dice.integer(5)]));
      const rows = Array.from({ length: n }, () => scale.map((c) => (dice.integer(9) - 4) * c));
      const y = dice.vector(n, () => dice.integer(9) - 4);
      const bound = () => dice.vector(p, () => dice.integer(3) / 4);
      const setup: Setup = {
        rows,
        y,
        lambda: [0.5, 0.1, 0.01][dice.integer(3)],
        l1Ratio: 1,
        fitIntercept: true,
        standardize: !boxed,
        ...(boxed ? { lower: bound().map((b) => -b), upper: bound() } : {}),
      };
      const { coef, intercept, certificate } = fitted(setup, { tol: 1e-8 });
      expect(judge(setup, coef, intercept).gap).toBeLessThanOrEqual(2e-8);
      expect(certificate.converged).toBe(true);
    });
  });

  test('holds for columns whose mean is a million times their spread', () => {
    check(plainSetups, 100, (setup) => {
      const shifted = { ...setup, fitIntercept: true, rows: setup.rows.map((row) => row.map((v, j) => (j % 2 ? v : v + 1e6))) };
      const { coef, intercept, certificate } = fitted(shifted, { tol: 1e-6 });
      const own = judge(shifted, coef, intercept);
      expect(certificate.gap).toBeLessThanOrEqual(1e-6);
      expect(own.gap).toBeLessThanOrEqual(2e-6);
      expect(Math.abs(own.primal - certificate.primal)).toBeLessThanOrEqual(1e-6 * own.nullLoss);
    });
  });

  test('is met by the bounds and by infinite factors, always', () => {
    check(anyTraits, 300, (traits) => {
      const setup = setupFrom(traits);
      const { coef, support } = fitted(setup);
      expect(Array.from(support)).toEqual(Array.from(coef.keys()).filter((j) => coef[j] !== 0));
      coef.forEach((b, j) => {
        if (setup.positive) expect(b).toBeGreaterThanOrEqual(0);
        if (setup.lower) expect(b).toBeGreaterThanOrEqual(setup.lower[j]);
        if (setup.upper) expect(b).toBeLessThanOrEqual(setup.upper[j]);
        if (setup.penaltyFactors?.[j] === Infinity) expect(b).toBe(0);
      });
    });
  });

  test('is not converged when epochs run out, and still tells the truth', () => {
    check(plainSetups, 60, (setup) => {
      const { coef, intercept, certificate } = fitted(setup, { tol: 1e-14, maxEpochs: 1, solver: 'cd' });
      const { primal, nullLoss } = judge(setup, coef, intercept);
      const best = fitted(setup, EXACT).certificate.primal;
      expect(Math.abs(certificate.primal - primal)).toBeLessThanOrEqual(1e-11 * nullLoss);
      expect(certificate.dual).toBeLessThanOrEqual(best + 1e-11 * nullLoss);
      expect(Math.abs(certificate.gap * nullLoss - (primal - certificate.dual))).toBeLessThanOrEqual(1e-11 * nullLoss);
      expect(certificate.converged).toBe(certificate.gap <= 1e-14);
      expect(certificate.status === 'converged').toBe(certificate.converged);
    });
  });

  test('says that the coefficients are the only solution wherever the columns are independent', () => {
    const { unique } = new Lasso({ lambda: 0.25, fitIntercept: false, tol: 1e-10 }).fit(
      [
        [-1, 0],
        [-1, -1],
      ],
      [0, -1],
    ).certificate;
    expect(unique).toBe(true);
    check(seeds, 1000, (seed) => {
      const dice = new Dice(seed);
      const n = 2 + dice.integer(3);
      const lower = Array.from({ length: n }, (_, i) =>
        Array.from({ length: 1 + (seed % n) }, (_, j) => (i === j ? 1 : i > j ? dice.integer(5) - 2 : 0)),
      );
      const y = dice.vector(n, () => dice.integer(9) - 4);
      const lambda = [0.1, 0.25, 0.5, 1][dice.integer(4)];
      expect(new Lasso({ lambda, fitIntercept: false, tol: 1e-10 }).fit(lower, y).certificate.unique).toBe(true);
    });
  });

  test('says that the coefficients are the only solution for generic data, and that they are not when equal columns share weight', () => {
    check(seeds, 60, (seed) => {
      const dice = new Dice(seed);
      const { rows, y, truth } = linearData(dice, 20, 8 + dice.integer(30));
      const lambda = 0.2 * lambdaMax(rows, y);
      expect(new Lasso({ lambda, ...EXACT }).fit(rows, y).certificate.unique).toBe(true);
      const strong = truth.findIndex((b) => b !== 0);
      const twice = rows.map((row) => [...row, row[strong]]);
      const model = new Lasso({ lambda: 0.1 * lambda, ...EXACT }).fit(twice, y);
      expect(model.coef[strong] + model.coef[row(twice)]).not.toBe(0);
      expect(model.certificate.unique).toBe(false);
      expect(new ElasticNet({ lambda, l1Ratio: 0.5, ...EXACT }).fit(twice, y).certificate.unique).toBe(true);
    });
    function row(of: number[][]): number {
      return of[0].length - 1;
    }
  });
});

describe('lambda max', () => {
  test('is what the definition gives', () => {
    check(anyTraits, 400, (traits) => {
      const bounds = traits.factors === 'free' ? 'none' : traits.bounds;
      const setup = setupFrom({ ...traits, bounds, l1Ratio: traits.l1Ratio || 1, largeMean: false });
      const expected = largestLambda(setup);
      const found = lambdaMax(setup.rows, setup.y, { l1Ratio: setup.l1Ratio, ...optionsOf(setup), ...fitOptionsOf(setup) });
      const usual = largestLambda({ ...setup, penaltyFactors: undefined, positive: false, lower: undefined, upper: undefined });
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-11 * Math.max(expected, usual));
    });
  });

  test('is 0 where nothing can enter, and the path is then the null model', () => {
    const rows = [[1], [2], [4]];
    expect(lambdaMax(rows, [3, 2, 1], { positive: true })).toBe(0);
    expect(lambdaMax(rows, [5, 5, 5])).toBe(0);
    const path = lassoPath(rows, [3, 2, 1], { positive: true });
    expect(Array.from(path.lambdas)).toEqual([0]);
    expect(path.points[0].df).toBe(0);
    expect(path.points[0].certificate.converged).toBe(true);
    expect(path.intercepts[0]).toBe(2);
  });

  test('leaves every penalised coefficient at zero, and lets exactly one enter just below', () => {
    check(plainTraits, 300, (traits) => {
      const setup = setupFrom({ ...traits, density: 1, l1Ratio: traits.l1Ratio || 1 });
      const options = { l1Ratio: setup.l1Ratio, ...optionsOf(setup), ...fitOptionsOf(setup) };
      const most = lambdaMax(setup.rows, setup.y, options);
      const usual = largestLambda({ ...setup, penaltyFactors: undefined, positive: false, lower: undefined, upper: undefined });
      if (!(most > 1e-9 * usual)) return;
      const penalised = (lambda: number) =>
        Array.from(fitted({ ...setup, lambda }, { tol: 0 }).support).filter((j) => setup.penaltyFactors?.[j] !== 0);
      expect(penalised(most)).toEqual([]);
      expect(penalised(1.5 * most)).toEqual([]);
      expect(penalised((1 - 1e-5) * most).length).toBe(1);
    });
  });
});

describe('sample weights', () => {
  test('of k equal k copies of a row, and of 0 equal no row', () => {
    check(plainSetups, 150, (setup) => {
      const dice = new Dice(setup.rows.length + Math.round(1e6 * Math.abs(setup.rows[0][0])));
      const counts = setup.rows.map(() => dice.integer(4));
      counts[0] = 1;
      const repeat = <T>(values: readonly T[]) => values.flatMap((value, i) => new Array<T>(counts[i]).fill(value));
      const weighted = { ...setup, sampleWeight: counts };
      const copied = {
        ...setup,
        rows: repeat(setup.rows),
        y: repeat(setup.y),
        sampleWeight: undefined,
        offset: setup.offset && repeat(setup.offset),
      };
      const a = fitted(weighted, EXACT);
      const b = fitted(copied, EXACT);
      expectSamePredictions(copied, predictions(copied, a), predictions(copied, b));
      expect(Math.abs(a.certificate.primal - b.certificate.primal)).toBeLessThanOrEqual(
        1e-11 * (judge(copied, b.coef, b.intercept).nullLoss || 1),
      );
    });
  });

  test('only matter in proportion', () => {
    check(plainSetups, 100, (setup) => {
      const weights = setup.sampleWeight ?? setup.y.map((_, i) => 1 + (i % 3));
      const a = fitted({ ...setup, sampleWeight: weights }, EXACT);
      const b = fitted({ ...setup, sampleWeight: weights.map((w) => 1e9 * w) }, EXACT);
      expectSamePredictions(setup, predictions(setup, a), predictions(setup, b));
    });
  });
});

describe('the same problem in other words gives the same fit', () => {
  test('the elastic net is the lasso on augmented data', () => {
    check(fc.tuple(plainSetups, fc.constantFrom(0.9, 0.5, 0.1)), 150, ([setup, l1Ratio]) => {
      const plain: Setup = {
        ...setup,
        l1Ratio,
        fitIntercept: false,
        standardize: false,
        sampleWeight: undefined,
        penaltyFactors: undefined,
      };
      const { rows, y, lambda, offset } = plain;
      const [n, p] = [rows.length, rows[0].length];
      const root = Math.sqrt(n * lambda * (1 - l1Ratio));
      const augmented: Setup = {
        ...plain,
        l1Ratio: 1,
        offset: undefined,
        rows: [...rows, ...Array.from({ length: p }, (_, j) => Array.from({ length: p }, (_, k) => (j === k ? root : 0)))],
        y: [...y.map((v, i) => v - (offset ? offset[i] : 0)), ...new Array<number>(p).fill(0)],
        lambda: (lambda * l1Ratio * n) / (n + p),
      };
      const a = fitted(plain, EXACT);
      const b = fitted(augmented, EXACT);
      expectSamePredictions(plain, predictions(plain, a), predictions(plain, b));
      expectClose(a.coef, b.coef, 1e-6);
    });
  });

  test('rows in another order', () => {
    check(plainSetups, 100, (setup) => {
      const order = new Dice(setup.rows.length).permutation(setup.rows.length);
      const by = <T>(values: readonly T[]) => order.map((i) => values[i]);
      const other = {
        ...setup,
        rows: by(setup.rows),
        y: by(setup.y),
        sampleWeight: setup.sampleWeight && by(setup.sampleWeight),
        offset: setup.offset && by(setup.offset),
      };
      expectSamePredictions(setup, predictions(setup, fitted(setup, EXACT)), predictions(setup, fitted(other, EXACT)));
    });
  });

  test('columns in another order', () => {
    check(plainSetups, 100, (setup) => {
      const order = new Dice(setup.rows.length).permutation(setup.rows[0].length);
      const by = <T>(values: readonly T[]) => order.map((j) => values[j]);
      const other = {
        ...setup,
        rows: setup.rows.map(by),
        penaltyFactors: setup.penaltyFactors && by(setup.penaltyFactors),
        lower: setup.lower && by(setup.lower),
        upper: setup.upper && by(setup.upper),
      };
      const a = fitted(setup, EXACT);
      const b = fitted(other, EXACT);
      expectSamePredictions(setup, predictions(setup, a), predictions(other, b));
    });
  });

  test('columns in other units, under standardisation', () => {
    check(plainSetups, 100, (setup) => {
      const scale = setup.rows[0].map((_, j) => 10 ** ((j % 7) - 3));
      const standard = { ...setup, standardize: true };
      const other = {
        ...standard,
        rows: setup.rows.map((row) => row.map((v, j) => v * scale[j])),
        lower: setup.lower?.map((b, j) => b / scale[j]),
        upper: setup.upper?.map((b, j) => b / scale[j]),
      };
      expectSamePredictions(standard, predictions(standard, fitted(standard, EXACT)), predictions(other, fitted(other, EXACT)));
    });
  });

  test('columns in other units, with factors that follow them', () => {
    check(plainSetups, 100, (setup) => {
      const scale = setup.rows[0].map((_, j) => 10 ** ((j % 7) - 3));
      const lasso = { ...setup, l1Ratio: 1, standardize: false };
      const other = {
        ...lasso,
        rows: setup.rows.map((row) => row.map((v, j) => v * scale[j])),
        penaltyFactors: scale.map((c, j) => c * (setup.penaltyFactors ? setup.penaltyFactors[j] : 1)),
        lower: setup.lower?.map((b, j) => b / scale[j]),
        upper: setup.upper?.map((b, j) => b / scale[j]),
      };
      expectSamePredictions(lasso, predictions(lasso, fitted(lasso, EXACT)), predictions(other, fitted(other, EXACT)));
    });
  });

  test('columns with the other sign', () => {
    check(plainSetups, 100, (setup) => {
      const sign = setup.rows[0].map((_, j) => (j % 2 ? -1 : 1));
      const p = sign.length;
      const lower = setup.lower ?? new Array<number>(p).fill(setup.positive ? 0 : -Infinity);
      const upper = setup.upper ?? new Array<number>(p).fill(Infinity);
      const other = {
        ...setup,
        positive: false,
        rows: setup.rows.map((row) => row.map((v, j) => v * sign[j])),
        lower: lower.map((b, j) => (sign[j] > 0 ? b : -upper[j])),
        upper: upper.map((b, j) => (sign[j] > 0 ? b : -lower[j])),
      };
      const a = fitted(setup, EXACT);
      expectSamePredictions(setup, predictions(setup, a), predictions(other, fitted(other, EXACT)));
    });
  });

  test('y in other units', () => {
    check(fc.tuple(plainSetups, fc.constantFrom(1e-6, -1, 1e6)), 150, ([setup, c]) => {
      // lambda rho |c b| and lambda (1 - rho) (c b)^2 / 2 must grow like the loss, by c^2.
      const l1 = Math.abs(c) * setup.lambda * setup.l1Ratio;
      const lambda = l1 + setup.lambda * (1 - setup.l1Ratio);
      const scaled = (bounds: readonly number[] | undefined) => bounds?.map((b) => b * Math.abs(c));
      const free = { ...setup, positive: false };
      const other = {
        ...free,
        y: free.y.map((v) => c * v),
        offset: free.offset?.map((v) => c * v),
        lambda,
        l1Ratio: l1 / lambda,
        lower: scaled(c > 0 ? free.lower : free.upper?.map((b) => -b)),
        upper: scaled(c > 0 ? free.upper : free.lower?.map((b) => -b)),
      };
      const a = fitted(free, EXACT);
      const b = predictions(other, fitted(other, EXACT)).map((f) => f / c);
      expectSamePredictions(free, predictions(free, a), b);
    });
  });

  test('y and columns shifted, with an intercept', () => {
    check(plainSetups, 100, (setup) => {
      const plain = { ...setup, fitIntercept: true };
      const shift = setup.rows[0].map((_, j) => (j % 5) - 2);
      const other = { ...plain, rows: plain.rows.map((row) => row.map((v, j) => v + shift[j])), y: plain.y.map((v) => v + 10) };
      const a = fitted(plain, EXACT);
      const b = fitted(other, EXACT);
      expectSamePredictions(
        plain,
        predictions(plain, a).map((f) => f + 10),
        predictions(other, b),
      );
    });
  });

  test('an offset, or y without it', () => {
    check(plainSetups, 100, (setup) => {
      const offset = setup.offset ?? setup.y.map((_, i) => (i % 4) - 1.5);
      const a = fitted({ ...setup, offset }, EXACT);
      const b = fitted({ ...setup, offset: undefined, y: setup.y.map((v, i) => v - offset[i]) }, EXACT);
      expectClose(a.coef, b.coef, 1e-9);
      const plain = { ...setup, offset: undefined };
      expectSamePredictions(plain, predictions(plain, a), predictions(plain, b));
    });
  });

  test('infinite bounds, or none', () => {
    check(plainSetups, 100, (setup) => {
      const { lower: _, upper: __, ...free } = { ...setup, positive: false };
      const a = fitted(free, EXACT);
      const b = fitted(free, { ...EXACT, lower: -Infinity, upper: Infinity });
      expectSamePredictions(setup, predictions(setup, a), predictions(setup, b));
      expectClose(b.coef, a.coef, 1e-7);
    });
  });

  test('positive, or a lower bound of zero', () => {
    check(plainSetups, 60, (setup) => {
      const a = fitted({ ...setup, lower: undefined, positive: true }, EXACT);
      const b = fitted({ ...setup, lower: undefined, positive: false }, { ...EXACT, lower: 0 });
      expect(b.coef).toEqual(a.coef);
    });
  });

  test('dense or sparse, row by row or column by column', () => {
    check(plainSetups, 150, (setup) => {
      const [a, ...others] = FORMATS.map((format) => fitted(setup, EXACT, stored(setup.rows, format)));
      for (const b of others) {
        expectSamePredictions(setup, predictions(setup, a), predictions(setup, b));
        expectClose(b.coef, a.coef, 1e-7);
      }
    });
  });

  test('64-bit or 32-bit values', () => {
    check(fc.tuple(plainSetups, fc.constantFrom(...FORMATS)), 150, ([setup, format]) => {
      const single = fitted(setup, EXACT, stored(setup.rows, format, Float32Array));
      const rounded = { ...setup, rows: setup.rows.map((row) => row.map(Math.fround)) };
      // The same numbers: the same fit. Numbers that differ in the 24th bit: a fit within 1e-4.
      expectSamePredictions(setup, predictions(rounded, single), predictions(rounded, fitted(rounded, EXACT)));
      expect(fitDifference(setup, predictions(setup, single), predictions(setup, fitted(setup, EXACT)))).toBeLessThanOrEqual(
        1e-4,
      );
    });
  });

  test('on the wasm and on the js backend, within 1e-9', () => {
    check(fc.tuple(plainSetups, fc.constantFrom(...FORMATS)), 250, ([setup, format]) => {
      const [a, b] = (['wasm', 'js'] as const).map((name) => {
        setBackend(name);
        return fitted(setup, EXACT, stored(setup.rows, format));
      });
      expectClose(b.coef, a.coef, 1e-9);
      expect(Math.abs(a.intercept - b.intercept)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a.intercept)));
      expect(Array.from(b.support)).toEqual(Array.from(a.support));
    });
  });
});

describe('penalty factors', () => {
  test('of 0 leave a column free: the residual is orthogonal to it', () => {
    check(plainTraits, 150, (traits) => {
      const setup = setupFrom({ ...traits, factors: 'free', bounds: 'none' });
      const model = fitted(setup, EXACT);
      const weights = setup.sampleWeight ?? setup.y.map(() => 1);
      const residual = predictions(setup, model).map((f, i) => weights[i] * (setup.y[i] - f));
      const size = Math.sqrt(
        dot(
          weights,
          setup.y.map((v) => v * v),
        ),
      );
      setup.penaltyFactors!.forEach((factor, j) => {
        const x = column(setup.rows, j);
        if (factor === 0)
          expect(Math.abs(dot(x, residual))).toBeLessThanOrEqual(
            1e-9 *
              size *
              Math.sqrt(
                dot(
                  weights,
                  x.map((v) => v * v),
                ),
              ),
          );
      });
    });
  });

  test('of Infinity keep a column out, as if it were not there', () => {
    check(plainTraits, 150, (traits) => {
      const setup = setupFrom({ ...traits, factors: 'infinite' });
      const kept = Array.from(setup.penaltyFactors!.keys()).filter((j) => setup.penaltyFactors![j] < Infinity);
      if (kept.length === 0) return;
      const by = <T>(values: readonly T[]) => kept.map((j) => values[j]);
      const rest = {
        ...setup,
        rows: setup.rows.map(by),
        penaltyFactors: by(setup.penaltyFactors!),
        lower: setup.lower && by(setup.lower),
        upper: setup.upper && by(setup.upper),
      };
      const a = fitted(setup, EXACT);
      expectSamePredictions(setup, predictions(setup, a), predictions(rest, fitted(rest, EXACT)));
      expect(Array.from(a.support).filter((j) => setup.penaltyFactors![j] === Infinity)).toEqual([]);
    });
  });

  test('of 1 are none, and all doubled are twice the lambda', () => {
    check(plainSetups, 60, (setup) => {
      const plain = { ...setup, penaltyFactors: undefined };
      const ones = setup.rows[0].map(() => 1);
      expect(fitted({ ...plain, penaltyFactors: ones }, EXACT).coef).toEqual(fitted(plain, EXACT).coef);
      const a = fitted({ ...plain, lambda: 2 * plain.lambda }, EXACT);
      const b = fitted({ ...plain, penaltyFactors: ones.map(() => 2) }, EXACT);
      expectSamePredictions(plain, predictions(plain, a), predictions(plain, b));
    });
  });
});

describe('LinearRegression', () => {
  test('solves the normal equations', () => {
    check(
      fc.tuple(seeds, fc.integer({ min: 1, max: 12 }), fc.boolean(), fc.boolean()),
      100,
      ([seed, p, fitIntercept, weighted]) => {
        const dice = new Dice(seed);
        const { rows, y } = linearData(dice, p + 8, p);
        const weights = y.map(() => (weighted ? 0.2 + dice.unit() : 1));
        const design = rows.map((row) => (fitIntercept ? [...row, 1] : row));
        const width = design[0].length;
        const at = (j: number) => column(design, j).map((v, i) => v * weights[i]);
        const gram = Array.from({ length: width }, (_, j) =>
          Array.from({ length: width }, (_, k) => dot(at(j), column(design, k))),
        );
        const b = solveLinear(
          gram,
          Array.from({ length: width }, (_, j) => dot(at(j), y)),
        );
        const model = new LinearRegression({ fitIntercept, ...EXACT }).fit(rows, y, weighted ? { sampleWeight: weights } : {});
        expectClose(model.coef, b.slice(0, p), 1e-9);
        expect(Math.abs(model.intercept - (fitIntercept ? b[p] : 0))).toBeLessThanOrEqual(1e-9 * Math.max(1, largest(b)));
        expect(model.certificate.unique).toBe(true);
        expect(model.certificate.converged).toBe(true);
      },
    );
  });

  test('gives dependent columns coefficient 0 and says that the solution is not unique', () => {
    const { rows, y } = linearData(new Dice(3), 12, 3);
    const model = new LinearRegression().fit(
      rows.map(([a, b, c]) => [a, b, c, a + b]),
      y,
    );
    expect(model.certificate.unique).toBe(false);
    expect(model.coef.filter((b) => b === 0).length).toBe(1);
    const plain = new LinearRegression().fit(rows, y);
    expectClose(model.predict(rows.map(([a, b, c]) => [a, b, c, a + b])), plain.predict(rows), 1e-9);
  });

  test('is certified when integer columns far from zero depend on each other', () => {
    check(fc.tuple(seeds, fc.constantFrom(0, 100, 1000)), 1000, ([seed, mean]) => {
      const dice = new Dice(seed);
      const [n, p] = [2 + dice.integer(3), 1 + dice.integer(6)];
      const rows = Array.from({ length: n }, () => dice.vector(p, () => mean + dice.integer(7) - 3));
      const y = dice.vector(n, () => dice.integer(7) - 3);
      const { coef, intercept, certificate } = new LinearRegression().fit(rows, y);
      expect(certificate.converged).toBe(true);
      const own = judge({ rows, y, lambda: 0, l1Ratio: 1, fitIntercept: true, standardize: false }, coef, intercept);
      expect(own.gap).toBeLessThanOrEqual(1e-6);
    });
  });

  test('reproduces y when there are as many columns as rows, or more', () => {
    check(fc.tuple(seeds, fc.constantFrom(6, 15), fc.constantFrom(0, 100)), 60, ([seed, p, mean]) => {
      const { rows: centred, y } = linearData(new Dice(seed), 6, p);
      const rows = centred.map((row) => row.map((v) => v + mean));
      const model = new LinearRegression().fit(rows, y);
      expect(model.certificate.converged).toBe(true);
      expectClose(model.predict(rows), y, 1e-8);
      expect(model.certificate.unique).toBe(false);
      expect(model.score(rows, y)).toBeCloseTo(1, 12);
    });
  });
});

describe('Ridge', () => {
  test.each([
    [6, 20],
    [20, 6],
    [9, 9],
    [1, 3],
  ])('of %i rows and %i columns is the closed form', (n, p) => {
    check(fc.tuple(seeds, fc.boolean()), 40, ([seed, fitIntercept]) => {
      const dice = new Dice(seed);
      const { rows, y } = linearData(dice, n, p);
      const lambda = 0.01 + dice.unit();
      const mean = (v: number[]) => (fitIntercept ? v.reduce((a, b) => a + b, 0) / n : 0);
      const means = Array.from({ length: p }, (_, j) => mean(column(rows, j)));
      const Z = rows.map((row) => row.map((v, j) => v - means[j]));
      const normal = means.map((_, j) => means.map((_, k) => dot(column(Z, j), column(Z, k)) / n + (j === k ? lambda : 0)));
      const b = solveLinear(
        normal,
        means.map(
          (_, j) =>
            dot(
              column(Z, j),
              y.map((v) => v - mean(y)),
            ) / n,
        ),
      );
      for (const format of FORMATS) {
        const model = new Ridge({ lambda, fitIntercept, ...EXACT }).fit(stored(rows, format), y);
        expect(largest(Array.from(model.coef, (v, j) => v - b[j]))).toBeLessThanOrEqual(1e-9 * Math.max(1, largest(b)));
        expect(model.certificate.converged).toBe(true);
        expect(model.certificate.unique ?? true).toBe(true);
      }
    });
  });
});

describe('a path', () => {
  const options = (setup: Setup) => ({ l1Ratio: setup.l1Ratio, ...optionsOf(setup), ...fitOptionsOf(setup), tol: 1e-10 });
  const smallSetups = plainTraits.map((traits) => setupFrom({ ...traits, l1Ratio: traits.l1Ratio || 1 }));

  test('holds at every point the single fit at that lambda, certified', () => {
    check(smallSetups, 60, (setup) => {
      const path = lassoPath(setup.rows, setup.y, { ...options(setup), nLambdas: 12, lambdaMinRatio: 0.01 });
      path.points.forEach(({ lambda, df, certificate, devianceRatio }, k) => {
        const at = { ...setup, lambda };
        const { coef, intercept } = path.at(lambda);
        expect(path.lambdas[k]).toBe(lambda);
        expect(df).toBe(coef.filter((b) => b !== 0).length);
        expect(certificate.gap).toBeLessThanOrEqual(1e-10);
        const own = judge(at, coef, intercept);
        expect(own.gap).toBeLessThanOrEqual(1e-10 + 1e-11);
        const single = fitted(at, EXACT);
        // Gaps of 1e-10 and 1e-12 leave the fits 1.1e-5 apart.
        expect(fitDifference(at, predictions(at, single), predictions(at, { coef, intercept }))).toBeLessThanOrEqual(1.1e-5);
        const loss = objective({ ...at, lambda: 0 }, coef, intercept);
        if (own.nullLoss > 1e-12) expect(Math.abs(devianceRatio - (1 - loss / own.nullLoss))).toBeLessThanOrEqual(1e-9);
      });
    });
  });

  test('gives on its grid the fit itself, and between two points an interpolation whose certificate is true', () => {
    check(fc.tuple(smallSetups, seeds), 80, ([setup, seed]) => {
      const dice = new Dice(seed);
      const path = lassoPath(setup.rows, setup.y, { ...options(setup), nLambdas: 8, lambdaMinRatio: 0.05 });
      if (path.lambdas.length === 1) return;
      const k = dice.integer(8);
      const own = path.at(path.lambdas[k]);
      expect(own.certificate).toEqual(path.points[k].certificate);
      expect(own.intercept).toBe(path.intercepts[k]);
      const start = path.coefs.indptr[k];
      own.support.forEach((j, e) => {
        expect(path.coefs.indices[start + e]).toBe(j);
        expect(own.coef[j]).toBe(path.coefs.data[start + e]);
      });
      for (const lambda of [path.lambdas[0] * 1.3, path.lambdas[3] * 0.95, path.lambdas[6] * 0.999, path.lambdas[7] * 0.5]) {
        const between = path.at(lambda);
        const at = { ...setup, lambda };
        const { nullLoss } = judge(at, between.coef, between.intercept);
        const slack = 1e-11 * nullLoss;
        const { primal, dual, gap } = between.certificate;
        const best = fitted(at, EXACT).certificate;
        expect(objective(at, between.coef, between.intercept)).toBeLessThanOrEqual(primal + slack);
        expect(dual).toBeLessThanOrEqual(best.primal + slack);
        expect(Math.abs(gap * nullLoss - (primal - dual))).toBeLessThanOrEqual(slack);
        expect(between.certificate.converged).toBe(gap <= between.certificate.tol);
        expect(Array.from(path.predict(setup.rows, lambda))).toEqual(Array.from(between.predict(setup.rows)));
      }
    });
  });

  test('gives the exact fit between two points when it is given the data', () => {
    check(smallSetups, 30, (setup) => {
      const path = lassoPath(setup.rows, setup.y, { ...options(setup), nLambdas: 5 });
      if (path.lambdas.length === 1) return;
      const lambda = 0.9 * path.lambdas[2];
      const exact = path.at(lambda, { X: setup.rows, y: setup.y, ...fitOptionsOf(setup) });
      expect(judge({ ...setup, lambda }, exact.coef, exact.intercept).gap).toBeLessThanOrEqual(1e-10 + 1e-11);
      expect(exact.certificate.kkt).not.toBeNaN();
    });
  });

  test('sorts the lambdas that it is given, and computes every one of them', () => {
    const { rows, y } = linearData(new Dice(5), 20, 6);
    const lambdas = [0.01, 10, 0.3, 0];
    const path = lassoPath(rows, y, { lambdas });
    expect(Array.from(path.lambdas)).toEqual([10, 0.3, 0.01, 0]);
    expect(lambdas).toEqual([0.01, 10, 0.3, 0]);
    expect(path.points.length).toBe(4);
    expect(path.points[0].df).toBe(0);
    expect(path.coefs.rows).toBe(6);
    expect(path.coefs.cols).toBe(4);
    expect(path.points.every(({ certificate }) => certificate.converged)).toBe(true);
  });
});

describe('cross-validation', () => {
  const setups = plainTraits.map((traits) => {
    const { penaltyFactors: _, ...setup } = setupFrom({
      ...traits,
      n: 24,
      l1Ratio: 1,
      factors: 'none',
      weights: traits.weights === 'none' ? 'none' : 'positive',
    });
    return setup;
  });

  test('is the same every time for the same seed, and draws other folds for another', () => {
    check(setups, 5, (setup) => {
      const learn = (seed: number) =>
        new LassoCV({ ...optionsOf(setup), folds: 4, nLambdas: 10, seed }).fit(setup.rows, setup.y, fitOptionsOf(setup));
      const [a, b, c] = [learn(1), learn(1), learn(2)];
      expect(b.mean).toEqual(a.mean);
      expect(b.standardError).toEqual(a.standardError);
      expect(b.model.coef).toEqual(a.model.coef);
      expect(c.fold).not.toEqual(a.fold);
      const labels = Array.from(a.fold, (f) => 100 - 7 * f);
      const d = new LassoCV({ ...optionsOf(setup), foldIds: labels, nLambdas: 10 }).fit(setup.rows, setup.y, fitOptionsOf(setup));
      expectClose(d.mean, a.mean, 1e-12);
      expect(d.lambda1se).toBeGreaterThanOrEqual(d.lambdaMin);
    });
  });

  test('is what fitting by hand on the rows of each fold gives', () => {
    check(fc.tuple(setups, fc.constantFrom('min' as const, '1se' as const)), 25, ([setup, rule]) => {
      const { rows, y, sampleWeight, offset } = setup;
      const found = new LassoCV({
        ...optionsOf(setup),
        folds: 5,
        nLambdas: 15,
        lambdaMinRatio: 0.01,
        rule,
        tol: 1e-11,
        foldTol: 1e-11,
        seed: 7,
      }).fit(rows, y, fitOptionsOf(setup));
      const { lambdas } = found.path;
      const weights = sampleWeight ?? y.map(() => 1);
      const errors = Array.from({ length: 5 }, (_, fold) => {
        const train = Array.from(y.keys()).filter((i) => found.fold[i] !== fold);
        const test = Array.from(y.keys()).filter((i) => found.fold[i] === fold);
        const of = <T>(values: readonly T[], which: number[]) => which.map((i) => values[i]);
        const path = lassoPath(of(rows, train), of(y, train), {
          ...optionsOf(setup),
          lambdas,
          tol: 1e-11,
          ...(sampleWeight ? { sampleWeight: of(sampleWeight, train) } : {}),
          ...(offset ? { offset: of(offset, train) } : {}),
        });
        const held = test.reduce((sum, i) => sum + weights[i], 0);
        const error = Array.from(lambdas, (lambda) => {
          const { coef, intercept } = path.at(lambda);
          const square = (i: number) => weights[i] * (y[i] - (offset ? offset[i] : 0) - intercept - dot(rows[i], coef)) ** 2;
          return test.reduce((sum, i) => sum + square(i), 0) / held;
        });
        return { held, error };
      });
      const total = errors.reduce((sum, { held }) => sum + held, 0);
      const mean = Array.from(lambdas, (_, l) => errors.reduce((sum, { held, error }) => sum + (held / total) * error[l], 0));
      const deviation = Array.from(lambdas, (_, l) =>
        Math.sqrt(errors.reduce((sum, { held, error }) => sum + (held / total) * (error[l] - mean[l]) ** 2, 0) / 4),
      );
      expectClose(found.mean, mean, 1e-6);
      expectClose(found.standardError, deviation, 1e-6);
      const best = found.mean.indexOf(Math.min(...found.mean));
      const within = found.mean.findIndex((error) => error <= found.mean[best] + found.standardError[best]);
      expect(found.lambdaMin).toBe(lambdas[best]);
      expect(found.lambda1se).toBe(lambdas[within]);
      expect(found.model.lambda).toBe(rule === 'min' ? lambdas[best] : lambdas[within]);
      expect(found.model.coef).toEqual(found.path.at(found.model.lambda).coef);
      expect(found.foldGap).toBeLessThanOrEqual(1e-11);
    });
  });
});

describe('a saved model', () => {
  test('predicts the same bits, from the object and from its text', () => {
    check(fc.tuple(anyTraits, seeds), 150, ([traits, seed]) => {
      const setup = setupFrom(traits);
      const model = fitted(setup);
      const fresh = new Dice(seed).matrix(5, setup.rows[0].length);
      for (const again of [
        LinearModel.fromJSON(model.toJSON()),
        LinearModel.fromJSON(JSON.stringify(model)),
        LinearModel.fromJSON(JSON.parse(JSON.stringify(model))),
      ]) {
        expect(again.predict(fresh)).toEqual(model.predict(fresh));
        expect(again.coef).toEqual(model.coef);
        expect(again.certificate).toEqual(model.certificate);
        expect([again.intercept, again.lambda]).toEqual([model.intercept, model.lambda]);
        expect(again.support).toEqual(model.support);
      }
    });
  });

  test('keeps what JSON cannot hold: an interpolated model, whose KKT residual is NaN', () => {
    const { rows, y } = linearData(new Dice(9), 15, 4);
    const path = lassoPath(rows, y, { nLambdas: 4 });
    const model = path.at(0.9 * path.lambdas[1]);
    expect(model.certificate.kkt).toBeNaN();
    expect(LinearModel.fromJSON(JSON.stringify(model)).certificate).toEqual(model.certificate);
  });
});
