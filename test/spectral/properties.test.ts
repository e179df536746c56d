import { describe, expect, test } from 'vitest';
import { CsrMatrix, covariance, DenseMatrix, Pca, type PcaModel, TruncatedSvd, type TruncatedSvdModel } from '../../src/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { centred, countData, Dice, dot, factorData, subspaceCosine } from './samples.ts';

const shapes: [string, number, number][] = [
  ['tall', 60, 9],
  ['wide', 12, 40],
  ['square', 20, 20],
];

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let unit = 0;
  for (let i = 0; i < expected.length; i++) unit = Math.max(unit, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `entry ${i}`).toBeLessThanOrEqual(tolerance * Math.max(unit, 1e-300));
  }
}

/** Residual and orthogonality as anyone would compute them. */
function certify(C: number[][], components: number[][], sigma: ArrayLike<number>): { residual: number; orthogonality: number } {
  let [residual, orthogonality] = [0, 0];
  components.forEach((v, i) => {
    const u = C.map((row) => dot(row, v));
    // ||C'C v - sigma^2 v|| / sigma is ||C'u - sigma v|| for u = C v / sigma.
    const back = v.map((x, j) => C.reduce((s, row, r) => s + row[j] * u[r], 0) - sigma[i] ** 2 * x);
    residual = Math.max(residual, Math.sqrt(dot(back, back)) / (sigma[i] * sigma[0]));
    components.forEach((w, j) => {
      orthogonality = Math.max(orthogonality, Math.abs(dot(v, w) - (i === j ? 1 : 0)));
    });
  });
  return { residual, orthogonality };
}

describe.each(shapes)('PCA of %s data', (_, n, p) => {
  const rows = factorData(new Dice(n), n, p, 5);
  const k = 4;
  const model = new Pca({ components: k }).fit(rows);

  test('has a certificate that an independent computation confirms', () => {
    for (const standardize of [false, true]) {
      const found = new Pca({ components: k, standardize }).fit(rows);
      const proof = certify(centred(rows, standardize), found.components.toRows(), found.singularValues);
      expect(proof.residual).toBeLessThan(1e-12);
      expect(proof.orthogonality).toBeLessThan(1e-13);
      expect(found.certificate.converged).toBe(true);
      expect(found.certificate.residual).toBeLessThan(1e-12);
      expect(found.certificate.orthogonality).toBeLessThan(1e-13);
    }
  });

  test('is the same in every storage, and nearly the same in 32 bits', () => {
    for (const format of FORMATS) {
      const found = new Pca({ components: k, standardize: true }).fit(stored(rows, format));
      const same = new Pca({ components: k, standardize: true }).fit(rows);
      expectClose(found.singularValues, same.singularValues, 1e-12);
      expectClose(found.components.data, same.components.data, 1e-10);
      const half = new Pca({ components: k, standardize: true }).fit(stored(rows, format, Float32Array));
      expectClose(half.singularValues, same.singularValues, 1e-6);
      expectClose(half.components.data, same.components.data, 1e-4);
    }
  });

  test('does not depend on the order of rows, signs included', () => {
    const turned = new Pca({ components: k }).fit([...rows].reverse());
    expectClose(turned.components.data, model.components.data, 1e-10);
    expectClose(turned.explainedVariance, model.explainedVariance, 1e-12);
  });

  test('scales with the data and forgets shifts', () => {
    const scaled = new Pca({ components: k }).fit(rows.map((row) => row.map((v, j) => 1000 * v + 10 * j)));
    expectClose(scaled.components.data, model.components.data, 1e-9);
    expectClose(
      scaled.singularValues,
      model.singularValues.map((s) => 1000 * s),
      1e-11,
    );
    const permuted = new Pca({ components: k }).fit(rows.map((row) => [...row].reverse()));
    const back = permuted.components.toRows().map((row) => [...row].reverse());
    expect(subspaceCosine(back, model.components.toRows())).toBeGreaterThan(1 - 1e-10);
  });

  test('has scores whose variances are the explained variances, uncorrelated', () => {
    const S = covariance(model.transform(rows)).toRows();
    S.forEach((row, i) => {
      row.forEach((v, j) => {
        expect(Math.abs(v - (i === j ? model.explainedVariance[i] : 0))).toBeLessThan(1e-11 * model.explainedVariance[0]);
      });
    });
    const white = covariance(new Pca({ components: k, whiten: true }).fit(rows).transform(rows)).toRows();
    white.forEach((row, i) => {
      row.forEach((v, j) => {
        expect(Math.abs(v - (i === j ? 1 : 0))).toBeLessThan(1e-9);
      });
    });
  });

  test('has shares of the true total variance', () => {
    const total = centred(rows).reduce((s, row) => s + dot(row, row), 0) / (n - 1);
    expect(model.totalVariance / total).toBeCloseTo(1, 12);
    expectClose(
      model.explainedVarianceRatio,
      model.explainedVariance.map((v) => v / total),
      1e-12,
    );
    const all = new Pca({ components: Math.min(n - 1, p) }).fit(rows);
    const sum = all.explainedVarianceRatio.reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-15);
    expect(sum).toBeGreaterThan(1 - 1e-12);
    expect(all.noiseVariance).toBeLessThan(1e-12 * total);
  });

  test('brings rows back from all components, whitened or not', () => {
    for (const whiten of [false, true]) {
      const all = new Pca({ components: Math.min(n - 1, p), standardize: true, whiten }).fit(rows);
      expectClose(all.inverseTransform(all.transform(rows)).data, rows.flat(), 1e-11);
    }
  });

  test('finds the same space with every solver', () => {
    for (const solver of ['lanczos', 'randomized'] as const) {
      const found = new Pca({ components: 2, solver, powerIterations: 60, seed: 3 }).fit(rows);
      expectClose(found.singularValues, model.singularValues.subarray(0, 2), 1e-10);
      expect(subspaceCosine(found.components.toRows(), model.components.toRows().slice(0, 2))).toBeGreaterThan(1 - 1e-12);
    }
  });

  test('is read back from its JSON with the same bits', () => {
    for (const standardize of [false, true]) {
      const found = new Pca({ components: k, standardize, whiten: true }).fit(rows);
      const Model = found.constructor as typeof PcaModel;
      const again = Model.fromJSON(JSON.stringify(found));
      expect(JSON.stringify(again)).toBe(JSON.stringify(found));
      expect(again.transform(rows).data).toEqual(found.transform(rows).data);
      expect([again.noiseVariance, again.score(rows)]).toEqual([found.noiseVariance, found.score(rows)]);
    }
  });
});

