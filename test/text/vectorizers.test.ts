import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { SpinifexError } from '../../src/core/errors.ts';
import {
  CountVectorizer,
  CountVectorizerModel,
  HashingVectorizer,
  murmur3,
  TfidfVectorizer,
  TfidfVectorizerModel,
  tokenize,
} from '../../src/text/index.ts';

const word = fc.constantFrom(
  'constructor',
  '__proto__',
  'toString',
  'the',
  'der',
  'straße',
  '東京',
  'ﬀ\u{1d4b3}',
  '\u{1d4b3}x',
  'hasOwnProperty',
);
const corpus = fc.array(
  fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
  { minLength: 1, maxLength: 12 },
);
const texts = corpus.filter((docs) => docs.some((doc) => doc !== ''));

/** Counts by a Map for each document. */
function plainCounts(docs: readonly string[], options: Parameters<typeof tokenize>[1] = {}): Map<string, number>[] {
  return docs.map((doc) => {
    const counts = new Map<string, number>();
    for (const term of tokenize(doc, options)) counts.set(term, (counts.get(term) ?? 0) + 1);
    return counts;
  });
}

const byCodePoint = (a: string, b: string) => {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let k = 0; k < x.length && k < y.length; k++) {
    if (x[k] !== y[k]) return x[k].codePointAt(0)! - y[k].codePointAt(0)!;
  }
  return x.length - y.length;
};

describe('CountVectorizer', () => {
  test('counts as a Map does, in a sound matrix with columns in the order of code points', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (docs, pairs) => {
        const ngramRange: [number, number] = [1, pairs ? 2 : 1];
        const { model, matrix } = new CountVectorizer({ ngramRange }).fitTransform(docs);
        const expected = plainCounts(docs, { ngramRange });
        expect(model.terms).toEqual([...new Set(expected.flatMap((counts) => [...counts.keys()]))].sort(byCodePoint));
        // The constructor checks order, range and uniqueness of the indices.
        expect(new CsrMatrix(matrix).nnz).toBe(expected.reduce((sum, counts) => sum + counts.size, 0));
        expected.forEach((counts, i) => {
          for (const [term, count] of counts) expect(matrix.get(i, model.vocabulary.get(term)!)).toBe(count);
        });
        expect(model.transform(docs)).toEqual(matrix);
      }),
    );
  });

  test('many terms and rows longer than a few entries keep their order', () => {
    const docs = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 400 }, (_, k) => `w${(k * 7919 * (i + 1)) % 5003}`).join(' '),
    );
    const { model, matrix } = new CountVectorizer().fitTransform(docs);
    const expected = plainCounts(docs);
    expect(new CsrMatrix(matrix).nnz).toBe(expected.reduce((sum, counts) => sum + counts.size, 0));
    expect(model.terms).toEqual([...new Set(docs.flatMap((doc) => tokenize(doc)))].sort());
    expected.forEach((counts, i) => {
      for (const [term, count] of counts) expect(matrix.get(i, model.vocabulary.get(term)!)).toBe(count);
    });
  });

  test('terms that objects have as properties are words like others', () => {
    const { model, matrix } = new CountVectorizer().fitTransform(['constructor __proto__ constructor', 'hasOwnProperty']);
    expect(model.terms).toEqual(['__proto__', 'constructor', 'hasownproperty']);
    expect(
      matrix
        .toDense()
        .toRows()
        .map((row) => [...row]),
    ).toEqual([
      [1, 2, 0],
      [0, 0, 1],
    ]);
    expect(CountVectorizerModel.fromJSON(JSON.stringify(model)).vocabulary.get('__proto__')).toBe(0);
  });

  test('limits of document frequency: shares below 1, counts from 1 on', () => {
    const docs = ['aa bb cc dd', 'aa bb cc', 'aa bb', 'aa'];
    const terms = (options: object) => new CountVectorizer(options).fit(docs).terms;
    expect(terms({ minDf: 2 })).toEqual(['aa', 'bb', 'cc']);
    expect(terms({ minDf: 0.6 })).toEqual(['aa', 'bb']);
    expect(terms({ maxDf: 0.75 })).toEqual(['bb', 'cc', 'dd']);
    expect(terms({ maxDf: 1 })).toEqual(['dd']);
    expect(terms({ minDf: 2, maxDf: 3 })).toEqual(['bb', 'cc']);
  });

  test('maxFeatures keeps the most frequent terms, the first among equals, in their order', () => {
    const terms = (maxFeatures: number) => new CountVectorizer({ maxFeatures }).fit(['bb aa cc cc', 'dd dd bb']).terms;
    expect(terms(1)).toEqual(['bb']);
    expect(terms(3)).toEqual(['bb', 'cc', 'dd']);
    expect(terms(9)).toEqual(['aa', 'bb', 'cc', 'dd']);
  });

  test('a given vocabulary keeps its columns and is not pruned', () => {
    const fitted = new CountVectorizer({ vocabulary: ['zz', 'aa', 'never'] }).fitTransform(['aa zz zz other']);
    expect(fitted.model.terms).toEqual(['zz', 'aa', 'never']);
    expect([...fitted.matrix.toDense().data]).toEqual([2, 1, 0]);
    const same = new CountVectorizer({
      vocabulary: new Map([
        ['aa', 1],
        ['zz', 0],
        ['never', 2],
      ]),
    }).fit(['aa']);
    expect(same.terms).toEqual(['zz', 'aa', 'never']);
  });

  test('generators are read once, and a recipe fits many times', () => {
    let reads = 0;
    function* documents() {
      reads++;
      yield 'one two';
      yield 'two three';
    }
    const recipe = new CountVectorizer({ stopWords: new Set(['one']).values() });
    const { model, matrix } = recipe.fitTransform(documents());
    expect([reads, matrix.nnz]).toEqual([1, 3]);
    expect(recipe.fit(['one two', 'two three']).terms).toEqual(model.terms);
  });
});

