import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CscMatrix } from '../../src/core/cscMatrix.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import type { Matrix } from '../../src/core/matrixInput.ts';
import { takeRows } from '../../src/core/takeRows.ts';
import { columnMajor, someRows } from './matrices.ts';

const contents = (X: Matrix): number[][] => (X instanceof DenseMatrix ? X : X.toDense()).toRows();

describe('takeRows', () => {
  test('copies the rows in the storage that they had', () => {
    fc.assert(
      fc.property(someRows, fc.nat(), (rows, pick) => {
        let list = Array.from(rows.keys()).filter((i) => (pick >> i) & 1);
        if (list.length === 0) list = [0];
        const wanted = list.map((i) => rows[i]);
        for (const X of [DenseMatrix.from(rows), columnMajor(rows), CsrMatrix.fromDense(rows), CscMatrix.fromDense(rows)]) {
          const before = contents(X);
          const some = takeRows(X, Int32Array.from(list));
          expect(some.constructor).toBe(X.constructor);
          expect(contents(some)).toEqual(wanted);
          expect(contents(X)).toEqual(before);
          if (some instanceof DenseMatrix && X instanceof DenseMatrix) expect(some.order).toBe(X.order);
          else expect((some as CsrMatrix).nnz).toBe(wanted.flat().filter((v) => v !== 0).length);
        }
      }),
    );
  });

  test('leaves 32-bit numbers 32 bits wide, and makes structures that pass all checks', () => {
    const dense = new DenseMatrix(Float32Array.of(1, 0, 0.1, 4), 2, 2);
    expect(takeRows(dense, Int32Array.of(1)).data).toEqual(Float32Array.of(0.1, 4));
    for (const X of [CsrMatrix.fromDense(dense), CscMatrix.fromDense(dense)]) {
      const some = takeRows(X, Int32Array.of(1)) as typeof X;
      expect(some.data).toEqual(Float32Array.of(0.1, 4));
      const Kind = X.constructor as typeof CsrMatrix;
      expect(new Kind({ ...some, rows: 1, cols: 2 } as CsrMatrix).nnz).toBe(2);
    }
  });
});
