import { describe, expect, test } from 'vitest';
import { CscMatrix } from '../../src/core/cscMatrix.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { SpinifexError } from '../../src/core/errors.ts';
import { modelJson, readModelJson } from '../../src/core/json.ts';
import type { ModelReader } from '../../src/core/modelReader.ts';

const dense = DenseMatrix.from([
  [0, 1.5],
  [-2, 0],
]);

const saved = modelJson('LinearModel', 2, {
  coef: Float64Array.of(0.1, -0, Number.NaN, Infinity, -Infinity, 5e-324),
  support: Int32Array.of(0, 3),
  lambda: 1 / 3,
  fitted: true,
  status: 'converged',
  classes: ['a', 'b'],
  nothing: undefined,
  certificate: { gap: 1e-9 },
  layers: [{ size: 1 }, { size: 2 }],
  dense,
  csr: CsrMatrix.fromDense(dense),
  csc: CscMatrix.fromDense(dense),
});

describe('a model file', () => {
  test.each([
    ['object', saved],
    ['text', JSON.stringify(saved)],
  ])('reads back to the same bits from its %s', (_, json) => {
    const model = readModelJson(json, 'LinearModel', 2);
    expect(model.float64Array('coef', 6)).toEqual(Float64Array.of(0.1, -0, Number.NaN, Infinity, -Infinity, 5e-324));
    expect(model.int32Array('support', 2, 0, 5)).toEqual(Int32Array.of(0, 3));
    expect(model.number('lambda')).toBe(1 / 3);
    expect(model.boolean('fitted')).toBe(true);
    expect(model.oneOf('status', ['converged', 'maxEpochs'])).toBe('converged');
    expect(model.strings('classes', 2)).toEqual(['a', 'b']);
    expect(model.has('nothing')).toBe(false);
    expect(model.object('certificate').number('gap')).toBe(1e-9);
    expect(model.list('layers', 2).map((layer) => layer.integer('size', 1))).toEqual([1, 2]);
    expect(model.denseMatrix('dense')).toEqual(dense);
    expect(model.csrMatrix('csr')).toEqual(CsrMatrix.fromDense(dense));
    expect(model.cscMatrix('csc')).toEqual(CscMatrix.fromDense(dense));
  });

  test('of an older version is let through, of a newer one refused', () => {
    expect(readModelJson(saved, 'LinearModel', 3).integer('version', 1)).toBe(2);
    expect(() => readModelJson(saved, 'LinearModel', 1)).toThrow(
      'LinearModel model: has version 2, newer than 1, the newest that this spinifex reads',
    );
  });

  test('cannot hold functions, big integers or maps', () => {
    expect(() => modelJson('M', 1, { f: () => 1 })).toThrow('numbers, strings, booleans, arrays and objects, got a function');
    expect(() => modelJson('M', 1, { f: [1n] })).toThrow(TypeError);
    expect(() => modelJson('M', 1, { f: new Map([[1, 2]]) })).toThrow('got an object (Map)');
  });
});

describe('a damaged model file', () => {
  const read = (change: object) => readModelJson({ ...saved, ...change }, 'LinearModel', 2);

  test.each<[string, unknown, RegExp]>([
    ['text that is cut off', '{"spinifex": "Lin', /^LinearModel model: is not JSON: /],
    ['a number', 5, /^LinearModel model: is 5: expected an object$/],
    ['an array', [], /^LinearModel model: is an array of length 0: expected an object$/],
    ['null', 'null', /^LinearModel model: is null: expected an object$/],
    ['something else', {}, /^LinearModel model: "spinifex" is missing$/],
    ['another kind', { spinifex: 'PcaModel', version: 1 }, /^LinearModel model: is of the kind "PcaModel"$/],
    [
      'no version',
      { spinifex: 'LinearModel', version: '1' },
      /^LinearModel model: "version" is "1" \(string\): expected a number$/,
    ],
  ])('is refused: %s', (_, json, message) => {
    expect(() => readModelJson(json, 'LinearModel', 2)).toThrow(message);
    expect(() => readModelJson(json, 'LinearModel', 2)).toThrow(SpinifexError);
    try {
      readModelJson(json, 'LinearModel', 2);
    } catch (error) {
      expect((error as SpinifexError).code).toBe('BAD_MODEL');
    }
  });

  test.each<[object, (model: ModelReader) => unknown, string]>([
    [{}, (m) => m.number('intercept'), '"intercept" is missing'],
    [{}, (m) => m.number('toString'), '"toString" is missing'],
    [{ lambda: 'x' }, (m) => m.number('lambda'), '"lambda" is "x" (string): expected a number'],
    [{ lambda: null }, (m) => m.number('lambda'), '"lambda" is null: expected a number'],
    [{ lambda: 1.5 }, (m) => m.integer('lambda', 0), '"lambda" is 1.5: expected an integer >= 0'],
    [{ lambda: 15 }, (m) => m.integer('lambda', 0, 9), '"lambda" is 15: expected an integer in 0..9'],
    [{ fitted: 1 }, (m) => m.boolean('fitted'), '"fitted" is 1: expected true or false'],
    [{ status: 'x' }, (m) => m.oneOf('status', ['a', 'b']), '"status" is "x" (string): expected one of "a", "b"'],
    [{ coef: {} }, (m) => m.float64Array('coef'), '"coef" is an object: expected an array'],
    [{ coef: [1] }, (m) => m.float64Array('coef', 2), '"coef" is an array of length 1: expected an array of length 2'],
    [{ coef: [1, null] }, (m) => m.float64Array('coef'), '"coef[1]" is null: expected a number'],
    [{ support: [9] }, (m) => m.int32Array('support', 1, 0, 5), '"support[0]" is 9: expected an integer in 0..5'],
    [{ classes: ['a', 1] }, (m) => m.strings('classes'), '"classes[1]" is 1: expected a string'],
    [{ certificate: 3 }, (m) => m.object('certificate'), '"certificate" is 3: expected an object'],
    [{ certificate: {} }, (m) => m.object('certificate').number('gap'), '"certificate.gap" is missing'],
    [{ layers: [{}] }, (m) => m.list('layers')[0].number('size'), '"layers[0].size" is missing'],
    [
      { dense: { rows: 1, cols: 2, data: [1], order: 'row' } },
      (m) => m.denseMatrix('dense'),
      '"dense.data" is an array of length 1: expected an array of length 2',
    ],
    [
      { csr: { rows: 1, cols: 1, indptr: [0, 2], indices: [0], data: [1] } },
      (m) => m.csrMatrix('csr'),
      '"csr" is not a sparse matrix: indptr[1] is 2: expected the number of stored entries, 1',
    ],
  ])('is refused with the field that is wrong (%#)', (change, use, message) => {
    expect(() => use(read(change))).toThrow(new SpinifexError('BAD_MODEL', `LinearModel model: ${message}`));
  });
});
