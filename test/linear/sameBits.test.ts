/**
 * The same bits on every engine: this file runs in Node and in Chromium, and both must find the hashes below. A change of the numbers in
 * src/ or assembly/ that is meant to be one changes them too: run it, and copy what it prints if Node and Chromium agree.
 */
import { afterAll, describe, expect, test } from 'vitest';
import {
  type BackendName,
  basisPursuit,
  type DesignInput,
  ElasticNet,
  ElasticNetCV,
  Lasso,
  LassoCV,
  type LinearModel,
  type LinearPath,
  lambdaMax,
  lassoPath,
  Ridge,
  setBackend,
  type VectorInput,
} from '../../src/index.ts';
import { FORMATS, stored } from './formats.ts';
import { Hash } from './hash.ts';
import { Dice, linearData } from './problems.ts';

afterAll(() => setBackend('wasm'));

function ofModel(hash: Hash, { coef, intercept }: LinearModel): void {
  hash.add(coef).add([intercept]);
}

function ofPath(hash: Hash, { lambdas, intercepts, coefs }: LinearPath): void {
  hash.add(lambdas).add(intercepts).add(coefs.data).add(coefs.indices);
}

type Work = (hash: Hash, X: DesignInput, y: VectorInput, lambda: number) => void;

const works: Record<string, Work> = {
  'lasso fits': (hash, X, y, most) => {
    for (const share of [0.5, 0.1, 0.01]) {
      ofModel(hash, new Lasso({ lambda: share * most }).fit(X, y));
      ofModel(hash, new Lasso({ lambda: share * most, standardize: true, fitIntercept: false, positive: true }).fit(X, y));
      ofModel(
        hash,
        new ElasticNet({ lambda: share * most, upper: 0.5 }).fit(X, y, { sampleWeight: Array.from(y, (_, i) => 1 + (i % 3)) }),
      );
      ofModel(hash, new Ridge({ lambda: share * most }).fit(X, y));
    }
  },
  'fits by first-order methods': (hash, X, y, most) => {
    for (const solver of ['cd', 'ista', 'fista', 'admm', 'subgradient', 'sgd'] as const) {
      ofModel(hash, new Lasso({ lambda: 0.2 * most, solver, maxEpochs: 30, seed: 3 }).fit(X, y));
    }
  },
  paths: (hash, X, y) => {
    ofPath(hash, lassoPath(X, y, { nLambdas: 40, tol: 1e-10 }));
    ofPath(
      hash,
      lassoPath(X, y, { nLambdas: 15, l1Ratio: 0.5, standardize: true, offset: Array.from(y, (_, i) => 0.1 * (i % 4)) }),
    );
  },
  'cross-validations': (hash, X, y) => {
    const lasso = new LassoCV({ folds: 4, nLambdas: 25, seed: 5, rule: '1se' }).fit(X, y);
    hash.add(lasso.fold).add(lasso.mean).add(lasso.standardError).add([lasso.lambdaMin, lasso.lambda1se]);
    ofModel(hash, lasso.model);
    const net = new ElasticNetCV({ foldIds: Array.from(y, (_, i) => i % 3), nLambdas: 10, standardize: true }).fit(X, y);
    hash.add(net.mean).add(net.standardError);
  },
};

/** Of the bytes of coefficients, intercepts, lambdas and errors. */
const hashes: Record<BackendName, Record<string, string>> = {
  wasm: {
    'lasso fits': '24bdb06b',
    'fits by first-order methods': '80a3abd7',
    paths: 'fe77f697',
    'cross-validations': '1dbc9bdc',
    'basis pursuit': 'eec006ab',
  },
  js: {
    'lasso fits': 'dc34806e',
    'fits by first-order methods': '52b41576',
    paths: '436acc74',
    'cross-validations': 'cacb1ab8',
    'basis pursuit': 'aac25e3a',
  },
};

describe.each(['wasm', 'js'] as const)('on the %s backend', (name) => {
  test('coefficients have the same bits on every engine', () => {
    setBackend(name);
    const found: Record<string, string> = {};
    for (const [title, work] of Object.entries(works)) {
      const hash = new Hash();
      for (const [seed, n, p, density] of [
        [1, 40, 25, 1],
        [2, 25, 80, 1],
        [3, 60, 50, 0.1],
      ]) {
        const { rows, y } = linearData(new Dice(seed), n, p, { density });
        for (const format of FORMATS) {
          const X = stored(rows, format, seed === 2 && format === 'CSC' ? Float32Array : Float64Array);
          work(hash, X, y, lambdaMax(X, y));
        }
      }
      found[title] = hash.text;
    }
    const hash = new Hash();
    for (let seed = 1; seed <= 5; seed++) {
      const dice = new Dice(seed);
      hash.add(basisPursuit(dice.matrix(10, 25), dice.vector(10)).x);
    }
    found['basis pursuit'] = hash.text;
    expect(found).toEqual(hashes[name]);
  });
});
