import fc from 'fast-check';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';

/** A finite number of ordinary size, one in two exactly 0. */
const entry = fc.oneof(fc.constant(0), fc.double({ min: -1e3, max: 1e3, noNaN: true, noDefaultInfinity: true }).map(plainZero));

function plainZero(value: number): number {
  return value === 0 ? 0 : value;
}

/** Random arrays of rows with many zeros, 1 x 1 to 7 x 7. */
export const someRows: fc.Arbitrary<number[][]> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
  .chain(([rows, cols]) => fc.array(fc.array(entry, { minLength: cols, maxLength: cols }), { minLength: rows, maxLength: rows }));

/** A vector made from a seed number, so that its length can follow the matrix. */
export function someVector(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => ((i * 7 + 3) % 11) - 4.5);
}

/** The same entries, stored column by column. */
export function columnMajor(rows: number[][]): DenseMatrix {
  const data = rows[0].flatMap((_, j) => rows.map((row) => row[j]));
  return new DenseMatrix(Float64Array.from(data), rows.length, rows[0].length, 'column');
}

/** A x by the definition. */
export function naiveProduct(rows: number[][], x: ArrayLike<number>): Float64Array {
  return Float64Array.from(rows, (row) => row.reduce((sum, value, j) => sum + value * x[j], 0));
}

export function naiveTranspose(rows: number[][]): number[][] {
  return rows[0].map((_, j) => rows.map((row) => row[j]));
}
