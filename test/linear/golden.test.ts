import { afterAll, describe, expect, test } from 'vitest';
import { ElasticNetCV, LassoCV, LinearRegression, lambdaMax, lassoPath, setBackend } from '../../src/index.ts';
import { FORMATS, stored } from './formats.ts';
import { cvCases, type LassoCase, lassoCases, pathCases, setupOf } from './golden.ts';
import { dot, fitDifference, objective } from './oracle.ts';
import { fitOptionsOf, fitted, optionsOf } from './recipes.ts';

const TOL = 1e-12;

afterAll(() => setBackend('wasm'));

/** Largest |a - b|. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (v, j) => Math.abs(v - b[j])).reduce((x, y) => Math.max(x, y), 0);
}

function relative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (v, j) => Math.abs(v / b[j] - 1)).reduce((x, y) => Math.max(x, y), 0);
}

/** The golden tolerances are for a relative gap of 1e-12; a fit that stopped above it may be off by the root of the ratio. */
function allowed(tolerance: number, gap: number): number {
  return tolerance * Math.sqrt(Math.max(1, gap / TOL));
}

function expectSameFit(golden: LassoCase, coef: Float64Array, intercept: number, gap: number): void {
  const setup = setupOf(golden);
  const { nullObjective, coefTol, interceptTol, closedForm, supportMargin = 0 } = golden;
  const value = objective(setup, coef, intercept);
  expect(value).toBeGreaterThanOrEqual(golden.objective - 1e-12 * nullObjective);
  expect(value).toBeLessThanOrEqual(golden.objective + 1e-10 * nullObjective);
  if (coefTol !== null) expect(distance(coef, golden.coef)).toBeLessThanOrEqual(allowed(coefTol, gap));
  if (setup.fitIntercept) expect(Math.abs(intercept - golden.intercept)).toBeLessThanOrEqual(allowed(interceptTol!, gap));
  else expect(intercept).toBe(0);
  if (closedForm !== undefined) expect(distance(coef, golden.coef)).toBeLessThanOrEqual(1e-12);
  if (supportMargin > 1e-5) expect(Array.from(coef.keys()).filter((j) => golden.coef[j] === 0 && coef[j] !== 0)).toEqual([]);
  if (golden.fitted) {
    const predicted = setup.rows.map((row) => dot(row, coef) + intercept);
    // Twice the gap bounds the squared distance of the fits; three times its root, as for coefficients.
    expect(fitDifference(setup, predicted, golden.fitted)).toBeLessThanOrEqual(allowed(3e-6, gap));
  }
}

describe.each(['wasm', 'js'] as const)('on the %s backend', (name) => {
  test.each(lassoCases.map((golden) => [golden.name, golden] as const))(
    'the fit of %s is the golden one in all four formats',
    (_, golden) => {
      setBackend(name);
      const setup = setupOf(golden);
      for (const format of FORMATS) {
        const model = fitted(setup, { tol: TOL }, stored(setup.rows, format));
        expect(model.certificate.gap, format).toBeLessThanOrEqual(TOL);
        expect(model.certificate.converged).toBe(true);
        expectSameFit(golden, model.coef, model.intercept, model.certificate.gap);
      }
    },
  );

  const withLambdaMax = lassoCases.filter((golden) => golden.lambdaMax !== undefined);
  test.each(withLambdaMax.map((golden) => [golden.name, golden] as const))(
    'lambda max of %s is the golden one in all four formats',
    (_, golden) => {
      setBackend(name);
      const setup = setupOf(golden);
      for (const format of FORMATS) {
        const options = { l1Ratio: setup.l1Ratio, ...optionsOf(setup), ...fitOptionsOf(setup) };
        const found = lambdaMax(stored(setup.rows, format), setup.y, options);
        expect(Math.abs(found - golden.lambdaMax!), format).toBeLessThanOrEqual(1e-12 * golden.lambdaMax!);
      }
    },
  );

  test('bounded least squares is also what LinearRegression gives', () => {
    setBackend(name);
    const golden = lassoCases.find((each) => each.name === 'box-least-squares')!;
    const { rows, y, lower, upper } = setupOf(golden);
    for (const format of FORMATS) {
      const model = new LinearRegression({ lower: lower!, upper: upper!, tol: TOL }).fit(stored(rows, format), y);
      expectSameFit(golden, model.coef, model.intercept, model.certificate.gap);
    }
  });

  test.each(pathCases.map((golden) => [golden.name, golden] as const))(
    'the path of %s is the golden one in all four formats',
    (_, golden) => {
      setBackend(name);
      const setup = setupOf(golden);
      for (const format of FORMATS) {
        const path = lassoPath(stored(setup.rows, format), setup.y, {
          l1Ratio: setup.l1Ratio,
          ...optionsOf(setup),
          ...fitOptionsOf(setup),
          nLambdas: 100,
          lambdaMinRatio: golden.ratio,
          tol: TOL,
        });
        expect(path.lambdas.length).toBe(100);
        expect(Math.abs(path.lambdas[0] / golden.lambdaMax - 1)).toBeLessThanOrEqual(1e-12);
        expect(relative(path.lambdas, golden.lambda)).toBeLessThanOrEqual(1e-12);
        expect(path.points.map((point) => point.df).slice(1)).toEqual(golden.df.slice(1));
        const ratios = path.points.map((point) => point.devianceRatio);
        expect(distance(ratios, golden.devRatio)).toBeLessThanOrEqual(1e-9);
        expect(Math.max(...path.points.map(({ certificate }) => certificate.gap)), format).toBeLessThanOrEqual(TOL);
        golden.at.forEach((k, i) => {
          const { coef, intercept, certificate, lambda } = path.at(path.lambdas[k]);
          expect(lambda).toBe(path.lambdas[k]);
          expect(distance(coef, golden.coef[i])).toBeLessThanOrEqual(allowed(golden.coefTol, certificate.gap));
          expect(Math.abs(intercept - golden.intercept[i])).toBeLessThanOrEqual(allowed(golden.interceptTol, certificate.gap));
          const value = objective({ ...setup, lambda: golden.lambda[k] }, coef, intercept);
          expect(value).toBeGreaterThanOrEqual(golden.objective[i] - 1e-12 * golden.nullObjective);
          expect(value).toBeLessThanOrEqual(golden.objective[i] + 1e-10 * golden.nullObjective);
        });
      }
    },
  );

  test.each(cvCases.map((golden) => [golden.name, golden] as const))(
    'the cross-validation %s is the golden one in all four formats',
    (_, golden) => {
      setBackend(name);
      const setup = setupOf(golden);
      for (const format of FORMATS) {
        const options = { ...optionsOf(setup), lambdas: golden.lambda, foldIds: golden.fold, tol: 1e-10, foldTol: 1e-10 };
        const cv = setup.l1Ratio === 1 ? new LassoCV(options) : new ElasticNetCV({ ...options, l1Ratio: setup.l1Ratio });
        const found = cv.fit(stored(setup.rows, format), setup.y, fitOptionsOf(setup));
        expect(found.foldGap).toBeLessThanOrEqual(1e-10);
        expect(relative(found.mean, golden.cvm)).toBeLessThanOrEqual(1e-6);
        expect(relative(found.standardError, golden.cvsd)).toBeLessThanOrEqual(1e-6);
        expect(found.lambdaMin).toBe(golden.lambdaMin);
        expect(found.lambda1se).toBe(golden.lambda1se);
        expect(found.model.lambda).toBe(golden.lambdaMin);
      }
    },
  );
});
