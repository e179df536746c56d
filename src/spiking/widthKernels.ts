import type { Kernels } from '../backend/kernels.ts';
import type { Precision } from '../backend/layerForms.ts';

/** The kernels of one precision under one name. */
export function widthKernels(kernels: Kernels, precision: Precision) {
  return precision === 'f32'
    ? {
        precision,
        lifStep: kernels.lifStepF32,
        izhikevichStep: kernels.izhikevichStepF32,
        foldReceptor: kernels.foldReceptorF32,
        addCurrent: kernels.addCurrentF32,
        decay: kernels.decayF32,
        liftTiny: kernels.liftTinyF32,
        sampleState: kernels.sampleStateF32,
        propagate: kernels.propagateF32,
        stdpArrive: kernels.stdpArriveF32,
        stdpFire: kernels.stdpFireF32,
        poissonInput: kernels.poissonInputF32,
      }
    : {
        precision,
        lifStep: kernels.lifStepF64,
        izhikevichStep: kernels.izhikevichStepF64,
        foldReceptor: kernels.foldReceptorF64,
        addCurrent: kernels.addCurrentF64,
        decay: kernels.decayF64,
        liftTiny: kernels.liftTinyF64,
        sampleState: kernels.sampleStateF64,
        propagate: kernels.propagateF64,
        stdpArrive: kernels.stdpArriveF64,
        stdpFire: kernels.stdpFireF64,
        poissonInput: kernels.poissonInputF64,
      };
}

export type WidthKernels = ReturnType<typeof widthKernels>;
