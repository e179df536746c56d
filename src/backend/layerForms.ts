import type { Backend } from './backend.ts';
import type { Heap } from './heap.ts';
import { bytesOf, type KernelForms, kernelForms, type Precision, valuesAt } from './kernelForms.ts';
import type { Pointer } from './kernels.ts';

const NAMES = [
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
] as const;

/** The layer kernels of one precision, and how their values lie in memory. */
export interface LayerForms extends KernelForms<(typeof NAMES)[number]> {
  /** Bytes of a value. */
  readonly bytes: number;
  values(heap: Heap, pointer: Pointer, length: number): Float32Array | Float64Array;
}

export function layerForms({ kernels }: Backend, precision: Precision): LayerForms {
  return {
    ...kernelForms(kernels, NAMES, precision),
    bytes: bytesOf(precision),
    values: (heap, pointer, length) => valuesAt(heap, precision, pointer, length),
  };
}
