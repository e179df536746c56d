import { expect, test } from 'vitest';
import { generalizedPath, type PenaltyOption } from '../../src/index.ts';

test.each<PenaltyOption>(['l1/2', 'l2/3', { name: 'lp', p: 0.9 }])(
  'columns far from zero leave it under |b|^p, the intercept going along: %j',
  (penalty) => {
    const X = Array.from({ length: 60 }, (_, i) => [100 + ((i * 37) % 61) / 10, (i * 7) % 11]);
    const y = X.map(([a, b]) => a - 0.3 * b);
    const path = generalizedPath(X, y, { loss: 'squared', penalty, nLambdas: 10 });
    expect(path.points[0].df).toBe(0);
    expect(path.points[1].df).toBe(2);
    const { coef } = path.at(path.lambdas[9]);
    expect(Math.abs(coef[0] - 1)).toBeLessThan(1e-3);
    expect(Math.abs(coef[1] + 0.3)).toBeLessThan(1e-3);
  },
);
