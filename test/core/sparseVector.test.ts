import { describe, expect, test } from 'vitest';
import { SparseVector } from '../../src/index.ts';

describe('SparseVector', () => {
  const vector = new SparseVector(6, Int32Array.of(1, 4, 5), Float64Array.of(2, -3, 0.5));

  test('gives single entries, zeros where none is stored', () => {
    expect([0, 1, 2, 3, 4, 5].map((i) => vector.get(i))).toEqual([0, 2, 0, 0, -3, 0.5]);
    expect(new SparseVector(3, new Int32Array(0), new Float64Array(0)).get(2)).toBe(0);
    for (const i of [-1, 6, 0.5, NaN]) expect(() => vector.get(i)).toThrow(RangeError);
  });

  test('gives all entries', () => {
    expect(vector.toDense()).toEqual(Float64Array.of(0, 2, 0, 0, -3, 0.5));
  });
});
