import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { svmPath } from '../../src/linear/index.ts';
import { kFold, splitsOf } from '../../src/selection/index.ts';
import { ComplementNaiveBayes, TfidfVectorizer } from '../../src/text/index.ts';
import { mailsCsv, run, scratch } from './run.ts';

const folder = scratch();
const mails = folder.file('mails.csv', mailsCsv());
const two = folder.file('two.csv', mailsCsv().replace(/.*,home\n/g, ''));
const read = (csv: string) => {
  const rows = csv.trim().split('\n').slice(1);
  return { texts: rows.map((row) => row.split('"')[1]), labels: rows.map((row) => row.slice(row.lastIndexOf(',') + 1)) };
};
const columns = ['--text', 'body', '--target', 'kind'];

afterAll(() => folder.remove());

describe('text', () => {
  test('finds the words of every class, and says how often it is right on texts that it has not seen', async () => {
    const { code, out, err } = await run(['text', mails, ...columns, '--cv']);
    expect({ code, err: err.replace(/^texts: .*\n/gm, '') }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`L1 support vector machine of "kind" on "body", 60 texts of ${mails}, 5 folds\n\nrule `);
    expect(out).toMatch(/\nmin \(chosen\) .*\n1se .*\nno terms .*\n\nHeld-out accuracy 9\d(\.\d+)? %/);
    expect(out).toMatch(/\nhome {2}(?=.*dinner)(?=.*garden)(?=.*school)/);
    expect(out).toMatch(/\nspam {2}(?=.*win)(?=.*free)(?=.*prize)/);
    expect(out).toMatch(/\nwork {2}(?=.*meeting)(?=.*report)(?=.*budget)/);
    expect(out).toMatch(/Certificate: .* converged/);
  });

  test('two classes: held-out accuracy is that of the library, with terms learned in every fold', async () => {
    const { out } = await run([
      'text',
      two,
      ...columns,
      '--folds',
      '4',
      '--lambdas',
      '12',
      '--seed',
      '2',
      '--ngrams',
      '2',
      '--json',
    ]);
    const json = JSON.parse(out);
    const { texts, labels } = read(mailsCsv().replace(/.*,home\n/g, ''));
    const recipe = new TfidfVectorizer({ ngramRange: [1, 2] });
    const { lambdas } = svmPath(recipe.fitTransform(texts).matrix, labels, { nLambdas: 12 });
    const right = new Float64Array(12);
    for (const { train, test } of splitsOf(kFold(labels.length, { folds: 4, seed: 2, labels }))) {
      const at = (rows: Int32Array, source: string[]) => Array.from(rows, (i) => source[i]);
      const { model, matrix } = recipe.fitTransform(at(train, texts));
      const path = svmPath(matrix, at(train, labels), { lambdas, tol: 1e-4 });
      const held = model.transform(at(test, texts));
      for (const [l, lambda] of lambdas.entries()) {
        const said = path.predict(held, lambda);
        right[l] += at(test, labels).filter((label, i) => label === said[i]).length;
      }
    }
    expect(json.points.map((point: { mean: number }) => point.mean)).toEqual(
      Array.from(right, (count) => expect.closeTo(count / labels.length, 12)),
    );
    const best = right.indexOf(Math.max(...right));
    expect(json).toMatchObject({ lambda: lambdas[best], accuracy: right[best] / labels.length, classes: ['spam', 'work'] });
  });

  test('naive Bayes has no lambda', async () => {
    const { out } = await run(['text', mails, ...columns, '--model', 'naive-bayes', '--terms', '3']);
    expect(out).toContain('Complement naive Bayes of "kind" on "body"');
    expect(out).not.toContain('lambda');
    expect(out.match(/\nspam {2,}[a-z].*/)?.[0].split(',')).toHaveLength(3);
  });

  test('words that are stopped, rare or too frequent are no terms', async () => {
    const stop = folder.file('stop.txt', 'The, of\nWIN');
    const argv = ['text', mails, ...columns, '--lambda', '0.05', '--json'];
    const all = JSON.parse((await run(argv)).out);
    const less = JSON.parse((await run([...argv, '--stop-words', stop])).out);
    expect(less.vocabulary).toBe(all.vocabulary - 3);
    expect(JSON.parse((await run([...argv, '--max-df', '59'])).out).vocabulary).toBe(all.vocabulary - 1);
    expect(JSON.parse((await run([...argv, '--max-terms', '5'])).out).vocabulary).toBe(5);
    expect(JSON.stringify(less.terms)).not.toContain('"win"');
  });

  test('draws the accuracy along lambda', async () => {
    const svg = `${folder.path}/text.svg`;
    await run(['text', mails, ...columns, '--metric', 'balanced', '--balance', '--svg', svg]);
    expect(readFileSync(svg, 'utf8')).toContain('Cross-validated balanced accuracy along 50 values of lambda. The largest, ');
  });
});

