/**
 * What CsrMatrix and CscMatrix share: compressed storage. "Major" is the compressed direction (rows of a CSR matrix, columns
 * of a CSC matrix), "minor" the other one.
 *
 *     slice i of the matrix:   p = indptr[i] ... indptr[i + 1] - 1
 *     its entries:             minor index indices[p] (strictly increasing inside the slice), value data[p]
 *
 * All sums run over ascending indices in 64 bits, so a product has the same bits whichever way the matrix is stored.
 * @module
 */
import { allocateFloats } from './allocateFloats.ts';
import { integerIn, integerVector, numberArray, refuse, refuseEntry } from './checks.ts';
import { DenseMatrix } from './denseMatrix.ts';

/** The three arrays of a compressed matrix. */
export interface Slices {
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly data: Float64Array | Float32Array;
}

/** What the constructor of a compressed matrix takes; other arrays of integers or numbers are converted. */
export interface CompressedParts {
  /** At least 1. */
  rows: number;
  /** At least 1. */
  cols: number;
  /** Where each row (CSR) or column (CSC) starts, and where the last one ends. Used as it is when it is an `Int32Array`. */
  indptr: ArrayLike<number>;
  /** Column (CSR) or row (CSC) of each stored entry, strictly increasing inside a slice. Used as it is, likewise. */
  indices: ArrayLike<number>;
  /** Value of each stored entry. Used as it is when it is a `Float64Array` or a `Float32Array`. */
  data: ArrayLike<number>;
}

/** Entries in any order; several for one place are summed. */
export interface Triplets {
  row: ArrayLike<number>;
  col: ArrayLike<number>;
  value: ArrayLike<number>;
}

/** Storage that is known to be sound: whoever makes one vouches for it, and the matrix classes take it unchecked. */
export class Compressed implements Slices {
  constructor(
    readonly major: number,
    readonly minor: number,
    readonly indptr: Int32Array,
    readonly indices: Int32Array,
    readonly data: Float64Array | Float32Array,
  ) {}
}

const largestInt32 = 2147483647;

/** The words of the two formats, for messages. */
const words = {
  row: { format: 'CsrMatrix', major: 'row', minor: 'column', majors: 'rows' },
  column: { format: 'CscMatrix', major: 'column', minor: 'row', majors: 'cols' },
} as const;

/** Which direction is compressed. */
export type Axis = keyof typeof words;

/** Checks everything but the finiteness of the values, once. */
export function checkCompressed(parts: CompressedParts, axis: Axis): Compressed {
  if (typeof parts !== 'object' || parts === null) {
    refuse(parts, words[axis].format, '{ rows, cols, indptr, indices, data }', false);
  }
  const [major, minor] = bySize(axis, parts.rows, parts.cols);
  const indptr = int32Array(parts.indptr, 'indptr');
  const indices = int32Array(parts.indices, 'indices');
  const data = floatArray(parts.data, 'data');
  if (data.length !== indices.length) {
    throw new RangeError(`data: expected ${indices.length} numbers, one for each of indices, got ${data.length}`);
  }
  checkOffsets(indptr, major, indices.length, axis);
  checkIndices(indptr, indices, minor, axis);
  return new Compressed(major, minor, indptr, indices, data);
}

/** [major, minor] of a matrix with these sizes, checked. */
function bySize(axis: Axis, rows: number, cols: number): [major: number, minor: number] {
  if (rows === 0) throw new RangeError('X: expected at least one row');
  if (cols === 0) throw new RangeError('X: expected at least one column');
  integerIn(rows, 'rows', 1, largestInt32);
  integerIn(cols, 'cols', 1, largestInt32);
  return axis === 'row' ? [rows, cols] : [cols, rows];
}

function int32Array(value: unknown, title: string): Int32Array {
  return value instanceof Int32Array ? value : integerVector(value, title, -largestInt32 - 1, largestInt32);
}

function floatArray(value: unknown, title: string): Float64Array | Float32Array {
  if (value instanceof Float64Array || value instanceof Float32Array) return value;
  const source = numberArray(value, title);
  const out = new Float64Array(source.length);
  for (let p = 0; p < out.length; p++) {
    if (typeof source[p] !== 'number') refuseEntry(source[p], `${title}[${p}]`, 'a number');
    out[p] = source[p];
  }
  return out;
}

