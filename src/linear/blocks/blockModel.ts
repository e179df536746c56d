import type { Pointer } from '../../backend/kernels.ts';
import { type BlockPenalty, blockValue, isFree, times } from './blockPenalty.ts';
import type { BlockProblem } from './blockProblem.ts';
import type { BlockState } from './blockState.ts';
import { Curvature } from './curvature.ts';
import { largestEigenvalue } from './largestEigenvalue.ts';
import { supportStep } from './supportStep.ts';

/** Most epochs for one model: what is left is the next step's. */
const MOST_EPOCHS = 1000;
/** Newton on the support is tried after so many epochs, */
const FIRST_NEWTON = 2;
/** and later each time it did not pay. */
const MOST_WAIT = 64;
/** A factorisation of m coefficients costs about as much as m / PER_EPOCH epochs: */
const PER_EPOCH = 10;
/** beyond this support no last one is made, and epochs go on to this share of what is enough. */
const DEAR = 200;
const FINER = 1e-3;
/** Largest support that is factorised. */
const MOST_FACTORISED = 800;

/** A quadratic program in blocks: 1/2 <B, G B> - <C, B> + penalties, in linear memory. */
export interface BlockProgram {
  G: Pointer;
  /** C - G B */
  Q: Pointer;
  B: Pointer;
  rows: number;
  width: number;
  /** Rows of block g: starts[g] to starts[g + 1] - 1. */
  starts: Int32Array;
  penalties: BlockPenalty[];
}

/** What minimising a model has changed. */
export interface ModelStep {
  /** Columns of the model. */
  columns: Int32Array;
  /** New coefficients less old ones, columns x K. */
  change: Float64Array;
  shift: Float64Array;
  epochs: number;
}

/** The quadratic model of the loss at the present predictions, with the penalty, over the intercept and some blocks. */
export class BlockModel {
  readonly #problem: BlockProblem;
  readonly #state: BlockState;
  readonly #curvature: Curvature;

  constructor(problem: BlockProblem, state: BlockState) {
    this.#problem = problem;
    this.#state = state;
    this.#curvature = new Curvature(problem, state);
  }

  /** Minimises over the intercept and these blocks until no coordinate gains more than `enough`. Writes nothing into the state. */
  minimise(lambda: number, members: Int32Array, enough: number): ModelStep {
    const { frame, heap, outputs, blocks, loss, fitIntercept } = this.#problem;
    const columns = Int32Array.from(Array.from(members).flatMap((g) => Array.from(blocks.columns[g])));
    const first = fitIntercept ? 1 : 0;
    const rows = this.#curvature.rows(columns.length);
    const width = loss.coupled ? 1 : outputs;
    const perColumn = loss.coupled ? outputs : 1;
    const penalties = Array.from(members, (g) => times(blocks.penalties[g], lambda));
    if (first) penalties.unshift({ a: 0, l1: 0, l2: 0 });
    const starts = new Int32Array(penalties.length + 1);
    if (first) starts[1] = perColumn;
    for (const [k, g] of members.entries()) starts[k + first + 1] = starts[k + first] + blocks.columns[g].length * perColumn;
    const size = rows * width;
    const G = frame.uninitialised(rows * rows * 8);
    const Q = frame.uninitialised(size * 8);
    const B = frame.uninitialised(size * 8);
    this.#curvature.write(columns, G);
    heap.f64(Q, size).set(this.#gradient(columns));
    const old = this.#present(columns);
    heap.f64(B, size).set(old);
    const program = { G, Q, B, rows, width, starts, penalties };
    const epochs = this.#solve(program, enough);
    const change = frame.read(B, size).map((b, at) => b - old[at]);
    for (const pointer of [B, Q, G]) frame.release(pointer);
    const shift = first ? change.slice(0, outputs) : new Float64Array(outputs);
    return { columns, change: change.slice(first * outputs), shift, epochs };
  }

  #solve(program: BlockProgram, enough: number): number {
    const { frame, heap, kernels, loss, outputs } = this.#problem;
    const { G, Q, B, rows, width, starts, penalties } = program;
    if (loss.coupled) this.#pinMeans(program, outputs);
    const count = penalties.length;
    const gram = heap.f64(G, rows * rows);
    const bounds = penalties.map((_, g) => largestEigenvalue(gram, rows, starts[g], starts[g + 1]));
    const put = (values: number[]) => frame.put(Float64Array.from(values));
    const [list, bound] = [frame.put(starts), put(bounds)];
    const [a, l1, l2] = [put(penalties.map((at) => at.a)), put(penalties.map((at) => at.l1)), put(penalties.map((at) => at.l2))];
    const widest = starts.reduce((most, start, g) => (g > 0 ? Math.max(most, start - starts[g - 1]) : most), 1) * width;
    const scratch = frame.f64(2 * widest);
    let support = heap.f64(B, rows * width).reduce((n, b) => n + (b === 0 ? 0 : 1), 0);
    let epochs = 0;
    let wait = FIRST_NEWTON;
    let next = Math.max(wait, support / PER_EPOCH);
    while (epochs < MOST_EPOCHS) {
      epochs++;
      const gain = kernels.blockEpoch(G, rows, rows, width, list, count, bound, a, l1, l2, Q, B, scratch);
      const dear = support > DEAR;
      const done = gain <= (dear ? FINER * enough : enough);
      if (done && dear) break;
      if (!done && epochs < next) continue;
      // The last one, too: the gap is linear in what the gradient misses, and epochs stop at its square.
      wait = supportStep(frame, program, MOST_FACTORISED) ? FIRST_NEWTON : Math.min(2 * wait, MOST_WAIT);
      if (done) break;
      support = heap.f64(B, rows * width).reduce((n, b) => n + (b === 0 ? 0 : 1), 0);
      next = epochs + Math.max(wait, support / PER_EPOCH);
    }
    for (const pointer of [scratch, l2, l1, a, bound, list]) frame.release(pointer);
    return epochs;
  }

