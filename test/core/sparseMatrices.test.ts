import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CscMatrix } from '../../src/core/cscMatrix.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { OutOfMemoryError } from '../../src/core/errors.ts';
import { columnMajor, naiveProduct, naiveTranspose, someRows, someVector } from './matrices.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrong kinds on purpose
const wrong = (value: unknown) => value as any;

const int = (...values: number[]) => Int32Array.from(values);
const float = (...values: number[]) => Float64Array.from(values);

/** The public constructor checks what the conversions promise. */
function isSound(S: CsrMatrix | CscMatrix): void {
  const { rows, cols, indptr, indices, data } = S;
  const again = S instanceof CsrMatrix ? new CsrMatrix(S) : new CscMatrix(S);
  expect([again.rows, again.cols]).toEqual([rows, cols]);
  expect(again.indptr).toBe(indptr);
  expect(again.indices).toBe(indices);
  expect(again.data).toBe(data);
  expect(S.nnz).toBe(data.length);
}

const triplets = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, cols]) =>
  fc.record({
    rows: fc.constant(rows),
    cols: fc.constant(cols),
    list: fc.array(
      fc.tuple(
        fc.nat({ max: rows - 1 }),
        fc.nat({ max: cols - 1 }),
        fc.integer({ min: -5, max: 5 }).map((v) => v / 3 + 0),
      ),
      { maxLength: 40 },
    ),
  }),
);