function checkOffsets(indptr: Int32Array, major: number, nnz: number, axis: Axis): void {
  if (indptr.length !== major + 1) {
    throw new RangeError(`indptr: expected ${words[axis].majors} + 1 = ${major + 1} integers, got ${indptr.length}`);
  }
  if (indptr[0] !== 0) refuseEntry(indptr[0], 'indptr[0]', '0');
  for (let i = 0; i < major; i++) {
    if (indptr[i + 1] < indptr[i]) {
      throw new RangeError(`indptr[${i + 1}]: ${indptr[i + 1]} after ${indptr[i]}: expected non-decreasing offsets`);
    }
  }
  if (indptr[major] !== nnz) refuseEntry(indptr[major], `indptr[${major}]`, `the number of stored entries, ${nnz}`);
}

function checkIndices(indptr: Int32Array, indices: Int32Array, minor: number, axis: Axis): void {
  for (let i = 0; i + 1 < indptr.length; i++) {
    let previous = -1;
    for (let p = indptr[i]; p < indptr[i + 1]; p++) {
      const index = indices[p];
      if (index <= previous || index >= minor) refuseIndex(indices, p, i, minor, p > indptr[i], axis);
      previous = index;
    }
  }
}

function refuseIndex(indices: Int32Array, p: number, slice: number, count: number, hasPrevious: boolean, axis: Axis): never {
  const { format, major, minor } = words[axis];
  const index = indices[p];
  const place = `indices[${p}] (${major} ${slice}): ${index}`;
  if (index < 0 || index >= count || !hasPrevious) {
    throw new RangeError(`${place}: expected a ${minor} index in 0..${count - 1}`);
  }
  const fault = index === indices[p - 1] ? 'duplicate' : 'unsorted';
  throw new RangeError(
    `${place} after ${indices[p - 1]}: expected strictly increasing ${minor} indices ` +
      `(${fault}: use ${format}.fromCoo to sort and sum)`,
  );
}

/** Compressed storage of triplets in any order: duplicates are summed in the order given, explicit zeros are kept. O(nnz). */
export function compressTriplets(rows: number, cols: number, triplets: Triplets, axis: Axis): Compressed {
  const [major, minor] = bySize(axis, rows, cols);
  if (typeof triplets !== 'object' || triplets === null) refuse(triplets, 'triplets', '{ row, col, value }', false);
  const row = integerVector(triplets.row, 'row', 0, rows - 1);
  const col = integerVector(triplets.col, 'col', 0, cols - 1, row.length);
  numberArray(triplets.value, 'value', row.length);
  const value = floatArray(triplets.value, 'value');
  const byMinor = axis === 'row' ? bucket(col, minor, row, value) : bucket(row, minor, col, value);
  return sumDuplicates(transposeSlices(byMinor, major));
}

/** Groups entries by key, in the order given inside each group (a counting sort). */
function bucket(keys: Int32Array, count: number, others: Int32Array, data: Float64Array | Float32Array): Slices {
  const indptr = offsets(keys, count);
  const next = indptr.slice(0, count);
  const indices = new Int32Array(keys.length);
  const values = allocateFloats(keys.length, 'stored entries', data);
  for (let p = 0; p < keys.length; p++) {
    const q = next[keys[p]]++;
    indices[q] = others[p];
    values[q] = data[p];
  }
  return { indptr, indices, data: values };
}

/** out[k] = how many of `keys` are below k, for k = 0..count. */
function offsets(keys: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count + 1);
  for (let p = 0; p < keys.length; p++) out[keys[p] + 1]++;
  for (let k = 0; k < count; k++) out[k + 1] += out[k];
  return out;
}

/** Merges neighbours with equal indices in fresh, sorted storage (in place; the arrays are cut where they shrink). */
function sumDuplicates(s: Compressed): Compressed {
  const { indptr, indices, data } = s;
  let write = 0;
  let start = 0;
  for (let i = 0; i < s.major; i++) {
    const end = indptr[i + 1];
    for (let p = start; p < end; write++) {
      const index = indices[p];
      let sum = data[p++];
      while (p < end && indices[p] === index) sum += data[p++];
      indices[write] = index;
      data[write] = sum;
    }
    indptr[i + 1] = write;
    start = end;
  }
  if (write === indices.length) return s;
  return new Compressed(s.major, s.minor, indptr, indices.slice(0, write), data.slice(0, write));
}

