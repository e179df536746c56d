import type { Backend } from './backend.ts';
import type { Heap } from './heap.ts';
import type { Pointer } from './kernels.ts';
import type { LayerKernels } from './layerKernels.ts';

/** Precision of a training run: single, or double as a check. */
export type Precision = 'f32' | 'f64';

type Base<Name> = Name extends `${infer B}F32` ? B : never;
type Forms = { readonly [B in Base<keyof LayerKernels>]: LayerKernels[`${B}F32`] };

/** The layer kernels of one precision, under their names without suffix, and how their values lie in memory. */
export interface LayerForms extends Forms {
  /** Bytes of a value. */
  readonly bytes: number;
  values(heap: Heap, pointer: Pointer, length: number): Float32Array | Float64Array;
}

const NAMES: readonly Base<keyof LayerKernels>[] = [
  'affine',
  'affineGradient',
  'sparseAffine',
  'sparseGradient',
  'transpose',
  'addRows',
  'rectify',
  'lifForward',
  'spread',
  'lifBackward',
  'eventGradient',
  'leakBackward',
  'softmaxLoss',
  'adam',
  'momentum',
  'groupStep',
  'dropConnections',
  'multiplyBy',
];

/** Layer rows are padded to whole tiles of this many values. */
const TILE = 8;

export const strideOf = (size: number): number => Math.ceil(size / TILE) * TILE;

export function layerForms({ kernels }: Backend, precision: Precision): LayerForms {
  const suffix = precision === 'f32' ? 'F32' : 'F64';
  const forms = Object.fromEntries(NAMES.map((name) => [name, kernels[`${name}${suffix}`]])) as unknown as Forms;
  return precision === 'f32'
    ? { ...forms, bytes: 4, values: (heap, pointer, length) => heap.f32(pointer, length) }
    : { ...forms, bytes: 8, values: (heap, pointer, length) => heap.f64(pointer, length) };
}
