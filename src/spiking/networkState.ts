import { CsrMatrix } from '../core/csrMatrix.ts';

/**
 * One block of synapses as plain arrays: CSR with one row per presynaptic neuron, or, without `indptr`, dense rows of `post` values.
 * `first` and `second` are the optimiser's moments; `second` has one value per row where `grouped`.
 */
export interface SynapseState {
  pre: number;
  post: number;
  indptr?: Int32Array;
  indices?: Int32Array;
  weights: Float64Array;
  first: Float64Array;
  second: Float64Array;
  grouped: boolean;
  /** Postsynaptic neurons of the full network, whatever has been left out since: the size of a group. */
  width: number;
  /** The sign that each weight must keep: +1, -1, or 0 for either. */
  signs?: Int8Array;
}

/** One layer: what comes in, what comes from itself, a constant current per neuron, and how the neurons were numbered at first. */
export interface LayerState {
  size: number;
  input: SynapseState;
  recurrent?: SynapseState;
  bias: Float64Array;
  biasFirst: Float64Array;
  biasSecond: Float64Array;
  ids: Int32Array;
}

/** A network between two stretches of training: hidden layers, then the output layer. */
export type NetworkState = LayerState[];

export function denseSynapses(pre: number, post: number, grouped: boolean, weights?: Float64Array): SynapseState {
  return {
    pre,
    post,
    weights: weights ?? new Float64Array(pre * post),
    first: new Float64Array(pre * post),
    second: new Float64Array(grouped ? pre : pre * post),
    grouped,
    width: post,
  };
}

export function nonzeros({ weights }: SynapseState): number {
  let count = 0;
  for (let k = 0; k < weights.length; k++) if (weights[k] !== 0) count++;
  return count;
}

/** Calls back for every stored synapse, row by row: presynaptic neuron, postsynaptic neuron, position in the arrays. */
export function eachSynapse(
  { pre, post, indptr, indices }: Pick<SynapseState, 'pre' | 'post' | 'indptr' | 'indices'>,
  body: (pre: number, post: number, k: number) => void,
): void {
  for (let i = 0; i < pre; i++) {
    if (indptr) for (let k = indptr[i]; k < indptr[i + 1]; k++) body(i, indices![k], k);
    else for (let j = 0; j < post; j++) body(i, j, i * post + j);
  }
}

/** The chosen synapses as CSR, their neurons renumbered by increasing maps (-1: that neuron is gone). */
export function selectSynapses(
  state: SynapseState,
  keep: (k: number) => boolean,
  preMap = identity(state.pre),
  postMap = identity(state.post),
): SynapseState {
  const pre = preMap.reduce((a, b) => Math.max(a, b), -1) + 1;
  const post = postMap.reduce((a, b) => Math.max(a, b), -1) + 1;
  const indptr = new Int32Array(pre + 1);
  const chosen = new Int32Array(state.weights.length);
  const columns = new Int32Array(state.weights.length);
  let count = 0;
  eachSynapse(state, (i, j, k) => {
    if (preMap[i] < 0 || postMap[j] < 0 || !keep(k)) return;
    chosen[count] = k;
    columns[count++] = postMap[j];
    indptr[preMap[i] + 1]++;
  });
  for (let i = 0; i < pre; i++) indptr[i + 1] += indptr[i];
  const picked = <A extends Float64Array | Int8Array>(from: A): A => {
    const out = new (from.constructor as new (n: number) => A)(count);
    for (let k = 0; k < count; k++) out[k] = from[chosen[k]];
    return out;
  };
  return {
    pre,
    post,
    indptr,
    indices: columns.slice(0, count),
    weights: picked(state.weights),
    first: picked(state.first),
    second: state.grouped ? state.second.filter((_, i) => preMap[i] >= 0) : picked(state.second),
    grouped: state.grouped,
    width: state.width,
    signs: state.signs && picked(state.signs),
  };
}

/** The weights as dense rows of the full network, neurons back under their first numbers, moments fresh. */
export function expandSynapses(
  state: SynapseState,
  pre: number,
  post: number,
  preIds = identity(pre),
  postIds = identity(post),
): SynapseState {
  const full = denseSynapses(pre, post, state.grouped);
  if (state.signs) full.signs = new Int8Array(pre * post);
  eachSynapse(state, (i, j, k) => {
    const to = preIds[i] * post + postIds[j];
    full.weights[to] = state.weights[k];
    if (state.signs) full.signs![to] = state.signs[k];
  });
  return full;
}

/** The dense state of a network with these weights, moments fresh. */
export function stateOf(
  weights: readonly CsrMatrix[],
  recurrentWeights: readonly CsrMatrix[],
  biases: readonly Float64Array[],
  { grouped, signs }: { grouped: boolean; signs: 'free' | 'nonNegative' | 'keep' },
): NetworkState {
  const block = (matrix: CsrMatrix) => {
    const state = denseSynapses(matrix.rows, matrix.cols, grouped, Float64Array.from(matrix.toDense().data));
    if (signs !== 'free') state.signs = Int8Array.from(state.weights, (w) => (signs === 'nonNegative' ? 1 : Math.sign(w)));
    return state;
  };
  return weights.map((matrix, l) => ({
    size: matrix.cols,
    input: block(matrix),
    ...(l < recurrentWeights.length && { recurrent: block(recurrentWeights[l]) }),
    bias: biases[l].slice(),
    biasFirst: new Float64Array(matrix.cols),
    biasSecond: new Float64Array(matrix.cols),
    ids: identity(matrix.cols),
  }));
}

/** The weights that are not zero, in the numbering of the full network. */
export function synapseMatrix(
  state: SynapseState,
  pre: number,
  post: number,
  preIds?: Int32Array,
  postIds?: Int32Array,
): CsrMatrix {
  const [row, col, value]: [number[], number[], number[]] = [[], [], []];
  eachSynapse(state, (i, j, k) => {
    if (state.weights[k] === 0) return;
    row.push(preIds ? preIds[i] : i);
    col.push(postIds ? postIds[j] : j);
    value.push(state.weights[k]);
  });
  return CsrMatrix.fromCoo(pre, post, { row, col, value });
}

export function identity(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}