describe('Lanczos on larger problems', () => {
  const rows = countData(new Dice(8), 300, 420, 0.05);

  test.each(['rows', 'columns'] as const)('agrees with the full solution from the side of the %s', (side) => {
    const X = CsrMatrix.fromDense(side === 'rows' ? rows : rows[0].map((_, j) => rows.map((row) => row[j])));
    for (const standardize of [false, true]) {
      const exact = new Pca({ components: 30, solver: 'covariance', standardize }).fit(X);
      const found = new Pca({ components: 30, solver: 'lanczos', standardize, seed: 1 }).fit(X);
      expect(found.certificate.iterations).toBeGreaterThan(10);
      expect(found.certificate.residual).toBeLessThan(1e-10);
      expectClose(found.singularValues, exact.singularValues, 1e-12);
      expect(subspaceCosine(found.components.toRows(), exact.components.toRows())).toBeGreaterThan(1 - 1e-12);
    }
  });

  test('says so when it may not do enough steps', () => {
    const found = new TruncatedSvd({ components: 20, solver: 'lanczos', maxIterations: 7 }).fit(CsrMatrix.fromDense(rows));
    expect(found.certificate).toMatchObject({ converged: false, status: 'maxIterations', iterations: 7 });
    expect(found.certificate.orthogonality).toBeLessThan(1e-12);
    const proof = certify(rows, found.components.toRows(), found.singularValues);
    expect(proof.residual).toBeLessThan(2 * found.certificate.residual + 1e-12);
  });

  test('survives fewer different singular values than its block is wide', () => {
    // Two distinct singular values, each many times: the Krylov space is exhausted at once.
    const n = 120;
    const X = CsrMatrix.fromDense(
      Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? (i < 50 ? 2 : 1) : 0))),
    );
    const svd = new TruncatedSvd({ components: 20, solver: 'lanczos' }).fit(X);
    svd.singularValues.forEach((s) => {
      expect(Math.abs(s - 2)).toBeLessThan(1e-12);
    });
    expect(svd.certificate.converged).toBe(true);
    expect(svd.certificate.orthogonality).toBeLessThan(1e-12);
    expect(Math.max(...svd.certificate.gaps)).toBeLessThan(1e-12);
  });

  test('does not stop at the rank of the data', () => {
    const low = countData(new Dice(9), 200, 6, 0.5).map((row) =>
      Array.from({ length: 150 }, (_, j) => row[j % 6] * (1 + (j % 7))),
    );
    const svd = new TruncatedSvd({ components: 12, solver: 'lanczos' }).fit(low);
    const exact = new TruncatedSvd({ components: 12, solver: 'gram' }).fit(low);
    expectClose(svd.singularValues, exact.singularValues, 1e-12);
    for (const model of [svd, exact]) {
      expect(model.singularValues[6]).toBeLessThan(1e-12 * model.singularValues[0]);
      expect(model.certificate.orthogonality).toBeLessThan(1e-12);
      expect(model.certificate.converged).toBe(true);
    }
  });
});

