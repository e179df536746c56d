import { SpinifexError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { RunOptions } from '../../core/progress.ts';
import { nextTask } from './nextTask.ts';

/** What solves a path point by point and keeps what it has found: `visit` is called once for every k, in order. */
export interface PathWalker<Point, Path> {
  /** From large to small. */
  readonly lambdas: Float64Array;
  /** Points that are known from the start. */
  readonly known: number;
  /** Solves lambdas[k], from the solution at k - 1. */
  visit(k: number): Point;
  /** The path of the points so far; also after `close`. */
  path(): Path;
  /** What another process needs to go on; also after `close`. */
  state(): { [name: string]: Json };
  /** Gives linear memory back; called once. */
  close(): void;
}

/** What a loop over a stream takes. */
export type StreamOptions = RunOptions<{ lambda: number }>;

/**
 * A path as an async iterable. Between two points the event loop runs. Each loop goes on where the last one stopped (`break`, an exception, an
 * aborted signal): the solver is kept, so that the points are the same bits as in one go. Linear memory is given back after the last point, or by
 * `dispose()`; a stream is also good for `using` and `await using`.
 */
export class PathStream<Point, Path> implements AsyncIterable<Point> {
  readonly #walker: PathWalker<Point, Path>;
  readonly #options: StreamOptions;
  #done: number;
  #open = true;

  /** @internal */
  constructor(walker: PathWalker<Point, Path>, options: StreamOptions = {}) {
    this.#walker = walker;
    this.#options = options;
    this.#done = walker.known;
    if (this.#done === this.total) this.dispose();
  }

  /** All lambdas of the path, from large to small. */
  get lambdas(): Float64Array {
    return this.#walker.lambdas.slice();
  }

  /** Points so far. */
  get done(): number {
    return this.#done;
  }

  /** Points in all. */
  get total(): number {
    return this.#walker.lambdas.length;
  }

  /** The points that are left. @throws the signal's reason; SpinifexError `FREED` after `dispose()` before the end */
  [Symbol.asyncIterator](): AsyncGenerator<Point, void, undefined> {
    return this.#walk(this.#options);
  }

  /** The points that are left, under another signal. */
  resume(options: StreamOptions = {}): AsyncGenerator<Point, void, undefined> {
    return this.#walk({ ...this.#options, signal: undefined, ...options } as StreamOptions);
  }

  /** The path of the points so far. @throws SpinifexError `EMPTY_PATH` before the first */
  path(): Path {
    if (this.#done === 0) throw new SpinifexError('EMPTY_PATH', 'path: the stream has not reached its first point yet');
    return this.#walker.path();
  }

  /** What another process needs to go on from here, without loss through `JSON.stringify`: the option `resume`. */
  state(): { [name: string]: Json } {
    return this.#walker.state();
  }

  /** Gives linear memory back; path and state stay. Safe to call twice. */
  dispose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#walker.close();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dispose();
  }

  async *#walk({ signal, onProgress }: StreamOptions): AsyncGenerator<Point, void, undefined> {
    signal?.throwIfAborted();
    while (this.#done < this.total) {
      if (!this.#open) {
        throw new SpinifexError('FREED', `stream: disposed of after ${this.#done} of ${this.total} points`);
      }
      const k = this.#done;
      const point = this.#walker.visit(k);
      this.#done = k + 1;
      if (this.#done === this.total) this.dispose();
      onProgress?.({ done: k + 1, total: this.total, lambda: this.#walker.lambdas[k] });
      yield point;
      await nextTask();
      signal?.throwIfAborted();
    }
  }
}
