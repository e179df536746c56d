/**
 * The same bits on every engine: this file runs in Node and in Chromium, and both must find the hashes below. A change of the numbers in
 * src/ or assembly/ that is meant to be one changes them too: run it, and copy what it prints if Node and Chromium agree.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { type BackendName, covariance, Pca, SparsePca, setBackend, symmetricEigen, TruncatedSvd } from '../../src/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { Hash } from '../linear/hash.ts';
import { countData, Dice, factorData } from './samples.ts';

afterAll(() => setBackend('wasm'));

type Work = (hash: Hash, X: ReturnType<typeof stored>) => void;

const works: Record<string, Work> = {
  'principal components': (hash, X) => {
    for (const options of [
      { components: 3 },
      { components: 0.8, standardize: true },
      { components: 3, solver: 'lanczos' },
      { components: 3, solver: 'randomized', seed: 4 },
      { components: 'parallel', permutations: 3 },
    ] as const) {
      const model = new Pca(options).fit(X);
      hash
        .add(model.components.data)
        .add(model.explainedVariance)
        .add(model.transform(X).data)
        .add([model.score(X)]);
    }
    if (X.rows >= X.cols) hash.add(new Pca({ components: 'minka' }).fit(X).singularValues);
  },
  'singular values': (hash, X) => {
    for (const solver of ['gram', 'lanczos', 'randomized'] as const) {
      const model = new TruncatedSvd({ components: 4, solver, seed: 1 }).fit(X);
      hash.add(model.components.data).add(model.singularValues).add(model.explainedVariance);
    }
  },
  'sparse components': (hash, X) => {
    const power = new SparsePca({ components: 2, nonzeros: 4 }).fit(X);
    hash.add(power.components.data).add(power.components.indices).add(power.explainedVariance);
    const net = new SparsePca({ components: 2, lambda: 0.1, standardize: true, tol: 1e-3 }).fit(X);
    hash.add(net.components.data).add(net.components.indices);
  },
  'eigenvalues of covariances': (hash, X) => {
    const { values, vectors } = symmetricEigen(covariance(X));
    hash.add(values).add(vectors.data);
  },
};

/** Of the bytes of components, singular values and variances. */
const hashes: Record<BackendName, Record<string, string>> = {
  wasm: {
    'principal components': 'db8330d1',
    'singular values': '64d39635',
    'sparse components': 'c20f7c3e',
    'eigenvalues of covariances': 'a5363e2b',
  },
  js: {
    'principal components': '1be0d779',
    'singular values': '12117378',
    'sparse components': '4d5530fd',
    'eigenvalues of covariances': 'b43fecb6',
  },
};

describe.each(['wasm', 'js'] as const)('on the %s backend', (name) => {
  test('decompositions have the same bits on every engine', () => {
    setBackend(name);
    const found: Record<string, string> = {};
    for (const [title, work] of Object.entries(works)) {
      const hash = new Hash();
      for (const rows of [
        factorData(new Dice(1), 50, 9, 3),
        factorData(new Dice(2), 12, 30, 4),
        countData(new Dice(3), 90, 100, 0.1),
      ]) {
        for (const format of FORMATS) work(hash, stored(rows, format, format === 'CSC' ? Float32Array : Float64Array));
      }
      found[title] = hash.text;
    }
    expect(found).toEqual(hashes[name]);
  });
});