describe('truncated SVD', () => {
  test.each(shapes)('of %s data reproduces it from all triplets, and small singular values keep their digits', (_, n, p) => {
    const rows = factorData(new Dice(p), n, p, 6);
    const k = Math.min(n, p);
    const svd = new TruncatedSvd({ components: k }).fit(rows);
    expectClose(svd.inverseTransform(svd.transform(rows)).data, rows.flat(), 1e-12);
    const sum = svd.squaredNormRatio.reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-14);
    expect(sum).toBeGreaterThan(1 - 1e-12);
    const share = svd.explainedVarianceRatio.reduce((a, b) => a + b, 0);
    expect(share).toBeCloseTo(1, 10);
    const again = (svd.constructor as typeof TruncatedSvdModel).fromJSON(JSON.stringify(svd));
    expect(JSON.stringify(again)).toBe(JSON.stringify(svd));
  });

  test('of a graded matrix finds singular values far below the square root of rounding', () => {
    // Q diag(10^-i) with Q orthonormal: a Gram matrix alone would lose everything below 1e-8.
    const n = 40;
    const values = [1, 1e-3, 1e-6, 1e-9, 1e-12];
    const rows = Array.from({ length: n }, (_, i) =>
      values.map((s, j) => (s * (i % 8 === j ? 1 : 0) * (i < 8 ? 1 : -1)) / Math.sqrt(5)),
    );
    const { singularValues, certificate } = new TruncatedSvd({ components: 5 }).fit(rows);
    singularValues.forEach((s, i) => {
      expect(Math.abs(s - values[i])).toBeLessThan(1e-15);
    });
    expect(certificate.orthogonality).toBeLessThan(1e-13);
  });
});

