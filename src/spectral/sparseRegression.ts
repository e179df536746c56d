import { upload } from '../backend/residentMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';
import { ElasticNet } from '../linear/elasticNet.ts';
import type { CentredMatrix } from './centredMatrix.ts';
import { smallEigenpairs } from './eigenpairs.ts';
import { scaledColumns } from './scaledColumns.ts';

/** Settings of the elastic-net form. */
export interface SparseRegressionSettings {
  /** One L1 strength per component. */
  lambda: Float64Array;
  ridge: number;
  tol: number;
  maxIterations: number;
}

/** Loadings that are not yet scaled to norm 1. */
export interface SparseRegression {
  /** k x p, one vector of loadings per row. */
  loadings: Float64Array;
  /** Objective after each iteration. */
  history: Float64Array;
  iterations: number;
  /** Largest change of a loading in the last iteration, relative to the largest loading. */
  residual: number;
}

/** An inner fit is this much more exact than the outer change it is to show. */
const INNER = 1e-2;
/** A direction whose square is below this share of the largest is absent. */
const ABSENT = 1e-20;

/**
 * Sparse PCA as regressions (Zou, Hastie and Tibshirani 2006): alternately k elastic nets of C a_j on C, and A = the orthogonal factor of
 * C'C B. The start is A = V, the components of PCA.
 */
export function sparseRegression(
  X: Matrix,
  C: CentredMatrix,
  V: Float64Array,
  k: number,
  settings: SparseRegressionSettings,
  step: (done: number) => void,
): SparseRegression {
  const { frame, rows: n, cols: p, scale } = C;
  const { heap } = frame;
  const { lambda, ridge, tol, maxIterations } = settings;
  const resident = upload(scale ? scaledColumns(X, scale) : X);
  try {
    const A = V.slice();
    let B = new Float64Array(k * p);
    const [at, scores, back] = [frame.f64(p * k), frame.f64(n * k), frame.f64(p * k)];
    const history: number[] = [];
    let residual = Infinity;
    let iterations = 0;
    /** The rows of M as columns in linear memory, and C times them. */
    const scoresOf = (M: Float64Array) => {
      const columns = heap.f64(at, p * k);
      for (let j = 0; j < k; j++) for (let i = 0; i < p; i++) columns[i * k + j] = M[j * p + i];
      C.scores(at, k, scores);
    };
    while (iterations < maxIterations && residual > tol) {
      scoresOf(A);
      const targets = frame.read(scores, n * k);
      const next = new Float64Array(k * p);
      for (let j = 0; j < k; j++) {
        const y = Float64Array.from({ length: n }, (_, i) => targets[i * k + j]);
        const strength = lambda[j] + ridge;
        const net = new ElasticNet({
          lambda: strength,
          l1Ratio: strength > 0 ? lambda[j] / strength : 0,
          tol: Math.min(1e-6, INNER * tol),
        });
        next.set(net.fit(resident, y).coef, j * p);
      }
      let [moved, largest] = [0, 0];
      for (let e = 0; e < next.length; e++) {
        moved = Math.max(moved, Math.abs(next[e] - B[e]));
        largest = Math.max(largest, Math.abs(next[e]));
      }
      residual = largest > 0 ? moved / largest : 0;
      B = next;
      iterations++;
      scoresOf(B);
      const fitted = frame.read(scores, n * k);
      C.loadings(scores, k, back);
      const M = frame.read(back, p * k);
      rotate(A, M);
      let loss = C.squares;
      for (let j = 0; j < k; j++) for (let i = 0; i < p; i++) loss -= 2 * A[j * p + i] * M[i * k + j];
      for (const f of fitted) loss += f * f;
      let penalty = 0;
      for (let j = 0; j < k; j++) {
        for (let i = 0; i < p; i++) penalty += lambda[j] * Math.abs(B[j * p + i]) + 0.5 * ridge * B[j * p + i] ** 2;
      }
      history.push(loss / (2 * n) + penalty);
      step(iterations);
    }
    return { loadings: B, history: Float64Array.from(history), iterations, residual };
  } finally {
    resident.free();
  }

  /** A = M (M'M)^(-1/2), the orthogonal factor; a direction that has no loadings keeps its old a. */
  function rotate(A: Float64Array, M: Float64Array): void {
    const alive = Array.from({ length: k }, (_, j) => j).filter((j) => {
      for (let i = 0; i < p; i++) if (M[i * k + j] !== 0) return true;
      return false;
    });
    const q = alive.length;
    if (q === 0) return;
    const G = new Float64Array(q * q);
    for (let i = 0; i < p; i++) {
      for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) G[a * q + b] += M[i * k + alive[a]] * M[i * k + alive[b]];
    }
    const { values, vectors } = smallEigenpairs(frame, G, q);
    const root = new Float64Array(q * q);
    for (let e = 0; e < q; e++) {
      if (values[e] <= ABSENT * values[0]) continue;
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) root[a * q + b] += (vectors[e * q + a] * vectors[e * q + b]) / Math.sqrt(values[e]);
      }
    }
    for (let i = 0; i < p; i++) {
      for (let b = 0; b < q; b++) {
        let s = 0;
        for (let a = 0; a < q; a++) s += M[i * k + alive[a]] * root[a * q + b];
        A[alive[b] * p + i] = s;
      }
    }
  }
}
