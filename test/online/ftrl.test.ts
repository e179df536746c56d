import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { CsrMatrix, DenseMatrix, Lasso, SpinifexError, setBackend } from '../../src/index.ts';
import {
  FtrlClassifier,
  FtrlClassifierModel,
  FtrlRegression,
  FtrlRegressionModel,
  type FtrlRegressionOptions,
} from '../../src/linear/online/index.ts';
import { Hash } from '../linear/hash.ts';
import { Dice, linearData } from '../linear/problems.ts';

afterAll(() => setBackend('wasm'));

type Loss = 'logistic' | 'squared' | 'poisson';

/** FTRL-proximal from its definition, dense: z and the sum of squared gradients of every column, all weights anew for every row. */
function naive(rows: number[][], y: number[], s: number[], loss: Loss, o: Required<FtrlRegressionOptions>) {
  const p = rows[0].length;
  const z = new Array<number>(p + 1).fill(0);
  const q = new Array<number>(p + 1).fill(0);
  let [t, sum] = [0, 0];
  const weights = () =>
    z.map((v, j) => {
      const l1 = j < p ? o.l1 + t * o.lambda * o.l1Ratio : 0;
      const l2 = j < p ? o.l2 + t * o.lambda * (1 - o.l1Ratio) : 0;
      return Math.abs(v) <= l1 ? 0 : -(v - Math.sign(v) * l1) / ((o.beta + Math.sqrt(q[j])) / o.alpha + l2);
    });
  rows.forEach((row, i) => {
    const w = weights();
    const x = [...row, o.fitIntercept ? 1 : 0];
    const f = x.reduce((total, v, j) => total + v * w[j], 0);
    const mean = loss === 'squared' ? f : loss === 'poisson' ? Math.exp(f) : 1 / (1 + Math.exp(-f));
    sum +=
      s[i] *
      (loss === 'squared' ? (y[i] - f) ** 2 / 2 : loss === 'poisson' ? mean - y[i] * f : -Math.log(y[i] === 1 ? mean : 1 - mean));
    x.forEach((v, j) => {
      const g = s[i] * (mean - y[i]) * v;
      z[j] += g - ((Math.sqrt(q[j] + g * g) - Math.sqrt(q[j])) / o.alpha) * w[j];
      q[j] += g * g;
    });
    t += s[i];
  });
  const w = weights();
  return { coef: w.slice(0, p), intercept: w[p], loss: sum / t };
}

const settings = fc.record({
  n: fc.constantFrom(1, 3, 25, 80),
  p: fc.constantFrom(1, 4, 12),
  loss: fc.constantFrom<Loss>('logistic', 'squared', 'poisson'),
  alpha: fc.constantFrom(0.05, 0.5),
  beta: fc.constantFrom(0, 1),
  l1: fc.constantFrom(0, 0.5),
  l2: fc.constantFrom(0, 0.5),
  lambda: fc.constantFrom(0, 0.02),
  l1Ratio: fc.constantFrom(1, 0.5),
  fitIntercept: fc.boolean(),
  weighted: fc.boolean(),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});

function data(dice: Dice, n: number, p: number, loss: Loss, weighted: boolean) {
  const rows = dice.matrix(n, p, 0.4);
  const y = dice.vector(n, () => (loss === 'squared' ? dice.normal() : dice.integer(loss === 'poisson' ? 4 : 2)));
  const weight = dice.vector(n, () => (weighted ? 0.5 + dice.integer(3) : 1));
  return { rows, y, weight };
}

