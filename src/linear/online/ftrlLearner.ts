import { integerIn, nonNegativeVector, optionsObject, refuse } from '../../core/checks.ts';
import { CscMatrix } from '../../core/cscMatrix.ts';
import { CsrMatrix } from '../../core/csrMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { asMatrix, checkFinite, type MatrixInput, type VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import { type FtrlOptions, type FtrlRecipe, featuresOf, ftrlRecipe } from './ftrlOptions.ts';
import { FtrlState } from './ftrlState.ts';

/** Some rows of a stream. */
export interface OnlineChunk<Y> {
  X: MatrixInput;
  y: Y;
  /** One weight >= 0 per row: a weight k counts its gradient k times. @default all 1 */
  sampleWeight?: VectorInput;
}

/** What a report of `fitStream` says beside the rows done. */
export interface OnlineProgress {
  /** Chunks learned in this call. */
  chunks: number;
  /** Progressive loss so far. */
  loss: number;
}

/** Options of `fitStream`. */
export interface OnlineStreamOptions extends RunOptions<OnlineProgress> {
  /** Rows that will come, where that is known: the total of progress reports. */
  rows?: number;
}

/** What both learners share: the state, chunks in, streams in. */
export abstract class FtrlLearner<Y> {
  /** @internal */
  protected readonly recipe: FtrlRecipe;
  /** @internal */
  protected state: FtrlState | undefined;

  /** @internal */
  constructor(options: FtrlOptions, loss: FtrlRecipe['loss']) {
    this.recipe = ftrlRecipe(options, loss);
    const features = featuresOf(options.features);
    if (features !== undefined) this.state = new FtrlState(this.recipe, features);
  }

  /** Columns of every chunk; `undefined` before the first chunk where they were not given. */
  get features(): number | undefined {
    return this.state?.features;
  }

  /** Rows learned so far, a row of weight k counting k times. */
  get rows(): number {
    return this.state?.seen.weight ?? 0;
  }

  /**
   * Progressive validation: the mean loss of every row under the weights from before it was learned, an honest estimate of the loss on
   * rows to come. NaN before the first row.
   */
  get progressiveLoss(): number {
    const seen = this.state?.seen;
    return seen ? seen.loss / seen.weight : Number.NaN;
  }

  /**
   * Learns the rows of a chunk one after the other; how rows are cut into chunks changes no bit of the result. A chunk with anything wrong in it is
   * refused as a whole, before anything is learned.
   *
   * @param X some rows, sparse or dense, with the same columns as in every other chunk; zeros cost nothing in sparse X
   * @param y one response or label per row
   * @throws TypeError, RangeError for a chunk that is not of finite numbers, of another width, or with a y that is not one
   * @throws SpinifexError `DIVERGED` where a squared gradient exceeds 1e300: the rows before are learned, this one and those after are not
   */
  partialFit(X: MatrixInput, y: Y, options?: { sampleWeight?: VectorInput }): this {
    const { sampleWeight } = optionsObject(options, 'partialFit', ['sampleWeight']);
    const given = checkFinite(asMatrix(X));
    if (this.state && given.cols !== this.state.features) {
      throw new RangeError(`X: expected ${this.state.features} columns, as in every chunk, got ${given.cols}`);
    }
    const weight = sampleWeight === undefined ? undefined : nonNegativeVector(sampleWeight, 'sampleWeight', given.rows);
    const targets = this.targets(y, given.rows);
    const rows = given instanceof CsrMatrix ? given : given instanceof CscMatrix ? given.toCsr() : CsrMatrix.fromDense(given);
    this.state ??= new FtrlState(this.recipe, featuresOf(given.cols)!);
    const learned = this.state.learn(rows, targets, weight);
    if (learned < rows.rows) {
      throw new SpinifexError(
        'DIVERGED',
        `X[${learned}]: the gradient overflows; smaller alpha, or columns and y on a smaller scale (the rows before are learned)`,
      );
    }
    return this;
  }

  /**
   * Learns a stream chunk by chunk; memory is bounded by the model and the largest chunk. When the stream fails or a chunk is refused, all chunks
   * before it are learned and the learner can go on.
   *
   * @param chunks an iterable or async iterable of { X, y, sampleWeight? }
   * @throws SpinifexError `STREAM_FAILED` when the stream throws, `BAD_CHUNK` when a chunk is refused; both name the chunk, counted from 0, and
   * carry the error as their `cause`
   * @throws `signal.reason` when stopped, after the chunk at hand
   * @example
   * await learner.fitStream(chunks, { onProgress: ({ done, loss }) => console.log(done, loss) });
   */
  async fitStream(
    chunks: AsyncIterable<OnlineChunk<Y>> | Iterable<OnlineChunk<Y>>,
    options?: OnlineStreamOptions,
  ): Promise<this> {
    const given = optionsObject(options, 'fitStream', ['signal', 'onProgress', 'rows']);
    const { signal, onProgress } = given;
    const expected = given.rows === undefined ? 0 : integerIn(given.rows, 'rows', 1);
    if (onProgress !== undefined && typeof onProgress !== 'function') refuse(onProgress, 'onProgress', 'a function', false);
    if (!isIterable(chunks)) refuse(chunks, 'chunks', 'an iterable or async iterable of { X, y }', false);
    signal?.throwIfAborted();
    let [number, done] = [0, 0];
    let learning = false;
    try {
      for await (const chunk of chunks) {
        learning = true;
        const { X, y, sampleWeight } = chunkOf(chunk);
        this.partialFit(X, y, sampleWeight === undefined ? undefined : { sampleWeight });
        done += asRows(y);
        learning = false;
        number++;
        onProgress?.({ done, total: Math.max(expected, done), chunks: number, loss: this.progressiveLoss });
        if (signal?.aborted) break;
      }
    } catch (cause) {
      if (signal?.aborted && cause === signal.reason) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SpinifexError(learning ? 'BAD_CHUNK' : 'STREAM_FAILED', `chunk ${number}: ${reason}`, { cause });
    }
    signal?.throwIfAborted();
    return this;
  }

  /** Gives the linear memory of the learner back; models made before stay. Safe to call twice. */
  free(): void {
    this.state?.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /** @internal Checks y and turns it into numbers for the kernel; must not change the learner where it throws. */
  protected abstract targets(y: Y, rows: number): Float64Array;

  /** @internal The state, for a model or a file. */
  protected ready(): FtrlState {
    if (this.state) return this.state;
    throw new SpinifexError('NOT_FITTED', 'this learner has seen no rows yet: partialFit comes first');
  }
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function chunkOf<Y>(chunk: OnlineChunk<Y>): OnlineChunk<Y> {
  if (typeof chunk !== 'object' || chunk === null) refuse(chunk, 'chunk', '{ X, y }', false);
  return optionsObject({ ...chunk }, 'chunk', ['X', 'y', 'sampleWeight']);
}

function asRows(y: unknown): number {
  return (y as ArrayLike<unknown>).length;
}