describe('TfidfVectorizer', () => {
  test('rows have length 1 and weights are counts times idf, for any documents', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('l2', 'l1', 'none'),
        fc.boolean(),
        fc.boolean(),
        (docs, norm, sublinearTf, smoothIdf) => {
          const { model, matrix } = new TfidfVectorizer({ norm, sublinearTf, smoothIdf }).fitTransform(docs);
          const all = plainCounts(docs);
          all.forEach((counts, i) => {
            const row = new Map<string, number>();
            for (const [term, count] of counts) {
              const df = all.filter((other) => other.has(term)).length;
              const s = smoothIdf ? 1 : 0;
              const idf = Math.log((s + docs.length) / (s + df)) + 1;
              row.set(term, (sublinearTf ? 1 + Math.log(count) : count) * idf);
            }
            const values = [...row.values()];
            const length = norm === 'l2' ? Math.hypot(...values) : norm === 'l1' ? values.reduce((sum, x) => sum + x, 0) : 1;
            for (const [term, x] of row) expect(matrix.get(i, model.vocabulary.get(term)!)).toBeCloseTo(x / length, 12);
          });
          expect(model.transform(docs)).toEqual(matrix);
        },
      ),
    );
  });

  test('words that were not in the fit do not count, and a document without known words is an empty row', () => {
    const model = new TfidfVectorizer().fit(['old river', 'old café']);
    const X = model.transform(['unknown words', 'old unknown', '']);
    expect([...X.indptr]).toEqual([0, 0, 1, 1]);
    expect(X.get(1, model.vocabulary.get('old')!)).toBe(1);
  });

  test('a saved vectorizer transforms to the same bits', () => {
    const recipe = new TfidfVectorizer({
      ngramRange: [1, 2],
      stopWords: ['der'],
      stripAccents: true,
      sublinearTf: true,
      norm: 'l1',
    });
    const docs = ['Der alte Fluß fließt', 'fließt der Fluß, alter Fluß?', 'café'];
    const { model, matrix } = recipe.fitTransform(docs);
    const again = TfidfVectorizerModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(again.terms).toEqual(model.terms);
    expect(again.transform(docs)).toEqual(matrix);
    expect(again.toJSON()).toEqual(model.toJSON());
  });

  test('a tokenizer has to be given again to a saved vectorizer', () => {
    const tokenizer = (text: string) => text.split('/');
    const json = new TfidfVectorizer({ tokenizer }).fit(['a/b', 'b/c']).toJSON();
    expect(TfidfVectorizerModel.fromJSON(json, { tokenizer }).transform(['b/b']).nnz).toBe(1);
    expect(() => TfidfVectorizerModel.fromJSON(json)).toThrow(
      "tokenizer: fitted with a function of one's own: give it again as fromJSON(json, { tokenizer })",
    );
    const plain = new TfidfVectorizer().fit(['ab']).toJSON();
    expect(() => TfidfVectorizerModel.fromJSON(plain, { tokenizer })).toThrow('tokenizer: fitted without a function');
  });

  test('saved vectorizers that are damaged are refused', () => {
    const json = new TfidfVectorizer().fit(['aa bb']).toJSON();
    for (const [damage, message] of [
      [{ terms: ['aa'] }, '"idf" is an array of length 2: expected an array of length 1'],
      [{ terms: ['aa', 'aa'] }, 'terms: expected at least one, each of them once'],
      [{ terms: [] }, 'terms: expected at least one, each of them once'],
      [{ idf: [1, -1] }, 'idf: expected finite numbers > 0'],
      [{ norm: 'max' }, '"norm" is "max" (string): expected one of "l2", "l1", "none"'],
      [{ spinifex: 'CountVectorizer' }, 'is of the kind "CountVectorizer"'],
      [{ analyzer: { ...(json.analyzer as object), ngramRange: [2, 1] } }, 'ngramRange: expected the shortest first'],
    ] as const) {
      expect(() => TfidfVectorizerModel.fromJSON({ ...json, ...damage })).toThrow(message);
      expect(() => TfidfVectorizerModel.fromJSON({ ...json, ...damage })).toThrow(SpinifexError);
    }
  });
});