describe('a learner', () => {
  test('is FTRL-proximal as defined, with the same bits however the rows are cut into chunks and stored', () => {
    fc.assert(
      fc.property(settings, ({ n, p, loss, weighted, seed, ...options }) => {
        const dice = new Dice(seed);
        const { rows, y, weight } = data(dice, n, p, loss, weighted);
        const learner = () =>
          loss === 'logistic'
            ? new FtrlClassifier<number>({ ...options, classes: [0, 1], features: p })
            : new FtrlRegression({ ...options, loss, features: p });
        const whole = learner().partialFit(DenseMatrix.from(rows), y, { sampleWeight: weight });
        const cut = learner();
        for (let from = 0; from < n; ) {
          const to = Math.min(n, from + 1 + dice.integer(9));
          const X = DenseMatrix.from(rows.slice(from, to));
          const stored = [X, CsrMatrix.fromDense(X), CsrMatrix.fromDense(X).toCsc(), rows.slice(from, to)][dice.integer(4)];
          cut.partialFit(stored, y.slice(from, to), { sampleWeight: weight.slice(from, to) });
          from = to;
        }
        expect(JSON.stringify(cut)).toBe(JSON.stringify(whole));

        const expected = naive(rows, y, weight, loss, { ...options, loss: 'squared', features: p });
        const model = whole.model();
        model.coef.toDense().forEach((w, j) => {
          expect(Math.abs(w - expected.coef[j])).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(w)));
        });
        expect(Math.abs(model.intercept - expected.intercept)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(model.intercept)));
        expect(Math.abs(whole.progressiveLoss - expected.loss)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected.loss)));
        whole.free();
        cut.free();
      }),
      { seed: 33, numRuns: 120 },
    );
    expect(currentBackend().heap.inUse).toBe(0);
  });

  test('passes long chunks through a small buffer', () => {
    const dice = new Dice(5);
    const rows = dice.matrix(3000, 40);
    const y = dice.vector(3000);
    const whole = new FtrlRegression().partialFit(rows, y);
    const cut = new FtrlRegression();
    for (let from = 0; from < 3000; from += 100) cut.partialFit(rows.slice(from, from + 100), y.slice(from, from + 100));
    expect(JSON.stringify(cut)).toBe(JSON.stringify(whole));
    const { heap } = currentBackend();
    heap.peak = heap.inUse;
    whole.partialFit(rows, y);
    expect(heap.peak - heap.inUse).toBeLessThan(2 ** 20 + 2 ** 18);
    whole.free();
    cut.free();
  });

  test('goes on with the same bits after toJSON and fromJSON, on both backends', () => {
    const dice = new Dice(9);
    const { rows, y } = data(dice, 60, 8, 'logistic', false);
    const labels = y.map((v) => (v === 1 ? 'yes' : 'no'));
    const options = { l1: 0.3, lambda: 0.01, alpha: 0.2, classes: ['no', 'yes'] };
    const plain = new FtrlClassifier(options).partialFit(rows, labels);
    const first = new FtrlClassifier(options).partialFit(rows.slice(0, 31), labels.slice(0, 31));
    const resumed = FtrlClassifier.fromJSON(JSON.stringify(first)).partialFit(rows.slice(31), labels.slice(31));
    expect(JSON.stringify(resumed)).toBe(JSON.stringify(plain));
    setBackend('js');
    const js = FtrlClassifier.fromJSON(JSON.stringify(first)).partialFit(rows.slice(31), labels.slice(31));
    expect(JSON.stringify(js)).toBe(JSON.stringify(plain));
    expect(() => plain.partialFit(rows, labels)).toThrow("this learner lives on the 'wasm' backend, but 'js' is chosen now");
    js.free();
    setBackend('wasm');
    expect(JSON.stringify(FtrlRegression.fromJSON(new FtrlRegression({ loss: 'poisson' }).toJSON()))).toBe(
      JSON.stringify(new FtrlRegression({ loss: 'poisson' })),
    );
    for (const learner of [plain, first, resumed]) learner.free();
  });

  test('comes to the batch solution of a stationary stream, penalty included', () => {
    const dice = new Dice(21);
    const { rows, y } = linearData(dice, 400, 12, { noise: 0.3 });
    const batch = new Lasso({ lambda: 0.1 }).fit(rows, y);
    const learner = new FtrlRegression({ lambda: 0.1, alpha: 0.1 });
    const mixed = dice.permutation(400);
    for (let pass = 0; pass < 60; pass++) {
      learner.partialFit(
        mixed.map((i) => rows[i]),
        mixed.map((i) => y[i]),
      );
    }
    const { coef, intercept, support } = learner.model();
    coef.toDense().forEach((w, j) => {
      expect(Math.abs(w - batch.coef[j])).toBeLessThan(0.01);
    });
    expect(Math.abs(intercept - batch.intercept)).toBeLessThan(0.01);
    expect([...support]).toEqual([...batch.support]);
    learner.free();
  });

  test('has exact zeros where the penalty wins, and its model stays as it was', () => {
    const dice = new Dice(2);
    const { rows, y } = linearData(dice, 300, 30);
    const learner = new FtrlRegression({ l1: 30, alpha: 1 }).partialFit(rows, y);
    const model = learner.model();
    expect(model.support.length).toBeLessThan(15);
    expect(model.support.length).toBeGreaterThan(3);
    const before = model.predict(rows);
    learner.partialFit(rows, y);
    expect(model.predict(rows)).toEqual(before);
    expect(learner.rows).toBe(600);
    expect(model.rows).toBe(300);
    learner.free();
    expect(model.predict(rows)).toEqual(before);
    expect(() => learner.partialFit(rows, y)).toThrow(new SpinifexError('FREED', 'this learner was freed'));
    learner[Symbol.dispose]();
  });
});

