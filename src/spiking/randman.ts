import { currentBackend } from '../backend/backend.ts';
import { allocateFloats } from '../core/allocateFloats.ts';
import { integerIn, numberIn, optionsObject, positiveNumber } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { Random } from '../core/random.ts';
import { RasterBuilder } from './rasterBuilder.ts';
import { checkShape } from './rasterShape.ts';
import { sinTurns } from './sinTurns.ts';
import { SpikeRaster } from './spikeRaster.ts';

/** Most waves of one coordinate function. */
const MOST_WAVES = 1000;

/** Options of `randman`. */
export interface RandmanOptions {
  /** At least 1. @default 10 */
  classes?: number;
  /** Input neurons, at least 1. @default 100 */
  units?: number;
  /** At least 2. @default 1000 */
  samplesPerClass?: number;
  /** Of the manifolds, at least 1. @default 2 */
  dimensions?: number;
  /** Smoothness, > 0: the larger, the smoother, and the easier the task. @default 1 */
  alpha?: number;
  /** Spikes of each unit in each sample, in 1..steps. @default 1 */
  spikes?: number;
  /** Time steps, at least 1. @default 100 */
  steps?: number;
  /** Waves of a relative amplitude below this are left out, in (0, 1); 0.01 is ten times as fast at alpha 1. @default 0.001 */
  precision?: number;
  /** An integer >= 0. @default 0 */
  seed?: number;
}

/** Spike trains with their classes. */
export interface Randman {
  /** classes * samplesPerClass samples, in random order. */
  spikes: SpikeRaster;
  /** The class 0..classes - 1 of each sample. */
  y: Int32Array;
  /** Where each sample lies on the manifold of its class, samples x dimensions, in [0, 1): the target of a regression. */
  coordinates: DenseMatrix;
}

/**
 * Smooth random manifolds in spike times (Zenke and Vogels 2021, doi 10.1162/neco_a_01367). Every unit has exactly `spikes`
 * spikes in every sample, so that counts say nothing and timing everything.
 *
 * For each class and spike, unit d fires at a random smooth function of the place x in [0, 1)^dimensions of the sample,
 *
 *   f_d(x) = prod_m sum_{k=1}^{K-1} a_k (k + 1)^-alpha sin(2 pi (k x_m b_k + c_k)),
 *
 * a, b, c uniform on [0, 1) for every d, m and k, K = min(ceil(precision^(-1/alpha)), 1000), scaled over the samples of the
 * class to [0, 1] and then to step = min(floor(steps f), steps - 1). Of two spikes of a unit in one step, one moves to the next
 * free step (or back from the end), which the authors' program does not do.
 *
 * Takes classes * samplesPerClass * units * spikes * dimensions * K sines: 2e9, about half a minute, with the defaults.
 *
 * @throws TypeError, RangeError for options of the wrong kind or out of range
 */
