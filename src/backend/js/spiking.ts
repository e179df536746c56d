import type { SpikingKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';

export function spikingKernels(memory: JsMemory): SpikingKernels {
  return {
    lifStep(v, input, countdown, n, decay, rest, threshold, reset, refractory, spikes) {
      const { f32, i32 } = memory;
      const fround = Math.fround;
      v >>>= 2;
      input >>>= 2;
      countdown >>>= 2;
      spikes >>>= 2;
      decay = fround(decay);
      rest = fround(rest);
      threshold = fround(threshold);
      reset = fround(reset);
      let count = 0;
      for (let i = 0; i < n; i++) {
        const wait = i32[countdown + i];
        if (wait === 0) {
          const leak = fround(fround(f32[v + i] - rest) * decay);
          const potential = fround(fround(rest + leak) + f32[input + i]);
          if (potential >= threshold) {
            f32[v + i] = reset;
            i32[countdown + i] = refractory;
            i32[spikes + count++] = i;
          } else f32[v + i] = potential;
        } else i32[countdown + i] = wait - 1;
        f32[input + i] = 0;
      }
      return count;
    },

    spikePropagate(spikes, count, indptr, targets, weights, input) {
      const { f32, i32 } = memory;
      spikes >>>= 2;
      indptr >>>= 2;
      targets >>>= 2;
      weights >>>= 2;
      input >>>= 2;
      for (let k = 0; k < count; k++) {
        const neuron = i32[spikes + k];
        const end = i32[indptr + neuron + 1];
        for (let e = i32[indptr + neuron]; e < end; e++) f32[input + i32[targets + e]] += f32[weights + e];
      }
    },
  };
}
