import fc from 'fast-check';
import type { Pointer } from '../../src/backend/kernels.ts';
import type { Heap } from './heap.ts';
import { compress, type Matrix, type Sampler, type Suffix, storage } from './samples.ts';

/** What the tests of the layer kernels share: padded rows, blocks of synapses and events, each as plain arrays and in memory. */

export const stride = fc.constantFrom(8, 16, 24);
/** Lengths of arrays whose stride must hold them */
export const width = fc.constantFrom(1, 2, 3, 5, 8, 9, 11, 16, 19);

export const strideOf = (size: number) => Math.ceil(size / 8) * 8;

/** A value as V stores it */
export const rounded = (kind: Suffix) => (kind === 'F32' ? Math.fround : (value: number) => value);

/** What sums of a hundred terms may lose */
export const precision = (kind: Suffix) => (kind === 'F32' ? 1e-5 : 1e-12);

export function sample(random: Sampler, n: number, kind: Suffix, value = random.value): number[] {
  return random.vector(n, () => rounded(kind)(value()));
}

export const zeros = (n: number): number[] => new Array(n).fill(0);

export function pad(values: number[], to: number, filler = 0): number[] {
  return [...values, ...new Array(to - values.length).fill(filler)];
}

/** Rows one after another, each filled up to the stride */
export function padRows(X: Matrix, to: number, filler = 0): number[] {
  return X.flatMap((row) => pad(row, to, filler));
}

/** The rows that padRows has laid out; fails nowhere, so that the padding can be looked at too. */
export function unpad(values: number[], to: number): Matrix {
  return Array.from({ length: values.length / to }, (_, r) => values.slice(r * to, (r + 1) * to));
}

/** Synapses in memory, dense or CSR; `values` is where the weights lie (a gradient's block reads back from there). */
export function placeSynapses(heap: Heap, W: Matrix, to: number, dense: boolean, kind: Suffix) {
  if (dense) {
    const values = heap.output(padRows(W, to), storage(kind));
    return { block: heap.input([values, 0, 0, 0], 'u32'), values, length: W.length * to };
  }
  const { indptr, indices, data } = compress(W);
  const values = heap.output(data, storage(kind));
  const [INDPTR, INDICES] = [heap.input(indptr, 'i32'), heap.input(indices, 'i32')];
  return { block: heap.input([0, INDPTR, INDICES, values], 'u32'), values, length: data.length };
}

/** G laid out as the block of W is: dense with padding 0, or the entries on W's pattern. */
export function onPattern(G: Matrix, W: Matrix, to: number, dense: boolean): number[] {
  return dense ? padRows(G, to) : G.flatMap((row, i) => row.filter((_, j) => W[i][j] !== 0));
}

/** Per step, who fires and with what value */
export type Events = { id: number; value: number }[][];

export function sampleEvents(random: Sampler, steps: number, neurons: number, graded: boolean, kind: Suffix): Events {
  const value = () => (graded ? rounded(kind)(random.value()) : 1);
  return Array.from({ length: steps }, () => random.choice(neurons).map((id) => ({ id, value: value() })));
}

export function placeEvents(heap: Heap, events: Events, graded: boolean, kind: Suffix): Pointer {
  const offsets = [0];
  for (const step of events) offsets.push(offsets[offsets.length - 1] + step.length);
  const all = events.flat();
  const values = graded ? all.map(({ value }) => value) : undefined;
  const parts = [
    heap.input(offsets, 'i32'),
    heap.input(
      all.map(({ id }) => id),
      'i32',
    ),
    heap.optional(values, storage(kind)),
  ];
  return heap.input(parts, 'u32');
}
