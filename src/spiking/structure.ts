import { kthLargest } from '../core/kthLargest.ts';
import { normals } from './initialWeights.ts';
import {
  denseSynapses,
  eachSynapse,
  expandSynapses,
  identity,
  type LayerState,
  type NetworkState,
  nonzeros,
  type SynapseState,
  selectSynapses,
} from './networkState.ts';

/** Below this share of weights that are not zero, CSR beats dense rows. */
const SPARSE_BELOW = 0.25;
/** A CSR block is packed again when this share of it has become zero. */
const REPACK_BELOW = 0.9;

/** Pruning looks again at what still carries something so many times on the way. */
const ROUNDS = 4;
/** Random streams of the weights of neurons that grow, one per layer. */
const GROWTH_STREAM = 2000;

/** All blocks of a network, in order. */
export function blocksOf(state: NetworkState): SynapseState[] {
  return state.flatMap(({ input, recurrent }) => (recurrent ? [input, recurrent] : [input]));
}

export const connections = (state: NetworkState): number => blocksOf(state).reduce((total, block) => total + nonzeros(block), 0);

const mapBlocks = (state: NetworkState, change: (block: SynapseState) => SynapseState): NetworkState =>
  state.map((layer) => ({
    ...layer,
    input: change(layer.input),
    ...(layer.recurrent && { recurrent: change(layer.recurrent) }),
  }));

/** Blocks with few weights left become CSR; CSR blocks drop their zeros. Returns the same object where nothing has changed. */
export function compress(state: NetworkState): NetworkState {
  const worth = (block: SynapseState) => {
    const share = nonzeros(block) / block.weights.length;
    return share < (block.indptr ? REPACK_BELOW : SPARSE_BELOW);
  };
  if (!blocksOf(state).some(worth)) return state;
  return mapBlocks(state, (block) => (worth(block) ? selectSynapses(block, (k) => block.weights[k] !== 0) : block));
}

/**
 * Leaves out hidden neurons that no longer matter: without outgoing synapses nothing they do is seen; without incoming ones, and
 * with a bias that cannot lift them to the threshold, they do nothing. Returns the same object where there is none.
 */
export function removeIdle(state: NetworkState, beta: number, threshold: number): NetworkState {
  let current = state;
  for (let l = 0; l + 1 < current.length; l++) {
    const { size, input, recurrent, bias } = current[l];
    const [heard, driven] = [new Uint8Array(size), new Uint8Array(size)];
    eachSynapse(current[l + 1].input, (i, _, k) => {
      if (current[l + 1].input.weights[k] !== 0) heard[i] = 1;
    });
    eachSynapse(input, (_, j, k) => {
      if (input.weights[k] !== 0) driven[j] = 1;
    });
    if (recurrent) {
      eachSynapse(recurrent, (i, j, k) => {
        if (recurrent.weights[k] === 0) return;
        driven[j] = 1;
        if (i !== j) heard[i] = 1;
      });
    }
    // A little less than what lifts a neuron to the threshold: single precision rounds both.
    for (let j = 0; j < size; j++) if (bias[j] > (1 - 1e-5) * (1 - beta) * threshold) driven[j] = 1;
    let next = 0;
    const map = Int32Array.from({ length: size }, (_, j) => (heard[j] && driven[j] ? next++ : -1));
    if (next === size || next === 0) continue;
    current = current.map((layer, at) => {
      if (at === l) return keepNeurons(layer, map);
      return at === l + 1 ? { ...layer, input: selectSynapses(layer.input, () => true, map) } : layer;
    });
  }
  return current;
}

function keepNeurons(layer: LayerState, map: Int32Array): LayerState {
  const kept = <A extends Float64Array | Int32Array>(values: A) => values.filter((_, j) => map[j] >= 0) as A;
  return {
    size: kept(layer.ids).length,
    input: selectSynapses(layer.input, () => true, undefined, map),
    ...(layer.recurrent && { recurrent: selectSynapses(layer.recurrent, () => true, map, map) }),
    bias: kept(layer.bias),
    biasFirst: kept(layer.biasFirst),
    biasSecond: kept(layer.biasSecond),
    ids: kept(layer.ids),
  };
}