/** Compressed storage of the non-zero entries of a dense matrix. */
export function compressDense(source: DenseMatrix | readonly ArrayLike<number>[], axis: Axis): Compressed {
  const X = source instanceof DenseMatrix ? source : DenseMatrix.from(source);
  const [major, minor] = bySize(axis, X.rows, X.cols);
  const majorStride = axis === 'row' ? X.rowStride : X.columnStride;
  const minorStride = axis === 'row' ? X.columnStride : X.rowStride;
  let nnz = 0;
  for (let k = 0; k < X.data.length; k++) if (X.data[k] !== 0) nnz++;
  const indptr = new Int32Array(major + 1);
  const indices = new Int32Array(integerIn(nnz, 'number of stored entries', 0, largestInt32));
  const data = allocateFloats(nnz, 'stored entries', X.data);
  for (let i = 0, p = 0; i < major; i++) {
    for (let j = 0; j < minor; j++) {
      const value = X.data[i * majorStride + j * minorStride];
      if (value === 0) continue;
      indices[p] = j;
      data[p++] = value;
    }
    indptr[i + 1] = p;
  }
  return new Compressed(major, minor, indptr, indices, data);
}

/** All entries, slice after slice, zeros included: `major * minor` values of the same kind. */
export function expandSlices(s: Slices, minor: number): Float64Array | Float32Array {
  const major = s.indptr.length - 1;
  const out = allocateFloats(major * minor, `a dense matrix of ${major} x ${minor} entries`, s.data);
  for (let i = 0; i < major; i++) {
    for (let p = s.indptr[i]; p < s.indptr[i + 1]; p++) out[i * minor + s.indices[p]] = s.data[p];
  }
  return out;
}

/** The same entries compressed in the other direction: slices become indices, indices become slices, in ascending order. */
export function transposeSlices(s: Slices, minor: number): Compressed {
  const major = s.indptr.length - 1;
  const indptr = offsets(s.indices, minor);
  const next = indptr.slice(0, minor);
  const indices = new Int32Array(s.indices.length);
  const data = allocateFloats(s.data.length, 'stored entries', s.data);
  for (let i = 0; i < major; i++) {
    for (let p = s.indptr[i]; p < s.indptr[i + 1]; p++) {
      const q = next[s.indices[p]]++;
      indices[q] = i;
      data[q] = s.data[p];
    }
  }
  return new Compressed(minor, major, indptr, indices, data);
}

/** out_i = sum over slice i of value * x[index]. */
export function dotSlices(s: Slices, x: Float64Array): Float64Array {
  const { indptr, indices, data } = s;
  const out = new Float64Array(indptr.length - 1);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let p = indptr[i]; p < indptr[i + 1]; p++) sum += data[p] * x[indices[p]];
    out[i] = sum;
  }
  return out;
}

/** out[index] += value * x_i over all slices i; `minor` results. */
export function scatterSlices(s: Slices, x: Float64Array, minor: number): Float64Array {
  const { indptr, indices, data } = s;
  const out = new Float64Array(minor);
  for (let i = 0; i < x.length; i++) {
    const factor = x[i];
    for (let p = indptr[i]; p < indptr[i + 1]; p++) out[indices[p]] += data[p] * factor;
  }
  return out;
}

/** The row-major product A B with a dense B, where A (rows x cols) is compressed along `axis`. */
export function multiplySlices(s: Slices, rows: number, cols: number, axis: Axis, B: DenseMatrix): DenseMatrix {
  if (!(B instanceof DenseMatrix)) refuse(B, 'B', 'a DenseMatrix', false);
  if (B.rows !== cols) {
    throw new RangeError(`B: expected ${cols} rows, one for each column of the matrix on its left, got ${B.rows}`);
  }
  const { indptr, indices, data } = s;
  const { data: right, rowStride, columnStride, cols: width } = B;
  const out = allocateFloats(rows * width, `a dense product of ${rows} x ${width} entries`);
  for (let i = 0; i + 1 < indptr.length; i++) {
    for (let p = indptr[i]; p < indptr[i + 1]; p++) {
      const value = data[p];
      const to = (axis === 'row' ? i : indices[p]) * width;
      const from = (axis === 'row' ? indices[p] : i) * rowStride;
      for (let k = 0; k < width; k++) out[to + k] += value * right[from + k * columnStride];
    }
  }
  return new DenseMatrix(out, rows, width);
}

/** The value at `index` of one slice, 0 where none is stored (binary search). */
export function entryOf(s: Slices, slice: number, index: number): number {
  let low = s.indptr[slice];
  let high = s.indptr[slice + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (s.indices[middle] < index) low = middle + 1;
    else high = middle;
  }
  return low < s.indptr[slice + 1] && s.indices[low] === index ? s.data[low] : 0;
}