export function randman(options?: RandmanOptions): Randman {
  const task = readOptions(options);
  const { classes, units, samplesPerClass, dimensions, spikes, steps, seed } = task;
  const amplitudes = waveAmplitudes(task.alpha, task.precision);
  const samples = classes * samplesPerClass;
  // spikeSteps[(sample * units + unit) * spikes + s], samples class by class
  const spikeSteps = allocateFloats(samples * units * spikes, 'spike times');
  const places = new Float64Array(samples * dimensions);
  for (let label = 0; label < classes; label++) {
    // A class does not depend on how many others there are.
    const stream = 1 + label * (spikes + 1);
    const own = places.subarray(label * samplesPerClass * dimensions, (label + 1) * samplesPerClass * dimensions);
    drawUniform(own, new Random(seed, stream));
    for (let s = 0; s < spikes; s++) {
      const random = new Random(seed, stream + 1 + s);
      for (let unit = 0; unit < units; unit++) {
        const values = smoothFunction(own, dimensions, amplitudes, random);
        const first = (label * samplesPerClass * units + unit) * spikes + s;
        writeSteps(values, steps, spikeSteps, first, units * spikes);
      }
    }
  }
  separate(spikeSteps, spikes, steps);
  const order = new Random(seed, 0).shuffle(Int32Array.from({ length: samples }, (_, i) => i));
  const coordinates = new Float64Array(places.length);
  order.forEach((from, to) => {
    coordinates.set(places.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
  });
  return {
    spikes: toRaster(spikeSteps, order, steps, units, spikes),
    y: order.map((from) => Math.floor(from / samplesPerClass)),
    coordinates: new DenseMatrix(coordinates, samples, dimensions),
  };
}

const KNOWN = ['classes', 'units', 'samplesPerClass', 'dimensions', 'alpha', 'spikes', 'steps', 'precision', 'seed'] as const;

function readOptions(options: RandmanOptions | undefined): Required<RandmanOptions> {
  const given = optionsObject(options, 'randman', KNOWN);
  const { classes = 10, units = 100, samplesPerClass = 1000, dimensions = 2, alpha = 1 } = given;
  const { spikes = 1, steps = 100, precision = 0.001, seed = 0 } = given;
  integerIn(classes, 'classes', 1);
  integerIn(units, 'units', 1);
  integerIn(samplesPerClass, 'samplesPerClass', 2);
  integerIn(dimensions, 'dimensions', 1);
  positiveNumber(alpha, 'alpha');
  integerIn(steps, 'steps', 1);
  integerIn(spikes, 'spikes', 1, steps);
  numberIn(precision, 'precision', 0, 1, '()');
  integerIn(seed, 'seed', 0);
  checkShape({ samples: classes * samplesPerClass, steps, neurons: units });
  return { classes, units, samplesPerClass, dimensions, alpha, spikes, steps, precision, seed };
}

/** (k + 1)^-alpha for k = 0..K - 1, at least up to k = 1. */
function waveAmplitudes(alpha: number, precision: number): Float64Array {
  const { exp, log } = currentBackend().kernels;
  // Less a hair, so that a whole number K does not become K + 1 by rounding.
  const waves = Math.ceil(exp(-log(precision) / alpha) * (1 - 1e-12));
  return Float64Array.from({ length: Math.max(2, Math.min(waves, MOST_WAVES)) }, (_, k) => exp(-alpha * log(k + 1)));
}

function drawUniform(out: Float64Array, random: Random): void {
  for (let i = 0; i < out.length; i++) out[i] = random.uniform();
}

/** The values at all places of a random function: a product over the dimensions of sums of waves. */
function smoothFunction(places: Float64Array, dimensions: number, amplitudes: Float64Array, random: Random): Float64Array {
  const out = new Float64Array(places.length / dimensions).fill(1);
  const sum = new Float64Array(out.length);
  for (let m = 0; m < dimensions; m++) {
    sum.fill(0);
    // The constant, k = 0, is left out: scaling to [0, 1] would remove it in one dimension.
    for (let k = 1; k < amplitudes.length; k++) {
      const amplitude = random.uniform() * amplitudes[k];
      const frequency = random.uniform() * k;
      const phase = random.uniform();
      for (let i = 0, p = m; i < sum.length; i++, p += dimensions) sum[i] += amplitude * sinTurns(frequency * places[p] + phase);
    }
    for (let i = 0; i < out.length; i++) out[i] *= sum[i];
  }
  return out;
}

/** Scales values to [0, 1] and writes their steps to out[first], out[first + stride], ... */
function writeSteps(values: Float64Array, steps: number, out: Float64Array, first: number, stride: number): void {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const range = high > low ? high - low : 1;
  for (let i = 0, p = first; i < values.length; i++, p += stride) {
    out[p] = Math.min(Math.floor(((values[i] - low) / range) * steps), steps - 1);
  }
}

/** Sorts each group of so many steps and moves equal ones apart, within 0..steps - 1. */
function separate(spikeSteps: Float64Array, group: number, steps: number): void {
  if (group === 1) return;
  for (let start = 0; start < spikeSteps.length; start += group) {
    const own = spikeSteps.subarray(start, start + group).sort();
    for (let k = 1; k < group; k++) own[k] = Math.max(own[k], own[k - 1] + 1);
    for (let k = 0; k < group; k++) own[k] = Math.min(own[k], steps - group + k);
  }
}

function toRaster(spikeSteps: Float64Array, order: Int32Array, steps: number, units: number, spikes: number): SpikeRaster {
  const builder = new RasterBuilder({ samples: order.length, steps, neurons: units });
  const next = new Int32Array(units);
  for (const sample of order) {
    next.fill(0);
    for (let t = 0; t < steps; t++) {
      for (let unit = 0; unit < units; unit++) {
        if (next[unit] < spikes && spikeSteps[(sample * units + unit) * spikes + next[unit]] === t) {
          builder.add(unit);
          next[unit]++;
        }
      }
      builder.endStep();
    }
  }
  return new SpikeRaster(builder.finish());
}