/** The network with every neuron and every synapse that it could have: dense, moments fresh. */
export function expandNetwork(state: NetworkState, sizes: readonly number[], inputs: number): NetworkState {
  return state.map((layer, l) => {
    const size = sizes[l];
    const [pre, preIds] = l === 0 ? [inputs, undefined] : [sizes[l - 1], state[l - 1].ids];
    const spread = (values: Float64Array) => {
      const out = new Float64Array(size);
      layer.ids.forEach((id, j) => {
        out[id] = values[j];
      });
      return out;
    };
    return {
      size,
      input: expandSynapses(layer.input, pre, size, preIds, layer.ids),
      ...(layer.recurrent && { recurrent: expandSynapses(layer.recurrent, size, size, layer.ids, layer.ids) }),
      bias: spread(layer.bias),
      biasFirst: spread(layer.biasFirst),
      biasSecond: spread(layer.biasSecond),
      ids: identity(size),
    };
  });
}

/**
 * Pruning to `keep` synapses in the whole network, those that carry most: a synapse's score is the sum of |w w' w'' ...| over all paths from
 * inputs to outputs through it (synaptic flow, Tanaka 2020). Layers of any scale compare, and a synapse whose neuron leads nowhere scores 0.
 * What is pruned leaves the pattern with its moments.
 */
export function prune(state: NetworkState, keep: number): NetworkState {
  const before = connections(state);
  let current = state;
  for (let round = 1; round <= ROUNDS; round++) {
    current = keepStrongest(current, round < ROUNDS ? Math.round(before + ((keep - before) * round) / ROUNDS) : keep);
  }
  return current;
}

function keepStrongest(state: NetworkState, keep: number): NetworkState {
  const scores = synapticFlow(state);
  const all = new Float64Array(scores.reduce((total, { length }) => total + length, 0));
  let filled = 0;
  for (const part of scores) {
    all.set(part, filled);
    filled += part.length;
  }
  const limit = keep >= all.length ? 0 : kthLargest(all, Math.max(1, keep));
  // A chain of single synapses carries the same everywhere: ties at the limit go by position.
  let ties = keep - all.reduce((above, score) => above + (score > limit ? 1 : 0), 0);
  let at = 0;
  return mapBlocks(state, (block) => {
    const score = scores[at++];
    return selectSynapses(block, (k) => score[k] > 0 && (score[k] > limit || (score[k] === limit && ties-- > 0)));
  });
}

/** One score per stored synapse, block by block; recurrent synapses count as if they led into their own layer once more. */
function synapticFlow(state: NetworkState): Float64Array[] {
  const into: Float64Array[] = [new Float64Array(state[0].input.pre).fill(1)];
  for (const [l, { input }] of state.entries()) into.push(flow(input, into[l], true));
  const onward: Float64Array[] = [new Float64Array(state[state.length - 1].size).fill(1)];
  for (let l = state.length - 1; l > 0; l--) onward.unshift(flow(state[l].input, onward[0], false));
  return state.flatMap(({ input, recurrent }, l) => {
    const score = (block: SynapseState, from: Float64Array) => {
      const out = new Float64Array(block.weights.length);
      eachSynapse(block, (i, j, k) => {
        out[k] = from[i] * Math.abs(block.weights[k]) * onward[l][j];
      });
      return out;
    };
    return recurrent ? [score(input, into[l]), score(recurrent, into[l + 1])] : [score(input, into[l])];
  });
}

/** |W| applied to a vector, forwards or backwards. */
function flow(block: SynapseState, x: Float64Array, forwards: boolean): Float64Array {
  const out = new Float64Array(forwards ? block.post : block.pre);
  eachSynapse(block, (i, j, k) => {
    const w = Math.abs(block.weights[k]);
    if (forwards) out[j] += w * x[i];
    else out[i] += w * x[j];
  });
  return out;
}

/**
 * Regrowth (RigL, Evci 2020): the `count` absent synapses with the largest gradient, anywhere in the network, come back with weight 0.
 * `gradients` has one dense array (pre x post) per block of the state, which must hold all its neurons.
 */
export function regrow(state: NetworkState, gradients: readonly Float64Array[], count: number): NetworkState {
  const blocks = blocksOf(state);
  const present = blocks.map((block) => {
    const mask = new Uint8Array(block.pre * block.post);
    eachSynapse(block, (i, j) => {
      mask[i * block.post + j] = 1;
    });
    return mask;
  });
  const sizes = new Float64Array(gradients.reduce((total, { length }) => total + length, 0));
  let absent = 0;
  gradients.forEach((gradient, b) => {
    for (let k = 0; k < gradient.length; k++) if (!present[b][k] && gradient[k] !== 0) sizes[absent++] = Math.abs(gradient[k]);
  });
  const limit = count < absent ? kthLargest(sizes.subarray(0, absent), Math.max(1, count)) : 0;
  let ties = count;
  for (let k = 0; k < absent; k++) if (sizes[k] > limit) ties--;
  gradients.forEach((gradient, b) => {
    for (let k = 0; k < gradient.length; k++) {
      const size = present[b][k] ? 0 : Math.abs(gradient[k]);
      if (size > limit || (size > 0 && size === limit && ties-- > 0)) present[b][k] = 1;
    }
  });
  let at = 0;
  return mapBlocks(state, (block) => {
    const mask = present[at++];
    return selectSynapses(withMoments(block), (place) => mask[place] === 1);
  });
}

