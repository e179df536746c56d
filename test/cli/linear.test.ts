import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { MatrixFactorization } from '../../src/factorization/index.ts';
import { ElasticNet, Lasso, LassoCV, LinearModel, lassoPath } from '../../src/linear/index.ts';
import { Pca } from '../../src/spectral/index.ts';
import { roadsCsv, run, scratch } from './run.ts';

const folder = scratch();
const roads = folder.file('roads.csv', roadsCsv());
const [, ...rows] = roadsCsv().trim().split('\n');
const cells = rows.map((row) => row.split(',').slice(1).map(Number));
const X = cells.map((row) => row.slice(0, 4));
const y = cells.map((row) => row[4]);

afterAll(() => folder.remove());

describe('lasso', () => {
  test('prints the coefficients of the library by size, how many are zero, and the proof', async () => {
    const { code, out, err } = await run(['lasso', roads, '--target', 'y', '--lambda', '0.5']);
    const { coef, intercept } = new Lasso({ lambda: 0.5 }).fit(X, y);
    expect(code).toBe(0);
    expect(err).toBe('left out, because they hold words: name\n');
    const number = (value: number) => String(Number(value.toPrecision(6)));
    expect(out.split('\n').slice(0, 6)).toEqual([
      `Lasso of "y" on 4 columns, 40 rows of ${roads}, lambda 0.5`,
      '',
      'column       coefficient',
      `a            ${number(coef[0]).padStart(11)}`,
      `b            ${number(coef[1]).padStart(11)}`,
      `(intercept)  ${number(intercept).padStart(11)}`,
    ]);
    expect(Array.from(coef.slice(2))).toEqual([0, 0]);
    expect(out).toContain('2 coefficients of 4 are zero: c, d.');
    expect(out).toMatch(
      /Certificate: no other coefficients are better by more than \S+ of the null loss .*converged.*the only solution\.\n$/,
    );
  });

  test('prints the same numbers as JSON, to the last bit', async () => {
    const argv = [
      'lasso',
      roads,
      '--target',
      'y',
      '--lambda',
      '0.3',
      '--l1-ratio',
      '0.5',
      '--standardize',
      '--positive',
      '--json',
    ];
    const { code, out } = await run(argv);
    const model = new ElasticNet({ lambda: 0.3, l1Ratio: 0.5, standardize: true, positive: true }).fit(X, y);
    expect(code).toBe(0);
    const json = JSON.parse(out);
    expect(json.coefficients).toEqual(Object.fromEntries(['a', 'b', 'c', 'd'].map((name, j) => [name, model.coef[j]])));
    expect(json).toMatchObject({ target: 'y', rows: 40, lambda: 0.3, intercept: model.intercept, explained: model.score(X, y) });
    expect(json.certificate.converged).toBe(true);
  });

  test('takes the columns that --features names in their order, and none that --ignore names', async () => {
    const named = await run(['lasso', roads, '--target', 'y', '--lambda', '0.1', '--features', 'c, a', '--json']);
    expect(Object.keys(JSON.parse(named.out).coefficients)).toEqual(['c', 'a']);
    const ignored = await run(['lasso', roads, '--target', 'y', '--lambda', '0.1', '--ignore', 'c,a,name', '--json']);
    expect(Object.keys(JSON.parse(ignored.out).coefficients)).toEqual(['b', 'd']);
    expect(ignored.err).toBe('');
  });

  test('reads standard input where the file is -', async () => {
    const { code, out } = await run(['lasso', '-', '--target', 'y', '--lambda', '0.1'], { input: roadsCsv() });
    expect(code).toBe(0);
    expect(out).toContain('40 rows of standard input');
  });

  test('reads svmlight by the name of the file or by --format', async () => {
    const text =
      'label\n'.slice(6) +
      cells
        .map(
          (row) =>
            `${row[4]} ${row
              .slice(0, 4)
              .map((v, j) => `${j + 1}:${v}`)
              .join(' ')}`,
        )
        .join('\n');
    const byName = await run(['lasso', folder.file('roads.svm', `${text}\n`), '--lambda', '0.5', '--json']);
    const byFlag = await run([
      'lasso',
      folder.file('roads.txt', `${text}\n`),
      '--lambda',
      '0.5',
      '--json',
      '--format',
      'svmlight',
    ]);
    const { coef } = new Lasso({ lambda: 0.5 }).fit(X, y);
    const values = Object.values(JSON.parse(byName.out).coefficients) as number[];
    for (const [j, value] of values.entries()) expect(value).toBeCloseTo(coef[j], 10);
    expect(byFlag.out).toBe(byName.out);
  });

  test('says which numbers lambda may be when it is missing', async () => {
    const { code, err } = await run(['lasso', roads, '--target', 'y', '--quiet']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^spinifex: --lambda is needed: a number from 0 to [\d.]+, where all coefficients are zero \(spinifex cv chooses one\)\n$/,
    );
  });

  test('writes a picture that marks lambda', async () => {
    const svg = `${folder.path}/path.svg`;
    const { code, out } = await run(['lasso', roads, '--target', 'y', '--lambda', '0.5', '--svg', svg]);
    expect(code).toBe(0);
    expect(out).toContain(`\nPicture: ${svg}\n`);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  });
});

