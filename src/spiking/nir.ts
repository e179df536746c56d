import { currentBackend } from '../backend/backend.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { Json } from '../core/json.ts';
import type { Dynamics } from './layeredNetwork.ts';

/** Affine and LIF / LI nodes in a row. Our step u = beta u + I is NIR's tau v' = -v + r I with r = 1 / (1 - beta): both rest at I / (1 - beta). */
export function nirGraph(
  weights: readonly CsrMatrix[],
  recurrent: readonly CsrMatrix[],
  biases: readonly Float64Array[],
  dynamics: Dynamics,
  dt: number,
  inputScale: number,
): { [name: string]: Json } {
  if (recurrent.length > 0) throw new RangeError('toNir: recurrent synapses are not supported');
  const { beta, readoutBeta, threshold, spikingOutput, reset, steps } = dynamics;
  const nodes: { [name: string]: Json } = { input: { type: 'Input', shape: [weights[0].rows] } };
  const edges: Json[] = [];
  let last = 'input';
  const add = (name: string, node: Json) => {
    nodes[name] = node;
    edges.push([last, name]);
    last = name;
  };
  weights.forEach((matrix, l) => {
    const { cols } = matrix;
    const full = (value: number) => new Array<number>(cols).fill(value);
    add(`synapses${l}`, {
      type: 'Affine',
      weight: rowsOf(matrix.transpose(), l === 0 ? inputScale : 1),
      bias: Array.from(biases[l]),
    });
    const fires = l + 1 < weights.length || spikingOutput;
    const decay = fires ? beta : readoutBeta;
    const membrane = { tau: full(timeConstant(decay, dt)), r: full(1 / (1 - decay)), v_leak: full(0) };
    add(
      `neurons${l}`,
      fires ? { type: 'LIF', ...membrane, v_threshold: full(threshold), v_reset: full(0) } : { type: 'LI', ...membrane },
    );
  });
  add('output', { type: 'Output', shape: [weights[weights.length - 1].cols] });
  return { version: '1.0.7', node: { type: 'NIRGraph', nodes, edges, metadata: { dt: dt / 1000, steps, reset } } };
}

/** tau in seconds with exp(-dt / tau) = beta, dt in ms. A membrane without memory gets a tenth of a step. */
function timeConstant(beta: number, dt: number): number {
  return beta > 0 ? -dt / 1000 / currentBackend().kernels.log(beta) : dt / 10000;
}

function rowsOf(matrix: CsrMatrix, scale: number): Json {
  const { data, rows, cols } = matrix.toDense();
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols), (w) => w / scale));
}
