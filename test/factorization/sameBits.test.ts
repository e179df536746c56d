/**
 * The same bits on every engine: this file runs in Node and in Chromium, and both must find the hashes below. A change of the numbers in
 * src/ or assembly/ that is meant to be one changes them too: run it, and copy what it prints if Node and Chromium agree.
 */
import { afterAll, describe, expect, test } from 'vitest';
import {
  type BackendName,
  type FactorizationModel,
  ImplicitFactorization,
  MatrixFactorization,
  rankingMetrics,
  setBackend,
} from '../../src/index.ts';
import { Hash } from '../linear/hash.ts';
import { Dice } from '../linear/problems.ts';
import { cases, fitted } from './problems.ts';
import { counts, csr, ratings } from './ratings.ts';

afterAll(() => setBackend('wasm'));

function ofModel(hash: Hash, model: FactorizationModel): void {
  hash.add(model.rowFactors.data).add(model.columnFactors.data).add(model.rowBias).add(model.columnBias).add([model.mean]);
  hash.add(model.history.flatMap(({ objective, rmse, validation = 0 }) => [objective, rmse, validation]));
  hash.add([model.certificate.objective, model.certificate.gradient, model.noiseVariance]);
  const { value, standardError } = model.predictEntries([0, 1, 3], [0, 5, 5]);
  hash.add(value).add(standardError!).add(model.predictAll().data);
}

const works: Record<string, (hash: Hash) => void> = {
  'fits in f64': (hash) => {
    for (const [, variant] of cases) ofModel(hash, fitted(variant, { maxSweeps: 12 }));
  },
  'fits in f32': (hash) => {
    for (const [, variant] of cases) ofModel(hash, fitted(variant, { maxSweeps: 12, precision: 'f32' }));
  },
  'smooth features and early stopping': (hash) => {
    const dice = new Dice(77);
    const R = csr(ratings(dice, 25, 20, { share: 0.5, emptyColumns: [5], emptyRows: [3] }));
    const features = { rowFeatures: dice.matrix(25, 2), columnFeatures: dice.matrix(20, 3) };
    ofModel(hash, new MatrixFactorization({ rank: 4, lambda: 1, ...features }).fit(R, { validation: 0.1 }));
  },
  'fits of counts': (hash) => {
    const seen = csr(counts(new Dice(78), 30, 25));
    for (const precision of ['f64', 'f32'] as const) {
      for (const solver of ['cg', 'cholesky'] as const) {
        const model = new ImplicitFactorization({ rank: 6, lambda: 0.1, alpha: 9, solver, precision }).fit(seen);
        hash
          .add(model.rowFactors.data)
          .add(model.columnFactors.data)
          .add([model.certificate.objective, model.certificate.gradient]);
        for (const { columns, scores } of model.recommendAll(4)) hash.add(columns).add(scores);
        const { precision: hits, recall, map, ndcg, auc } = rankingMetrics(model, csr(counts(new Dice(79), 30, 25)), { k: 5 });
        hash.add([hits, recall, map, ndcg, auc]).add(model.foldInRow([1, 4], [2, 3]).scores);
      }
    }
  },
};

const hashes: Record<BackendName, Record<string, string>> = {
  wasm: {
    'fits in f32': '1de62da0',
    'fits in f64': 'b27a0da4',
    'fits of counts': 'fbdb485f',
    'smooth features and early stopping': '2fb9671a',
  },
  js: {
    'fits in f32': 'b551a751',
    'fits in f64': 'fa24654c',
    'fits of counts': '6e00342b',
    'smooth features and early stopping': '75f3406c',
  },
};

describe('the same bits in Node and Chromium', () => {
  test.each(['wasm', 'js'] as const)('of factorisations on the %s backend', (name) => {
    setBackend(name);
    const found: Record<string, string> = {};
    for (const [title, work] of Object.entries(works)) {
      const hash = new Hash();
      work(hash);
      found[title] = hash.text;
    }
    expect(found).toEqual(hashes[name]);
  });
});
