import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { checkFinite } from '../core/matrixInput.ts';
import type { ModelReader } from '../core/modelReader.ts';

/** How features are turned into the mean of factors: straight lines, or smooth functions. */
export type FeatureKernel = 'matern' | 'linear';

/** Beyond this many landmarks smooth functions are approximated. */
const MOST_LANDMARKS = 200;
/** A point that the landmarks explain this well (share of its variance) is none itself. */
const EXPLAINED = 1e-6;
const ROOT3 = Math.sqrt(3);

/**
 * Standardised features as columns that a ridge regression takes: 1, then either the features themselves, or (`'matern'`) columns H with
 * H H' = K, the Matern-3/2 kernel (1 + sqrt(3) d) exp(-sqrt(3) d) of the distance d = |g - g'| / sqrt(number of features). Ridge regression on H is then Gaussian
 * process regression with that kernel (Rasmussen and Williams 2006, sections 2.2, 4.2.1). H comes from a pivoted Cholesky factorisation of K.
 */
export class FeatureMap {
  readonly kernel: FeatureKernel;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Standardised features of the landmarks, row after row. */
  readonly landmarks: Float64Array;
  /** Lower triangular factor of the landmarks' kernel matrix, row after row. */
  readonly factor: Float64Array;

  private constructor(
    kernel: FeatureKernel,
    mean: Float64Array,
    scale: Float64Array,
    landmarks: Float64Array,
    factor: Float64Array,
  ) {
    this.kernel = kernel;
    this.mean = mean;
    this.scale = scale;
    this.landmarks = landmarks;
    this.factor = factor;
  }

  /** @param features dense, row after row, n x d */
  static fit(kernel: FeatureKernel, features: Float64Array, d: number): FeatureMap {
    const n = features.length / d;
    const mean = new Float64Array(d);
    const scale = new Float64Array(d);
    for (let j = 0; j < d; j++) {
      for (let i = 0; i < n; i++) mean[j] += features[i * d + j] / n;
      for (let i = 0; i < n; i++) scale[j] += (features[i * d + j] - mean[j]) ** 2 / n;
      // Without spread beyond rounding a feature says nothing about these points, and must not say much about new ones.
      const spread = Math.sqrt(scale[j]);
      scale[j] = spread > 1e-12 * Math.abs(mean[j]) ? spread : 1;
    }
    const empty = new Float64Array(0);
    if (kernel === 'linear') return new FeatureMap(kernel, mean, scale, empty, empty);
    const points = standardised(features, mean, scale);
    const pivots = pivotedCholesky(points, d);
    const landmarks = new Float64Array(pivots.length * d);
    for (const [k, i] of pivots.entries()) landmarks.set(points.subarray(i * d, (i + 1) * d), k * d);
    return new FeatureMap(kernel, mean, scale, landmarks, choleskyOf(landmarks, d));
  }

  /** Number of features. */
  get features(): number {
    return this.mean.length;
  }

  /** Number of columns of `map`. */
  get width(): number {
    const { features, landmarks, kernel } = this;
    return 1 + (kernel === 'linear' ? features : landmarks.length / features);
  }

  /** n x width, row after row, for dense features n x d. */
  map(features: Float64Array): Float64Array {
    const { width, landmarks, factor, mean, scale } = this;
    const d = mean.length;
    const n = features.length / d;
    const points = standardised(features, mean, scale);
    const out = new Float64Array(n * width);
    for (let i = 0; i < n; i++) {
      const row = out.subarray(i * width, (i + 1) * width);
      row[0] = 1;
      if (this.kernel === 'linear') row.set(points.subarray(i * d, (i + 1) * d), 1);
      else {
        const r = width - 1;
        for (let k = 0; k < r; k++) {
          let s = matern(points, i * d, landmarks, k * d, d);
          for (let l = 0; l < k; l++) s -= factor[k * r + l] * row[1 + l];
          row[1 + k] = s / factor[k * r + k];
        }
      }
    }
    return out;
  }

  /** @internal */
  static read(reader: ModelReader): FeatureMap {
    const mean = reader.float64Array('mean');
    const landmarks = reader.float64Array('landmarks');
    const r = landmarks.length / mean.length;
    return new FeatureMap(
      reader.oneOf('kernel', ['matern', 'linear']),
      mean,
      reader.float64Array('scale', mean.length),
      landmarks,
      reader.float64Array('factor', r * r),
    );
  }
}

/** Features as a dense array, row after row, every one finite, one row for each of `rows`. */
export function denseFeatures(input: DesignInput, title: string, rows: number, of: string): { values: Float64Array; d: number } {
  const matrix = checkFinite(hostMatrix(input, title), title);
  if (matrix.rows !== rows) throw new RangeError(`${title}: expected ${rows} rows, one for each ${of}, got ${matrix.rows}`);
  const dense = 'order' in matrix ? matrix : matrix.toDense();
  const d = dense.cols;
  const values = new Float64Array(rows * d);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) values[i * d + j] = dense.data[i * dense.rowStride + j * dense.columnStride];
  }
  return { values, d };
}

function standardised(features: Float64Array, mean: Float64Array, scale: Float64Array): Float64Array {
  const d = mean.length;
  return features.map((value, p) => (value - mean[p % d]) / scale[p % d]);
}

function matern(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let s = 0;
  for (let t = 0; t < d; t++) s += (a[i + t] - b[j + t]) ** 2;
  const x = ROOT3 * Math.sqrt(s / d);
  return (1 + x) * currentBackend().kernels.exp(-x);
}

/** Which points explain the others: always the one that is explained least so far, the first of equals (Fine and Scheinberg 2001). */
function pivotedCholesky(points: Float64Array, d: number): number[] {
  const n = points.length / d;
  const rest = new Float64Array(n).fill(1);
  const pivots: number[] = [];
  const columns: Float64Array[] = [];
  while (pivots.length < Math.min(n, MOST_LANDMARKS)) {
    let p = 0;
    for (let i = 1; i < n; i++) if (rest[i] > rest[p]) p = i;
    if (!(rest[p] > EXPLAINED)) break;
    const root = Math.sqrt(rest[p]);
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let s = matern(points, i * d, points, p * d, d);
      for (const earlier of columns) s -= earlier[i] * earlier[p];
      column[i] = s / root;
      rest[i] -= column[i] ** 2;
    }
    rest[p] = 0;
    pivots.push(p);
    columns.push(column);
  }
  return pivots;
}

function choleskyOf(landmarks: Float64Array, d: number): Float64Array {
  const r = landmarks.length / d;
  const L = new Float64Array(r * r);
  for (let i = 0; i < r; i++) {
    for (let j = 0; j <= i; j++) {
      let s = matern(landmarks, i * d, landmarks, j * d, d);
      for (let l = 0; l < j; l++) s -= L[i * r + l] * L[j * r + l];
      L[i * r + j] = i === j ? Math.sqrt(s) : s / L[j * r + j];
    }
  }
  return L;
}
