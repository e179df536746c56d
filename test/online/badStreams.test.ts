import { describe, expect, test } from 'vitest';
import { CsrMatrix, DenseMatrix, SpinifexError } from '../../src/index.ts';
import { FtrlClassifier, FtrlClassifierModel, FtrlRegression } from '../../src/linear/online/index.ts';
import { Dice } from '../linear/problems.ts';

const dice = new Dice(1);
const chunks = Array.from({ length: 5 }, () => ({
  X: dice.matrix(20, 4),
  y: Array.from({ length: 20 }, () => ['no', 'yes'][dice.integer(2)]),
}));

function learnedFrom(count: number): string {
  const learner = new FtrlClassifier({ l1: 0.1 });
  for (const { X, y } of chunks.slice(0, count)) learner.partialFit(X, y);
  const text = JSON.stringify(learner);
  learner.free();
  return text;
}

async function failure(work: Promise<unknown>): Promise<SpinifexError> {
  return work.then(
    () => expect.fail('expected an error'),
    (error) => error,
  );
}

describe('a stream', () => {
  test('is learned chunk by chunk, from iterables and async iterables', async () => {
    async function* slowly() {
      for (const chunk of chunks) yield await Promise.resolve(chunk);
    }
    for (const stream of [chunks, slowly()]) {
      const learner = new FtrlClassifier({ l1: 0.1 });
      const reports: object[] = [];
      const returned = await learner.fitStream(stream, { rows: 100, onProgress: (report) => reports.push(report) });
      expect(returned).toBe(learner);
      expect(JSON.stringify(learner)).toBe(learnedFrom(5));
      expect(reports).toHaveLength(5);
      expect(reports[4]).toEqual({ done: 100, total: 100, chunks: 5, loss: learner.progressiveLoss });
      learner.free();
    }
  });

  test('that throws half-way leaves what came before, usable, and its error with the number of the chunk', async () => {
    const cause = new Error('connection lost');
    function* failing() {
      yield chunks[0];
      yield chunks[1];
      throw cause;
    }
    const learner = new FtrlClassifier({ l1: 0.1 });
    const error = await failure(learner.fitStream(failing()));
    expect(error).toBeInstanceOf(SpinifexError);
    expect(error).toMatchObject({ code: 'STREAM_FAILED', message: 'chunk 2: connection lost', cause });
    expect(JSON.stringify(learner)).toBe(learnedFrom(2));
    await learner.fitStream(chunks.slice(2));
    expect(JSON.stringify(learner)).toBe(learnedFrom(5));
    learner.free();
  });

  test('with a bad chunk leaves what came before that chunk', async () => {
    const hole = chunks[2].X.map((row, i) => (i === 19 ? [1, 2, Number.NaN, 4] : row));
    const cases: [object, string][] = [
      [{ X: hole, y: chunks[2].y }, 'chunk 2: X[19][2] is NaN: expected a finite number'],
      [{ X: chunks[2].X.map((row) => [...row, 1]), y: chunks[2].y }, 'chunk 2: X: expected 4 columns, as in every chunk, got 5'],
      [
        { X: chunks[2].X, y: chunks[2].y.map((label, i) => (i === 19 ? 'maybe' : label)) },
        'chunk 2: y[19] is "maybe": expected one of the classes "no", "yes"',
      ],
      [{ X: chunks[2].X, y: chunks[2].y.slice(1) }, 'chunk 2: y: expected 20 labels, one for each row, got 19'],
      [{ X: chunks[2].X, y: chunks[2].y, w: 1 }, 'chunk 2: chunk: unknown option "w"; known options: X, y, sampleWeight'],
      [
        { X: chunks[2].X, y: chunks[2].y, sampleWeight: chunks[2].y.map((_, i) => (i === 19 ? -1 : 1)) },
        'chunk 2: sampleWeight[19] is -1: expected a number >= 0',
      ],
      [null as unknown as object, 'chunk 2: chunk: expected { X, y }, got null'],
    ];
    for (const [bad, message] of cases) {
      const learner = new FtrlClassifier({ l1: 0.1 });
      const stream = [chunks[0], chunks[1], bad as (typeof chunks)[0], chunks[3]];
      expect(await failure(learner.fitStream(stream))).toMatchObject({ code: 'BAD_CHUNK', message });
      expect(JSON.stringify(learner)).toBe(learnedFrom(2));
      learner.free();
    }
  });

  test('stops at a signal with the chunk at hand learned', async () => {
    const control = new AbortController();
    const reason = new Error('enough');
    const learner = new FtrlClassifier({ l1: 0.1 });
    const work = learner.fitStream(chunks, {
      signal: control.signal,
      onProgress: ({ chunks }) => {
        if (chunks === 3) control.abort(reason);
      },
    });
    expect(await failure(work)).toBe(reason);
    expect(JSON.stringify(learner)).toBe(learnedFrom(3));
    expect(await failure(learner.fitStream(chunks, { signal: control.signal }))).toBe(reason);
    expect(JSON.stringify(learner)).toBe(learnedFrom(3));
    learner.free();
  });

  test('has to be one', async () => {
    const learner = new FtrlRegression();
    expect(await failure(learner.fitStream(5 as never))).toEqual(
      new TypeError('chunks: expected an iterable or async iterable of { X, y }, got 5'),
    );
    expect(await failure(learner.fitStream([], { every: 1 } as never))).toEqual(
      new TypeError('fitStream: unknown option "every"; known options: signal, onProgress, rows'),
    );
    expect(await failure(learner.fitStream([], { onProgress: 1 as never }))).toEqual(
      new TypeError('onProgress: expected a function, got 1'),
    );
  });
});

