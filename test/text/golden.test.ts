import { describe, expect, test } from 'vitest';
import type { CsrMatrix } from '../../src/core/csrMatrix.ts';
import type { DenseMatrix } from '../../src/core/denseMatrix.ts';
import {
  ComplementNaiveBayes,
  CountVectorizer,
  HashingVectorizer,
  MultinomialNaiveBayes,
  murmur3,
  TfidfVectorizer,
  type TfidfVectorizerOptions,
} from '../../src/text/index.ts';
import file from '../fixtures/golden/text.json';

interface Csr {
  rows: number;
  cols: number;
  indptr: number[];
  indices: number[];
  data: number[];
}

interface FileOptions {
  ngram?: [number, number];
  sublinear?: boolean;
  norm?: 'l1' | 'l2' | null;
}

interface Case {
  name: string;
  kind: string;
  options: FileOptions;
  vocabulary: string[];
  csr: Csr;
  idf?: number[];
  unseen?: Csr;
  rows: [text: string, seed: number, signed: number, unsigned: number][];
  model: string;
  input: string;
  classes: number[];
  featureLogProb: number[][];
  jointTrain: number[][];
  jointUnseen: number[][];
  predictUnseen: number[];
  classLogPrior: number[];
  logProbaUnseen: number[][];
}

/** Cases by scikit-learn 1.2.1 and by plain Python; the file says how. */
const cases = file.cases as unknown as Case[];
const of = (kind: string) => cases.filter((each) => each.kind === kind).map((each) => [each.name, each] as const);

/** The names of the file and ours. */
const { docs, unseen, labels } = file;
function ours({ ngram, sublinear, norm, ...rest }: FileOptions): TfidfVectorizerOptions {
  return {
    ...rest,
    ...(ngram === undefined ? {} : { ngramRange: ngram }),
    ...(sublinear === undefined ? {} : { sublinearTf: sublinear }),
    ...(norm === undefined ? {} : { norm: norm ?? 'none' }),
  };
}

function expectMatrix(X: CsrMatrix, csr: Csr): void {
  expect([X.rows, X.cols]).toEqual([csr.rows, csr.cols]);
  expect([...X.indptr]).toEqual(csr.indptr);
  expect([...X.indices]).toEqual(csr.indices);
  X.data.forEach((x, p) => {
    expect(Math.abs(x - csr.data[p]), `data[${p}]`).toBeLessThanOrEqual(1e-12);
  });
}

function expectDense(Z: DenseMatrix, rows: number[][]): void {
  expect([Z.rows, Z.cols]).toEqual([rows.length, rows[0].length]);
  rows.forEach((row, i) => {
    row.forEach((x, j) => {
      expect(Math.abs(Z.get(i, j) - x), `[${i}][${j}]`).toBeLessThanOrEqual(1e-10);
    });
  });
}

test('every kind of golden case is there', () => {
  expect([of('count').length, of('tfidf').length, of('hash').length, of('naive-bayes').length]).toEqual([5, 6, 4, 5]);
});

test.each(of('count'))('%s has the vocabulary and the counts of scikit-learn', (_, { options, vocabulary, csr }) => {
  const { model, matrix } = new CountVectorizer(ours(options)).fitTransform(docs);
  expect(model.terms).toEqual(vocabulary);
  expectMatrix(matrix, csr);
  expectMatrix(model.transform(docs), csr);
});

test.each(of('tfidf'))('%s has the weights of scikit-learn', (_, golden) => {
  const { model, matrix } = new TfidfVectorizer(ours(golden.options)).fitTransform(docs);
  expect(model.terms).toEqual(golden.vocabulary);
  expectMatrix(matrix, golden.csr);
  expectMatrix(model.transform(docs), golden.csr);
  model.idf.forEach((factor, j) => {
    expect(Math.abs(factor - (golden.idf?.[j] ?? 1)), `idf[${j}]`).toBeLessThanOrEqual(1e-12);
  });
  if (golden.unseen) expectMatrix(model.transform(unseen), golden.unseen);
});

test.each(of('hash'))('%s has the columns and signs of scikit-learn', (_, { options, csr }) => {
  expectMatrix(new HashingVectorizer(ours(options)).transform(docs), csr);
});

test('hashes are those of scikit-learn', () => {
  const { rows } = of('murmur3')[0][1];
  expect(rows.length).toBeGreaterThan(10);
  for (const [text, seed, signed] of rows) expect(murmur3(text, seed), `${JSON.stringify(text)}, seed ${seed}`).toBe(signed);
});

describe.each(of('naive-bayes'))('%s', (_, golden) => {
  const words = golden.input === 'tfidf' ? new TfidfVectorizer().fit(docs) : new CountVectorizer().fit(docs);
  const X = words.transform(docs);
  const fresh = words.transform(unseen);

  if (golden.model === 'multinomial') {
    test('has the probabilities of scikit-learn', () => {
      const model = new MultinomialNaiveBayes(golden.options as object).fit(X, labels);
      expect(model.classes).toEqual(golden.classes);
      expectDense(model.logProbabilities, golden.featureLogProb);
      model.logPriors.forEach((x, c) => {
        expect(Math.abs(x - golden.classLogPrior[c])).toBeLessThanOrEqual(1e-10);
      });
      expectDense(model.decision(X), golden.jointTrain);
      expectDense(model.decision(fresh), golden.jointUnseen);
      expectDense(model.logProbability(fresh), golden.logProbaUnseen);
      expectDense(
        model.predictProbability(fresh),
        golden.logProbaUnseen.map((row) => row.map(Math.exp)),
      );
      expect(model.predict(fresh)).toEqual(golden.predictUnseen);
    });
  } else {
    test('has the weights and scores of scikit-learn', () => {
      const model = new ComplementNaiveBayes(golden.options as object).fit(X, labels);
      expectDense(model.weights, golden.featureLogProb);
      expectDense(model.decision(X), golden.jointTrain);
      expectDense(model.decision(fresh), golden.jointUnseen);
      expect(model.predict(fresh)).toEqual(golden.predictUnseen);
    });
  }
});