describe.each([
  ['CsrMatrix', CsrMatrix],
  ['CscMatrix', CscMatrix],
] as const)('%s', (_, Sparse) => {
  test('survives the way from dense and back, from both orders', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        for (const source of [rows, DenseMatrix.from(rows), columnMajor(rows)]) {
          const S = Sparse.fromDense(source);
          isSound(S);
          expect(S.nnz).toBe(rows.flat().filter((v) => v !== 0).length);
          expect(S.toDense().toRows()).toEqual(rows);
        }
      }),
    );
  });

  test('is the same matrix after two transpositions, and the transposed one after one', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const S = Sparse.fromDense(rows);
        const T = S.transpose();
        isSound(T);
        expect(T).toBeInstanceOf(Sparse);
        expect(T.toDense().toRows()).toEqual(naiveTranspose(rows));
        expect(T.transpose()).toEqual(S);
      }),
    );
  });

  test('multiplies as the dense matrix does, bit for bit', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const S = Sparse.fromDense(rows);
        const x = someVector(rows[0].length);
        const y = someVector(rows.length);
        expect(S.matvec(x)).toEqual(naiveProduct(rows, x));
        expect(S.rmatvec(y)).toEqual(naiveProduct(naiveTranspose(rows), y));
      }),
    );
  });

  test('multiplies a dense matrix in either order', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 4 }), (rows, width) => {
        const right = rows[0].map((_, j) => Array.from(someVector(width), (v) => v * (j + 1)));
        const columns = naiveTranspose(right);
        const expected = rows.map((row) => columns.map((column) => naiveProduct([row], column)[0]));
        for (const B of [DenseMatrix.from(right), columnMajor(right)]) {
          const product = Sparse.fromDense(rows).multiply(B);
          expect(product.toRows()).toEqual(expected);
          expect(product.order).toBe('row');
        }
      }),
    );
  });

  test('finds every entry, stored or not', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const S = Sparse.fromDense(rows);
        expect(rows.map((row, i) => row.map((_, j) => S.get(i, j)))).toEqual(rows);
      }),
    );
  });

  test('sums triplets for one place in the order given', () => {
    fc.assert(
      fc.property(triplets, ({ rows, cols, list }) => {
        const map = new Map<string, number>();
        for (const [i, j, v] of list) map.set(`${i},${j}`, (map.get(`${i},${j}`) ?? 0) + v);
        const S = Sparse.fromCoo(rows, cols, {
          row: list.map((t) => t[0]),
          col: list.map((t) => t[1]),
          value: list.map((t) => t[2]),
        });
        isSound(S);
        expect(S.nnz).toBe(map.size);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < cols; j++) expect(S.get(i, j)).toBe(map.get(`${i},${j}`) ?? 0);
        }
      }),
    );
  });

  test('keeps explicit zeros of triplets, and 32-bit values', () => {
    const S = Sparse.fromCoo(2, 2, { row: [1, 0], col: [0, 0], value: Float32Array.of(0, 0.1) });
    expect(S.nnz).toBe(2);
    expect(S.data).toEqual(Float32Array.of(0.1, 0));
    expect(S.toDense().data).toBeInstanceOf(Float32Array);
    expect(S.transpose().data).toBeInstanceOf(Float32Array);
    expect(Sparse.fromDense(S.toDense()).data).toEqual(Float32Array.of(0.1));
  });

  test('sums 32-bit duplicates in 64 bits', () => {
    const S = Sparse.fromCoo(1, 1, { row: [0, 0, 0], col: [0, 0, 0], value: Float32Array.of(16777216, 1, 1) });
    expect(S.get(0, 0)).toBe(16777218);
  });

  test('leaves the arrays of the caller as they were', () => {
    const row = int(1, 0, 1);
    const col = [1, 1, 1];
    const value = float(1, 2, 3);
    const S = Sparse.fromCoo(2, 2, { row, col, value });
    S.transpose();
    S.toDense();
    S.matvec([1, 2]);
    expect([row, col, value]).toEqual([int(1, 0, 1), [1, 1, 1], float(1, 2, 3)]);
    expect(S.get(1, 1)).toBe(4);
  });

  test('may be empty of entries, with empty rows and columns', () => {
    const S = Sparse.fromCoo(3, 2, { row: [], col: [], value: [] });
    isSound(S);
    expect(S.nnz).toBe(0);
    expect(S.matvec([1, 1])).toEqual(float(0, 0, 0));
    expect(S.transpose().toDense().toRows()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      'unequal triplets',
      () => Sparse.fromCoo(2, 2, { row: [0], col: [0, 1], value: [1] }),
      RangeError,
      'col: expected 1 numbers, got 2',
    ],
    [
      'missing values',
      () => Sparse.fromCoo(2, 2, wrong({ row: [0], col: [0] })),
      TypeError,
      'value: expected an array of 1 numbers, got undefined',
    ],
    [
      'no triplets',
      () => Sparse.fromCoo(2, 2, wrong(undefined)),
      TypeError,
      'triplets: expected { row, col, value }, got undefined',
    ],
    [
      'a row out of range',
      () => Sparse.fromCoo(2, 2, { row: [0, 2], col: [0, 0], value: [1, 1] }),
      RangeError,
      'row[1] is 2: expected an integer in 0..1',
    ],
    [
      'a column out of range',
      () => Sparse.fromCoo(2, 2, { row: [0], col: [-1], value: [1] }),
      RangeError,
      'col[0] is -1: expected an integer in 0..1',
    ],
    [
      'half an index',
      () => Sparse.fromCoo(2, 2, { row: [0.5], col: [0], value: [1] }),
      RangeError,
      'row[0] is 0.5: expected an integer',
    ],
    [
      'text for a value',
      () => Sparse.fromCoo(2, 2, { row: [0], col: [0], value: wrong(['1']) }),
      TypeError,
      'value[0] is "1" (string): expected a number',
    ],
    ['no rows', () => Sparse.fromCoo(0, 2, { row: [], col: [], value: [] }), RangeError, 'X: expected at least one row'],
    ['no columns', () => Sparse.fromCoo(2, 0, { row: [], col: [], value: [] }), RangeError, 'X: expected at least one column'],
    ['ragged dense rows', () => Sparse.fromDense([[1, 2], [3]]), RangeError, 'X[1]: expected 2 numbers, as in row 0, got 1'],
    [
      'something else than a matrix',
      () => Sparse.fromDense(wrong('X')),
      TypeError,
      'X: expected an array of rows, got "X" (string)',
    ],
    ['a long x', () => Sparse.fromDense([[1, 2]]).matvec([1, 2, 3]), RangeError, 'x: expected 2 numbers, got 3'],
    [
      'infinity in y',
      () => Sparse.fromDense([[1, 2]]).rmatvec([Infinity]),
      RangeError,
      'y[0] is Infinity: expected a finite number',
    ],
    [
      'a product that does not fit',
      () => Sparse.fromDense([[1, 2]]).multiply(DenseMatrix.from([[1]])),
      RangeError,
      'B: expected 2 rows, one for each column of the matrix on its left, got 1',
    ],
    [
      'a product with rows',
      () => Sparse.fromDense([[1]]).multiply(wrong([[1]])),
      TypeError,
      'B: expected a DenseMatrix, got an array of length 1',
    ],
    ['a position out of range', () => Sparse.fromDense([[1, 2]]).get(0, 2), RangeError, 'j: expected an integer in 0..1, got 2'],
    [
      'wrong parts of storage',
      () => new Sparse(wrong(5)),
      TypeError,
      `${Sparse.name}: expected { rows, cols, indptr, indices, data }, got 5`,
    ],
  ])('refuses %s', (_, build, kind, message) => {
    expect(build).toThrow(new kind(message));
    expect(build).toThrow(kind);
  });
});

