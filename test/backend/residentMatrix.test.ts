import { afterEach, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { Random } from '../../src/core/random.ts';
import {
  CscMatrix,
  CsrMatrix,
  DenseMatrix,
  Lasso,
  lassoPath,
  ResidentMatrix,
  SpinifexError,
  setBackend,
  upload,
} from '../../src/index.ts';

const [n, p] = [37, 23];
const random = new Random(11);
const rows = Array.from({ length: n }, () =>
  Array.from({ length: p }, () => (random.uniform() < 0.4 ? random.uniform() - 0.5 : 0)),
);
const y = Array.from({ length: n }, () => random.uniform());
const dense = DenseMatrix.from(rows);
const csr = CsrMatrix.fromDense(dense);
const flat = Float64Array.from({ length: n * p }, (_, k) => rows[k % n][Math.floor(k / n)]);
const formats = {
  rows,
  dense,
  'column-major': new DenseMatrix(flat, n, p, 'column'),
  CSR: csr,
  CSC: CscMatrix.fromDense(dense),
  'f32 dense': new DenseMatrix(Float32Array.from(dense.data), n, p),
  'f32 CSR': new CsrMatrix({ rows: n, cols: p, indptr: csr.indptr, indices: csr.indices, data: Float32Array.from(csr.data) }),
};

afterEach(() => setBackend('wasm'));

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(tolerance);
}

describe.each(['wasm', 'js'] as const)('a resident matrix on the %s backend', (name) => {
  test.each(Object.entries(formats))('multiplies like the matrix it was made from: %s', (format, X) => {
    setBackend(name);
    const tolerance = format.startsWith('f32') ? 1e-6 : 1e-13;
    const resident = upload(X);
    const right = new DenseMatrix(
      Float64Array.from({ length: p * 3 }, (_, k) => Math.abs((k % 7) - 3)),
      p,
      3,
    );
    expect([resident.rows, resident.cols]).toEqual([n, p]);
    expectClose(resident.matvec(right.data.subarray(0, p)), dense.matvec(right.data.subarray(0, p)), tolerance * 50);
    expectClose(resident.rmatvec(y), dense.rmatvec(y), tolerance * 50);
    expectClose(resident.multiply(right).data, csr.multiply(right).data, tolerance * 50);
    resident.free();
  });

  test('gives the fits that the matrix itself gives, and is given back', () => {
    setBackend(name);
    const { heap } = currentBackend();
    const before = heap.inUse;
    const resident = upload(csr);
    expect(new Lasso({ lambda: 0.01 }).fit(resident, y).coef).toEqual(new Lasso({ lambda: 0.01 }).fit(csr, y).coef);
    expect(lassoPath(resident, y, { nLambdas: 5 }).coefs.data).toEqual(lassoPath(csr, y, { nLambdas: 5 }).coefs.data);
    resident[Symbol.dispose]();
    resident.free();
    expect(heap.inUse).toBe(before);
    expect(() => resident.matvec(new Float64Array(p))).toThrow(SpinifexError);
    expect(() => new Lasso({ lambda: 0.01 }).fit(resident, y)).toThrow('freed');
  });
});

test('a resident matrix of one backend is refused on the other', () => {
  const resident = upload(rows);
  setBackend('js');
  expect(() => new Lasso({ lambda: 0.1 }).fit(resident, y)).toThrow("uploaded to the 'wasm' backend, but 'js' is chosen now");
  resident.free();
});

test('upload refuses a value that is not finite, by its place, and keeps nothing', () => {
  const { heap } = currentBackend();
  const before = heap.inUse;
  const broken = rows.map((row) => [...row]);
  broken[12][3] = Number.NaN;
  expect(() => upload(broken)).toThrow('X[12][3] is NaN: expected a finite number');
  expect(heap.inUse).toBe(before);
  expect(() => upload('rows' as never)).toThrow(TypeError);
  expect(ResidentMatrix).toBeTypeOf('function');
});