describe('a learner', () => {
  test('refuses options that are none, naming them', () => {
    expect(() => new FtrlClassifier({ alpha: 0 })).toThrow(new RangeError('alpha: expected a number > 0, got 0'));
    expect(() => new FtrlRegression({ beta: -1 })).toThrow(new RangeError('beta: expected a number >= 0, got -1'));
    expect(() => new FtrlRegression({ l1Ratio: 2 })).toThrow(new RangeError('l1Ratio: expected a number in [0, 1], got 2'));
    expect(() => new FtrlRegression({ features: 0 })).toThrow(
      new RangeError('features: expected an integer in 1..67108863, got 0'),
    );
    expect(() => new FtrlRegression({ loss: 'hinge' as never })).toThrow(
      new RangeError('loss: expected one of "squared", "poisson", got "hinge" (string)'),
    );
    expect(() => new FtrlRegression({ rate: 1 } as never)).toThrow('FtrlRegression: unknown option "rate"');
    expect(() => new FtrlClassifier({ classes: ['a'] })).toThrow(new RangeError('classes: expected two different labels, got 1'));
    expect(() => new FtrlClassifier({ classes: ['a', 'b', 'c'] })).toThrow(
      new RangeError('classes: expected two different labels, got 3'),
    );
  });

  test('refuses labels that are not of two classes, and counts that are negative', () => {
    const classifier = new FtrlClassifier();
    expect(() => classifier.partialFit([[1], [2]], ['a', 'a'])).toThrow(
      new RangeError('y: expected two different labels, got 1: name both in the option classes'),
    );
    expect(() => classifier.partialFit([[1], [2], [3]], [1, 2, 3])).toThrow(
      new RangeError('y: expected two different labels, got 3 (one learner against the rest for each class)'),
    );
    expect(() => classifier.partialFit([[1], [2]], [1, 'b'] as never)).toThrow(
      'y[1] is "b" (string): expected a number, as y[0]',
    );
    expect(() => new FtrlRegression({ loss: 'poisson' }).partialFit([[1], [2]], [1, -2])).toThrow(
      new RangeError('y[1] is -2: expected a count >= 0'),
    );
    expect(() => new FtrlRegression().partialFit([[1], [2]], [1, Number.NaN])).toThrow(
      new RangeError('y[1] is NaN: expected a finite number'),
    );
    expect(classifier.classes).toBeUndefined();
    expect(classifier.features).toBeUndefined();
    expect(classifier.rows).toBe(0);
    expect(classifier.progressiveLoss).toBeNaN();
  });

  test('has no model before its first rows', () => {
    expect(() => new FtrlRegression().model()).toThrow(
      new SpinifexError('NOT_FITTED', 'this learner has seen no rows yet: partialFit comes first'),
    );
    const empty = new FtrlClassifier({ features: 3 });
    expect(() => empty.model()).toThrow('this learner has seen no labels yet: partialFit comes first');
    empty.free();
    const regression = new FtrlRegression({ features: 3 });
    expect(regression.model().predict([[1, 2, 3]])).toEqual(Float64Array.of(0));
    regression.free();
  });

  test('says where its gradients overflow, and knows all rows before', () => {
    const learner = new FtrlRegression({ loss: 'poisson', alpha: 1e5 });
    const X = new CsrMatrix({ rows: 4, cols: 1, indptr: [0, 1, 2, 3, 4], indices: [0, 0, 0, 0], data: [1, 1, 1, 1] });
    expect(() => learner.partialFit(X, [1e9, 1, 1, 1])).toThrow(
      expect.objectContaining({
        code: 'DIVERGED',
        message: 'X[1]: the gradient overflows; smaller alpha, or columns and y on a smaller scale (the rows before are learned)',
      }),
    );
    expect(learner.rows).toBe(1);
    expect(Number.isFinite(learner.model().intercept)).toBe(true);
    learner.free();
  });

  test('checks the columns that its model predicts for', () => {
    const learner = new FtrlRegression().partialFit(DenseMatrix.from([[1, 2]]), [1]);
    const model = learner.model();
    expect(() => model.predict([[1, 2, 3]])).toThrow(new RangeError('X: expected 2 columns, as in the fit, got 3'));
    learner.free();
  });

  test('is read from nothing but what it wrote', () => {
    const saved = JSON.parse(learnedFrom(1));
    const broken = (change: object) => () => FtrlClassifier.fromJSON({ ...saved, ...change });
    expect(broken({ alpha: -1 })).toThrow('FtrlClassifier model: alpha: expected a number > 0, got -1');
    expect(broken({ classes: ['a'] })).toThrow('FtrlClassifier model: classes: expected two different labels, got 1');
    expect(broken({ version: 2 })).toThrow('FtrlClassifier model: has version 2, newer than 1');
    expect(broken({ state: { ...saved.state, z: [] } })).toThrow('FtrlClassifier model: "state.z" is an array of length 0');
    expect(broken({ state: { ...saved.state, loss: 'NaN' } })).toThrow('FtrlClassifier model: "state": expected finite numbers');
    expect(() => FtrlRegression.fromJSON(saved)).toThrow('FtrlRegression model: is of the kind "FtrlClassifier"');
    expect(() => FtrlClassifierModel.fromJSON(saved)).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
  });
});
