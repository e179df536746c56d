import { afterAll, describe, expect, it } from 'vitest';
import { setBackend } from '../../src/index.ts';
import { fitMultinomial } from '../../src/linear/blocks/multinomial.ts';
import { multinomialModel } from '../../src/linear/blocks/multinomialModel.ts';
import golden from '../fixtures/multinomial.json' with { type: 'json' };

const { X, y } = golden.data;

afterAll(() => setBackend('wasm'));

describe.each(['wasm', 'js'] as const)('multinomial regression on the %s backend', (name) => {
  it.each(golden.cases)('is the golden one: $name', ({ options, objective, probabilities, probabilitiesEvery }) => {
    setBackend(name);
    const { lambda, l1Ratio, standardize } = options;
    const fit = fitMultinomial({ lambda, l1Ratio, standardize, tol: 1e-12 }, X, Int32Array.from(y), 3);
    expect(fit.certificate).toMatchObject({ converged: true, status: 'converged' });
    expect(Math.abs(fit.certificate.primal - objective)).toBeLessThan(1e-13);
    const model = multinomialModel(['setosa', 'versicolor', 'virginica'])(fit);
    const found = model.predictProbability(X);
    for (const [r, row] of probabilities.entries()) {
      for (const [k, p] of row.entries()) expect(Math.abs(found.get(r * probabilitiesEvery, k) - p)).toBeLessThan(1e-6);
    }
    expect(Math.abs(model.intercept.reduce((a, b) => a + b, 0))).toBeLessThan(1e-12);
  });
});