describe('conversions between CsrMatrix and CscMatrix', () => {
  test('keep every entry, both ways', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const csr = CsrMatrix.fromDense(rows);
        const csc = csr.toCsc();
        isSound(csc);
        expect(csc).toEqual(CscMatrix.fromDense(rows));
        expect(csc.toCsr()).toEqual(csr);
      }),
    );
  });

  test('write dense matrices in their own order', () => {
    expect(CsrMatrix.fromDense([[1, 2]]).toDense().order).toBe('row');
    expect(CscMatrix.fromDense([[1, 2]]).toDense().order).toBe('column');
  });
});

describe('the constructor of a compressed matrix', () => {
  test('converts other arrays of integers and numbers', () => {
    const S = new CsrMatrix({ rows: 2, cols: 3, indptr: [0, 1, 3], indices: Uint8Array.of(2, 0, 1), data: [1, 2, 3] });
    expect(S.indptr).toBeInstanceOf(Int32Array);
    expect(S.indices).toBeInstanceOf(Int32Array);
    expect(S.data).toBeInstanceOf(Float64Array);
    expect(S.toDense().toRows()).toEqual([
      [0, 0, 1],
      [2, 3, 0],
    ]);
  });

  const csr = (indptr: ArrayLike<number>, indices: ArrayLike<number>, data: ArrayLike<number>, rows = 2, cols = 3) => {
    return () => new CsrMatrix({ rows, cols, indptr, indices, data });
  };
  const csc = (indptr: ArrayLike<number>, indices: ArrayLike<number>, data: ArrayLike<number>) => {
    return () => new CscMatrix({ rows: 3, cols: 2, indptr, indices, data });
  };

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    ['no rows', csr(int(0), int(), float(), 0), RangeError, 'X: expected at least one row'],
    ['no columns', csr(int(0, 0, 0), int(), float(), 2, 0), RangeError, 'X: expected at least one column'],
    [
      'too many columns',
      csr(int(0, 0, 0), int(), float(), 2, 2 ** 31),
      RangeError,
      'cols: expected an integer in 1..2147483647, got 2147483648',
    ],
    ['missing offsets', csr(wrong(undefined), int(), float()), TypeError, 'indptr: expected an array of numbers, got undefined'],
    ['too few offsets', csr(int(0, 0), int(), float()), RangeError, 'indptr: expected rows + 1 = 3 integers, got 2'],
    ['too few offsets of columns', csc(int(0, 0), int(), float()), RangeError, 'indptr: expected cols + 1 = 3 integers, got 2'],
    ['a late start', csr(int(1, 1, 1), int(0), float(1)), RangeError, 'indptr[0] is 1: expected 0'],
    [
      'decreasing offsets',
      csr(int(0, 2, 1), int(0), float(1)),
      RangeError,
      'indptr[2]: 1 after 2: expected non-decreasing offsets',
    ],
    [
      'an early end',
      csr(int(0, 0, 1), int(0, 1), float(1, 2)),
      RangeError,
      'indptr[2] is 1: expected the number of stored entries, 2',
    ],
    [
      'a missing value',
      csr(int(0, 0, 2), int(0, 1), float(1)),
      RangeError,
      'data: expected 2 numbers, one for each of indices, got 1',
    ],
    ['fractional offsets', csr([0, 0.5, 1], int(0), float(1)), RangeError, 'indptr[1] is 0.5: expected an integer'],
    [
      'an index beyond 32 bits',
      csr(int(0, 0, 1), [2 ** 31], float(1)),
      RangeError,
      'indices[0] is 2147483648: expected an integer in -2147483648..2147483647',
    ],
    ['NaN for an index', csr(int(0, 0, 1), [Number.NaN], float(1)), RangeError, 'indices[0] is NaN: expected an integer'],
    [
      'text for an index',
      csr(int(0, 0, 1), wrong(['0']), float(1)),
      TypeError,
      'indices[0] is "0" (string): expected an integer',
    ],
    ['text for a value', csr(int(0, 0, 1), int(0), wrong(['x'])), TypeError, 'data[0] is "x" (string): expected a number'],
    [
      'big integers',
      csr(int(0, 0, 1), int(0), wrong(BigInt64Array.of(1n))),
      TypeError,
      'data: expected an array of numbers, got BigInt64Array of length 1',
    ],
    [
      'a negative index',
      csr(int(0, 0, 1), int(-1), float(1)),
      RangeError,
      'indices[0] (row 1): -1: expected a column index in 0..2',
    ],
    [
      'an index out of range',
      csr(int(0, 1, 2), int(0, 3), float(1, 2)),
      RangeError,
      'indices[1] (row 1): 3: expected a column index in 0..2',
    ],
    [
      'unsorted indices',
      csr(int(0, 0, 2), int(2, 1), float(1, 2)),
      RangeError,
      'indices[1] (row 1): 1 after 2: expected strictly increasing column indices (unsorted: use CsrMatrix.fromCoo to sort and sum)',
    ],
    [
      'duplicate indices',
      csr(int(0, 2, 2), int(1, 1), float(1, 2)),
      RangeError,
      'indices[1] (row 0): 1 after 1: expected strictly increasing column indices (duplicate: use CsrMatrix.fromCoo to sort and sum)',
    ],
    [
      'a row index out of range',
      csc(int(0, 1, 2), int(0, 3), float(1, 2)),
      RangeError,
      'indices[1] (column 1): 3: expected a row index in 0..2',
    ],
    [
      'unsorted row indices',
      csc(int(0, 0, 2), int(2, 1), float(1, 2)),
      RangeError,
      'indices[1] (column 1): 1 after 2: expected strictly increasing row indices (unsorted: use CscMatrix.fromCoo to sort and sum)',
    ],
  ])('refuses %s', (_, build, kind, message) => {
    expect(build).toThrow(new kind(message));
    expect(build).toThrow(kind);
  });

  test('refuses a dense copy beyond what the engine can hold, and says how much was needed', () => {
    const wide = CscMatrix.fromCoo(1, 1, { row: [0], col: [0], value: [1] });
    const huge = new CsrMatrix({ rows: 1, cols: 1, indptr: wide.indptr, indices: wide.indices, data: wide.data });
    Object.assign(huge, { cols: 2 ** 50 });
    expect(() => huge.toDense()).toThrow(OutOfMemoryError);
    expect(() => huge.toDense()).toThrow(
      `out of memory: ${2 ** 53} bytes needed, but this engine refuses a block of that size for a dense matrix of 1 x ${2 ** 50} entries`,
    );
  });
});
