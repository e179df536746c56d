import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { Centres } from './centres.ts';
import type { KMeansStatus } from './lloyd.ts';
import { Points } from './points.ts';

const KIND = 'KMeans';

/** How a k-means ended. */
export interface KMeansCertificate {
  /** Whether it ended by itself. */
  converged: boolean;
  /** `'converged'`: labels stopped changing, a fixed point of Lloyd's algorithm; `'tolerance'`: centres moved less than `tol`; or `'maxIterations'`. */
  status: KMeansStatus;
  /** Root of the sum of squared moves of the centres in the last update. */
  shift: number;
  tol: number;
}

/** k centres, and the nearest of them for every row of the fit. Immutable. */
export class KMeansModel {
  /** k x p. */
  readonly centres: DenseMatrix;
  /** Of the rows of the fit, 0..k - 1. */
  readonly labels: Int32Array;
  /** sum_i s_i ||x_i - c_label(i)||^2, or with 1 - cosine for spherical clusters. */
  readonly inertia: number;
  /** Assignments of all rows, the last one included, which changed nothing. */
  readonly iterations: number;
  readonly spherical: boolean;
  readonly certificate: KMeansCertificate;

  /** @internal */
  constructor(parts: {
    centres: DenseMatrix;
    labels: Int32Array;
    inertia: number;
    iterations: number;
    spherical: boolean;
    certificate: KMeansCertificate;
  }) {
    this.centres = parts.centres;
    this.labels = parts.labels;
    this.inertia = parts.inertia;
    this.iterations = parts.iterations;
    this.spherical = parts.spherical;
    this.certificate = parts.certificate;
  }

  /**
   * The nearest centre of every row, 0..k - 1; the lower index where two are equally near.
   * @throws RangeError for another number of columns, NaN and infinities
   */
  predict(X: DesignInput): Int32Array {
    return this.#with(X, (frame, points, centres) => {
      const { rows } = points;
      const labels = frame.i32(rows);
      frame.heap.i32(labels, rows).fill(-1);
      centres.assign(labels, frame.f64(rows), frame.f64(rows));
      return frame.heap.i32(labels, rows).slice();
    });
  }

  /** n x k: distances ||x_i - c_j||, or 1 - cosine for spherical clusters. */
  transform(X: DesignInput): DenseMatrix {
    return this.#with(X, (frame, points, { values, norms }) => {
      const { rows: n, cols: p, scale } = points;
      const { rows: k } = this.centres;
      const out = new Float64Array(n * k);
      const column = frame.f64(n);
      for (let c = 0; c < k; c++) {
        points.distances(values + c * p * 8, 0, norms + c * 8, column);
        const squares = frame.heap.f64(column, n);
        for (let i = 0; i < n; i++) out[i * k + c] = this.spherical ? squares[i] / 2 : Math.sqrt(squares[i]) / scale;
      }
      return new DenseMatrix(out, n, k);
    });
  }

  toJSON(): { [name: string]: Json } {
    const { centres, labels, inertia, iterations, spherical, certificate } = this;
    return modelJson(KIND, 1, { centres, labels, inertia, iterations, spherical, certificate });
  }

  /** @throws SpinifexError `'BAD_MODEL'` for anything else than a saved KMeans */
  static fromJSON(json: unknown): KMeansModel {
    const reader = readModelJson(json, KIND, 1);
    const centres = reader.denseMatrix('centres');
    const certificate = reader.object('certificate');
    return new KMeansModel({
      centres,
      labels: reader.int32Array('labels', undefined, 0, centres.rows - 1),
      inertia: reader.number('inertia'),
      iterations: reader.integer('iterations', 1),
      spherical: reader.boolean('spherical'),
      certificate: {
        converged: certificate.boolean('converged'),
        status: certificate.oneOf('status', ['converged', 'tolerance', 'maxIterations']),
        shift: certificate.number('shift'),
        tol: certificate.number('tol'),
      },
    });
  }

  #with<T>(X: DesignInput, body: (frame: Arena, points: Points, centres: Centres) => T): T {
    const { centres } = this;
    const matrix = hostMatrix(X);
    if (matrix.cols !== centres.cols) {
      throw new RangeError(`X: expected ${centres.cols} columns, as in the fit, got ${matrix.cols}`);
    }
    return arena(currentBackend(), (frame) => {
      const points = new Points(frame, matrix, this.spherical);
      const placed = new Centres(frame, points, centres.rows);
      placed.place(points.enter(centres.data as Float64Array, 'centres'));
      return body(frame, points, placed);
    });
  }
}
