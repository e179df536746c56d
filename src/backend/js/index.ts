/**
 * The pure-JS twin of the Wasm kernels: oracle of their tests, baseline of the benchmark, fallback where WebAssembly is refused.
 * @module
 */
import type { Kernels } from '../kernels.ts';
import { alternateKernels } from './alternate.ts';
import { alternateCgKernels } from './alternateCg.ts';
import { blockKernels } from './block.ts';
import { clusterKernels } from './cluster.ts';
import { denseKernels } from './dense.ts';
import { dualSvmKernels } from './dualSvm.ts';
import { eigenKernels } from './eigen.ts';
import { factorKernels } from './factor.ts';
import { factorLossKernels } from './factorLoss.ts';
import { gramKernels } from './gram.ts';
import { graphKernels } from './graph.ts';
import type { JsMemory } from './jsMemory.ts';
import { layerKernels } from './layer.ts';
import { lossKernels } from './loss.ts';
import { mathKernels } from './math.ts';
import { neuronKernels } from './neuron.ts';
import { onlineKernels } from './online.ts';
import { optimizeKernels } from './optimize.ts';
import { productKernels } from './product.ts';
import { randomKernels } from './random.ts';
import { rankOneKernels } from './rankOne.ts';
import { screenKernels } from './screen.ts';
import { softmaxKernels } from './softmax.ts';
import { sparseKernels } from './sparse.ts';
import { spectralKernels } from './spectral.ts';
import { synapseKernels } from './synapse.ts';
import { tallKernels } from './tall.ts';
import { vectorKernels } from './vector.ts';

export function createJsKernels(memory: JsMemory): Kernels {
  return {
    ...vectorKernels(memory),
    ...denseKernels(memory),
    ...gramKernels(memory),
    ...sparseKernels(memory),
    ...factorKernels(memory),
    ...screenKernels(memory),
    ...blockKernels(memory),
    ...lossKernels(memory),
    ...mathKernels(memory),
    ...randomKernels(memory),
    ...productKernels(memory),
    ...layerKernels(memory),
    ...softmaxKernels(memory),
    ...optimizeKernels(memory),
    ...neuronKernels(memory),
    ...synapseKernels(memory),
    ...tallKernels(memory),
    ...alternateKernels(memory),
    ...alternateCgKernels(memory),
    ...factorLossKernels(memory),
    ...rankOneKernels(memory),
    ...eigenKernels(memory),
    ...graphKernels(memory),
    ...spectralKernels(memory),
    ...clusterKernels(memory),
    ...dualSvmKernels(memory),
    ...onlineKernels(memory),
  };
}
