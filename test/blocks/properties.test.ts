import { describe, expect, it } from 'vitest';
import { CsrMatrix, DenseMatrix, ElasticNet, Lasso, LinearRegression } from '../../src/index.ts';
import {
  GroupLasso,
  GroupLassoCV,
  GroupLassoModel,
  groupLassoPath,
  MultinomialModel,
  MultiTaskLasso,
  MultiTaskLassoCV,
  MultiTaskModel,
  multiTaskLassoPath,
} from '../../src/linear/blocks/index.ts';
import { crossValidateMultinomial, fitMultinomial, multinomialPath } from '../../src/linear/blocks/multinomial.ts';
import { multinomialModel } from '../../src/linear/blocks/multinomialModel.ts';
import { classesOf, distance, responseOf, responsesOf, rowsOf, toRows } from './problems.ts';

const LOSSES = ['squared', 'logistic', 'squaredHinge', 'poisson', 'huber'] as const;
const groups = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4];
const rows = rowsOf(7, 60, 12);
const sparse = CsrMatrix.fromDense(DenseMatrix.from(rows));
const weight = rows.map((_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));

describe('every loss with every penalty', () => {
  const table = LOSSES.flatMap((loss) => [0, 0.3, 1].map((l1Ratio) => [loss, l1Ratio] as const));

  it.each(table)(
    'reaches the gap that was asked for along a path: %s, l1Ratio %f; sparse X, weights and standardised columns, too',
    (loss, l1Ratio) => {
      const y = responseOf(7, rows, loss);
      for (const options of [{}, { standardize: true, sampleWeight: weight }, { fitIntercept: false }]) {
        const shared = { groups, l1Ratio, loss, tol: 1e-9, nLambdas: 8, lambdaMinRatio: 0.02, ...options };
        const dense = groupLassoPath(rows, y, shared);
        const other = groupLassoPath(sparse, y, shared);
        expect(dense.points[0].df).toBe(0);
        expect(dense.points[7].df).toBeGreaterThan(1);
        for (const [k, { certificate }] of dense.points.entries()) {
          expect(certificate.converged).toBe(true);
          expect(certificate.gap).toBeLessThanOrEqual(1e-9);
          expect(certificate.kkt).toBeLessThan(1e-2);
          expect(Math.abs(certificate.primal - other.points[k].certificate.primal)).toBeLessThan(
            1e-8 * (1 + Math.abs(certificate.primal)),
          );
          if (k > 0) expect(dense.points[k].devianceRatio).toBeGreaterThanOrEqual(dense.points[k - 1].devianceRatio - 1e-8);
        }
      }
    },
  );

  it.each([
    [false, 1],
    [true, 1],
    [false, 0.5],
    [true, 0],
  ])('multinomial (grouped: %s, l1Ratio %f)', (grouped, l1Ratio) => {
    const y = classesOf(7, rows, 4);
    const path = multinomialPath(
      { grouped, l1Ratio, tol: 1e-10, nLambdas: 6, lambdaMinRatio: 0.01, standardize: true },
      sparse,
      y,
      4,
      multinomialModel([0, 1, 2, 3]),
      { sampleWeight: weight },
    );
    for (const { certificate } of path.points) expect(certificate).toMatchObject({ converged: true });
    const dense = fitMultinomial({ grouped, l1Ratio, tol: 1e-10, standardize: true, lambda: path.lambdas[5] }, rows, y, 4, {
      sampleWeight: weight,
    });
    expect(Math.abs(dense.certificate.primal - path.points[5].certificate.primal)).toBeLessThan(1e-9);
  });

  it('a weight of k equals k copies of a row, an offset shifts squared responses', () => {
    const y = responseOf(7, rows, 'squared');
    const recipe = new GroupLasso({ lambda: 0.1, groups, tol: 1e-14 });
    const copies = rows.flatMap((_, i) => new Array<number>(weight[i]).fill(i));
    const weighted = recipe.fit(rows, y, { sampleWeight: weight });
    const copied = recipe.fit(
      copies.map((i) => rows[i]),
      copies.map((i) => y[i]),
    );
    expect(distance(weighted.coef, copied.coef)).toBeLessThan(1e-7);
    const offset = rows.map((x) => x[3]);
    const shifted = recipe.fit(
      rows,
      y.map((v, i) => v - offset[i]),
    );
    expect(distance(recipe.fit(rows, y, { offset }).coef, shifted.coef)).toBeLessThan(1e-7);
  });
});