describe('path', () => {
  test('lists lambdas from large to small with what comes in', async () => {
    const { code, out } = await run(['path', roads, '--target', 'y', '--lambdas', '30', '--rows', '5']);
    expect(code).toBe(0);
    const { points } = lassoPath(X, y, { nLambdas: 30 });
    const lines = out.split('\n').slice(3, 8);
    const shown = [0, 7, 15, 22, 29].map((k) => points[k]);
    for (const [k, line] of lines.entries()) {
      expect(line.trim().split(/\s+/).slice(0, 2).map(Number)).toEqual([Number(shown[k].lambda.toPrecision(4)), shown[k].df]);
    }
    expect(lines[1]).toContain('+');
    expect(out).toContain('All 30 fits are certified');
  });

  test('gives every point as JSON, and the exact model at --lambda', async () => {
    const { out } = await run(['path', roads, '--target', 'y', '--lambdas', '10', '--lambda', '0.5', '--json']);
    const { points, model } = JSON.parse(out);
    expect(points).toHaveLength(10);
    expect(points[0].coefficients).toEqual({});
    expect(model.coefficients.a).toBeCloseTo(new Lasso({ lambda: 0.5 }).fit(X, y).coef[0], 10);
  });
});

describe('cv', () => {
  test('chooses the lambda of the library by either rule', async () => {
    for (const rule of ['min', '1se'] as const) {
      const { code, out } = await run(['cv', roads, '--target', 'y', '--folds', '5', '--rule', rule, '--seed', '3', '--json']);
      const cv = new LassoCV({ folds: 5, rule, seed: 3 }).fit(X, y);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        lambdaMin: cv.lambdaMin,
        lambda1se: cv.lambda1se,
        model: { lambda: cv.model.lambda },
      });
    }
  });

  test('prints both rules, the null model and the model that was chosen', async () => {
    const { out } = await run(['cv', roads, '--target', 'y', '--rule', '1se']);
    expect(out).toMatch(/\nmin {2,}[\d.]+ .*\n1se \(chosen\) .*\nno columns .*\n\ncolumn +coefficient\n/);
  });
});

describe('predict', () => {
  const model = `${folder.path}/model.json`;

  test('a saved model gives the same predictions on rows with its columns in any order', async () => {
    await run(['lasso', roads, '--target', 'y', '--lambda', '0.5', '--save', model, '--quiet']);
    const fresh = folder.file('new.csv', 'id,d,c,b,a\nx,1,2,3,4\n"y, z",0,0,10,2\n');
    const { code, out, err } = await run(['predict', model, fresh, '--keep', 'id']);
    const expected = new Lasso({ lambda: 0.5 }).fit(X, y).predict([
      [4, 3, 2, 1],
      [2, 10, 0, 0],
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`id,prediction\nx,${expected[0]}\n"y, z",${expected[1]}\n`);
  });

  test('the library reads the same file, and the command reads what the library saves', async () => {
    const fitted = LinearModel.fromJSON(readFileSync(model, 'utf8'));
    expect(Array.from(fitted.coef)).toEqual(Array.from(new Lasso({ lambda: 0.5 }).fit(X, y).coef));
    const bare = folder.file('bare.json', JSON.stringify(fitted));
    const { out } = await run(['predict', bare, folder.file('bare.csv', 'p,q,r,s\n4,3,2,1\n')]);
    expect(out).toBe(`prediction\n${fitted.predict([[4, 3, 2, 1]])[0]}\n`);
  });

  test('lists the columns that are missing, beside those that were found', async () => {
    const file = folder.file('less.csv', 'a,c,e\n1,2,3\n');
    const { code, out, err } = await run(['predict', model, file]);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: `spinifex: ${file}: no column "b", "d"; found a, c, e\n` });
  });

  test('writes to --out', async () => {
    const out = `${folder.path}/predictions.csv`;
    const { code, err } = await run(['predict', model, roads, '--out', out]);
    expect({ code, err }).toEqual({ code: 0, err: `Predictions: ${out}\n` });
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(42);
  });

  test('gives scores of principal components, and cells of a factorisation with their basis', async () => {
    const pca = new Pca({ components: 2 }).fit(X);
    const scores = await run(['predict', folder.file('pca.json', JSON.stringify(pca)), roads, '--features', 'a,b,c,d']);
    const Z = pca.transform(X);
    expect(scores.out.split('\n').slice(0, 2)).toEqual(['component1,component2', `${Z.get(0, 0)},${Z.get(0, 1)}`]);

    const R = CsrMatrix.fromCoo(3, 2, { row: [0, 1, 2], col: [0, 1, 0], value: [1, 2, 3] });
    const routes = new MatrixFactorization({ rank: 1, lambda: 0.1 }).fit(R);
    const model = folder.file('routes.json', JSON.stringify(routes));
    const { value, basis, standardError } = routes.predictEntries([2, 0], [1, 0]);
    expect((await run(['predict', model, folder.file('cells.csv', 'column,row\n1,2\n0,0\n')])).out).toBe(
      `value,basis,standardError\n${[0, 1].map((k) => `${value[k]},${basis[k]},${standardError![k]}\n`).join('')}`,
    );
    const beyond = folder.file('beyond.csv', 'row,column\n1,2\n');
    expect(await run(['predict', model, beyond])).toEqual({
      code: 1,
      out: '',
      err: `spinifex: ${beyond}: row 1: expected a column of the model, an integer in 0..1, got 2\n`,
    });
  });
});
