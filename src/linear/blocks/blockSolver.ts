import type { Pointer } from '../../backend/kernels.ts';
import { type Certificate, certify } from '../certificate.ts';
import type { Run } from '../solver.ts';
import { BlockJudge, type Verdict } from './blockJudge.ts';
import { BlockModel } from './blockModel.ts';
import { isFree } from './blockPenalty.ts';
import type { BlockProblem } from './blockProblem.ts';
import { BlockState } from './blockState.ts';

/** A step is taken when the objective falls by at least this share of what its slope promises (Armijo). */
const ARMIJO = 0.01;
const SHORTEST = 1e-10;
/** What rounding leaves in a sum of losses. */
const ROUNDING = 4e-16;
/** What a step may seem to raise the objective, because its terms cancel: a share of it or of the null model's. */
const SLACK = 4e-15;
/** The quadratic model is solved to this share of the present gap, */
const FORCING = 1e-6;
/** or of the gap that is asked for: its error must not decide. */
const ENOUGH = 1e-4;
/** Steps without progress after which nothing more is to be had. */
const PATIENCE = 3;
/** Predictions are computed anew after so many steps. */
const REFRESH = 25;
/** The intercept is settled when its next step would gain less than this share of the gap that is asked for. */
const BALANCED = 1e-3;
const MOST_BALANCING = 60;
/** One model has at most so many rows; a larger working set takes its blocks in turns. */
const MOST_ROWS = 1200;
/** Lambda falls by this factor between the steps of `descend`, each solved to this relative gap. */
const DESCENT = 0.5;
const DESCENT_TOL = 1e-2;

/**
 * The solver of all models whose penalty or loss couples coefficients: proximal Newton on a working set of blocks. Per pass: (1) gradients of all blocks,
 * duality gap, violators join; (2) the quadratic model of the loss with the penalty is minimised over the working set by block descent, with Newton steps
 * on the support; (3) line search on the objective itself; (4) the intercept is balanced. One object serves one problem at any sequence of lambdas.
 */
export class BlockSolver {
  readonly #problem: BlockProblem;
  readonly #state: BlockState;
  readonly #judge: BlockJudge;
  readonly #model: BlockModel;
  readonly #direction: Pointer;
  #members = new Int32Array(0);
  #last = Infinity;
  #stepsSinceRefresh = 0;
  /** Loss of the null model: intercept and blocks without penalty. */
  readonly nullLoss: number;
  /** Smallest lambda at which every penalised block is zero. */
  readonly largestLambda: number;

  constructor(problem: BlockProblem) {
    this.#problem = problem;
    this.#state = new BlockState(problem);
    this.#judge = new BlockJudge(problem, this.#state);
    this.#model = new BlockModel(problem, this.#state);
    this.#direction = problem.frame.f64(problem.n * problem.outputs);
    const free = problem.blocks.penalties.flatMap((penalty, g) => (isFree(penalty) ? [g] : []));
    this.#members = Int32Array.from(free);
    this.nullLoss = this.#state.loss;
    this.#balance(1e-14 * Math.abs(this.nullLoss));
    if (free.length > 0) this.solve({ lambda: Infinity, tol: 1e-14, maxEpochs: 1000 });
    else this.#judge.look();
    this.nullLoss = this.#state.loss;
    this.largestLambda = this.#judge.largestLambda();
  }

  /** sum w phi at the present coefficients. */
  get loss(): number {
    return this.#state.loss;
  }

  /** Loss of predictions as good as any. */
  get saturatedLoss(): number {
    return this.#problem.loss.saturated;
  }

  /** Predictions of all rows, offset included, output after output: a view, good until the next step. */
  predictions(): Float64Array {
    return this.#problem.heap.f64(this.#state.f, this.#problem.n * this.#problem.outputs);
  }

  /** On the scale of X: columns (ascending) with a coefficient that is not zero, their values (columns x K) and the intercepts. */
  solution(): { index: Int32Array; values: Float64Array; intercept: Float64Array } {
    const { outputs, mean, scale } = this.#problem;
    const index = this.#support();
    const values = new Float64Array(index.length * outputs);
    const intercept = this.#state.intercept.slice();
    for (const [c, j] of index.entries()) {
      for (let k = 0; k < outputs; k++) {
        const b = this.#state.coef[j * outputs + k] * scale[j];
        values[c * outputs + k] = b;
        intercept[k] -= b * mean[j];
      }
    }
    return { index, values, intercept };
  }

  /** Blocks with a coefficient that is not zero, ascending. */
  active(): Int32Array {
    return this.#members.filter((g) => this.#model.coefficients(g).some((b) => b !== 0)).sort();
  }

  /** Minimises at one small lambda by way of larger ones, so that the working set grows instead of being guessed. */
  descend(run: Run): Certificate {
    let epochs = 0;
    for (let above = this.largestLambda * DESCENT; above * DESCENT > run.lambda && epochs < run.maxEpochs; above *= DESCENT) {
      const maxEpochs = run.maxEpochs - epochs;
      epochs += this.solve({ ...run, lambda: above, tol: Math.max(run.tol, DESCENT_TOL), maxEpochs }).epochs;
      if (above < 1e-4 * this.largestLambda) break;
    }
    const certificate = this.solve({ ...run, maxEpochs: Math.max(1, run.maxEpochs - epochs) });
    return { ...certificate, epochs: certificate.epochs + epochs };
  }

