import { afterAll, describe, expect, test } from 'vitest';
import { setBackend } from '../../src/index.ts';
import { logisticPath, poissonPath, svmPath } from '../../src/linear/models/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { goldenCases } from './golden.ts';
import { objective } from './oracle.ts';
import { fitOptionsOf, fitted, optionsOf } from './recipes.ts';

const TOL = 1e-12;
const PATHS = { logistic: logisticPath, squaredHinge: svmPath, poisson: poissonPath };

afterAll(() => setBackend('wasm'));

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (v, j) => Math.abs(v - b[j])).reduce((x, y) => Math.max(x, y), 0);
}

const named = goldenCases.map((each) => [`${each.setup.loss} ${each.golden.name}`, each] as const);

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  test.each(named)('the fit of %s is the golden one in all four formats', (_, { golden, setup }) => {
    setBackend(backend);
    for (const format of FORMATS) {
      const { coef, intercept, certificate } = fitted(setup, { tol: TOL }, stored(setup.rows, format));
      expect(certificate.gap, format).toBeLessThanOrEqual(TOL);
      expect(certificate.status).toBe('converged');
      const value = objective(setup, coef, intercept);
      expect(value).toBeGreaterThanOrEqual(golden.objective - 1e-12 * golden.nullObjective);
      expect(value).toBeLessThanOrEqual(golden.objective + 1e-10 * golden.nullObjective);
      expect(Math.abs(certificate.primal - value)).toBeLessThanOrEqual(1e-12 * golden.nullObjective);
      expect(distance(coef, golden.coef)).toBeLessThanOrEqual(golden.coefTol);
      if (setup.fitIntercept) expect(Math.abs(intercept - golden.intercept)).toBeLessThanOrEqual(golden.interceptTol!);
      else expect(intercept).toBe(0);
      if ((golden.supportMargin ?? 0) > 1e-5) {
        expect(Array.from(coef.keys()).filter((j) => golden.coef[j] === 0 && coef[j] !== 0)).toEqual([]);
      }
    }
  });

  const withLambdaMax = named.filter(([, { golden }]) => golden.lambdaMax !== undefined);
  test.each(withLambdaMax)('the path of %s starts at the golden lambda max and with no coefficient', (_, { golden, setup }) => {
    setBackend(backend);
    const path = PATHS[setup.loss as keyof typeof PATHS](setup.rows, setup.y as number[], {
      nLambdas: 2,
      lambdaMinRatio: 0.999,
      tol: TOL,
      ...optionsOf(setup),
      ...fitOptionsOf(setup),
    });
    expect(Math.abs(path.lambdas[0] / golden.lambdaMax! - 1)).toBeLessThanOrEqual(1e-12);
    const free = (setup.penaltyFactors ?? []).filter((factor) => factor === 0).length;
    expect(path.points[0].df).toBe(free);
    expect(path.points[1].df).toBeGreaterThan(free);
  });
});
