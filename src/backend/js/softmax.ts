import type { LayerKernels } from '../layerKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { exp, log } from './math.ts';
import { double, type Precision, single } from './precision.ts';

function form(memory: JsMemory, { values, shift, round }: Precision): LayerKernels['softmaxLossF32'] {
  return (Z, rows, stride, classes, label, scale, G) => {
    const f = values(memory);
    Z >>>= shift;
    G >>>= shift;
    scale = round(scale);
    let loss = 0;
    for (let r = 0; r < rows; r++) {
      const z = Z + r * stride;
      const g = G + r * stride;
      let top = -Infinity;
      for (let c = 0; c < classes; c++) if (f[z + c] > top) top = f[z + c];
      let mass = 0;
      for (let c = 0; c < classes; c++) mass += f[g + c] = exp(f[z + c] - top);
      for (let c = 0; c < stride; c++) f[g + c] = c < classes ? f[g + c] * (scale / mass) : 0;
      f[g + label] -= scale;
      loss += log(mass) + top - f[z + label];
    }
    return loss;
  };
}

export function softmaxKernels(memory: JsMemory): Pick<LayerKernels, 'softmaxLossF32' | 'softmaxLossF64'> {
  return { softmaxLossF32: form(memory, single), softmaxLossF64: form(memory, double) };
}