describe('models', () => {
  test('predict labels of numbers and strings and probabilities, and survive JSON', () => {
    const dice = new Dice(3);
    const rows = dice.matrix(500, 3);
    for (const classes of [
      ['ham', 'spam'],
      [7, -2],
    ]) {
      const y = rows.map(([a, b]) => classes[a - b > 0 ? 1 : 0]);
      const learner = new FtrlClassifier<string | number>({ classes, alpha: 1 }).partialFit(rows, y);
      const model = learner.model();
      const found = model.predict(rows);
      expect(found.filter((label, i) => label === y[i]).length).toBeGreaterThan(480);
      expect(learner.progressiveAccuracy).toBeGreaterThan(0.9);
      const p = model.predictProbability(rows);
      const f = model.decision(rows);
      expect([p.rows, p.cols]).toEqual([500, 2]);
      for (const [i, [first, second]] of p.toRows().entries()) {
        expect(Math.abs(second - 1 / (1 + Math.exp(-f[i])))).toBeLessThan(1e-12);
        expect(Math.abs(first + second - 1)).toBeLessThan(1e-15);
        expect(found[i]).toBe(model.classes[second > 0.5 ? 1 : 0]);
      }
      const read = FtrlClassifierModel.fromJSON(JSON.stringify(model));
      expect(read.predictProbability(rows)).toEqual(p);
      expect(read).toEqual(model);
      learner.free();
    }
  });

  test('take the classes of the first chunk, ascending', () => {
    const learner = new FtrlClassifier<string>().partialFit([[1], [2]], ['b', 'a']);
    expect(learner.classes).toEqual(['a', 'b']);
    learner.free();
  });

  test('of counts predict their mean', () => {
    const dice = new Dice(4);
    const learner = new FtrlRegression({ loss: 'poisson', alpha: 0.5 });
    const X = dice.matrix(4000, 1).map(([a]) => [a > 0 ? 1 : 0]);
    learner.partialFit(
      X,
      X.map(([a]) => (a === 1 ? 4 : dice.integer(2))),
    );
    const model = learner.model();
    const [low, high] = model.predict([[0], [1]]);
    expect(low).toBeGreaterThan(0.4);
    expect(low).toBeLessThan(0.6);
    expect(high).toBeGreaterThan(3.8);
    expect(high).toBeLessThan(4.2);
    expect(FtrlRegressionModel.fromJSON(model.toJSON())).toEqual(model);
    learner.free();
  });

  test('have the same bits on every engine', () => {
    const dice = new Dice(12);
    const { rows, y } = data(dice, 200, 9, 'logistic', false);
    const learner = new FtrlClassifier({ l1: 0.1, lambda: 0.001 }).partialFit(rows, y);
    const model = learner.model();
    const hash = new Hash().add(model.coef.values).add(model.coef.indices).add([model.intercept, learner.progressiveLoss]);
    expect(hash.add(model.predictProbability(rows).data).text).toBe('428a5930');
    learner.free();
  });
});
