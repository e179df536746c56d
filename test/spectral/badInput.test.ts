import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  CsrMatrix,
  DenseMatrix,
  Pca,
  PcaModel,
  type PcaOptions,
  SparsePca,
  SparsePcaModel,
  type SparsePcaOptions,
  TruncatedSvd,
  TruncatedSvdModel,
} from '../../src/index.ts';
import { contents, FORMATS, stored } from '../linear/formats.ts';
import { Dice, factorData } from './samples.ts';

const rows = factorData(new Dice(1), 10, 4, 2);

function spoilt(i: number, j: number, value: number): number[][] {
  const copy = rows.map((row) => [...row]);
  copy[i][j] = value;
  return copy;
}

describe('data', () => {
  test.each(FORMATS)('with NaN or Infinity are refused with their position, and nothing stays in memory (%s)', (format) => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    for (const recipe of [
      new Pca({ components: 2 }),
      new TruncatedSvd({ components: 2 }),
      new SparsePca({ components: 2, nonzeros: 2 }),
      new SparsePca({ components: 2, lambda: 0.1 }),
    ]) {
      expect(() => recipe.fit(stored(spoilt(7, 2, NaN), format))).toThrow(
        'X[7][2] is NaN: expected a finite number (missing values: PCA cannot use them, see MatrixFactorization)',
      );
      expect(() => recipe.fit(stored(spoilt(3, 1, -Infinity), format))).toThrow('X[3][1] is -Infinity: expected a finite number');
      expect(() => recipe.fit(stored(spoilt(3, 1, 1e200), format))).toThrow('the squares of column 1 exceed the range');
    }
    const model = new Pca({ components: 2 }).fit(rows);
    expect(() => model.transform(stored(spoilt(7, 2, NaN), format))).toThrow('X[7][2] is NaN');
    expect(heap.inUse).toBe(before);
  });

  test('are never changed', () => {
    for (const format of FORMATS) {
      const X = stored(rows, format);
      const before = contents(X);
      new Pca({ components: 2, standardize: true }).fit(X).transform(X);
      new TruncatedSvd({ components: 2 }).fit(X);
      new SparsePca({ components: 2, lambda: 0.1, standardize: true }).fit(X);
      new SparsePca({ components: 2, nonzeros: 2 }).fit(X);
      expect(contents(X)).toEqual(before);
    }
  });

  test('of one row, or too few for the components, are refused', () => {
    expect(() => new Pca({ components: 1 }).fit([[1, 2]])).toThrow('X: expected at least 2 rows: one has no variance');
    expect(() => new SparsePca({ components: 1, nonzeros: 1 }).fit([[1, 2]])).toThrow('X: expected at least 2 rows');
    expect(() => new Pca({ components: 5 }).fit(rows)).toThrow('components: X is 10 x 4: expected at most 4, got 5');
    expect(() =>
      new TruncatedSvd({ components: 3 }).fit([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toThrow('components: X is 2 x 3: expected at most 2, got 3');
    expect(() => new Pca({ components: 'minka' }).fit(rows.slice(0, 3))).toThrow(
      "'minka' needs at least as many rows as columns",
    );
    expect(() => new SparsePca({ components: 1, nonzeros: 5 }).fit(rows)).toThrow('nonzeros: X has 4 columns, got 5');
    expect(() => new SparsePca({ components: 2, nonzeros: [1, 9] }).fit(rows)).toThrow('nonzeros[1]: X has 4 columns, got 9');
    expect(new TruncatedSvd({ components: 1 }).fit([[3, 4]]).singularValues[0]).toBe(5);
  });

  test('of another kind or width are refused', () => {
    expect(() => new Pca({ components: 1 }).fit('X' as never)).toThrow(TypeError);
    expect(() => new Pca({ components: 1 }).fit([1, 2] as never)).toThrow('X[0]: expected a row of numbers');
    const model = new Pca({ components: 2 }).fit(rows);
    expect(() => model.transform([[1, 2, 3]])).toThrow('X: expected 4 columns, as in the fit, got 3');
    expect(() => model.inverseTransform([[1, 2, 3]])).toThrow('Z: expected 2 columns, as in the fit, got 3');
    const svd = new TruncatedSvd({ components: 2 }).fit(rows);
    expect(() => svd.transform(CsrMatrix.fromDense([[1, 2, 3]]))).toThrow('X: expected 4 columns');
  });
});

describe('options', () => {
  const cases: [PcaOptions, string][] = [
    [{ components: 0 }, 'components: expected an integer >= 1, a share of variance in (0, 1)'],
    [{ components: 1.5 }, 'components: expected an integer >= 1'],
    [{ components: NaN }, 'components: expected an integer >= 1'],
    [{ components: 'mle' as never }, 'components: expected one of "minka", "parallel"'],
    [{} as never, 'components: expected an integer >= 1'],
    [{ components: 1, solver: 'full' as never }, 'solver: expected one of "auto", "covariance", "randomized", "lanczos"'],
    [{ components: 0.5, solver: 'lanczos' }, "needs all variances, which 'lanczos' does not compute: use 'covariance'"],
    [{ components: 1, standardize: 1 as never }, 'standardize: expected true or false'],
    [{ components: 1, tol: -1 }, 'tol: expected a number >= 0'],
    [{ components: 1, seed: -1 }, 'seed: expected an integer >= 0'],
    [{ components: 1, maxIterations: 0 }, 'maxIterations: expected an integer >= 1'],
    [{ components: 1, nComponents: 2 } as never, 'Pca: unknown option "nComponents"'],
  ];
  test.each(cases)('of Pca are checked: %o', (options, message) => {
    expect(() => new Pca(options)).toThrow(message);
  });

  const sparse: [SparsePcaOptions, string][] = [
    [{ components: 1 }, 'expected either nonzeros (truncatedPower) or lambda (elasticNet)'],
    [{ components: 1, nonzeros: 1, lambda: 1 }, 'expected either nonzeros'],
    [{ components: 1, nonzeros: 1, method: 'elasticNet' }, "method: 'elasticNet' takes lambda, not nonzeros"],
    [{ components: 2, nonzeros: [1] }, 'nonzeros: expected one value per component (2), got 1'],
    [{ components: 2, lambda: [1, -1] }, 'lambda[1]: expected a number >= 0'],
    [{ components: 2, nonzeros: [1, 'a' as never] }, 'nonzeros[1] is "a" (string)'],
    [{ components: 1, nonzeros: 0.5 }, 'nonzeros: expected an integer >= 1'],
  ];
  test.each(sparse)('of SparsePca are checked: %o', (options, message) => {
    expect(() => new SparsePca(options)).toThrow(message);
  });

  test('of TruncatedSvd and of fit are checked', () => {
    expect(() => new TruncatedSvd({ components: 0.5 })).toThrow('components: expected an integer >= 1');
    expect(() => new TruncatedSvd({ components: 1, solver: 'covariance' as never })).toThrow('solver: expected one of');
    expect(() => new Pca({ components: 1 }).fit(rows, { progress: 1 } as never)).toThrow('fit: unknown option "progress"');
  });
});

describe('chunks', () => {
  test('are checked one by one, and a bad one changes nothing', () => {
    const good = new Pca({ components: 2 }).incremental().add(rows);
    expect(() => good.add([[1, 2]])).toThrow('X: expected 4 columns, as in the first chunk, got 2');
    expect(() => good.add(spoilt(1, 1, NaN))).toThrow('X[1][1] is NaN');
    expect(good.rows).toBe(10);
    expect(good.model().explainedVariance).toEqual(new Pca({ components: 2 }).incremental().add(rows).model().explainedVariance);
  });

  test('must hold two rows in all, and enough for the components', async () => {
    const pca = new Pca({ components: 3 });
    expect(() => pca.incremental().model()).toThrow('Pca: expected at least 2 rows in all, got 0');
    await expect(pca.fitChunks([rows.slice(0, 2)])).rejects.toThrow('components: X is 2 x 4: expected at most 2, got 3');
    expect(() => new Pca({ components: 'parallel' }).incremental()).toThrow("'parallel' needs all rows at once");
    const wide = new DenseMatrix(new Float64Array(2 * 1001).fill(1), 2, 1001);
    expect(() => new Pca({ components: 0.9 }).incremental().add(wide)).toThrow('chunks with more than 1000 columns');
  });
});

test('saved models that are not what they say are refused', () => {
  const pca = JSON.parse(JSON.stringify(new Pca({ components: 2 }).fit(rows)));
  expect(() => PcaModel.fromJSON('{')).toThrow('is not JSON');
  expect(() => TruncatedSvdModel.fromJSON(pca)).toThrow('is of the kind "Pca"');
  expect(() => SparsePcaModel.fromJSON(pca)).toThrow('is of the kind "Pca"');
  expect(() => PcaModel.fromJSON({ ...pca, mean: [1] })).toThrow('"mean"');
  expect(() => PcaModel.fromJSON({ ...pca, certificate: undefined })).toThrow('"certificate"');
});
