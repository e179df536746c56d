import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { biasSlot, type FactorLayout, type Floats } from './factorLayout.ts';

/** The observed entries of one side, row by row: weight 0 stands for 1 everywhere. */
export interface SideEntries {
  indptr: Int32Array;
  indices: Int32Array;
  weight: Floats | undefined;
  moment: Floats;
}

/** A graph whose weights are multiplied by the strength of its penalty already. */
export interface WeightedGraph {
  indptr: Int32Array;
  indices: Int32Array;
  data: Float64Array;
}

/** Rows or columns of a factorisation in linear memory: entries, factors, and what pulls on the factors. */
export interface Side {
  readonly count: number;
  readonly nnz: number;
  readonly indptr: Pointer;
  readonly indices: Pointer;
  readonly weight: Pointer;
  readonly moment: Pointer;
  readonly factors: Pointer;
  readonly ridge: Pointer;
  readonly biasRidge: Pointer;
  readonly ownSlot: number;
  readonly offsetSlot: number;
  /** Rows like the factors, or 0. */
  prior: Pointer;
  /** Block of three pointers, or 0. */
  readonly graph: Pointer;
  /** Rows without entries. */
  readonly cold: Int32Array;
}

export function placeSide(
  frame: Arena,
  layout: FactorLayout,
  which: 'row' | 'column',
  entries: SideEntries,
  factors: Floats,
  ridges: { ridge: Float64Array; biasRidge: Float64Array },
  graph: WeightedGraph | undefined,
): Side {
  const { indptr, indices, weight, moment } = entries;
  const count = indptr.length - 1;
  return {
    count,
    nnz: indices.length,
    indptr: frame.put(indptr),
    indices: frame.put(indices),
    weight: weight ? frame.put(weight) : 0,
    moment: frame.put(moment),
    factors: frame.put(factors),
    ridge: frame.put(ridges.ridge),
    biasRidge: frame.put(ridges.biasRidge),
    ownSlot: biasSlot(layout, which),
    offsetSlot: biasSlot(layout, which === 'row' ? 'column' : 'row'),
    prior: 0,
    graph: graph ? frame.put(Uint32Array.of(frame.put(graph.indptr), frame.put(graph.indices), frame.put(graph.data))) : 0,
    cold: Int32Array.from({ length: count }, (_, i) => i).filter((i) => indptr[i] === indptr[i + 1]),
  };
}

/** Views of a side's graph; not to be kept. */
export function readGraph({ heap }: Arena, { graph, count }: Side): WeightedGraph {
  const [start, indices, data] = new Uint32Array(heap.buffer, graph, 3);
  const indptr = heap.i32(start, count + 1);
  const nnz = indptr[count];
  return { indptr, indices: heap.i32(indices, nnz), data: heap.f64(data, nnz) };
}
