import type { Precision } from '../backend/kernelForms.ts';
import {
  booleanFlag,
  integerIn,
  isNumberArray,
  nonNegativeNumber,
  numberIn,
  refuse,
  refuseEntry,
  vector,
} from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import type { Random } from '../core/random.ts';
import { bernoulli, type Connectivity, fixedInDegree } from './connectivity.ts';
import type { DelayedSynapses } from './delayedSynapses.ts';
import { boundedNumber } from './models/checks.ts';
import { type Floats, floats, type PopulationState } from './populationState.ts';
import { checkBounds, checkedStdp, plasticityOf, type StdpOptions } from './stdp.ts';
import type { TimeGrid } from './timeGrid.ts';

export interface ConnectOptions {
  /** What the spikes act on: a name of `tauSyn`, or 'delta' for the voltage itself. @default the only receptor, or 'delta' where there is none */
  receptor?: string;
  /** What a spike adds there. With `edges`, a factor of their values. @default 1 with edges; required otherwise */
  weight?: number;
  /** Connect each pair with this probability, a neuron with itself too. */
  probability?: number;
  /** Give each target so many sources, drawn with replacement: a pair may get several synapses. */
  inDegree?: number;
  /** Connect these: sources are rows, targets columns. Stored zeros are synapses. */
  edges?: CsrMatrix;
  /** In ms, a multiple of dt: one number or, with edges, one for each stored entry in order. @default 0: delivered at the end of the same step */
  delay?: number | ArrayLike<number>;
  /** Round delays to multiples of dt. @default false */
  roundDelays?: boolean;
  /** Let the weights learn. */
  stdp?: StdpOptions;
}

export const connectOptionNames = [
  'receptor',
  'weight',
  'probability',
  'inDegree',
  'edges',
  'delay',
  'roundDelays',
  'stdp',
] as const satisfies (keyof ConnectOptions)[];

interface Place {
  readonly grid: TimeGrid;
  readonly precision: Precision;
  readonly random: Random;
  readonly step: number;
}

/** Checked synapses of one connection, one part for each delay. */
export function buildSynapses(
  source: PopulationState,
  target: PopulationState,
  receptor: number,
  options: ConnectOptions,
  place: Place,
): DelayedSynapses[] {
  const { edges } = options;
  const weight = boundedNumber(options.weight ?? (edges ? 1 : undefined), 'weight');
  const rounded = booleanFlag(options.roundDelays ?? false, 'roundDelays');
  const delays = delaysOf(options.delay ?? 0, edges, rounded, place.grid);
  const stdp = options.stdp && checkedStdp(options.stdp, place.grid);
  const connectivity = connectivityOf(source, target, options, place.random);
  const values = edges ? scaled(edges, weight, place.precision) : undefined;
  if (stdp) checkBounds(stdp, values ?? [weight]);
  return splitByDelay(connectivity, values, delays).map(({ delay, indptr, targets, weights }) => ({
    source,
    target,
    receptor,
    delay,
    since: place.step,
    indptr,
    targets,
    weights: weights ?? (stdp ? floats(place.precision, targets.length).fill(weight) : undefined),
    weight,
    plasticity: stdp && plasticityOf(stdp, { indptr, targets }, source.size, target.size, place.grid.dt, place.precision),
  }));
}

function connectivityOf(source: PopulationState, target: PopulationState, options: ConnectOptions, random: Random): Connectivity {
  const { probability, inDegree, edges } = options;
  const given = [probability, inDegree, edges].filter((value) => value !== undefined).length;
  if (given !== 1) throw new TypeError(`connect: expected one of probability, inDegree and edges, got ${given} of them`);
  if (probability !== undefined) return bernoulli(source.size, target.size, numberIn(probability, 'probability', 0, 1), random);
  if (inDegree !== undefined) {
    return fixedInDegree(source.size, target.size, integerIn(inDegree, 'inDegree', 0, 2147483647), random);
  }
  if (!(edges instanceof CsrMatrix)) refuse(edges, 'edges', 'a CsrMatrix', false);
  if (edges.rows !== source.size || edges.cols !== target.size) {
    throw new RangeError(
      `edges: expected ${source.size} x ${target.size} (sources x targets), got ${edges.rows} x ${edges.cols}`,
    );
  }
  return { indptr: edges.indptr.slice(), targets: edges.indices.slice() };
}

/** Delays in steps: one, or one for each edge. */
function delaysOf(delay: unknown, edges: unknown, rounded: boolean, grid: TimeGrid): number | Int32Array {
  if (!isNumberArray(delay)) return grid.stepsOf(nonNegativeNumber(delay, 'delay'), 'delay', rounded);
  if (!(edges instanceof CsrMatrix)) throw new TypeError('delay: an array of delays needs edges that it belongs to');
  const times = vector(delay, 'delay', edges.nnz);
  return Int32Array.from(times, (time, k) => grid.stepsOf(nonNegativeNumber(time, `delay[${k}]`), `delay[${k}]`, rounded));
}

function scaled(edges: CsrMatrix, weight: number, precision: Precision): Floats {
  const out = floats(precision, edges.nnz);
  for (let e = 0; e < out.length; e++) {
    if (!Number.isFinite(edges.data[e])) refuseEntry(edges.data[e], `edges.data[${e}]`, 'a finite number');
    out[e] = edges.data[e] * weight;
    if (!Number.isFinite(out[e]))
      refuseEntry(edges.data[e] * weight, `edges.data[${e}] * weight`, `a number that ${precision} holds`);
  }
  return out;
}

interface Slice extends Connectivity {
  readonly delay: number;
  readonly weights: Floats | undefined;
}

/** One part, with offsets of its own, for each distinct delay. */
function splitByDelay(all: Connectivity, weights: Floats | undefined, delays: number | Int32Array): Slice[] {
  if (typeof delays === 'number') return [{ ...all, weights, delay: delays }];
  const rows = all.indptr.length - 1;
  const distinct = Int32Array.from(new Set(delays)).sort();
  const part = new Map(Array.from(distinct, (delay, k) => [delay, k]));
  const counts = new Int32Array(distinct.length);
  for (const delay of delays) counts[part.get(delay)!]++;
  const slices = Array.from(distinct, (delay, k) => ({
    delay,
    indptr: new Int32Array(rows + 1),
    targets: new Int32Array(counts[k]),
    weights: weights?.slice(0, counts[k]),
  }));
  const at = new Int32Array(distinct.length);
  for (let s = 0; s < rows; s++) {
    for (let e = all.indptr[s]; e < all.indptr[s + 1]; e++) {
      const k = part.get(delays[e])!;
      const slice = slices[k];
      if (slice.weights && weights) slice.weights[at[k]] = weights[e];
      slice.targets[at[k]++] = all.targets[e];
    }
    slices.forEach(({ indptr }, k) => {
      indptr[s + 1] = at[k];
    });
  }
  return slices;
}
