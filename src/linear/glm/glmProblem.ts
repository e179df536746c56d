import type { Arena } from '../../backend/arena.ts';
import { type Columns, checkMoments } from '../../backend/columns.ts';
import type { Heap } from '../../backend/heap.ts';
import type { Kernels, Pointer } from '../../backend/kernels.ts';
import type { Matrix } from '../../core/matrixInput.ts';
import { type PenaltyShape, penaltyFactors } from '../penaltyFactors.ts';
import { normalised } from '../problem.ts';
import type { Loss } from './loss.ts';
import { L1, type PenaltyKind } from './penaltyKind.ts';

/** The data of a generalised linear model, as its loss wants it. */
export interface GlmData {
  /** n responses: 0 or 1 for logistic, -1 or 1 for squared hinge. */
  response: Float64Array;
  sampleWeight?: Float64Array | undefined;
  offset?: Float64Array | undefined;
}

/**
 * A penalised generalised linear model in linear memory, ready for any lambda:
 *
 *   min over b, b0   sum_i w_i phi(y_i, o_i + b0 + x_i'b) + lambda sum_j (l1_j rho(|b_j|) + l2_j / 2 b_j^2),   lower <= b <= upper
 *
 * with weights that sum to 1. X is stored once, as given; `standardize` only changes factors. Columns that may not enter have second_j = 0.
 */
export class GlmProblem {
  readonly frame: Arena;
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly columns: Columns;
  readonly n: number;
  readonly p: number;
  readonly shape: PenaltyShape;
  readonly loss: Loss;
  readonly penalty: PenaltyKind;
  readonly response: Pointer;
  /** 0 when there is none. */
  readonly offset: Pointer;
  /** Weights that sum to 1; 0 when they are all 1/n. */
  readonly weights: Pointer;
  readonly l1: Pointer;
  readonly l2: Pointer;
  /** 0 when there are no bounds. */
  readonly lower: Pointer;
  readonly upper: Pointer;
  /** s_j under `standardize`; 0 pointer when all 1. */
  readonly spread: Pointer;
  /** Second moments under the sample weights, 0 for columns that may not enter. */
  readonly second: Pointer;
  /** Lengths of the columns, counted from their means where there is an intercept. */
  readonly norm: Pointer;

  constructor(
    frame: Arena,
    columns: Columns,
    loss: Loss,
    data: GlmData,
    shape: PenaltyShape,
    penalty: PenaltyKind = L1,
    source?: { matrix: Matrix; name: string },
  ) {
    const { rows: n, cols: p } = columns;
    this.frame = frame;
    this.kernels = frame.kernels;
    this.heap = frame.heap;
    this.columns = columns;
    this.n = n;
    this.p = p;
    this.shape = shape;
    this.loss = loss;
    this.penalty = penalty;
    this.response = frame.put(data.response);
    this.offset = data.offset ? frame.put(data.offset) : 0;
    this.weights = data.sampleWeight ? frame.put(normalised(data.sampleWeight)) : 0;
    const mean = frame.f64(p);
    this.second = frame.f64(p);
    columns.moments(this.weights, mean, this.second);
    if (source) checkMoments(frame, source.matrix, source.name, mean, this.second, p);
    this.norm = columnNorms(this, mean);
    const { l1, l2, lower, upper, spread } = penaltyFactors(frame, shape, mean, this.second, p);
    this.l1 = l1;
    this.l2 = l2;
    this.lower = lower;
    this.upper = upper;
    this.spread = spread;
    frame.release(mean);
  }
}

function columnNorms({ frame, heap, columns, n, p, weights, shape, second }: GlmProblem, mean: Pointer): Pointer {
  const norm = frame.f64(p);
  let centre = mean;
  if (weights) {
    centre = frame.f64(p);
    columns.moments(0, centre, norm);
  } else heap.f64(norm, p).set(heap.f64(second, p));
  const [lengths, means] = [heap.f64(norm, p), heap.f64(centre, p)];
  for (let j = 0; j < p; j++) lengths[j] = Math.sqrt(n * (lengths[j] + (shape.fitIntercept ? 0 : means[j] * means[j])));
  if (weights) frame.release(centre);
  return norm;
}
