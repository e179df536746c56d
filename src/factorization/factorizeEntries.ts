import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { bytesOf, type Precision, valuesAt } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { SpinifexError } from '../core/errors.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { Alternation, type Factorization, factorForms } from './alternation.ts';
import { CoordinateDescent } from './coordinateDescent.ts';
import type { FactorCertificate, SweepRecord } from './factorCertificate.ts';
import { biasSlot, type FactorLayout, type Floats } from './factorLayout.ts';
import type { FeatureMap } from './featureMap.ts';
import { FeaturePrior } from './featurePrior.ts';
import { type FactorPenalty, objectiveOf, relativeGradient } from './objective.ts';
import { placeSide, type Side, type SideEntries, type WeightedGraph } from './side.ts';

/** What one side brings: entries, ridges, and where its factors come from when it has few. */
export interface SideSetup {
  entries: SideEntries;
  ridge: Float64Array;
  biasRidge: Float64Array;
  graph?: WeightedGraph | undefined;
  features?: { map: FeatureMap; values: Float64Array } | undefined;
}

export interface FactorizationSetup {
  layout: FactorLayout;
  precision: Precision;
  implicit: boolean;
  rows: SideSetup;
  columns: SideSetup;
  solver: 'cholesky' | 'cg' | 'ccd';
  cgSteps: number;
  penalty: FactorPenalty;
  featureLambda: number;
  /** Ridge of the biases over the ridge of the factors. */
  biasShare: number;
  /** Standard deviation of the first column factors. */
  spread: number;
  seed: number;
  maxSweeps: number;
  tol: number;
  /** Part of the loss that the kernels leave out. */
  constant: number;
  /** Sum of the weights of the entries. */
  totalWeight: number;
  /** Held-out entries, centred as the others. */
  validation?: { matrix: CsrMatrix; mean: number } | undefined;
  patience: number;
}

/** Factors of one side, as they are when the fit ends. */
export interface SideResult {
  /** Rows of the layout. */
  packed: Floats;
  /** Rows of the layout: what each would be without its own entries, where there is a prior or a graph. */
  expected?: Float64Array;
  /** B of its features, rows of the layout. */
  coefficients?: Float64Array;
}

export interface FactorizationResult {
  rows: SideResult;
  columns: SideResult;
  history: SweepRecord[];
  certificate: FactorCertificate;
  /** Loss over the entries at the returned factors. */
  loss: number;
}

export type SweepProgress = Partial<SweepRecord>;

/** Fits factors to entries in linear memory, sweep after sweep. */
export function factorizeEntries(setup: FactorizationSetup, run: RunOptions<SweepProgress>): FactorizationResult {
  return arena(currentBackend(), (frame) => new Fit(frame, setup).run(run));
}

class Fit {
  readonly #setup: FactorizationSetup;
  readonly #frame: Arena;
  readonly #factorization: Factorization;
  readonly #alternation: Alternation;
  readonly #descent: CoordinateDescent | undefined;
  readonly #validation: { indptr: Pointer; indices: Pointer; out: Pointer } | undefined;

