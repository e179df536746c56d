import { type KernelForms, kernelForms, type Precision } from '../backend/kernelForms.ts';
import type { Kernels } from '../backend/kernels.ts';

const NAMES = [
  'lifStep',
  'izhikevichStep',
  'foldReceptor',
  'addCurrent',
  'decay',
  'liftTiny',
  'sampleState',
  'propagate',
  'stdpArrive',
  'stdpFire',
  'poissonInput',
] as const;

/** The kernels of a simulation in one precision. */
export type WidthKernels = KernelForms<(typeof NAMES)[number]> & { readonly precision: Precision };

export function widthKernels(kernels: Kernels, precision: Precision): WidthKernels {
  return { precision, ...kernelForms(kernels, NAMES, precision) };
}
