import { describe, expect, it } from 'vitest';
import { GroupLasso, MultiTaskLasso } from '../../src/linear/blocks/index.ts';
import { fitMultinomial } from '../../src/linear/blocks/multinomial.ts';
import { multinomialModel } from '../../src/linear/blocks/multinomialModel.ts';
import { classesOf, distance, proximalGradient, responseOf, responsesOf, rowsOf, shrink, toRows } from './problems.ts';

const groups = [[0, 1, 2], [3, 5], [4]];
const [n, p] = [40, 6];
const rows = rowsOf(1, n, p);
/** 1 / (an upper bound of the curvature of 1/n sum (f)^2 / 2): trace of X'X / n, and the intercept. */
const step = n / (n + rows.flat().reduce((s, x) => s + x * x, 0));

/** Group-wise shrinkage of a p x 1 coefficient. */
const groupProx = (lambda: number, rho: number) => (B: number[][], t: number) => {
  const out = B.map((row) => row.slice());
  for (const g of groups) {
    const shrunk = shrink(
      g.map((j) => B[j][0]),
      t * lambda * (1 - rho) * Math.sqrt(g.length),
      t * lambda * rho,
    );
    g.forEach((j, c) => {
      out[j][0] = shrunk[c];
    });
  }
  return out;
};

describe('against accelerated proximal gradient', () => {
  it.each([
    ['squared', 0, 0.1],
    ['squared', 0.4, 0.1],
    ['logistic', 0, 0.02],
    ['logistic', 0.5, 0.02],
    ['huber', 0.5, 0.05],
    ['squaredHinge', 0.2, 0.05],
  ] as const)('the group lasso with %s loss and l1Ratio %f has the same coefficients', (loss, l1Ratio, lambda) => {
    const y = responseOf(1, rows, loss);
    const slope = {
      squared: (f: number, t: number) => f - t,
      logistic: (f: number, t: number) => 1 / (1 + Math.exp(-f)) - t,
      huber: (f: number, t: number) => Math.max(-1, Math.min(1, f - t)),
      squaredHinge: (f: number, t: number) => -2 * t * Math.max(0, 1 - t * f),
    }[loss];
    const { B, c } = proximalGradient({
      rows,
      K: 1,
      gradient: (f) => f.map(([fi], i) => [slope(fi, y[i]) / n]),
      prox: groupProx(lambda, l1Ratio),
      step: loss === 'squaredHinge' ? step / 2 : step,
      iterations: 10000,
    });
    const model = new GroupLasso({ lambda, groups, l1Ratio, loss, tol: 1e-18 }).fit(rows, y);
    expect(model.certificate.gap).toBeLessThan(1e-12);
    expect(distance(model.coef, B.flat())).toBeLessThan(1e-9);
    expect(Math.abs(model.intercept - c[0])).toBeLessThan(1e-9);
    expect(model.coef.some((b) => b !== 0)).toBe(true);
  });

  it('the multi-task lasso has the same coefficients', () => {
    const Y = responsesOf(3, rows, 3);
    const [lambda, l1Ratio] = [0.6, 0.8];
    const { B, c } = proximalGradient({
      rows,
      K: 3,
      gradient: (f) => f.map((row, i) => row.map((value, k) => (value - Y[i][k]) / n)),
      prox: (B, t) => B.map((row) => shrink(row, t * lambda * l1Ratio, 0).map((b) => b / (1 + t * lambda * (1 - l1Ratio)))),
      step,
      iterations: 10000,
    });
    const model = new MultiTaskLasso({ lambda, l1Ratio, tol: 1e-18 }).fit(rows, Y);
    expect(distance(toRows(model.coef).flat(), B.flat())).toBeLessThan(1e-10);
    expect(distance(model.intercept, c)).toBeLessThan(1e-10);
    expect(model.support.length).toBeGreaterThan(0);
    expect(model.support.length).toBeLessThan(p);
  });

  it.each([
    [false, 1],
    [false, 0.6],
    [true, 1],
    [true, 0.7],
  ])('multinomial regression (grouped: %s, l1Ratio %f) has the same probabilities', (grouped, l1Ratio) => {
    const y = classesOf(5, rows, 4);
    const lambda = 0.03;
    const softmax = (f: number[]) => {
      const e = f.map((v) => Math.exp(v - Math.max(...f)));
      return e.map((v) => v / e.reduce((a, b) => a + b, 0));
    };
    const { B, c } = proximalGradient({
      rows,
      K: 4,
      gradient: (f) => f.map((row, i) => softmax(row).map((v, k) => (v - (y[i] === k ? 1 : 0)) / n)),
      prox: (B, t) =>
        B.map((row) =>
          shrink(row, grouped ? t * lambda * l1Ratio : 0, grouped ? 0 : t * lambda * l1Ratio).map(
            (b) => b / (1 + t * lambda * (1 - l1Ratio)),
          ),
        ),
      step,
      iterations: 8000,
    });
    const fit = fitMultinomial({ lambda, l1Ratio, grouped, tol: 1e-18 }, rows, y, 4);
    expect(fit.certificate.gap).toBeLessThan(1e-12);
    const found = multinomialModel([0, 1, 2, 3])(fit).predictProbability(rows);
    const expected = rows.map((x) => softmax(c.map((ck, k) => x.reduce((s, v, j) => s + v * B[j][k], ck))));
    expect(distance(toRows(found).flat(), expected.flat())).toBeLessThan(1e-9);
  });
});