describe('special cases', () => {
  const y = responseOf(7, rows, 'squared');
  const column = y.map((v) => [v]);

  it('groups of one column, one task, and a sparse-group penalty with l1Ratio 1 are the lasso', () => {
    const lasso = new Lasso({ lambda: 0.1, tol: 1e-14 }).fit(rows, y);
    const single = new GroupLasso({ lambda: 0.1, groups: rows[0].map((_, j) => j), tol: 1e-14 }).fit(rows, y);
    const plain = new GroupLasso({ lambda: 0.1, groups, l1Ratio: 1, tol: 1e-14 }).fit(rows, y);
    const task = new MultiTaskLasso({ lambda: 0.1, tol: 1e-14 }).fit(rows, column);
    for (const coef of [single.coef, plain.coef, toRows(task.coef).flat()]) expect(distance(coef, lasso.coef)).toBeLessThan(1e-8);
    expect(Math.abs(task.intercept[0] - lasso.intercept)).toBeLessThan(1e-8);
    expect(lasso.support.length).toBeLessThan(12);
  });

  it('one task with ridge and penalty factors is the elastic net, also on standardised columns', () => {
    const penaltyFactors = rows[0].map((_, j) => (j === 2 ? 0 : j === 4 ? Infinity : 1 + (j % 2)));
    const options = { lambda: 0.1, l1Ratio: 0.4, penaltyFactors, standardize: true, tol: 1e-14 };
    const net = new ElasticNet(options).fit(rows, y);
    const task = new MultiTaskLasso(options).fit(rows, column);
    expect(distance(toRows(task.coef).flat(), net.coef)).toBeLessThan(1e-7);
  });

  it('two classes are logistic regression with a quarter of the squares: B has opposite rows under a ridge', () => {
    const classes = Int32Array.from(responseOf(7, rows, 'logistic'));
    const fit = fitMultinomial({ lambda: 0.05, l1Ratio: 0, tol: 1e-14 }, rows, classes, 2);
    for (let c = 0; c < fit.index.length; c++) expect(Math.abs(fit.values[2 * c] + fit.values[2 * c + 1])).toBeLessThan(1e-9);
    // With b = B_1 - B_0 the penalty lambda / 2 (||B_0||^2 + ||B_1||^2) is lambda / 4 ||b||^2: the gradient of the binary objective vanishes.
    const b = Array.from(fit.index, (_, c) => fit.values[2 * c + 1] - fit.values[2 * c]);
    const slope = rows.map((x, i) => {
      const f = x.reduce((s, v, j) => s + v * b[j], fit.intercept[1] - fit.intercept[0]);
      return 1 / (1 + Math.exp(-f)) - classes[i];
    });
    for (let j = 0; j < 12; j++) {
      const gradient = rows.reduce((s, x, i) => s + (x[j] * slope[i]) / 60, 0) + 0.025 * b[j];
      expect(Math.abs(gradient)).toBeLessThan(1e-8);
    }
  });

  it('with lambda 0 the group lasso is least squares', () => {
    const ols = new LinearRegression().fit(rows, y);
    const model = new GroupLasso({ lambda: 0, groups, tol: 1e-12 }).fit(rows, y);
    expect(distance(model.coef, ols.coef)).toBeLessThan(1e-5);
  });

  it('a group of weight 0 is free, one of weight Infinity stays out', () => {
    const path = groupLassoPath(rows, y, { groups, groupWeights: [0, 1, Infinity, 1, 1], nLambdas: 5, tol: 1e-10 });
    for (const { lambda } of path.points) {
      const { coef } = path.at(lambda);
      expect(coef.slice(0, 3).every((b) => b !== 0)).toBe(true);
      expect(coef.slice(5, 9).every((b) => b === 0)).toBe(true);
    }
    expect(Array.from(path.at(path.lambdas[0]).groups)).toEqual([0]);
  });

  it.each([0, 0.4, 1])('at its largest lambda a path is empty and one block enters just below (l1Ratio %f)', (l1Ratio) => {
    for (const loss of ['squared', 'logistic'] as const) {
      const response = responseOf(7, rows, loss);
      const [top] = groupLassoPath(rows, response, { groups, l1Ratio, loss, nLambdas: 2 }).lambdas;
      const model = (lambda: number) => new GroupLasso({ lambda, groups, l1Ratio, loss, tol: 1e-13 }).fit(rows, response);
      expect(model(top).groups).toHaveLength(0);
      expect(model(top * 0.9999).groups).toHaveLength(1);
    }
  });

  it('constant columns and a response without spread get no coefficients', () => {
    const flat = rows.map((x) => [...x.slice(0, 11), 7]);
    const model = new GroupLasso({ lambda: 0.01, groups, standardize: true }).fit(flat, y);
    expect(model.coef[11]).toBe(0);
    expect(model.certificate.converged).toBe(true);
    const still = new MultiTaskLasso({ lambda: 0.1 }).fit(
      rows,
      rows.map(() => [3, 4]),
    );
    expect(still.support).toHaveLength(0);
    expect(distance(still.intercept, [3, 4])).toBeLessThan(1e-12);
    expect(still.certificate.converged).toBe(true);
  });
});

