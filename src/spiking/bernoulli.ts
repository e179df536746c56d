import { integerIn } from '../core/checks.ts';
import type { Matrix } from '../core/matrixInput.ts';
import { Random } from '../core/random.ts';
import { RasterBuilder } from './rasterBuilder.ts';
import { SpikeRaster } from './spikeRaster.ts';
import { unitRowReader } from './unitRows.ts';

/**
 * Independent spikes: in every step, the neuron of X[i][j] fires with `probability(X[i][j])`.
 *
 * Sample i draws from stream i of the seed, step after step over the features that can fire. So its spikes depend neither on
 * the other samples nor on how X is stored.
 */
export function bernoulliSpikes(X: Matrix, steps: number, seed: number, probability: (x: number) => number): SpikeRaster {
  integerIn(seed, 'seed', 0);
  const builder = new RasterBuilder({ samples: X.rows, steps, neurons: X.cols });
  const read = unitRowReader(X);
  const neuron = new Int32Array(X.cols);
  const chance = new Float64Array(X.cols);
  for (let i = 0; i < X.rows; i++) {
    const row = read(i);
    let count = 0;
    for (let j = 0; j < X.cols; j++) {
      const p = probability(row[j]);
      if (!(p > 0)) continue;
      neuron[count] = j;
      chance[count++] = p;
    }
    const random = new Random(seed, i);
    for (let t = 0; t < steps; t++) {
      for (let k = 0; k < count; k++) if (random.uniform() < chance[k]) builder.add(neuron[k]);
      builder.endStep();
    }
  }
  return new SpikeRaster(builder.finish());
}
