import { vector } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { SpinifexError } from '../core/errors.ts';
import { asMatrix, type Matrix, type MatrixInput, type VectorInput } from '../core/matrixInput.ts';
import { Arena, arena } from './arena.ts';
import { type Backend, currentBackend } from './backend.ts';
import { type Columns, checkMoments, uploadColumns } from './columns.ts';

/** A matrix that stays in linear memory for many fits or products; made by `upload`. */
export class ResidentMatrix {
  readonly rows: number;
  readonly cols: number;
  /** Stored values. */
  readonly nnz: number;
  readonly #backend: Backend;
  readonly #arena: Arena;
  readonly #columns: Columns;
  #freed = false;

  /** @internal */
  constructor(X: Matrix, backend: Backend) {
    this.#backend = backend;
    this.#arena = new Arena(backend);
    try {
      this.#columns = uploadColumns(this.#arena, X);
      arena(backend, (frame) => {
        const mean = frame.f64(X.cols);
        const second = frame.f64(X.cols);
        this.#columns.moments(0, mean, second);
        checkMoments(frame, X, 'X', mean, second, X.cols);
      });
    } catch (error) {
      this.#arena.releaseAll();
      throw error;
    }
    this.rows = X.rows;
    this.cols = X.cols;
    this.nnz = this.#columns.nnz;
  }

  /** @internal The columns, for a job on `backend`. */
  columns(backend: Backend): Columns {
    if (this.#freed) throw new SpinifexError('FREED', 'X: this ResidentMatrix was freed');
    if (backend !== this.#backend) {
      throw new SpinifexError(
        'OTHER_BACKEND',
        `X: uploaded to the '${this.#backend.name}' backend, but '${backend.name}' is chosen now`,
      );
    }
    return this.#columns;
  }

  /** @internal A copy outside linear memory. */
  read(): Matrix {
    return this.columns(this.#backend).read();
  }

  /** X x: one value per row. @throws TypeError, RangeError for an x that is not `cols` finite numbers */
  matvec(x: VectorInput): Float64Array {
    const values = vector(x, 'x', this.cols);
    return this.#product((frame, columns) => {
      const y = frame.f64(this.rows);
      columns.combine(0, frame.put(values), this.cols, y);
      return frame.read(y, this.rows);
    });
  }

  /** X'y: one value per column. @throws TypeError, RangeError for a y that is not `rows` finite numbers */
  rmatvec(y: VectorInput): Float64Array {
    const values = vector(y, 'y', this.rows);
    return this.#product((frame, columns) => {
      const out = frame.f64(this.cols);
      columns.dots(0, this.cols, frame.put(values), out);
      return frame.read(out, this.cols);
    });
  }

  /** X B for a dense B with `cols` rows. */
  multiply(B: DenseMatrix): DenseMatrix {
    if (!(B instanceof DenseMatrix)) throw new TypeError('B: expected a DenseMatrix');
    if (B.rows !== this.cols) throw new RangeError(`B: expected ${this.cols} rows, got ${B.rows}`);
    return this.#product((frame, columns) => {
      const right =
        B.order === 'row' && B.data instanceof Float64Array ? B.data : Float64Array.from(B.toRows().flatMap((row) => [...row]));
      const out = frame.f64(this.rows * B.cols);
      columns.multiply(frame.put(right), B.cols, out);
      return new DenseMatrix(frame.read(out, this.rows * B.cols), this.rows, B.cols);
    });
  }

  /** Gives the memory back. Safe to call twice. */
  free(): void {
    this.#freed = true;
    this.#arena.releaseAll();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #product<T>(body: (frame: Arena, columns: Columns) => T): T {
    return arena(this.#backend, (frame) => body(frame, this.columns(this.#backend)));
  }
}

/** A matrix where a fit asks for one: also one that is already in linear memory. */
export type DesignInput = MatrixInput | ResidentMatrix;

/**
 * Copies X into linear memory, where it stays until `free()` (or the end of a `using` block): for many fits on the same data.
 *
 * @param X n x p, dense or sparse; f32 values stay f32
 * @throws TypeError, RangeError for a value that is not a matrix of finite numbers
 * @throws OutOfMemoryError above 1 GiB for one array or 4 GiB in all
 * @example
 * const X = upload(matrix);
 * const models = [0.1, 0.01].map((lambda) => new Lasso({ lambda }).fit(X, y));
 * X.free();
 */
export function upload(X: MatrixInput): ResidentMatrix {
  return new ResidentMatrix(asMatrix(X), currentBackend());
}

/** The matrix itself for a routine that lays it out in its own way; what is in linear memory already is copied out. */
export function hostMatrix(X: DesignInput, title = 'X'): Matrix {
  return X instanceof ResidentMatrix ? X.read() : asMatrix(X, title);
}
