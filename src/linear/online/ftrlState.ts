import { Arena, arena } from '../../backend/arena.ts';
import { type Backend, currentBackend } from '../../backend/backend.ts';
import type { Pointer } from '../../backend/kernels.ts';
import type { CsrMatrix } from '../../core/csrMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { ModelReader } from '../../core/modelReader.ts';
import { SparseVector } from '../../core/sparseVector.ts';
import type { FtrlRecipe } from './ftrlOptions.ts';

/** Rows pass through a buffer of about this many entries, so that a large chunk needs no copy of its size. */
const STAGING_ENTRIES = 2 ** 16;

/** A learner that is dropped without `free` gives its memory back when it is collected. */
const dropped = new FinalizationRegistry<Arena>((owned) => owned.releaseAll());

/** What a learner has seen: weights of rows, their losses before each was learned, and those that were predicted wrongly. */
export interface Seen {
  weight: number;
  loss: number;
  wrong: number;
}

/** The pairs (z, root of the sum of squared gradients) of all columns, the intercept last, in linear memory between chunks. */
export class FtrlState {
  readonly features: number;
  readonly recipe: FtrlRecipe;
  readonly #backend: Backend;
  readonly #arena: Arena;
  readonly #learned: Pointer;
  readonly #total: Pointer;
  #freed = false;

  constructor(recipe: FtrlRecipe, features: number) {
    this.recipe = recipe;
    this.features = features;
    this.#backend = currentBackend();
    this.#arena = new Arena(this.#backend);
    this.#learned = this.#arena.f64(2 * (features + 1));
    this.#total = this.#arena.f64(3);
    dropped.register(this, this.#arena, this);
  }

  /** Learns the rows one after the other; everything has been checked. Returns how many were learned, see `ftrlRows`. */
  learn(X: CsrMatrix, y: Float64Array, weight: Float64Array | undefined): number {
    this.#check();
    this.#checkBackend();
    const { indptr, indices, data, rows } = X;
    const { recipe: r, features } = this;
    return arena(this.#backend, (frame) => {
      const { heap, kernels } = frame;
      let longest = 0;
      for (let i = 0; i < rows; i++) longest = Math.max(longest, indptr[i + 1] - indptr[i]);
      const room = Math.max(1, Math.min(X.nnz, Math.max(STAGING_ENTRIES, longest)));
      const tall = Math.min(rows, room);
      const [starts, columns] = [frame.uninitialised((tall + 1) * 4), frame.uninitialised(room * 4)];
      const [values, scratch] = [frame.uninitialised(room * 8), frame.uninitialised(Math.max(1, longest) * 8)];
      const [targets, weights] = [frame.uninitialised(tall * 8), weight ? frame.uninitialised(tall * 8) : 0];
      for (let first = 0; first < rows; ) {
        const from = indptr[first];
        let end = first + 1;
        while (end < rows && end - first < tall && indptr[end + 1] - from <= room) end++;
        const [count, entries] = [end - first, indptr[end] - from];
        const block = heap.i32(starts, count + 1);
        for (let k = 0; k <= count; k++) block[k] = indptr[first + k] - from;
        heap.i32(columns, entries).set(indices.subarray(from, from + entries));
        heap.f64(values, entries).set(data.subarray(from, from + entries));
        heap.f64(targets, count).set(y.subarray(first, end));
        if (weight) heap.f64(weights, count).set(weight.subarray(first, end));
        const learned = kernels.ftrlRows(
          starts,
          count,
          columns,
          values,
          targets,
          weights,
          r.loss,
          r.alpha,
          r.beta,
          r.l1,
          r.l2,
          r.lambda * r.l1Ratio,
          r.lambda * (1 - r.l1Ratio),
          r.fitIntercept ? features : -1,
          this.#learned,
          scratch,
          this.#total,
        );
        if (learned < count) return first + learned;
        first = end;
      }
      return rows;
    });
  }

  get seen(): Seen {
    this.#check();
    const [weight, loss, wrong] = this.#backend.heap.f64(this.#total, 3);
    return { weight, loss, wrong };
  }

  /** The weights that the pairs stand for now. */
  weights(): { coef: SparseVector; intercept: number } {
    const { features, recipe: r } = this;
    const { weight } = this.seen;
    const pairs = this.#backend.heap.f64(this.#learned, 2 * (features + 1));
    const threshold = r.l1 + weight * (r.lambda * r.l1Ratio);
    const ridge = r.l2 + weight * (r.lambda * (1 - r.l1Ratio));
    const rate = 1 / r.alpha;
    // In the order of the kernel, so that a model predicts what the learner would.
    const weightAt = (j: number, l1: number, l2: number): number => {
      const z = pairs[2 * j];
      const excess = Math.abs(z) - l1;
      return excess > 0 ? (z > 0 ? -excess : excess) / ((r.beta + pairs[2 * j + 1]) * rate + l2) : 0;
    };
    const support: number[] = [];
    for (let j = 0; j < features; j++) if (Math.abs(pairs[2 * j]) > threshold) support.push(j);
    const values = Float64Array.from(support, (j) => weightAt(j, threshold, ridge));
    return { coef: new SparseVector(features, Int32Array.from(support), values), intercept: weightAt(features, 0, 0) };
  }

  /** The pairs that are not 0, for `toJSON`. */
  fields(): object {
    const { weight, loss, wrong } = this.seen;
    const pairs = this.#backend.heap.f64(this.#learned, 2 * (this.features + 1));
    const columns: number[] = [];
    for (let j = 0; j <= this.features; j++) if (pairs[2 * j + 1] !== 0) columns.push(j);
    const z = columns.map((j) => pairs[2 * j]);
    const root = columns.map((j) => pairs[2 * j + 1]);
    return { features: this.features, weight, loss, wrong, columns, z, root };
  }

  /** The state that `fields` wrote. */
  static read(recipe: FtrlRecipe, reader: ModelReader): FtrlState {
    const features = reader.integer('features', 1);
    const columns = reader.int32Array('columns', undefined, 0, features);
    const z = reader.float64Array('z', columns.length);
    const root = reader.float64Array('root', columns.length);
    const seen = [reader.number('weight'), reader.number('loss'), reader.number('wrong')];
    if (![...z, ...root, ...seen].every(Number.isFinite)) reader.fail('"state": expected finite numbers');
    const state = new FtrlState(recipe, features);
    const pairs = state.#backend.heap.f64(state.#learned, 2 * (features + 1));
    columns.forEach((j, k) => {
      pairs[2 * j] = z[k];
      pairs[2 * j + 1] = root[k];
    });
    state.#backend.heap.f64(state.#total, 3).set(seen);
    return state;
  }

  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    dropped.unregister(this);
    this.#arena.releaseAll();
  }

  #check(): void {
    if (this.#freed) throw new SpinifexError('FREED', 'this learner was freed');
  }

  /** A state can be read whichever backend is chosen, but learns on its own one. */
  #checkBackend(): void {
    const backend = currentBackend();
    if (backend === this.#backend) return;
    throw new SpinifexError(
      'OTHER_BACKEND',
      `this learner lives on the '${this.#backend.name}' backend, but '${backend.name}' is chosen now`,
    );
  }
}