describe('HashingVectorizer', () => {
  test('counts every term in the column and with the sign of its hash', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), fc.boolean(), (docs, features, alternateSign) => {
        const X = new HashingVectorizer({ features, alternateSign, norm: 'none', ngramRange: [1, 2] }).transform(docs);
        const expected = docs.map((doc) => {
          const row = new Array(features).fill(0);
          for (const term of tokenize(doc, { ngramRange: [1, 2] })) {
            const h = murmur3(term);
            row[Math.abs(h) % features] += alternateSign && h < 0 ? -1 : 1;
          }
          return row;
        });
        expect(
          new CsrMatrix(X)
            .toDense()
            .toRows()
            .map((row) => [...row]),
        ).toEqual(expected);
        expect(X.data.every((x) => x !== 0)).toBe(true);
      }),
    );
  });

  test('documents one at a time give the rows of all together', () => {
    const docs = ['the old river', 'old old bridge', ''];
    const recipe = new HashingVectorizer({ features: 2 ** 20 });
    const all = recipe.transform(docs);
    docs.forEach((doc, i) => {
      const [start, end] = [all.indptr[i], all.indptr[i + 1]];
      const one = recipe.transform([doc]);
      expect([...one.indices]).toEqual([...all.indices.subarray(start, end)]);
      expect([...one.data]).toEqual([...all.data.subarray(start, end)]);
    });
  });
});

