import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { KMeans } from '../../src/cluster/index.ts';
import {
  LinearSvm,
  LogisticModel,
  LogisticRegression,
  LogisticRegressionCV,
  logisticPath,
  PoissonRegression,
  PoissonRegressionCV,
} from '../../src/linear/index.ts';
import { accuracy, auc, confusionMatrix } from '../../src/selection/index.ts';
import { MultinomialNaiveBayes } from '../../src/text/index.ts';
import { patientsCsv, run, scratch } from './run.ts';

const folder = scratch();
const patients = folder.file('patients.csv', patientsCsv());
const [, ...rows] = patientsCsv().trim().split('\n');
const cells = rows.map((row) => row.split(','));
const X = cells.map((row) => row.slice(1, 4).map(Number));
const ill = cells.map((row) => row[4]);
const falls = cells.map((row) => Number(row[5]));
const ofIll = [patients, '--target', 'ill', '--ignore', 'id,falls'];
const ofFalls = [patients, '--target', 'falls', '--ignore', 'id,ill'];

afterAll(() => folder.remove());

describe('one model', () => {
  test('logistic prints the coefficients of the library, what they mean, how well they do, and the proof', async () => {
    const { code, out, err } = await run(['logistic', ...ofIll, '--lambda', '0.5']);
    const model = new LogisticRegression({ lambda: 0.5 }).fit(X, ill);
    const number = (value: number) => String(Number(value.toPrecision(6)));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Logistic regression (L1) of "ill" on 3 columns, 60 rows of ${patients}, lambda 0.5\n\ncolumn `);
    for (const j of model.support)
      expect(out).toMatch(new RegExp(`\n${['age', 'dose', 'noise'][j]} +${number(model.coef[j])}\n`));
    expect(out).toContain('Positive coefficients speak for "yes", negative ones for "no".');
    const share = Number((100 * model.score(X, ill)).toPrecision(4));
    expect(out).toContain(
      `On these rows: accuracy ${share} %, AUC ${Number(auc(ill, model.decision(X)).toPrecision(4))}, deviance `,
    );
    expect(out).toMatch(/Certificate: no other coefficients are better .* converged/);
    const [[a, b], [c, d]] = confusionMatrix(ill, model.predict(X)).counts.toRows();
    expect(out).toMatch(new RegExp(`\nis .* predicted as +no +yes\nno +${a} +${b}\nyes +${c} +${d}\n$`));
  });

  test('svm prints the same numbers as JSON, to the last bit', async () => {
    const { out } = await run(['svm', ...ofIll, '--lambda', '0.2', '--json']);
    const model = new LinearSvm({ lambda: 0.2 }).fit(X, ill);
    expect(JSON.parse(out)).toMatchObject({
      target: 'ill',
      rows: 60,
      lambda: 0.2,
      intercept: model.intercept,
      coefficients: { age: model.coef[0], dose: model.coef[1], noise: model.coef[2] },
      classes: ['no', 'yes'],
      accuracy: model.score(X, ill),
      certificate: { converged: true },
    });
  });

  test('poisson explains counts', async () => {
    const { out } = await run(['poisson', ...ofFalls, '--lambda', '0.1', '--json']);
    const model = new PoissonRegression({ lambda: 0.1 }).fit(X, falls);
    const json = JSON.parse(out);
    expect(json.coefficients.age).toBe(model.coef[0]);
    expect(json.explained).toBeCloseTo(model.score(X, falls), 12);
  });

  test('other penalties, weights of classes and classes that are numbers reach the library', async () => {
    const mcp = await run([
      'logistic',
      ...ofIll,
      '--lambda',
      '0.05',
      '--penalty',
      'mcp',
      '--gamma',
      '4',
      '--standardize',
      '--json',
    ]);
    const options = { lambda: 0.05, penalty: { name: 'mcp', gamma: 4 }, standardize: true } as const;
    expect(JSON.parse(mcp.out)).toMatchObject({
      coefficients: { age: new LogisticRegression(options).fit(X, ill).coef[0] },
      certificate: { status: 'local' },
    });
    const ridge = await run(['svm', ...ofIll, '--lambda', '0.1', '--penalty', 'l2', '--class-weight', 'yes=3,no=0.5', '--json']);
    const classWeight = new Map([
      ['yes', 3],
      ['no', 0.5],
    ]);
    const weighted = new LinearSvm({ lambda: 0.1, penalty: 'l2', classWeight }).fit(X, ill);
    expect(JSON.parse(ridge.out).coefficients.dose).toBe(weighted.coef[1]);
    const text = rows.map((_, i) => `${ill[i] === 'yes' ? 1 : -1} 1:${X[i][0]} 2:${X[i][1]}`).join('\n');
    const sparse = await run([
      'logistic',
      folder.file('ill.svm', `${text}\n`),
      '--lambda',
      '0.5',
      '--class-weight',
      'balanced',
      '--json',
    ]);
    const balanced = new LogisticRegression({ lambda: 0.5, classWeight: 'balanced' }).fit(
      X.map((row) => row.slice(0, 2)),
      ill,
    );
    expect(JSON.parse(sparse.out).classes).toEqual([-1, 1]);
    expect(JSON.parse(sparse.out).coefficients[1]).toBeCloseTo(balanced.coef[0], 6);
  });

  test('--class tells one of many classes from all others', async () => {
    const three = folder.file('three.csv', patientsCsv().replace(/,yes,/, ',maybe,'));
    const both = await run(['svm', three, '--target', 'ill', '--class', 'no', '--lambda', '0.1', '--json']);
    expect(JSON.parse(both.out).classes).toEqual(['no', 'not no']);
  });

  test('asks for --lambda, --path or --cv, and says which numbers lambda may be', async () => {
    const { code, err } = await run(['logistic', ...ofIll]);
    const largest = Number(logisticPath(X, ill, { nLambdas: 1 }).lambdas[0].toPrecision(3));
    expect({ code, err }).toEqual({
      code: 2,
      err: `spinifex: --lambda (a number from 0 to ${largest}, where all coefficients are zero), --path or --cv is needed (--cv chooses lambda)\n`,
    });
  });
});

describe('many models', () => {
  test('--path lists lambdas with what comes in, and draws them', async () => {
    const svg = `${folder.path}/path.svg`;
    const { out } = await run(['logistic', ...ofIll, '--path', '--lambdas', '20', '--rows', '4', '--lambda', '1', '--svg', svg]);
    const { points } = logisticPath(X, ill, { nLambdas: 20 });
    const shown = out
      .split('\n')
      .slice(3, 7)
      .map((line) => line.trim().split(/\s+/).slice(0, 2).map(Number));
    expect(shown).toEqual([0, 6, 13, 19].map((k) => [Number(points[k].lambda.toPrecision(4)), points[k].df]));
    expect(out).toContain('All 20 fits are certified');
    expect(out).toContain('\nAt lambda 1\n');
    expect(readFileSync(svg, 'utf8')).toContain('age');
  });

  test('a path of a penalty that is not convex says what it proves', async () => {
    const { out } = await run(['poisson', ...ofFalls, '--path', '--penalty', 'scad', '--lambdas', '8', '--standardize']);
    expect(out).toMatch(/All 8 fits are local minima \(the penalty is not convex\): the largest violation/);
  });

  test('--cv chooses as the library does, by any metric, and judges rows that were held out', async () => {
    const argv = ['logistic', ...ofIll, '--cv', '--folds', '5', '--rule', '1se', '--metric', 'auc', '--seed', '3'];
    const { out } = await run([...argv, '--json']);
    const cv = new LogisticRegressionCV({ folds: 5, rule: '1se', metric: 'auc', seed: 3 }).fit(X, ill);
    const json = JSON.parse(out);
    expect(json).toMatchObject({
      metric: 'auc',
      lambdaMin: cv.lambdaMin,
      lambda1se: cv.lambda1se,
      model: { lambda: cv.lambda1se },
    });
    const predicted = ill.map((_, i) => {
      const sampleWeight = cv.fold.map((k) => (k === cv.fold[i] ? 0 : 1));
      return new LogisticRegression({ lambda: cv.lambda1se }).fit(X, ill, { sampleWeight }).predict([X[i]])[0];
    });
    expect(json.model.accuracy).toBe(accuracy(ill, predicted));
    const svg = `${folder.path}/cv.svg`;
    const text = (await run([...argv, '--svg', svg])).out;
    expect(text).toMatch(/rule +lambda +columns +held-out AUC +standard error\n/);
    expect(text).toContain('On held-out rows: accuracy ');
    expect(readFileSync(svg, 'utf8')).toContain('Cross-validated AUC along 100 values of lambda. The largest, ');
  });

  test('counts have metrics of their own', async () => {
    const { out } = await run(['poisson', ...ofFalls, '--cv', '--folds', '5', '--metric', 'mae', '--json']);
    const cv = new PoissonRegressionCV({ folds: 5, metric: 'mae' }).fit(X, falls);
    expect(JSON.parse(out)).toMatchObject({ lambdaMin: cv.lambdaMin, lambda1se: cv.lambda1se });
  });
});

describe('predict', () => {
  test('a saved model gives labels, and probabilities where it has them', async () => {
    const saved = `${folder.path}/logistic.json`;
    await run(['logistic', ...ofIll, '--lambda', '0.3', '--save', saved]);
    const model = LogisticModel.fromJSON(readFileSync(saved, 'utf8'));
    const fresh = folder.file('new.csv', 'who,noise,dose,age\nx,1,2,70\ny,3,9,25\n');
    const row = [
      [70, 2, 1],
      [25, 9, 3],
    ];
    const [a, b] = model.predictProbability(row).toRows();
    expect((await run(['predict', saved, fresh])).out).toBe('prediction\nyes\nno\n');
    expect((await run(['predict', saved, fresh, '--probability', '--keep', 'who'])).out).toBe(
      `who,prediction,probability_no,probability_yes\nx,yes,${a[0]},${a[1]}\ny,no,${b[0]},${b[1]}\n`,
    );
    const machine = `${folder.path}/svm.json`;
    await run(['svm', ...ofIll, '--lambda', '0.1', '--save', machine]);
    expect((await run(['predict', machine, fresh])).out).toBe('prediction\nyes\nno\n');
    expect(await run(['predict', machine, fresh, '--probability'])).toEqual({
      code: 2,
      out: '',
      err: 'spinifex: --probability: the model (SvmModel) has none; logistic ones and naive Bayes do\n',
    });
  });

  test('models that only the library makes are read, too', async () => {
    const labels = cells.map((_, i) => ['a', 'b', 'c'][i % 3]);
    const bayes = new MultinomialNaiveBayes().fit(X, labels);
    const names = ['--features', 'age,dose,noise'];
    const predicted = await run(['predict', folder.file('bayes.json', JSON.stringify(bayes)), patients, ...names]);
    expect(predicted.out).toBe(`prediction\n${bayes.predict(X).join('\n')}\n`);
    const clusters = new KMeans({ clusters: 2 }).fit(X);
    const found = await run(['predict', folder.file('clusters.json', JSON.stringify(clusters)), patients, ...names]);
    expect(found.out).toBe(`cluster\n${clusters.predict(X).join('\n')}\n`);
  });

  test('a Poisson model gives expected counts', async () => {
    const saved = `${folder.path}/poisson.json`;
    await run(['poisson', ...ofFalls, '--lambda', '0.1', '--save', saved]);
    const expected = new PoissonRegression({ lambda: 0.1 }).fit(X, falls).predict(X.slice(0, 1));
    expect((await run(['predict', saved, patients])).out.split('\n')[1]).toBe(String(expected[0]));
  });
});

describe('mistakes', () => {
  const data: [argv: string[], message: string][] = [
    [
      ['logistic', patients, '--target', 'falls', '--lambda', '1'],
      `${patients}: the target "falls" has 7 different values (1, 6, 4, 5, 3, 2 and 1 more), expected two classes; --class <label> tells one from all others`,
    ],
    [
      ['svm', folder.file('one.csv', 'a,y\n1,x\n2,x\n'), '--target', 'y', '--lambda', '1'],
      `${folder.path}/one.csv: the target "y" is "x" in every row; there is nothing to tell apart`,
    ],
    [
      ['logistic', folder.file('rare.csv', 'a,y\n1,x\n2,z\n3,z\n'), '--target', 'y', '--cv', '--folds', '2'],
      `${folder.path}/rare.csv: the target "y" is "x" in one row only; cross-validation needs two rows of each class`,
    ],
    [
      ['logistic', folder.file('gap.csv', 'a,y\n1,x\n2,\n'), '--target', 'y', '--lambda', '1'],
      `${folder.path}/gap.csv, line 3, column "y": expected a label, got an empty cell`,
    ],
    [
      ['poisson', folder.file('minus.csv', 'a,y\n1,2\n2,-1\n'), '--target', 'y', '--lambda', '1'],
      `${folder.path}/minus.csv, line 3, column "y": expected a count >= 0, got -1`,
    ],
    [
      ['poisson', folder.file('minus.svm', '2 1:1\n-1 1:2\n'), '--lambda', '1'],
      `${folder.path}/minus.svm: the target "label", row 2: expected a count >= 0, got -1`,
    ],
    [
      ['poisson', patients, '--target', 'ill', '--lambda', '1'],
      `${patients}, line 2, column "ill": expected a number, got "${ill[0]}"`,
    ],
    [
      ['svm', patients, '--target', 'sick', '--lambda', '1'],
      `${patients}: no column "sick"; found id, age, dose, noise, ill, falls`,
    ],
  ];
  test.each(data)('in the data: %j', async (argv, message) => {
    expect(await run([...argv, '--quiet'])).toEqual({ code: 1, out: '', err: `spinifex: ${message}\n` });
  });

  const lines: [argv: string[], message: string][] = [
    [['--cv', '--path'], '--cv and --path: expected one of them'],
    [['--cv', '--lambda', '1'], '--cv and --lambda: expected one of them'],
    [['--path', '--save', 'x'], '--save: needs --lambda, which says where on the path'],
    [['--lambda', '1', '--metric', 'auc'], '--metric: is for spinifex logistic --cv'],
    [['--lambda', '1', '--rule', 'min'], '--rule: is for spinifex logistic --cv'],
    [['--lambda', '1', '--lambdas', '9'], '--lambdas: is for spinifex logistic --cv and --path'],
    [['--cv', '--rows', '9'], '--rows: is for spinifex logistic --path'],
    [['--cv', '--metric', 'mae'], '--metric: expected deviance, accuracy or auc, got "mae"'],
    [['--cv', '--folds', '61'], '--folds: expected at most the number of rows (60), got 61'],
    [['--cv', '--penalty', 'l3'], '--penalty: expected l1, l2, mcp, scad, l1/2, l2/3 or logSum, got "l3"'],
    [['--cv', '--gamma', '3'], '--gamma: is for the penalties mcp and scad, not for l1'],
    [['--cv', '--penalty', 'mcp', '--gamma', '1'], '--gamma: expected a number > 1, got "1"'],
    [['--cv', '--penalty', 'scad', '--gamma', '2'], '--gamma: expected a number > 2, got "2"'],
    [['--cv', '--penalty', 'l2', '--l1-ratio', '0.5'], '--l1-ratio: does not go together with --penalty l2'],
    [
      ['--cv', '--class', 'perhaps'],
      `--class: ${patients}: the target "ill" has no "perhaps"; it has ${[...new Set(ill)].join(', ')}`,
    ],
    [
      ['--cv', '--class-weight', 'yes'],
      '--class-weight: expected balanced, or label=weight with weights > 0 between commas, got "yes"',
    ],
    [['--cv', '--class-weight', 'sick=2'], `--class-weight: no class "sick"; there are ${[...new Set(ill)].join(', ')}`],
  ];
  test('folds too small for a metric', async () => {
    const few = folder.file('few.csv', 'a,y\n1,x\n2,x\n3,z\n4,z\n');
    const { err } = await run(['svm', few, '--target', 'y', '--cv', '--folds', '4', '--metric', 'auc']);
    expect(err).toBe(`spinifex: ${few}: --folds: fold 0 has rows of one class only, and the metric "auc" compares two\n`);
  });

  test.each(lines)('in the command line: %j', async (argv, message) => {
    expect(await run(['logistic', ...ofIll, ...argv])).toEqual({ code: 2, out: '', err: `spinifex: ${message}\n` });
  });
});
