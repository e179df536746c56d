import fc from 'fast-check';
import { expect } from 'vitest';
import type { Build } from './builds.ts';

/** Random test data and the plain-array matrices that oracles work on. */
export type Matrix = number[][];

/** Lengths around every unrolling: 0, 1, odd ones, more than 16. */
export const length = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 70);
export const columns = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 9, 13);
export const suffix = fc.constantFrom('F64' as const, 'F32' as const);
export const seed = fc.integer({ min: 1, max: 2 ** 30 });

export type Suffix = 'F64' | 'F32';

export class Sampler {
  constructor(private state: number) {}

  /** Uniform on [0, 1) (mulberry32) */
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  value = (): number => 4 * this.unit() - 2;
  positive = (): number => 0.1 + this.unit();

  integer(below: number): number {
    return Math.floor(this.unit() * below);
  }

  vector(n: number, value = this.value): number[] {
    return Array.from({ length: n }, value);
  }

  /** Weights with sum 1, as every solver has them */
  weights(n: number): number[] {
    const w = this.vector(n, this.positive);
    const total = w.reduce((a, b) => a + b, 0);
    return w.map((v) => v / total);
  }

  /** n x cols, [row][column], exact in f32 where it is stored so */
  matrix(n: number, cols: number, kind: Suffix = 'F64'): Matrix {
    return Array.from({ length: n }, () => this.vector(cols, () => (kind === 'F32' ? Math.fround(this.value()) : this.value())));
  }

  sparse(n: number, cols: number, kind: Suffix): Matrix {
    const empty = this.integer(Math.max(cols, 1));
    return this.matrix(n, cols, kind).map((row) => row.map((v, j) => (j === empty || this.unit() < 0.6 ? 0 : v)));
  }

  /** Some of 0..below-1 in random order; undefined stands for "all, in order" */
  choice(below: number): number[] {
    const all = Array.from({ length: below }, (_, i) => i);
    for (let i = below - 1; i > 0; i--) {
      const k = this.integer(i + 1);
      [all[i], all[k]] = [all[k], all[i]];
    }
    return all.slice(0, this.integer(below + 1));
  }
}

export function storage(kind: Suffix): 'f64' | 'f32' {
  return kind === 'F64' ? 'f64' : 'f32';
}

export function column(X: Matrix, j: number): number[] {
  return X.map((row) => row[j]);
}

export function inner(a: number[], b: number[]): number {
  return a.reduce((sum, v, i) => sum + v * b[i], 0);
}

/** Column-major with leading dimension ld; the rows below n are NaN, which no result may show. */
export function columnMajor(X: Matrix, cols: number, ld: number): number[] {
  const out = new Array(cols * ld).fill(NaN);
  X.forEach((row, i) => {
    row.forEach((v, j) => {
      out[j * ld + i] = v;
    });
  });
  return out;
}

export function rowMajor(X: Matrix): number[] {
  return X.flat();
}

/** Compressed slices of the rows of X, in order, zeros left out */
export function compress(X: Matrix): { indptr: number[]; indices: number[]; data: number[] } {
  const indptr = [0];
  const indices: number[] = [];
  const data: number[] = [];
  for (const row of X) {
    row.forEach((v, j) => {
      if (v === 0) return;
      indices.push(j);
      data.push(v);
    });
    indptr.push(data.length);
  }
  return { indptr, indices, data };
}

export function transpose(X: Matrix, cols: number): Matrix {
  return Array.from({ length: cols }, (_, j) => column(X, j));
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (actual[i] === expected[i] || error <= tolerance * (1 + Math.abs(expected[i]))) continue;
    expect.fail(`entry ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

/** Runs a property on one build with a fresh heap per run, and checks the heap after each. */
export function each<T>(build: Build, values: fc.Arbitrary<T>, body: (value: T) => void): void {
  fc.assert(
    fc.property(values, (value) => {
      build.heap.reset();
      body(value);
      build.heap.check();
    }),
  );
}

/** The last test of every group: its kernels have all been called, through the recording proxy. */
export function expectCalled(build: Build, group: object): void {
  expect(Object.keys(group).filter((name) => !build.called.has(name))).toEqual([]);
}

export interface Penalty {
  lambda: number;
  l1: number[];
  l2: number[];
  lower?: number[];
  upper?: number[];
}

export function samplePenalty(random: Sampler, n: number, bounded: boolean): Penalty {
  return {
    lambda: 0.3 * random.unit(),
    l1: random.vector(n, random.unit.bind(random)),
    l2: random.vector(n, random.unit.bind(random)),
    lower: bounded ? random.vector(n, () => (random.unit() < 0.3 ? -Infinity : -random.unit())) : undefined,
    upper: bounded ? random.vector(n, () => (random.unit() < 0.3 ? Infinity : random.unit())) : undefined,
  };
}

export function soft(x: number, t: number): number {
  return Math.sign(x) * Math.max(Math.abs(x) - t, 0);
}

export function clipped(b: number, { lower, upper }: Penalty, j: number): number {
  return lower && upper ? Math.min(Math.max(b, lower[j]), upper[j]) : b;
}

/** An epoch as the contract words it, on an explicit centred matrix; X is n x p, u is recomputed from scratch after every step. */
export function naiveEpoch(
  X: Matrix,
  y: number[],
  offset: number,
  index: number[],
  w: number[],
  coef: number[],
  penalty: Penalty,
) {
  const mean = X.length ? X[0].map((_, j) => inner(w, column(X, j))) : coef.map(() => 0);
  const second = mean.map((m, j) =>
    inner(
      w,
      column(X, j).map((v) => (v - m) ** 2),
    ),
  );
  const b = [...coef];
  const residual = () => X.map((row, i) => w[i] * (y[i] - offset - inner(row, b)));
  let largest = 0;
  for (const j of index) {
    if (!(second[j] > 0)) continue;
    const u = residual();
    const g = inner(
      u,
      column(X, j).map((v) => v - mean[j]),
    );
    const raw = soft(g + second[j] * b[j], penalty.lambda * penalty.l1[j]) / (second[j] + penalty.lambda * penalty.l2[j]);
    const value = clipped(raw, penalty, j);
    largest = Math.max(largest, second[j] * (value - b[j]) ** 2);
    b[j] = value;
  }
  return { mean, second, coef: b, largest, residual };
}

/** xoshiro128** 1.1 in BigInt arithmetic, from its authors' C code */
export function* xoshiro(start: number[]): Generator<bigint, never> {
  const s = start.map(BigInt);
  const u32 = (v: bigint) => v & 0xffffffffn;
  const rotate = (v: bigint, k: bigint) => u32(v << k) | (v >> (32n - k));
  for (;;) {
    yield u32(rotate(u32(s[1] * 5n), 7n) * 9n);
    const t = u32(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}