  solve({ lambda, tol, maxEpochs, record }: Run): Certificate {
    const judge = this.#judge;
    // As in `certify`: Poisson's loss may be negative, and its gap is then absolute.
    const enough = tol * (this.nullLoss > 0 ? this.nullLoss : 1);
    // The sequential strong rule (Tibshirani et al. 2012): blocks that will probably enter.
    if (lambda < Infinity) {
      const limit = lambda < this.#last ? Math.max(2 * lambda - Math.min(this.#last, this.largestLambda), 0) : lambda;
      this.#join(judge.beyond(Math.min(limit, lambda)));
      this.#last = lambda;
    } else judge.look();
    let epochs = 0;
    let idle = 0;
    let verdict = judge.judge(lambda);
    while (verdict.gap > enough && epochs < maxEpochs && idle < PATIENCE) {
      const larger = this.#join(verdict.violators);
      const objective = verdict.primal;
      const target = Math.max(FORCING * verdict.gap, ENOUGH * enough);
      for (const chunk of this.#chunks()) {
        epochs += this.#step(lambda, chunk, target);
        record?.(this.#state.loss);
      }
      this.#balance(BALANCED * enough);
      const before: Verdict = verdict;
      judge.look();
      verdict = judge.judge(lambda);
      const better = verdict.gap < 0.9 * before.gap || larger;
      idle = better || objective - verdict.primal > ROUNDING * Math.abs(objective) ? 0 : idle + 1;
    }
    const { primal, gap, kkt } = verdict;
    return certify({ primal, gap, nullLoss: this.nullLoss, kkt, epochs, tol, stalled: epochs < maxEpochs });
  }

  /** One Newton step on these blocks and the intercept; its epochs. */
  #step(lambda: number, members: Int32Array, enough: number): number {
    const { kernels, n, outputs } = this.#problem;
    const [state, model] = [this.#state, this.#model];
    const penalised = lambda === Infinity ? new Int32Array(0) : members;
    const { columns, change, shift, epochs } = model.minimise(lambda, members, enough);
    state.combine(columns, change, shift, this.#direction);
    const before = model.value(lambda, penalised);
    const old = Array.from(columns, (j) => state.coef.slice(j * outputs, (j + 1) * outputs));
    const put = (t: number) => {
      for (const [c, j] of columns.entries()) {
        for (let k = 0; k < outputs; k++) state.coef[j * outputs + k] = old[c][k] + t * change[c * outputs + k];
      }
      return model.value(lambda, penalised);
    };
    const promised = put(1) - before - kernels.dot(state.r, this.#direction, n * outputs);
    const objective = state.loss + before;
    const slack = SLACK * Math.max(Math.abs(objective), Math.abs(this.nullLoss));
    for (let t = 1; t > SHORTEST; t /= 2) {
      const reached = state.try(this.#direction, t) + put(t);
      if (!(reached <= objective + ARMIJO * t * Math.min(promised, 0) + slack)) continue;
      state.accept();
      for (let k = 0; k < outputs; k++) state.intercept[k] += t * shift[k];
      if (++this.#stepsSinceRefresh >= REFRESH) {
        state.recompute(this.#support(), this.#direction);
        this.#stepsSinceRefresh = 0;
      }
      return epochs;
    }
    put(0);
    return epochs;
  }

  /** Newton on the intercept alone, until what is left costs the gap nothing. */
  #balance(enough: number): void {
    let price = this.#judge.interceptPrice();
    for (let k = 0; k < MOST_BALANCING && price > enough; k++) {
      const loss = this.#state.loss;
      this.#step(Infinity, new Int32Array(0), FORCING * price);
      const next = this.#judge.interceptPrice();
      if (!(next < 0.5 * price) && loss - this.#state.loss <= ROUNDING * Math.abs(loss)) return;
      price = next;
    }
  }

  /** The working set, in parts that one model can hold. */
  *#chunks(): Generator<Int32Array> {
    const { blocks, loss, outputs } = this.#problem;
    const per = loss.coupled ? outputs : 1;
    let chunk: number[] = [];
    let rows = 0;
    for (const g of this.#members) {
      const more = blocks.columns[g].length * per;
      if (rows + more > MOST_ROWS && chunk.length > 0) {
        yield Int32Array.from(chunk);
        chunk = [];
        rows = 0;
      }
      chunk.push(g);
      rows += more;
    }
    yield Int32Array.from(chunk);
  }

  #support(): Int32Array {
    const { blocks, outputs } = this.#problem;
    const columns: number[] = [];
    for (const g of this.#members) {
      for (const j of blocks.columns[g]) {
        for (let k = 0; k < outputs; k++) {
          if (this.#state.coef[j * outputs + k] === 0) continue;
          columns.push(j);
          break;
        }
      }
    }
    return Int32Array.from(columns).sort();
  }

  /** The working set: blocks that are not zero or without penalty, and these. Whether that is more than it was. */
  #join(found: number[]): boolean {
    const before = this.#members.length;
    const { penalties } = this.#problem.blocks;
    const kept = this.#members.filter((g) => isFree(penalties[g]) || this.#model.coefficients(g).some((b) => b !== 0));
    this.#members = Int32Array.from(new Set([...kept, ...found])).sort();
    return this.#members.length > before;
  }
}