  constructor(frame: Arena, setup: FactorizationSetup) {
    this.#setup = setup;
    this.#frame = frame;
    const { layout, precision, implicit, validation } = setup;
    const forms = factorForms(frame, precision);
    const [rows, columns] = (['row', 'column'] as const).map((which) => this.#place(which));
    const prior = (side: Side, { features }: SideSetup) =>
      features &&
      new FeaturePrior(frame, forms, precision, layout, side, features.map, features.values, {
        featureLambda: setup.featureLambda,
        biasShare: setup.biasShare,
        bounded: isBounded(setup.penalty),
      });
    const rowPrior = prior(rows, setup.rows);
    const columnPrior = prior(columns, setup.columns);
    this.#factorization = { frame, forms, precision, layout, implicit, rows, columns, rowPrior, columnPrior };
    this.#alternation = new Alternation(this.#factorization);
    if (setup.solver === 'ccd') this.#descent = new CoordinateDescent(this.#factorization, setup.penalty);
    if (validation) {
      const { indptr, indices, nnz } = validation.matrix;
      const out = frame.uninitialised(nnz * bytesOf(precision));
      this.#validation = { indptr: frame.put(indptr), indices: frame.put(indices), out };
    }
  }

  run({ signal, onProgress }: RunOptions<SweepProgress>): FactorizationResult {
    const { maxSweeps, tol, patience, penalty, constant } = this.#setup;
    const report = withTimeLeft(onProgress);
    const history: SweepRecord[] = [];
    let best: { error: number; sweep: number; kept: Pointer[] } | undefined;
    let status: FactorCertificate['status'] = 'maxSweeps';
    report?.({ done: 0, total: maxSweeps });
    for (let sweep = 1; sweep <= maxSweeps; sweep++) {
      signal?.throwIfAborted();
      this.#sweep(sweep);
      const record = this.#record(sweep);
      const before = history.at(-1)?.objective;
      history.push(record);
      report?.({ done: sweep, total: maxSweeps, ...record });
      if (!Number.isFinite(record.objective)) {
        throw new SpinifexError('OVERFLOW', `sweep ${sweep}: the factors left the range of ${this.#setup.precision} numbers`);
      }
      if (record.validation !== undefined) {
        if (best === undefined || record.validation < best.error) {
          best = { error: record.validation, sweep, kept: this.#keep(best?.kept) };
        } else if (sweep - best.sweep >= patience) break;
      }
      if (before !== undefined && before - record.objective <= tol * Math.abs(record.objective)) {
        status = 'converged';
        break;
      }
    }
    if (best && best.sweep < history.length) this.#restore(best.kept);
    const used = best ? best.sweep : history.length;
    if (used < history.length) status = 'earlyStopping';
    this.#finish();
    const { objective, loss } = objectiveOf(this.#factorization, penalty, constant);
    const gradient = relativeGradient(this.#factorization, this.#alternation, penalty);
    const certificate: FactorCertificate = {
      converged: status === 'converged',
      status,
      gradient,
      objective,
      sweeps: used,
      tol,
    };
    const { rows, columns, rowPrior, columnPrior } = this.#factorization;
    return { rows: this.#result(rows, rowPrior), columns: this.#result(columns, columnPrior), history, certificate, loss };
  }

  #place(which: 'row' | 'column'): Side {
    const { layout, precision, spread, seed, penalty } = this.#setup;
    const { entries, ridge, biasRidge, graph } = which === 'row' ? this.#setup.rows : this.#setup.columns;
    const count = entries.indptr.length - 1;
    const { rank, stride, biased } = layout;
    const factors = precision === 'f32' ? new Float32Array(count * stride) : new Float64Array(count * stride);
    const start = normals(this.#frame, count * rank, seed, which === 'row' ? 0 : 1);
    for (let i = 0; i < count; i++) {
      // Rows without entries start from nothing: what no entry reaches stays there.
      const empty = entries.indptr[i] === entries.indptr[i + 1];
      for (let t = 0; t < rank && !empty; t++) {
        const value = spread * start[i * rank + t];
        factors[i * stride + t] = penalty.nonNegative ? Math.abs(value) : value;
      }
      if (biased) factors[i * stride + biasSlot(layout, which === 'row' ? 'column' : 'row')] = 1;
    }
    return placeSide(this.#frame, layout, which, entries, factors, { ridge, biasRidge }, graph);
  }

  #sweep(sweep: number): void {
    const { rows, columns, rowPrior, columnPrior } = this.#factorization;
    const { solver, cgSteps } = this.#setup;
    // The first factors are random: nothing can be learnt from them yet.
    if (sweep > 1) rowPrior?.update();
    if (this.#descent) {
      if (sweep > 1) columnPrior?.update();
      this.#descent.sweep();
      return;
    }
    const half = (side: Side, other: Side) => {
      if (solver === 'cg') this.#alternation.descend(side, other, cgSteps);
      else this.#alternation.solve(side, other);
    };
    half(rows, columns);
    if (sweep > 1) columnPrior?.update();
    half(columns, rows);
  }

  /** Priors of the last factors; rows without entries follow them. Implicit rows, and those after conjugate gradients, are solved
   * exactly, as a fold-in would. */
  #finish(): void {
    const { rows, columns, rowPrior, columnPrior } = this.#factorization;
    const { solver, implicit, penalty } = this.#setup;
    columnPrior?.update();
    rowPrior?.update();
    if (solver === 'cg' || implicit) this.#alternation.solve(rows, columns);
    if (implicit || isBounded(penalty)) return;
    if (columnPrior || columns.graph) this.#alternation.solveCold(columns, rows);
    if (rowPrior || rows.graph) this.#alternation.solveCold(rows, columns);
  }

  #record(sweep: number): SweepRecord {
    const { penalty, constant, totalWeight } = this.#setup;
    const { objective, loss } = objectiveOf(this.#factorization, penalty, constant);
    const record: SweepRecord = { sweep, objective, rmse: Math.sqrt(Math.max(0, loss) / totalWeight) };
    const validation = this.#validationError();
    if (validation !== undefined) record.validation = validation;
    return record;
  }

  #validationError(): number | undefined {
    const held = this.#setup.validation;
    if (!held || !this.#validation) return undefined;
    const { forms, layout, rows, columns, precision } = this.#factorization;
    const { indptr, indices, out } = this.#validation;
    const { data } = held.matrix;
    forms.entryProducts(rows.count, indptr, indices, rows.factors, columns.factors, layout.stride, out);
    const fitted = valuesAt(this.#frame.heap, precision, out, data.length);
    let s = 0;
    for (let e = 0; e < data.length; e++) s += (data[e] - held.mean - fitted[e]) ** 2;
    return Math.sqrt(s / data.length);
  }

  /** A copy of both sides' factors. */
  #keep(kept: Pointer[] | undefined): Pointer[] {
    const { rows, columns } = this.#factorization;
    return [rows, columns].map((side, k) => {
      const bytes = this.#bytes(side);
      const to = kept?.[k] ?? this.#frame.uninitialised(bytes);
      this.#frame.heap.u8(to, bytes).set(this.#frame.heap.u8(side.factors, bytes));
      return to;
    });
  }

  #restore(kept: Pointer[]): void {
    const { rows, columns } = this.#factorization;
    for (const [k, side] of [rows, columns].entries()) {
      const bytes = this.#bytes(side);
      this.#frame.heap.u8(side.factors, bytes).set(this.#frame.heap.u8(kept[k], bytes));
    }
  }

  #bytes(side: Side): number {
    return side.count * this.#setup.layout.stride * bytesOf(this.#setup.precision);
  }

  #result(side: Side, prior: FeaturePrior | undefined): SideResult {
    const { layout, precision } = this.#setup;
    const packed = valuesAt(this.#frame.heap, precision, side.factors, side.count * layout.stride).slice();
    const result: SideResult = { packed };
    const expected = prior || side.graph ? this.#alternation.expected(side, prior) : undefined;
    if (expected) result.expected = expected;
    if (prior) result.coefficients = prior.coefficients();
    return result;
  }
}

const isBounded = ({ l1, nonNegative }: FactorPenalty): boolean => l1 > 0 || nonNegative;

function normals(frame: Arena, n: number, seed: number, stream: number): Float64Array {
  const state = frame.put(Random.seedState(seed, stream));
  const out = frame.f64(n);
  frame.kernels.randomNormal(state, out, n);
  const values = frame.read(out, n);
  frame.release(out);
  frame.release(state);
  return values;
}
