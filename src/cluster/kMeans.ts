import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, nonNegativeNumber, nonNegativeVector, optionsObject, refuse } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { asMatrix, checkFinite, type MatrixInput, type VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { KMeansModel } from './kMeansModel.ts';
import { lloyd, type Partition } from './lloyd.ts';
import { plusPlus } from './plusPlus.ts';
import { Points } from './points.ts';

/** Options of `KMeans`. */
export interface KMeansOptions {
  /** Number of clusters, k. */
  clusters: number;
  /** Where centres start: drawn by greedy k-means++, or k given rows. @default 'k-means++' */
  initialCentres?: 'k-means++' | MatrixInput;
  /** Runs from different starts; the one with the least inertia is returned, the first of equals. @default 1 */
  restarts?: number;
  /** Largest number of assignments of all rows in one run. @default 300 */
  maxIterations?: number;
  /** A run ends when the sum of squared moves of the centres is below tol times the mean variance of the columns. @default 0: when labels stop changing */
  tol?: number;
  /** Clusters of directions: rows and centres of norm 1, distance 1 - cosine. @default false */
  spherical?: boolean;
  /** Of k-means++. @default 0 */
  seed?: number;
}

/** What `KMeans.fit` takes beside X. */
export interface KMeansFitOptions extends RunOptions<{ changed: number }> {
  /** How much a row counts: n numbers >= 0. @default all 1 */
  sampleWeight?: VectorInput;
}

const OPTIONS = ['clusters', 'initialCentres', 'restarts', 'maxIterations', 'tol', 'spherical', 'seed'] as const;

/**
 * k-means: k centres and a label for every row that minimise, by Lloyd's algorithm, the inertia
 *
 *   sum_i s_i ||x_i - c_label(i)||^2     (spherical: sum_i s_i (1 - cos(x_i, c_label(i))), Dhillon and Modha 2001)
 *
 * to a local optimum. Hamerly's bounds (2010) skip distances that cannot matter; the result is Lloyd's to the last label: ties go to the lower
 * index, an empty cluster takes the row that lies farthest from its centre. Dense and sparse X; sparse X is never expanded, centres are dense.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const { labels, centres } = new KMeans({ clusters: 2 }).fit([[0, 0], [0, 1], [9, 9], [9, 8]]);
 */
export class KMeans {
  readonly #options: Required<KMeansOptions>;

  constructor(options: KMeansOptions) {
    const {
      clusters,
      initialCentres = 'k-means++',
      restarts = 1,
      maxIterations = 300,
      tol = 0,
      spherical = false,
      seed = 0,
    } = optionsObject(options, 'KMeans', OPTIONS);
    if (typeof initialCentres === 'string' && initialCentres !== 'k-means++') {
      refuse(initialCentres, 'initialCentres', "'k-means++' or a matrix with one row per cluster", true);
    }
    this.#options = {
      clusters: integerIn(clusters, 'clusters', 1),
      initialCentres,
      restarts: integerIn(restarts, 'restarts', 1, initialCentres === 'k-means++' ? undefined : 1),
      maxIterations: integerIn(maxIterations, 'maxIterations', 1),
      tol: nonNegativeNumber(tol, 'tol'),
      spherical: booleanFlag(spherical, 'spherical'),
      seed: integerIn(seed, 'seed', 0),
    };
  }

  /**
   * @param X n x p, dense or sparse, 64 or 32 bits
   * @throws RangeError for NaN and infinities (with their position), more clusters than distinct rows, initial centres of another shape, and for
   * rows of zeros where directions are asked for
   */
  fit(X: DesignInput, options?: KMeansFitOptions): KMeansModel {
    const { clusters: k, initialCentres, restarts, maxIterations, tol, spherical, seed } = this.#options;
    const { sampleWeight, signal, onProgress } = optionsObject(options, 'fit', ['sampleWeight', 'signal', 'onProgress']);
    const matrix = hostMatrix(X);
    const { rows: n, cols: p } = matrix;
    if (k > n) throw new RangeError(`clusters: expected at most ${n}, the number of rows, got ${k}`);
    const given = initialCentres === 'k-means++' ? undefined : rowsOf(initialCentres, k, p);
    const weights = sampleWeight === undefined ? undefined : nonNegativeVector(sampleWeight, 'sampleWeight', n);
    const report = withTimeLeft(onProgress);
    signal?.throwIfAborted();
    return arena(currentBackend(), (frame) => {
      const points = new Points(frame, matrix, spherical);
      const weight = weights ? frame.put(weights) : 0;
      const stop = () => signal?.throwIfAborted();
      let best: Partition | undefined;
      for (let run = 0; run < restarts; run++) {
        const found = arena(currentBackend(), (inner) => {
          const start = given
            ? points.enter(given, 'initialCentres')
            : plusPlus(inner, points, k, weight, new Random(seed, run), stop);
          return lloyd(inner, points, start, weight, {
            maxIterations,
            tol: tol > 0 ? tol * meanVariance(inner, points) : 0,
            step(done, changed) {
              report?.({ done: run * maxIterations + done, total: restarts * maxIterations, changed });
              stop();
            },
          });
        });
        if (!best || found.inertia < best.inertia) best = found;
      }
      const { centres, labels, inertia, iterations, status, shift } = best as Partition;
      report?.({ done: restarts * maxIterations, total: restarts * maxIterations, changed: 0 });
      const { scale } = points;
      return new KMeansModel({
        centres: new DenseMatrix(points.leave(centres), k, p),
        labels,
        inertia: spherical ? inertia / 2 : inertia / scale / scale,
        iterations,
        spherical,
        certificate: { converged: status !== 'maxIterations', status, shift: shift / scale, tol },
      });
    });
  }
}

/** Mean variance of the columns, in the units of points. */
function meanVariance(frame: Arena, points: Points): number {
  const { indptr, indices, values, rows, cols, squares } = points;
  const { heap, kernels } = frame;
  const [sums, dirty] = [frame.f64(cols), frame.put(Int32Array.of(1))];
  kernels.centreSums(indptr, indices, values, rows, cols, frame.i32(rows), 0, 1, dirty, sums, frame.f64(1));
  const mean = kernels.dot(sums, sums, cols) / rows / rows;
  return Math.max(heap.f64(squares, rows).reduce((a, b) => a + b, 0) / rows - mean, 0) / cols;
}

/** Given centres, row by row. */
function rowsOf(input: MatrixInput, k: number, p: number): Float64Array {
  const C = checkFinite(asMatrix(input, 'initialCentres'), 'initialCentres');
  if (C.rows !== k || C.cols !== p) {
    throw new RangeError(`initialCentres: expected ${k} x ${p}, one row per cluster, got ${C.rows} x ${C.cols}`);
  }
  const dense = C instanceof DenseMatrix ? C : C.toDense();
  return Float64Array.from(dense.toRows().flat());
}
