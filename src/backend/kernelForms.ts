import type { Heap } from './heap.ts';
import type { Kernels, Pointer } from './kernels.ts';

/** How values are stored: single or double precision. */
export type Precision = 'f32' | 'f64';

type Base<Name> = Name extends `${infer B}F32` ? B : never;

/** Name of a kernel that exists in both precisions, without its suffix. */
export type FormName = Base<keyof Kernels>;

/** The kernels of one precision, under their names without suffix. */
export type KernelForms<N extends FormName> = { readonly [B in N]: Kernels[`${B}F32`] };

export function kernelForms<N extends FormName>(kernels: Kernels, names: readonly N[], precision: Precision): KernelForms<N> {
  const suffix = precision === 'f32' ? 'F32' : 'F64';
  return Object.fromEntries(names.map((name) => [name, kernels[`${name}${suffix}` as keyof Kernels]])) as KernelForms<N>;
}

/** A view of `length` values; not to be kept. */
export function valuesAt(heap: Heap, precision: Precision, pointer: Pointer, length: number): Float32Array | Float64Array {
  return precision === 'f32' ? heap.f32(pointer, length) : heap.f64(pointer, length);
}

export const bytesOf = (precision: Precision): number => (precision === 'f32' ? 4 : 8);

/** Rows that kernels take as whole tiles are padded to this many values. */
const TILE = 8;

export const strideOf = (size: number): number => Math.ceil(size / TILE) * TILE;