describe('paths and cross-validation', () => {
  const Y = responsesOf(7, rows, 3);

  it('a point of a path is the single fit, and between points the certificate bounds the gap', () => {
    const path = multiTaskLassoPath(rows, Y, { nLambdas: 10, tol: 1e-12 });
    const exact = new MultiTaskLasso({ lambda: path.lambdas[6], tol: 1e-12 }).fit(rows, Y);
    expect(distance(path.at(path.lambdas[6]).coef.data, exact.coef.data)).toBeLessThan(1e-5);
    const lambda = 0.5 * (path.lambdas[3] + path.lambdas[4]);
    const between = path.at(lambda);
    const best = new MultiTaskLasso({ lambda, tol: 1e-12 }).fit(rows, Y);
    const spread = best.certificate.primal - best.certificate.dual;
    expect(between.certificate.primal).toBeGreaterThanOrEqual(best.certificate.primal - spread);
    expect(between.certificate.dual).toBeLessThanOrEqual(best.certificate.primal);
    expect(toRows(path.predict(rows, lambda))).toEqual(toRows(between.predict(rows)));
  });

  it('folds are zero weights: the held-out errors are those of fits without the rows', () => {
    const foldIds = rows.map((_, i) => i % 3);
    const lambdas = [0.5, 0.1];
    const found = new MultiTaskLassoCV({ lambdas, foldIds, tol: 1e-10, foldTol: 1e-10, rule: '1se' }).fit(rows, Y);
    const errors = lambdas.map((lambda) =>
      [0, 1, 2].map((fold) => {
        const kept = rows.flatMap((_, i) => (foldIds[i] === fold ? [] : [i]));
        const held = rows.flatMap((_, i) => (foldIds[i] === fold ? [i] : []));
        const recipe = new MultiTaskLasso({ lambda, tol: 1e-10 });
        const fitted = recipe
          .fit(
            kept.map((i) => rows[i]),
            kept.map((i) => Y[i]),
          )
          .predict(held.map((i) => rows[i]));
        return held.reduce((s, i, r) => s + Y[i].reduce((t, v, k) => t + (v - fitted.get(r, k)) ** 2, 0), 0) / held.length;
      }),
    );
    const mean = errors.map((e) => (e[0] + e[1] + e[2]) / 3);
    expect(distance(found.mean, mean)).toBeLessThan(1e-4);
    const deviation = errors.map((e, l) => Math.sqrt(e.reduce((s, v) => s + (v - mean[l]) ** 2, 0) / 3 / 2));
    expect(distance(found.standardError, deviation)).toBeLessThan(1e-4);
    expect(found.lambda1se).toBeGreaterThanOrEqual(found.lambdaMin);
    expect(found.model.lambda).toBe(found.lambda1se);
  });

  it('chooses lambda for other losses and for classes', () => {
    const y = responseOf(7, rows, 'logistic');
    const found = new GroupLassoCV({ groups, loss: 'logistic', nLambdas: 12, folds: 4, seed: 3 }).fit(rows, y);
    expect(found.mean[0]).toBeGreaterThan(Math.min(...found.mean));
    expect(found.foldGap).toBeLessThanOrEqual(1e-5);
    const hits = found.model.predict(rows).filter((label, i) => label === y[i]).length;
    expect(hits).toBeGreaterThan(45);
    const classes = classesOf(7, rows, 3);
    const names = ['a', 'b', 'c'];
    const options = { nLambdas: 10, lambdaMinRatio: 0.01, folds: 4 };
    const chosen = crossValidateMultinomial(options, rows, classes, 3, multinomialModel(names));
    expect(chosen.mean[0]).toBeGreaterThan(Math.min(...chosen.mean));
    expect(chosen.model.predict(rows).filter((label, i) => label === names[classes[i]]).length).toBeGreaterThan(30);
  });
});

describe('models', () => {
  const y = responseOf(7, rows, 'squared');

  it('come back from JSON with the same bits', () => {
    const group = new GroupLasso({ lambda: 0.1, groups }).fit(rows, y);
    const back = GroupLassoModel.fromJSON(JSON.stringify(group));
    expect(back).toEqual(group);
    expect(back.predict(rows)).toEqual(group.predict(rows));
    const task = new MultiTaskLasso({ lambda: 0.1 }).fit(rows, responsesOf(7, rows, 2));
    expect(MultiTaskModel.fromJSON(JSON.stringify(task))).toEqual(task);
    const classes = classesOf(7, rows, 3);
    const multinomial = multinomialModel(['x', 'y', 'z'])(fitMultinomial({ lambda: 0.05 }, rows, classes, 3));
    const read = MultinomialModel.fromJSON(JSON.stringify(multinomial));
    expect(read).toEqual(multinomial);
    expect(read.predict(rows)).toEqual(multinomial.predict(rows));
  });

  it('report progress and stop at a signal', () => {
    const seen: number[] = [];
    groupLassoPath(rows, y, {
      groups,
      nLambdas: 4,
      onProgress: ({ done, total, lambda }) => seen.push(done, total, Math.sign(lambda)),
    });
    expect(seen).toEqual([1, 4, 1, 2, 4, 1, 3, 4, 1, 4, 4, 1]);
    const stop = new AbortController();
    const fit = () =>
      new GroupLasso({ lambda: 0.01, groups }).fit(rows, y, {
        signal: stop.signal,
        onProgress: () => stop.abort(new Error('enough')),
      });
    expect(fit).toThrow('enough');
    expect(fit).toThrow('enough');
  });
});