describe('degenerate data', () => {
  test('equal singular values give one space, whose gap is 0', () => {
    const rows = [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 0.1],
      [0, 0, -0.1],
    ];
    const { components, certificate } = new Pca({ components: 2 }).fit(rows);
    expect(certificate.gaps[0]).toBeLessThan(1e-12);
    expect(
      subspaceCosine(components.toRows(), [
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ).toBeGreaterThan(1 - 1e-12);
  });

  test('constant data have no variance and orthonormal components all the same', () => {
    for (const standardize of [false, true]) {
      const model = new Pca({ components: 2, standardize }).fit(Array.from({ length: 5 }, () => [3, 4, 5]));
      expect(Array.from(model.explainedVariance)).toEqual([0, 0]);
      expect(Array.from(model.explainedVarianceRatio)).toEqual([0, 0]);
      expect(model.certificate).toMatchObject({ converged: true, residual: 0 });
      expect(model.certificate.orthogonality).toBeLessThan(1e-13);
      expect(Array.from(model.transform([[3, 4, 5]]).data)).toEqual([0, 0]);
      if (standardize) expect(Array.from(model.scale!)).toEqual([1, 1, 1]);
    }
  });

  test('constant columns are left alone by standardize', () => {
    const rows = factorData(new Dice(4), 20, 3, 2).map((row) => [...row, 0.1]);
    const model = new Pca({ components: 3, standardize: true }).fit(rows);
    expect(model.scale![3]).toBe(1);
    for (const row of model.components.toRows()) expect(Math.abs(row[3])).toBeLessThan(1e-10);
    expect(model.totalVariance).toBeCloseTo((3 * 20) / 19, 10);
  });

  test('a large mean costs no digits', () => {
    const rows = factorData(new Dice(5), 50, 6, 3);
    const far = rows.map((row) => row.map((v) => Math.round(v * 2 ** 20) / 2 ** 20 + 2 ** 20));
    const near = far.map((row) => row.map((v) => v - 2 ** 20));
    for (const X of [far, new DenseMatrix(Float64Array.from(far.flat()), 50, 6)]) {
      expectClose(new Pca({ components: 6 }).fit(X).singularValues, new Pca({ components: 6 }).fit(near).singularValues, 1e-9);
    }
  });
});

describe('the number of components', () => {
  const dice = new Dice(11);
  const rows = factorData(dice, 200, 12, 3, 0.05);

  test('follows from a share of the variance', () => {
    const all = new Pca({ components: 12 }).fit(rows).explainedVarianceRatio;
    for (const share of [0.3, 0.8, 0.95, 0.9999]) {
      const model = new Pca({ components: share }).fit(rows);
      const k = model.singularValues.length;
      const sum = (m: number) => all.subarray(0, m).reduce((a, b) => a + b, 0);
      expect(sum(k)).toBeGreaterThanOrEqual(share - 1e-12);
      expect(sum(k - 1)).toBeLessThan(share);
    }
  });

  test("is found by Minka's evidence and by parallel analysis where three factors were planted", () => {
    expect(new Pca({ components: 'minka' }).fit(rows).singularValues.length).toBe(3);
    expect(new Pca({ components: 'parallel', standardize: true }).fit(rows).singularValues.length).toBeLessThanOrEqual(3);
    const counts = CsrMatrix.fromDense(countData(dice, 100, 15));
    expect(new Pca({ components: 'parallel', seed: 1 }).fit(counts).singularValues.length).toBeLessThan(6);
  });

  test('of parallel analysis is the same for the same seed', () => {
    const componentsOf = (seed: number) => new Pca({ components: 'parallel', seed, permutations: 5 }).fit(rows).components.data;
    expect(componentsOf(2)).toEqual(componentsOf(2));
  });
});

describe('fits over chunks', () => {
  const rows = factorData(new Dice(6), 90, 7, 4);
  const sizes = [1, 20, 3, 66];
  const chunksOf = (all: number[][]) => {
    let from = 0;
    return sizes.map((size) => all.slice(from, (from += size)));
  };

  test.each([
    ['a count', { components: 3 }],
    ['a share', { components: 0.9 }],
    ['Minka', { components: 'minka' }],
    ['standardize', { components: 7, standardize: true }],
  ] as const)('equal one fit of all rows (%s)', async (_, options) => {
    const whole = new Pca(options).fit(rows);
    const model = await new Pca(options).fitChunks(chunksOf(rows));
    expectClose(model.explainedVariance, whole.explainedVariance, 1e-11);
    expectClose(model.components.data, whole.components.data, 1e-9);
    expectClose(model.mean, whole.mean, 1e-13);
    expectClose([model.totalVariance], [whole.totalVariance], 1e-12);
    expect(model.certificate.converged).toBe(true);
    async function* later() {
      for (const chunk of chunksOf(rows)) yield CsrMatrix.fromDense(chunk);
    }
    expectClose((await new Pca(options).fitChunks(later())).explainedVariance, whole.explainedVariance, 1e-11);
  });

  test('of wide data equal one fit where the components hold everything', async () => {
    const wide = factorData(new Dice(7), 30, 1100, 3, 0);
    const model = await new Pca({ components: 5 }).fitChunks([wide.slice(0, 9), wide.slice(9, 20), wide.slice(20)]);
    const whole = new Pca({ components: 5 }).fit(wide);
    expectClose(model.explainedVariance, whole.explainedVariance, 1e-11);
    expectClose([model.totalVariance], [whole.totalVariance], 1e-12);
    expect(subspaceCosine(model.components.toRows().slice(0, 3), whole.components.toRows().slice(0, 3))).toBeGreaterThan(
      1 - 1e-10,
    );
  });
});

test('the score is the log-likelihood of the Gaussian with the covariance of the model', () => {
  const rows = factorData(new Dice(3), 40, 3, 2);
  const model = new Pca({ components: 3 }).fit(rows);
  const C = centred(rows);
  const S = covariance(rows).toRows();
  const [a, b, c, d, e, f] = [S[0][0], S[0][1], S[0][2], S[1][1], S[1][2], S[2][2]];
  const det = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
  const inverse = [
    [d * f - e * e, c * e - b * f, b * e - c * d],
    [c * e - b * f, a * f - c * c, b * c - a * e],
    [b * e - c * d, b * c - a * e, a * d - b * b],
  ].map((row) => row.map((v) => v / det));
  const distance = C.reduce((s, x) => s + x.reduce((t, v, i) => t + v * dot(inverse[i], x), 0), 0) / rows.length;
  expect(model.score(rows)).toBeCloseTo(-0.5 * (3 * Math.log(2 * Math.PI) + Math.log(det) + distance), 10);
  expect(new Pca({ components: 1 }).fit(rows).score(rows)).toBeLessThan(model.score(rows));
});