/**
 * Synapses that are absent from CSR blocks come back with weight 0 where their gradient is larger than the penalty can hold: `compress`
 * drops what is 0 at one moment, which is not yet what is 0 at the optimum. In grouped blocks whole rows come back.
 * `gradients` as for `regrow`.
 */
export function recall(state: NetworkState, gradients: readonly Float64Array[], lambda: number): NetworkState {
  let at = 0;
  return mapBlocks(state, (block) => {
    const gradient = gradients[at++];
    if (!block.indptr) return block;
    const { pre, post, grouped, width } = block;
    const present = new Uint8Array(pre * post);
    eachSynapse(block, (i, j) => {
      present[i * post + j] = 1;
    });
    let found = false;
    for (let i = 0; i < pre; i++) {
      let squares = 0;
      for (let k = i * post; k < (i + 1) * post; k++) squares += gradient[k] * gradient[k];
      for (let k = i * post; k < (i + 1) * post; k++) {
        if (present[k] || (grouped ? squares <= lambda * lambda * width : Math.abs(gradient[k]) <= lambda)) continue;
        present[k] = 1;
        found = true;
      }
    }
    return found ? selectSynapses(withMoments(block), (place) => present[place] === 1) : block;
  });
}

/** A CSR block as dense rows, moments included. */
function withMoments(block: SynapseState): SynapseState {
  const full = { ...expandSynapses(block, block.pre, block.post), width: block.width };
  eachSynapse(block, (i, j, k) => {
    full.first[i * block.post + j] = block.first[k];
    if (!block.grouped) full.second[i * block.post + j] = block.second[k];
  });
  if (block.grouped) full.second.set(block.second);
  return full;
}

/**
 * Hidden layer l grows by `by` neurons: incoming weights are drawn on the scale of those there, outgoing ones start at 0, so that the
 * network computes what it did. Growing blocks become dense.
 */
export function growLayer(state: NetworkState, l: number, by: number, nonNegative: boolean, seed: number): NetworkState {
  const before = state[l].size;
  const size = before + by;
  const padded = (values: Float64Array) => {
    const out = new Float64Array(size);
    out.set(values);
    return out;
  };
  return state.map((layer, at) => {
    if (at === l + 1) return { ...layer, input: enlarge(layer.input, size, layer.size) };
    if (at !== l) return layer;
    const input = enlarge(layer.input, layer.input.pre, size);
    drawColumns(input, before, rootMeanSquare(layer.input), nonNegative, seed, l);
    return {
      size,
      input,
      ...(layer.recurrent && { recurrent: enlarge(layer.recurrent, size, size) }),
      bias: padded(layer.bias),
      biasFirst: padded(layer.biasFirst),
      biasSecond: padded(layer.biasSecond),
      ids: identity(size),
    };
  });
}

function enlarge(block: SynapseState, pre: number, post: number): SynapseState {
  const old = withMoments(block);
  const out = denseSynapses(pre, post, block.grouped);
  eachSynapse(old, (i, j, k) => {
    const to = i * post + j;
    out.weights[to] = old.weights[k];
    out.first[to] = old.first[k];
    if (!block.grouped) out.second[to] = old.second[k];
  });
  if (block.grouped) out.second.set(block.second);
  if (old.signs) {
    out.signs = new Int8Array(pre * post);
    eachSynapse(old, (i, j, k) => {
      out.signs![i * post + j] = old.signs![k];
    });
  }
  return out;
}

function drawColumns(block: SynapseState, first: number, scale: number, nonNegative: boolean, seed: number, l: number): void {
  const width = block.post - first;
  const fresh = normals(block.pre * width, scale, seed, GROWTH_STREAM + l);
  for (let i = 0; i < block.pre; i++) {
    for (let j = 0; j < width; j++) {
      const to = i * block.post + first + j;
      const w = fresh[i * width + j];
      block.weights[to] = nonNegative ? Math.abs(w) : w;
      if (block.signs) block.signs[to] = nonNegative ? 1 : Math.sign(w);
    }
  }
}

function rootMeanSquare({ weights }: SynapseState): number {
  let squares = 0;
  let count = 0;
  for (const w of weights) {
    if (w === 0) continue;
    squares += w * w;
    count++;
  }
  return count > 0 ? Math.sqrt(squares / count) : 1;
}
