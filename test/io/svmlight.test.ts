import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/index.ts';
import { readSvmlight, readSvmlightStream, writeSvmlight } from '../../src/io/index.ts';
import { complaint } from './complaint.ts';
import { cutAnywhere, outcome } from './cuts.ts';

const text = '# a data set\n+1 1:0.5 3:2 # first\r\n\n-1 2:1e-3\n0\n';

describe('readSvmlight', () => {
  test('reads rows, labels and comments', () => {
    const { X, y, queries } = readSvmlight(text);
    expect([X.rows, X.cols]).toEqual([3, 3]);
    expect([...X.toDense().data]).toEqual([0.5, 0, 2, 0, 1e-3, 0, 0, 0, 0]);
    expect(y).toEqual(Float64Array.of(1, -1, 0));
    expect(queries).toBeUndefined();
  });

  test('counts from 0 where told, and takes the number of columns', () => {
    const { X } = readSvmlight('1 0:5 2:7\n', { zeroBased: true, columns: 6 });
    expect([X.cols, X.get(0, 0), X.get(0, 2)]).toEqual([6, 5, 7]);
    expect(readSvmlight('1\n', { columns: 2 }).X.nnz).toBe(0);
  });

  test('keeps the numbers of queries', () => {
    expect(readSvmlight('1 qid:4 1:1\n0 qid:5 1:2\n').queries).toEqual(Float64Array.of(4, 5));
  });

  test('refuses, with the line, what is not of the format', async () => {
    const cases: [string, string][] = [
      ['', 'EMPTY_FILE: expected at least one row, got none'],
      ['# nothing\n', 'EMPTY_FILE: expected at least one row, got none'],
      ['1\n', 'BAD_FORMAT: no row has a feature; the option "columns" says how many there are'],
      ['1 1:1\ncat 1:1\n', 'NOT_A_NUMBER: line 2: expected a number as the label, got "cat"'],
      ['1,2 1:1\n', 'NOT_A_NUMBER: line 1: expected a number as the label, got "1,2"'],
      ['1 1:1 1:2\n', 'BAD_FORMAT: line 1: index 1 is given twice: expected increasing indices'],
      ['1 1:1\n\n1 3:1 2:2\n', 'BAD_FORMAT: line 3: index 2 comes after 3: expected increasing indices'],
      ['1 0:1\n', 'BAD_VALUE: line 1: index 0: expected indices from 1; for files that count from 0: zeroBased: true'],
      ['1 -3:1\n', 'BAD_VALUE: line 1: index -3: expected indices from 1'],
      ['1 1:x\n', 'NOT_A_NUMBER: line 1: expected a number as the value of index 1, got "x"'],
      ['1 1:\n', 'NOT_A_NUMBER: line 1: expected a number as the value of index 1, got ""'],
      ['1 a:1\n', 'BAD_FORMAT: line 1: expected index:value, got "a:1"'],
      ['1 17\n', 'BAD_FORMAT: line 1: expected index:value, got "17"'],
      ['1 1:1 qid:2\n', 'BAD_FORMAT: line 1: expected "qid:2" right after the label'],
      ['1 qid:1 1:1\n1 1:1\n', 'BAD_FORMAT: expected a qid in every row or in none, got 1 in 2 rows'],
      ['1 9999999999:1\n', 'BAD_VALUE: line 1: index 9999999999: expected at most 2147483647'],
    ];
    for (const [file, message] of cases) expect(await complaint(() => readSvmlight(file))).toBe(`FileError ${message}`);
    expect(await complaint(() => readSvmlight('1 4:1\n', { columns: 3, source: 'test.svm' }))).toBe(
      'FileError BAD_VALUE: test.svm, line 1: index 4: expected at most 3',
    );
    expect(await complaint(() => readSvmlight('1 1:1', { columns: 0 }))).toMatch(/^RangeError: columns: /);
  });

  test('gives the same data wherever the file is cut', async () => {
    for (const file of [text, '\uFEFF1 qid:1 1:2\r0 qid:1 4:1 # é🚲\r\n', '1 1:1\n1 3:1 2:2\n']) {
      const whole = await outcome(() => readSvmlight(file));
      await fc.assert(
        fc.asyncProperty(cutAnywhere(file), async (pieces) => {
          expect(await outcome(() => readSvmlightStream(pieces))).toEqual(whole);
        }),
        { numRuns: 60 },
      );
    }
  });
});

describe('writeSvmlight', () => {
  test('what is written is read back, to the last bit', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => x !== 0);
    const problem = fc.array(fc.tuple(value, fc.uniqueArray(fc.nat(5)), value), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(problem, fc.boolean(), (rows, zeroBased) => {
        const entries = rows.flatMap(([, columns, x], i) => columns.map((j) => ({ i, j, x: x * (j + 1) })));
        fc.pre(entries.every(({ x }) => Number.isFinite(x)));
        const X = CsrMatrix.fromCoo(rows.length, 6, {
          row: entries.map(({ i }) => i),
          col: entries.map(({ j }) => j),
          value: entries.map(({ x }) => x),
        });
        const y = rows.map(([label]) => label);
        const read = readSvmlight(writeSvmlight(X, y, { zeroBased }), { columns: 6, zeroBased });
        expect(read.X).toEqual(X);
        expect(read.y).toEqual(Float64Array.from(y));
        expect(writeSvmlight(X.toCsc(), y)).toBe(writeSvmlight(X, y));
      }),
    );
  });

  test('of dense matrices the non-zero entries are written', () => {
    expect(writeSvmlight([[0.5, 0, 2], [0, 1, 0]], [1, -1])).toBe('1 1:0.5 3:2\n-1 2:1\n'); // biome-ignore format: a matrix
  });

  test('refuses labels that are not one per row', async () => {
    expect(await complaint(() => writeSvmlight([[1]], [1, 2]))).toBe('RangeError: y: expected 1 numbers, got 2');
  });
});