describe('predict', () => {
  const fresh = folder.file('new.csv', 'who,body\nx,"free prize, free!"\ny,budget of the report\nz,garden dinner\n');

  test.each(['svm', 'logistic', 'naive-bayes'])('a saved %s reads new texts with its own words', async (model) => {
    const saved = `${folder.path}/${model}.json`;
    const { out } = await run(['text', mails, ...columns, '--model', model, '--save', saved]);
    expect(out).toContain(`\nModel: ${saved}\n`);
    const answer = await run(['predict', saved, fresh, '--keep', 'who']);
    expect(answer).toEqual({ code: 0, out: 'who,prediction\nx,spam\ny,work\nz,home\n', err: '' });
  });

  test('gives probabilities that add up to 1', async () => {
    const saved = `${folder.path}/logistic.json`;
    await run(['text', mails, ...columns, '--model', 'logistic', '--save', saved]);
    const lines = (await run(['predict', saved, fresh, '--probability'])).out.trim().split('\n');
    expect(lines[0]).toBe('prediction,probability_home,probability_spam,probability_work');
    for (const line of lines.slice(1)) {
      const [, ...values] = line.split(',');
      expect(values.map(Number).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });

  test('naive Bayes predicts as the library does', async () => {
    const saved = `${folder.path}/bayes.json`;
    await run(['text', two, ...columns, '--model', 'naive-bayes', '--save', saved]);
    const { texts, labels } = read(mailsCsv().replace(/.*,home\n/g, ''));
    const { model, matrix } = new TfidfVectorizer().fitTransform(texts);
    const P = new ComplementNaiveBayes().fit(matrix, labels).predictProbability(model.transform(['free prize, free!']));
    const { out } = await run(['predict', saved, fresh, '--probability']);
    expect(out.split('\n')[1]).toBe(`spam,${P.get(0, 0)},${P.get(0, 1)}`);
  });

  test('another column of texts is named by --text', async () => {
    const saved = `${folder.path}/other.json`;
    await run(['text', mails, ...columns, '--lambda', '0.05', '--save', saved]);
    const other = folder.file('other.csv', 'words\nschool dinner\n');
    expect((await run(['predict', saved, other])).err).toBe(`spinifex: ${other}: no column "body"; found words\n`);
    expect((await run(['predict', saved, other, '--text', 'words'])).out).toBe('prediction\nhome\n');
  });

  test('a damaged model is no model', async () => {
    const saved = `${folder.path}/svm.json`;
    await run(['text', mails, ...columns, '--lambda', '0.05', '--save', saved]);
    const json = JSON.parse(readFileSync(saved, 'utf8'));
    json.classifiers.pop();
    const cut = folder.file('cut.json', JSON.stringify(json));
    const { code, err } = await run(['predict', cut, fresh]);
    expect(code).toBe(1);
    expect(err).toMatch(/^spinifex: .*cut\.json: .*classifiers: expected 1 or 3\n$/);
  });
});

describe('mistakes', () => {
  const data: [name: string, csv: string, argv: string[], message: RegExp][] = [
    ['one class', 'b,k\nhello you,x\ngood day,x\n', [], /: the target "k" is "x" in every row; there is nothing to tell apart$/],
    [
      'one text',
      'b,k\nhello you,x\ngood day,y\nall fine,x\n',
      [],
      /: the target "k" is "y" in one row only; cross-validation needs two rows of each class$/,
    ],
    [
      'no words',
      'b,k\n!,x\n?,y\n.,x\n;,y\n',
      ['--folds', '2'],
      /: documents: expected at least one term, got none in 4 documents/,
    ],
    ['too rare', 'b,k\naa,x\nbb,y\ncc,x\ndd,y\n', ['--folds', '2', '--min-df', '2'], /: .*minDf/],
    ['no label', 'b,k\nhello you,x\ngood day,\n', [], /, line 3, column "k": expected a label, got an empty cell$/],
    ['no column', 'body,k\nhello you,x\n', [], /: no column "b"; found body, k$/],
  ];
  test.each(data)('%s', async (name, csv, argv, message) => {
    const file = folder.file(`${name}.csv`, csv);
    const { code, out, err } = await run(['text', file, '--text', 'b', '--target', 'k', ...argv]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^spinifex: [^\n]+\n$/);
    expect(err.trimEnd()).toMatch(message);
  });

  const lines: [argv: string[], message: string][] = [
    [['--target', 'kind'], '--text is needed: one of id, body, kind'],
    [['--text', 'body'], '--target is needed: one of id, body, kind'],
    [['--text', 'kind', '--target', 'kind'], '--text: "kind" is the target'],
    [[...columns, '--cv', '--lambda', '1'], '--cv and --lambda: expected one of them'],
    [[...columns, '--model', 'forest'], '--model: expected svm, logistic or naive-bayes, got "forest"'],
    [[...columns, '--model', 'naive-bayes', '--lambda', '1'], '--lambda: has no use with --model naive-bayes'],
    [[...columns, '--ngrams', '3-2'], '--ngrams: expected a number of words, or two as in 1-2, got "3-2"'],
    [[...columns, '--min-df', '1.5'], '--min-df: expected a share below 1 or a whole number, got "1.5"'],
    [[...columns, '--folds', '99'], '--folds: expected at most the number of texts (60), got 99'],
    [[...columns, '--lambda', '1', '--svg', 'x.svg'], '--svg: shows many lambdas, but --lambda is given'],
  ];
  test.each(lines)('%j', async (argv, message) => {
    expect(await run(['text', mails, ...argv])).toEqual({ code: 2, out: '', err: `spinifex: ${message}\n` });
  });
});
