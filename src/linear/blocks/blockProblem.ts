import type { Arena } from '../../backend/arena.ts';
import { type Columns, checkMoments } from '../../backend/columns.ts';
import type { Heap } from '../../backend/heap.ts';
import type { Kernels, Pointer } from '../../backend/kernels.ts';
import type { Matrix } from '../../core/matrixInput.ts';
import { normalised } from '../problem.ts';
import type { BlockPenalty } from './blockPenalty.ts';
import type { OutputLoss } from './outputLoss.ts';

/** Blocks of columns, each with its penalty before lambda; every column is in one block. */
export interface Blocks {
  /** Columns of each block. */
  columns: Int32Array[];
  penalties: BlockPenalty[];
}

/** What a block problem needs to know beside X. */
export interface BlockData {
  /** The loss, laid out in linear memory under these weights (0: all 1/n). */
  loss: (frame: Arena, weights: Pointer) => OutputLoss;
  sampleWeight: Float64Array | undefined;
  /** n x K, output after output. */
  offset: Float64Array | undefined;
  blocks: Blocks;
  fitIntercept: boolean;
  standardize: boolean;
}

/** A column is constant when its spread is within rounding of its mean: sd <= this * |mean|. */
const FLAT = 1e-13;

/**
 * A penalised model of K >= 1 outputs whose penalty couples coefficients, ready for any lambda:
 *
 *   min over B (p x K), c   loss(offset + 1 c' + Z B) + lambda sum_g (a_g ||B_g||_2 + l1_g ||B_g||_1 + l2_g / 2 ||B_g||^2)
 *
 * Block g is a set of columns with all their outputs. z_j = (x_j - mean_j) scale_j, implicit: X is stored once, as given. Columns that may not enter
 * have scale_j = 0.
 */
export class BlockProblem {
  readonly frame: Arena;
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly columns: Columns;
  readonly n: number;
  readonly p: number;
  readonly outputs: number;
  readonly fitIntercept: boolean;
  readonly loss: OutputLoss;
  readonly blocks: Blocks;
  /** 0 when there is none. */
  readonly offset: Pointer;
  /** Weights that sum to 1; 0 when they are all 1/n. */
  readonly weights: Pointer;
  readonly mean: Float64Array;
  readonly scale: Float64Array;

  constructor(frame: Arena, columns: Columns, data: BlockData, source?: { matrix: Matrix; name: string }) {
    const { rows: n, cols: p } = columns;
    const { sampleWeight, offset, fitIntercept, standardize } = data;
    this.frame = frame;
    this.kernels = frame.kernels;
    this.heap = frame.heap;
    this.columns = columns;
    this.n = n;
    this.p = p;
    this.fitIntercept = fitIntercept;
    this.blocks = data.blocks;
    this.weights = sampleWeight ? frame.put(normalised(sampleWeight)) : 0;
    this.loss = data.loss(frame, this.weights);
    this.outputs = this.loss.outputs;
    this.offset = offset ? frame.put(offset) : 0;
    const mean = frame.f64(p);
    const second = frame.f64(p);
    columns.moments(this.weights, mean, second);
    if (source) checkMoments(frame, source.matrix, source.name, mean, second, p);
    this.mean = frame.read(mean, p);
    this.scale = frame.read(second, p);
    for (let j = 0; j < p; j++) {
      const square = this.scale[j];
      const flat = square <= (FLAT * this.mean[j]) ** 2;
      const empty = square === 0 && this.mean[j] === 0;
      this.scale[j] = empty || (flat && (fitIntercept || standardize)) ? 0 : standardize ? 1 / Math.sqrt(square) : 1;
      if (!fitIntercept) this.mean[j] = 0;
    }
    for (const [g, members] of data.blocks.columns.entries()) {
      if (data.blocks.penalties[g].a + data.blocks.penalties[g].l1 === Infinity) for (const j of members) this.scale[j] = 0;
    }
    frame.release(second);
    frame.release(mean);
  }
}
