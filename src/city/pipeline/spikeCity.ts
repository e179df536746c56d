import { optionsObject, positiveNumber, refuse, vector } from '../../core/checks.ts';
import { CsrMatrix } from '../../core/csrMatrix.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import { lif, SpikingNetwork } from '../../spiking/index.ts';
import { checkCity } from '../checkCity.ts';
import type { City } from '../city.ts';
import type { SpikingCity } from '../cityReport.ts';
import { routeEntries } from '../routes/routeEntries.ts';
import { settingOf } from '../routes/settingOf.ts';
import { candidateRoads } from './candidateRoads.ts';

/** Options of `spikeCity`. */
export interface SpikeCityOptions extends RunOptions {
  /** How strong the demand is in each zone: the level its membrane would rest at without roads. @default the root of its share of the trips that start in the busiest zone */
  demand?: VectorInput;
  /** Weights of the roads, zones x zones; where there are none, all candidate roads alike. */
  roads?: CsrMatrix;
  /** Level at which a zone fires. @default 0.7 (the guide) */
  threshold?: number;
  /** @default 100 */
  durationMs?: number;
}

const TIME_CONSTANT = 10;
const REFRACTORY = 2;
const DELAY = 1;
const STEP = 0.5;
/** All roads into a zone together lift it by this much when everyone around it fires at once. */
const TOTAL_WEIGHT = 0.5;

/**
 * Equations 32 to 39 of the guide in time: zones are leaky integrate-and-fire neurons (10 ms), roads are synapses, demand is a constant input,
 *
 *   10 ms du/dt = -u + demand,   spike and back to 0 where u >= threshold,   u_j += w_ij when i spikes.
 *
 * Zones fire by themselves where their demand reaches the threshold, or because their neighbours push them.
 */
export function spikeCity(city: City, options: SpikeCityOptions = {}): SpikingCity {
  const known = optionsObject(options, 'spikeCity', ['demand', 'roads', 'threshold', 'durationMs', 'signal', 'onProgress']);
  const size = checkCity(city).zones.length;
  const threshold = positiveNumber(known.threshold ?? 0.7, 'threshold');
  const durationMs = positiveNumber(known.durationMs ?? 100, 'durationMs');
  const demand = known.demand === undefined ? departures(city) : vector(known.demand, 'demand', size);
  const roads = shared(known.roads === undefined ? allRoads(city) : checkRoads(known.roads, size));
  const net = new SpikingNetwork({ dt: STEP, seed: 0 });
  const model = lif({ tauM: TIME_CONSTANT, vThreshold: threshold, refractory: REFRACTORY, current: demand });
  const zones = net.population({ size, model });
  net.connect(zones, zones, { edges: roads, delay: DELAY });
  net.record(zones, { spikes: true });
  const { spikes } = net.run(durationMs, { signal: known.signal, onProgress: known.onProgress });
  const counts = new Int32Array(size);
  for (const neuron of spikes.neuron) counts[neuron]++;
  return { demand, threshold, durationMs, spikes: { time: spikes.time, neuron: spikes.neuron }, counts, roads };
}

/** Observed trips that start in each zone, the most being 1; all alike where no trips are known. */
function departures({ zones, trips }: City): Float64Array {
  const out = new Float64Array(zones.length);
  if (trips === undefined) return out.fill(1);
  const { row, value } = routeEntries(trips);
  for (let k = 0; k < row.length; k++) out[row[k]] += value[k];
  let most = 0;
  for (const v of out) most = Math.max(most, v);
  // The root keeps small zones visible: trips spread over powers of ten.
  return most > 0 ? out.map((v) => Math.sqrt(v / most)) : out.fill(1);
}

function allRoads(city: City): CsrMatrix {
  const into = candidateRoads(city, settingOf(city));
  const row = into.flat();
  const col = into.flatMap((from, to) => from.map(() => to));
  return CsrMatrix.fromCoo(into.length, into.length, { row, col, value: new Float64Array(row.length).fill(1) });
}

function checkRoads(roads: CsrMatrix, size: number): CsrMatrix {
  if (!(roads instanceof CsrMatrix)) refuse(roads, 'roads', 'a CsrMatrix', false);
  if (roads.rows === size && roads.cols === size) return roads;
  throw new RangeError(`roads: expected ${size} x ${size}, one row and column for each zone, got ${roads.rows} x ${roads.cols}`);
}

/** The same roads with weights >= 0 of one sum into each zone. */
function shared({ rows, cols, indptr, indices, data }: CsrMatrix): CsrMatrix {
  const sum = new Float64Array(cols);
  for (let e = 0; e < data.length; e++) sum[indices[e]] += Math.max(0, data[e]);
  const weights = Float64Array.from(data, (w, e) =>
    sum[indices[e]] > 0 ? (TOTAL_WEIGHT * Math.max(0, w)) / sum[indices[e]] : 0,
  );
  return new CsrMatrix({ rows, cols, indptr, indices, data: weights });
}
