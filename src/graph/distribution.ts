import { integerIn, integerVector, isNumberArray, isPlainObject, nonNegativeVector, refuse } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { SparseVector } from '../core/sparseVector.ts';

/** Weights of some nodes; all others have none. Without `values` the listed nodes weigh the same. */
export interface SparseWeights {
  readonly indices: VectorInput;
  readonly values?: VectorInput;
}

/** Weights of nodes: one per node, a `Map` from node to weight, or a sparse list. Scaled to sum 1. */
export type NodeWeights = VectorInput | ReadonlyMap<number, number> | SparseWeights | SparseVector;

/** Where a local method starts: a node, several nodes of the same weight, or nodes with weights. */
export type Seeds = number | VectorInput | ReadonlyMap<number, number> | SparseWeights | SparseVector;

/** One weight per node, scaled to sum 1. */
export function distribution(weights: NodeWeights, title: string, n: number): Float64Array {
  if (isNumberArray(weights)) return scaled(nonNegativeVector(weights, title, n));
  const { indices, values } = sparseWeights(weights, title, n);
  const out = new Float64Array(n);
  for (let k = 0; k < indices.length; k++) out[indices[k]] += values[k];
  return out;
}

/** Seeds in ascending order without repetition, their weights positive and scaled to sum 1. */
export function seedWeights(seeds: Seeds, title: string, n: number): SparseVector {
  const given =
    typeof seeds === 'number'
      ? { indices: [integerIn(seeds, title, 0, n - 1)] }
      : isNumberArray(seeds)
        ? { indices: seeds }
        : seeds;
  const { indices, values } = sparseWeights(given, title, n);
  const total = new Map<number, number>();
  for (let k = 0; k < indices.length; k++) if (values[k] > 0) total.set(indices[k], (total.get(indices[k]) ?? 0) + values[k]);
  const nodes = Int32Array.from(total.keys()).sort();
  return new SparseVector(
    n,
    nodes,
    Float64Array.from(nodes, (node) => total.get(node)!),
  );
}

function sparseWeights(weights: unknown, title: string, n: number): { indices: Int32Array; values: Float64Array } {
  if (weights instanceof Map) {
    const indices = integerVector([...weights.keys()], `${title} keys`, 0, n - 1);
    return { indices, values: scaled(nonNegativeVector([...weights.values()], `${title} values`)) };
  }
  if (!(weights instanceof SparseVector) && !(isPlainObject(weights) && 'indices' in weights)) {
    refuse(weights, title, 'weights: an array, a Map from node to weight, or { indices, values }', false);
  }
  const { indices, values } = weights as SparseWeights;
  const nodes = integerVector(indices, `${title}.indices`, 0, n - 1);
  if (nodes.length === 0) throw new RangeError(`${title}: expected at least one node`);
  const given = values === undefined ? new Float64Array(nodes.length).fill(1) : values;
  return { indices: nodes, values: scaled(nonNegativeVector(given, `${title}.values`, nodes.length)) };
}

/** Divided by the largest first, so that the sum cannot overflow. */
function scaled(weights: Float64Array): Float64Array {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] /= largest;
  for (let i = 0; i < weights.length; i++) weights[i] /= total;
  return weights;
}
