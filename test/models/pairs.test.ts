import { describe, expect, test } from 'vitest';
import { GeneralizedRegression, generalizedPath, type PenaltyOption } from '../../src/linear/models/index.ts';
import { type GlmSetup, linear, objective, pulls, unitOf } from './oracle.ts';
import { LOSSES, randomSetup } from './problems.ts';
import { fitOptionsOf, optionsOf } from './recipes.ts';

/** P'(t, b) for b > 0, and at 0 the largest pull that a zero withstands: from the definitions. */
interface Bend {
  slope(t: number, b: number): number;
  value(t: number, b: number): number;
}

const power = (p: number): Bend => ({
  slope: (t, b) => (b === 0 ? Infinity : t * p * b ** (p - 1)),
  value: (t, b) => t * b ** p,
});

const PENALTIES: [string, PenaltyOption, number, Bend][] = [
  ['l1', 'l1', 1, { slope: (t) => t, value: (t, b) => t * b }],
  ['elastic net', 'l1', 0.5, { slope: (t) => t, value: (t, b) => t * b }],
  ['ridge', 'l1', 0, { slope: (t) => t, value: (t, b) => t * b }],
  [
    'mcp',
    'mcp',
    1,
    {
      slope: (t, b) => Math.max(t - b / 3, 0),
      value: (t, b) => (b <= 3 * t ? t * b - (b * b) / 6 : 1.5 * t * t),
    },
  ],
  [
    'scad with gamma 5 and some ridge',
    { name: 'scad', gamma: 5 },
    0.8,
    {
      slope: (t, b) => (b <= t ? t : Math.max(5 * t - b, 0) / 4),
      value: (t, b) => (b <= t ? t * b : b <= 5 * t ? (5 * t * b - 0.5 * (b * b + t * t)) / 4 : 3 * t * t),
    },
  ],
  ['l1/2', 'l1/2', 1, power(0.5)],
  ['l2/3', 'l2/3', 1, power(2 / 3)],
  ['lp with p 0.3', { name: 'lp', p: 0.3 }, 1, power(0.3)],
  [
    'log-sum',
    { name: 'logSum', epsilon: 0.5 },
    1,
    { slope: (t, b) => t / (0.5 + b), value: (t, b) => t * Math.log(1 + b / 0.5) },
  ],
];

/** Largest violation of the conditions for a minimum, over lambda. */
function violation(setup: GlmSetup, coef: Float64Array, intercept: number, { slope }: Bend): number {
  const { columns, intercept: rest } = pulls(setup, coef, intercept);
  const { lambda, l1Ratio, fitIntercept, penaltyFactors } = setup;
  if (fitIntercept) expect(Math.abs(rest)).toBeLessThanOrEqual(1e-4);
  const worst = columns.map((g, j) => {
    const s = unitOf(setup, j);
    const t = lambda * (penaltyFactors ? penaltyFactors[j] : 1);
    const u = coef[j] * s;
    const pull = g / s - t * (1 - l1Ratio) * u;
    return u === 0
      ? Math.max(Math.abs(pull) - slope(t * l1Ratio, 0), 0)
      : Math.abs(pull - Math.sign(u) * slope(t * l1Ratio, Math.abs(u)));
  });
  return Math.max(...worst) / lambda;
}

/** Whether coefficients that cost no more when they grow tell the classes apart: then there is no minimum. */
function expectSeparated(setup: GlmSetup, coef: Float64Array, intercept: number, { slope }: Bend): void {
  expect(setup.loss).toBe('logistic');
  const free = coef.map((b, j) => (slope(setup.lambda * setup.l1Ratio, Math.abs(b) * unitOf(setup, j)) === 0 ? b : 0));
  const f = linear(setup, free, intercept);
  expect(f.every((v, i) => (setup.y[i] === 1 ? v > 0 : v < 0))).toBe(true);
}

const TOL = 1e-8;
const SHAPES: Partial<GlmSetup & { n: number; p: number; share: number }>[] = [
  { n: 80, p: 10 },
  { n: 25, p: 60, share: 0.4 },
  { n: 60, p: 8, share: 0.02 },
  { fitIntercept: false, share: 0.5 },
  { n: 80, p: 10, standardize: true },
];

describe.each(LOSSES)('%s', (loss) => {
  test.each(PENALTIES)('with %s reaches its optimality conditions and says so', (_, penalty, l1Ratio, bend) => {
    for (const [k, shape] of SHAPES.entries()) {
      for (let seed = 1; seed <= 4; seed++) {
        const setup = randomSetup(loss, 100 * k + seed, { ...shape, l1Ratio });
        const options = { loss, penalty, lambda: setup.lambda, ...optionsOf(setup), tol: TOL };
        const model = new GeneralizedRegression(options).fit(setup.rows, setup.y, fitOptionsOf(setup));
        const { coef, intercept, certificate, lambda } = model;
        const place = `shape ${k}, seed ${seed}`;
        expect(lambda).toBe(setup.lambda);
        if (certificate.status === 'separable') {
          expectSeparated(setup, coef, intercept, bend);
          continue;
        }
        expect(certificate.converged, `${place}: ${JSON.stringify(certificate)}`).toBe(true);
        const found = violation(setup, coef, intercept, bend);
        const convex = penalty === 'l1';
        expect(certificate.status).toBe(convex ? 'converged' : 'local');
        expect(found, place).toBeLessThanOrEqual(convex ? 1e-3 : 2 * TOL);
        if (convex) {
          expect(certificate.gap).toBeLessThanOrEqual(TOL);
          expect(certificate.gap).toBeGreaterThanOrEqual(-1e-14);
        } else {
          expect(certificate.gap).toBeNaN();
          expect(certificate.kkt).toBeLessThanOrEqual(TOL);
        }
        const value = objective(setup, coef, intercept, bend.value);
        expect(Math.abs(certificate.primal - value), place).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
        const zeros = new Float64Array(coef.length);
        expect(value).toBeLessThanOrEqual(objective(setup, zeros, setup.fitIntercept ? intercept : 0, bend.value) + 1e-9);
      }
    }
  });

  test.each(PENALTIES)('with %s has a path from no coefficients on', (_, penalty, l1Ratio) => {
    const setup = randomSetup(loss, 7, { n: 80, p: 10, l1Ratio });
    const path = generalizedPath(setup.rows, setup.y, { loss, penalty, l1Ratio, nLambdas: 12, lambdaMinRatio: 0.05 });
    expect(path.points.map(({ certificate }) => certificate.converged)).not.toContain(false);
    if (l1Ratio > 0) expect(path.points[0].df).toBe(0);
    expect(path.points[11].df).toBeGreaterThan(0);
    expect(path.points[11].devianceRatio).toBeGreaterThan(path.points[0].devianceRatio);
    expect(path.points[11].devianceRatio).toBeLessThanOrEqual(1);
  });
});