describe('bad input is named', () => {
  const docs = ['aa bb', 'aa'];
  test.each([
    [
      () => new CountVectorizer().fit('aa bb'),
      TypeError,
      'documents: expected an array or another iterable of strings, got "aa bb" (string)',
    ],
    [
      () => new CountVectorizer().fit(undefined as never),
      TypeError,
      'documents: expected an array or another iterable of strings, got undefined',
    ],
    [() => new CountVectorizer().fit(['aa', 5 as never]), TypeError, 'documents[1] is 5: expected a string'],
    [() => new CountVectorizer().fit([]), RangeError, 'documents: expected at least one document'],
    [
      () => new CountVectorizer().fit(docs).transform('aa'),
      TypeError,
      'documents: expected an array or another iterable of strings',
    ],
    [
      () => new CountVectorizer().fit(docs).transform(['aa', null as never]),
      TypeError,
      'documents[1] is null: expected a string',
    ],
    [
      () => new HashingVectorizer().transform(['aa', undefined as never]),
      TypeError,
      'documents[1] is undefined: expected a string',
    ],
    [
      () => new CountVectorizer().fit(['!', 'a b']),
      RangeError,
      'documents: expected at least one term, got none in 2 documents (no words, or stop words only)',
    ],
    [
      () => new TfidfVectorizer({ minDf: 2, maxDf: 0.5 }).fit(['aa bb', 'aa', 'aa cc']),
      RangeError,
      'minDf, maxDf: expected limits that leave a term, got none of 3: 2 are in fewer than 2 of the 3 documents (minDf: 2), 1 in more than 1.5 (maxDf: 0.5)',
    ],
    [() => new CountVectorizer({ minDf: -1 }), RangeError, 'minDf: expected a share in [0, 1) or a count >= 1, got -1'],
    [() => new CountVectorizer({ maxDf: 1.5 }), RangeError, 'maxDf: expected a share in [0, 1) or a count >= 1, got 1.5'],
    [() => new CountVectorizer({ maxFeatures: 0 }), RangeError, 'maxFeatures: expected an integer >= 1, got 0'],
    [() => new CountVectorizer({ maxFeature: 3 } as never), TypeError, 'CountVectorizer: unknown option "maxFeature"'],
    [() => new CountVectorizer({ vocabulary: [] }), RangeError, 'vocabulary: expected at least one term'],
    [
      () => new CountVectorizer({ vocabulary: ['aa', 'bb', 'aa'] }),
      RangeError,
      'vocabulary[2]: "aa" is also vocabulary[0]: expected each term once',
    ],
    [() => new CountVectorizer({ vocabulary: ['aa', 1 as never] }), TypeError, 'vocabulary[1] is 1: expected a string'],
    [
      () => new CountVectorizer({ vocabulary: new Map([['aa', 2]]) }),
      RangeError,
      'vocabulary: column of "aa": expected an integer in 0..0, got 2',
    ],
    [
      () =>
        new CountVectorizer({
          vocabulary: new Map([
            ['aa', 0],
            ['bb', 0],
          ]),
        }),
      RangeError,
      'vocabulary: expected a term for every column, got none for 1',
    ],
    [
      () => new CountVectorizer({ vocabulary: ['aa'], minDf: 2 }),
      TypeError,
      'minDf: expected no such option beside a vocabulary',
    ],
    [() => new TfidfVectorizer({ norm: null as never }), TypeError, 'norm: expected one of "l2", "l1", "none", got null'],
    [() => new TfidfVectorizer({ useIdf: 'no' as never }), TypeError, 'useIdf: expected true or false, got "no" (string)'],
    [
      () => new TfidfVectorizer({ vocabulary: ['aa', 'zz'], smoothIdf: false }).fit(docs),
      RangeError,
      'vocabulary: "zz" is in no document',
    ],
    [() => new HashingVectorizer({ features: 0 }), RangeError, 'features: expected an integer in 1..67108864, got 0'],
    [() => new TfidfVectorizer().fit(docs, { sginal: 1 } as never), TypeError, 'fit: unknown option "sginal"'],
  ] as const)('%#', (run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});

test('long work reports and stops', () => {
  const docs = Array.from({ length: 5000 }, (_, i) => `word${i % 7} other`);
  const reports: number[][] = [];
  const controller = new AbortController();
  const onProgress = ({ done, total }: { done: number; total: number }) => {
    reports.push([done, total]);
    if (done >= 2048) controller.abort(new Error('enough'));
  };
  const options = { onProgress, signal: controller.signal };
  expect(() => new TfidfVectorizer().fit(docs, options)).toThrow('enough');
  expect(reports).toEqual([
    [1024, 5000],
    [2048, 5000],
  ]);
});

test('equal documents give equal bits', () => {
  const docs = ['Der alte Fluß', 'ein alter Fluß', 'alte alte Straße'];
  const run = () => new TfidfVectorizer({ ngramRange: [1, 3], sublinearTf: true }).fitTransform(docs);
  expect(run().matrix).toEqual(run().matrix);
  expect(JSON.stringify(run().model)).toBe(JSON.stringify(run().model));
});

test('a tokenizer may use the vectorizer that it belongs to', () => {
  const inner = new CountVectorizer({ tokenizer: (text) => text.split(' ') });
  let model = inner.fit(['aa bb']);
  const tokenizer = (text: string): string[] => {
    if (text !== 'aa bb') return text.split(' ');
    model.transform(['cc dd ee']);
    return ['aa', 'bb'];
  };
  model = new CountVectorizer({ tokenizer }).fit(['aa bb', 'cc']);
  expect([...model.transform(['aa bb']).indices]).toEqual([0, 1]);
});

test('terms that begin alike are ordered by what follows, shorter ones first', () => {
  const words = [
    'intern',
    'international',
    'internationally',
    'internationale',
    'inter',
    'internet',
    'ab',
    'ab\0',
    'ab\0\0',
    'ab\0c',
    'internatioñ',
  ];
  const { terms } = new CountVectorizer({ tokenizer: (text) => text.split(' ') }).fit([words.join(' ')]);
  expect(terms).toEqual([...words].sort(byCodePoint));
});