  /** Softmax does not see a constant added to all outputs: where no penalty does either, curvature is added that keeps it at zero. */
  #pinMeans({ G, rows, starts, penalties }: BlockProgram, outputs: number): void {
    const gram = this.#problem.heap.f64(G, rows * rows);
    for (const [g, penalty] of penalties.entries()) {
      if (!isFree(penalty)) continue;
      for (let from = starts[g]; from < starts[g + 1]; from += outputs) {
        let trace = 0;
        for (let k = 0; k < outputs; k++) trace += gram[(from + k) * (rows + 1)];
        for (let k = 0; k < outputs; k++) {
          for (let l = 0; l < outputs; l++) gram[(from + k) * rows + from + l] += trace / outputs ** 2;
        }
      }
    }
  }

  /** z_j'r of the intercept and the columns, row by row. */
  #gradient(columns: Int32Array): Float64Array {
    const { frame, heap, n, outputs, fitIntercept, mean, scale, columns: X } = this.#problem;
    const first = fitIntercept ? 1 : 0;
    const sums = this.#state.imbalance();
    const out = new Float64Array((columns.length + first) * outputs);
    const index = frame.put(columns);
    const dots = frame.f64(Math.max(columns.length, 1));
    for (let k = 0; k < outputs; k++) {
      X.dots(index, columns.length, this.#state.r + k * n * 8, dots);
      if (first) out[k] = sums[k];
      for (const [c, dot] of heap.f64(dots, columns.length).entries()) {
        out[(c + first) * outputs + k] = (dot - mean[columns[c]] * sums[k]) * scale[columns[c]];
      }
    }
    frame.release(dots);
    frame.release(index);
    return out;
  }

  /** Intercept and coefficients, row by row. */
  #present(columns: Int32Array): Float64Array {
    const { outputs, fitIntercept } = this.#problem;
    const first = fitIntercept ? 1 : 0;
    const out = new Float64Array((columns.length + first) * outputs);
    if (first) out.set(this.#state.intercept);
    for (const [c, j] of columns.entries()) {
      for (let k = 0; k < outputs; k++) out[(c + first) * outputs + k] = this.#state.coef[j * outputs + k];
    }
    return out;
  }

  /** Penalty of these coefficients, given by block. */
  value(lambda: number, members: Int32Array): number {
    const { blocks } = this.#problem;
    let total = 0;
    for (const g of members) total += blockValue(times(blocks.penalties[g], lambda), this.coefficients(g));
    return total;
  }

  /** Coefficients of block g, row by row. */
  coefficients(g: number): Float64Array {
    const { blocks, outputs } = this.#problem;
    return blockOf(this.#state.coef, blocks.columns[g], outputs);
  }
}

/** Entries of the rows `columns` of a p x K array, row by row. */
export function blockOf(values: Float64Array, columns: Int32Array, outputs: number): Float64Array {
  const out = new Float64Array(columns.length * outputs);
  for (let c = 0; c < columns.length; c++) {
    for (let k = 0; k < outputs; k++) out[c * outputs + k] = values[columns[c] * outputs + k];
  }
  return out;
}
