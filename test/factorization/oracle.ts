/** Explicit and implicit objectives and their gradients from plain arrays, word for word as documented. */
import type { CsrMatrix, DenseMatrix, FactorizationModel, ImplicitModel } from '../../src/index.ts';
import { dot } from './ratings.ts';

export interface Problem {
  R: CsrMatrix;
  weights?: number[];
  lambda: number;
  biases?: boolean;
  biasLambda?: number;
  scaleLambda?: boolean;
  l1?: number;
  nonNegative?: boolean;
  rowFeatures?: number[][];
  columnFeatures?: number[][];
  featureLambda?: number;
  rowGraph?: CsrMatrix;
  columnGraph?: CsrMatrix;
  graphLambda?: number;
}

/** A point: rows and columns of [factors, bias]. */
export interface Point {
  mean: number;
  x: number[][];
  y: number[][];
}

export const rowsOf = (Z: DenseMatrix): number[][] =>
  Array.from({ length: Z.rows }, (_, i) => Array.from({ length: Z.cols }, (_, t) => Z.get(i, t)));

export function pointOf(model: FactorizationModel, biases = true): Point {
  const rows = (Z: DenseMatrix, bias: Float64Array) => rowsOf(Z).map((z, i) => (biases ? [...z, bias[i]] : z));
  return { mean: model.mean, x: rows(model.rowFactors, model.rowBias), y: rows(model.columnFactors, model.columnBias) };
}

/** Gaussian elimination with pivoting. */
export function solve(A: number[][], b: number[]): number[] {
  const n = b.length;
  const M = A.map((row, i) => [...row, b[i]]);
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k; i < n; i++) if (Math.abs(M[i][k]) > Math.abs(M[p][k])) p = i;
    [M[k], M[p]] = [M[p], M[k]];
    for (let i = k + 1; i < n; i++) {
      const f = M[i][k] / M[k][k];
      for (let j = k; j <= n; j++) M[i][j] -= f * M[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let s = M[k][n];
    for (let j = k + 1; j < n; j++) s -= M[k][j] * x[j];
    x[k] = s / M[k][k];
  }
  return x;
}

/** 1 and the standardised features. */
export function linearMap(features: number[][]): number[][] {
  const n = features.length;
  const columns = features[0].map((_, j) => features.map((row) => row[j]));
  const mean = columns.map((c) => c.reduce((a, b) => a + b, 0) / n);
  const sd = columns.map((c, j) => Math.sqrt(c.reduce((s, v) => s + (v - mean[j]) ** 2, 0) / n) || 1);
  return features.map((row) => [1, ...row.map((v, j) => (v - mean[j]) / sd[j])]);
}

/** Ridge regression of targets on H in a metric, (t - Hb)'M(t - Hb) + lambda |b|^2; the first column is free. */
export function regression(H: number[][], target: number[], metric: number[][], lambda: number): number[] {
  const d = H[0].length;
  const columns = H[0].map((_, a) => H.map((h) => h[a]));
  const weighted = columns.map((column) => metric.map((row) => dot(row, column)));
  const A = columns.map((column, a) => weighted.map((w, b) => dot(column, w) + (a === b && a > 0 ? lambda : 0)));
  return solve(
    A,
    Array.from({ length: d }, (_, a) => dot(weighted[a], target)),
  );
}

interface SideView {
  z: number[][];
  /** Ridge of every slot of every row. */
  ridge: number[][];
  prior: number[][];
  /** |B|^2 without the constant column. */
  size: number;
  graph: number[][];
}

function view(problem: Problem, which: 'row' | 'column', z: number[][]): SideView {
  const { R, weights, lambda, biasLambda = lambda, biases = true, featureLambda = 1, graphLambda = 1 } = problem;
  const entries = new Array<number>(z.length).fill(0);
  for (let i = 0; i < R.rows; i++) {
    for (let e = R.indptr[i]; e < R.indptr[i + 1]; e++) {
      if (!weights || weights[e] > 0) entries[which === 'row' ? i : R.indices[e]]++;
    }
  }
  const slots = z[0].length;
  const ridge = entries.map((count) =>
    Array.from({ length: slots }, (_, t) => {
      const scale = problem.scaleLambda ? Math.max(1, count) : 1;
      return scale * (biases && t === slots - 1 ? biasLambda : lambda);
    }),
  );
  const features = which === 'row' ? problem.rowFeatures : problem.columnFeatures;
  const G = which === 'row' ? problem.rowGraph : problem.columnGraph;
  const graph = z.map((_, i) => z.map((_, l) => (G && i !== l ? graphLambda * G.get(i, l) : 0)));
  const prior = z.map(() => new Array<number>(slots).fill(0));
  let size = 0;
  if (features) {
    const H = linearMap(features);
    for (let t = 0; t < slots; t++) {
      const metric = ridge.map((r, i) => graph[i].map((g, l) => (i === l ? r[t] + graph[i].reduce((a, b) => a + b, 0) : -g)));
      const target = z.map((row) => row[t]);
      const b = regression(H, target, metric, featureLambda);
      size += dot(b.slice(1), b.slice(1));
      for (const [i, h] of H.entries()) prior[i][t] = dot(h, b);
    }
  }
  return { z, ridge, prior, size, graph };
}

const residual = ({ mean, x, y }: Point, biases: boolean, i: number, j: number, r: number): number => {
  const rank = x[0].length - Number(biases);
  let s = mean + (biases ? x[i][rank] + y[j][rank] : 0);
  for (let t = 0; t < rank; t++) s += x[i][t] * y[j][t];
  return r - s;
};

/** Objective, and the root of what `certificate.gradient` is the ratio of. */
export function explicitOracle(problem: Problem, point: Point) {
  const { R, weights, biases = true, featureLambda = 1, l1 = 0, nonNegative = false } = problem;
  const rank = point.x[0].length - Number(biases);
  const sides = [view(problem, 'row', point.x), view(problem, 'column', point.y)];
  const slots = point.x[0].length;
  const zero = () => sides.map(({ z }) => z.map(() => new Array<number>(slots).fill(0)));
  /** Half the negative gradient, and the part of it that the entries make where a row is 0. */
  const [gradient, pull] = [zero(), zero()];
  let [loss, penalty] = [0, 0];
  for (let i = 0; i < R.rows; i++) {
    for (let e = R.indptr[i]; e < R.indptr[i + 1]; e++) {
      const [j, r, w] = [R.indices[e], R.data[e], weights ? weights[e] : 1];
      const d = residual(point, biases, i, j, r);
      loss += w * d * d;
      const regressors = [point.y[j], point.x[i]].map((z) => (biases ? [...z.slice(0, rank), 1] : z));
      const offset = [point.y[j], point.x[i]].map((z) => (biases ? z[rank] : 0));
      for (const [s, k] of [i, j].entries()) {
        for (let t = 0; t < slots; t++) {
          gradient[s][k][t] += w * d * regressors[s][t];
          pull[s][k][t] += w * (r - point.mean - offset[s]) * regressors[s][t];
        }
      }
    }
  }
  for (const [s, { z, ridge, prior, size, graph }] of sides.entries()) {
    penalty += featureLambda * size;
    for (let i = 0; i < z.length; i++) {
      for (let t = 0; t < slots; t++) {
        const own = z[i][t] - prior[i][t];
        penalty += ridge[i][t] * own * own;
        gradient[s][i][t] -= ridge[i][t] * own;
        if (t < rank) penalty += l1 * Math.abs(z[i][t]);
        for (let l = 0; l < z.length; l++) {
          const d = own - (z[l][t] - prior[l][t]);
          if (l > i) penalty += graph[i][l] * d * d;
          gradient[s][i][t] -= graph[i][l] * d;
        }
        if (t < rank) gradient[s][i][t] = shortest(gradient[s][i][t], z[i][t], l1 / 2, nonNegative);
      }
    }
  }
  const square = (all: number[][][]) => all.flat(2).reduce((s, v) => s + v * v, 0);
  return { objective: loss + penalty, loss, gradient, relative: Math.sqrt(square(gradient) / square(pull)) };
}

/** What is left of half the negative gradient of the smooth part by the best choice among subgradients. */
function shortest(g: number, z: number, l1: number, nonNegative: boolean): number {
  if (z > 0) return g - l1;
  if (z < 0) return g + l1;
  if (nonNegative) return Math.max(0, g - l1);
  return Math.sign(g) * Math.max(0, Math.abs(g) - l1);
}

/** The sum over ALL cells. */
export function implicitOracle(counts: CsrMatrix, { lambda, alpha }: { lambda: number; alpha: number }, model: ImplicitModel) {
  const [x, y] = [rowsOf(model.rowFactors), rowsOf(model.columnFactors)];
  let objective = lambda * [...x, ...y].flat().reduce((s, v) => s + v * v, 0);
  const gradient = [x, y].map((z) => z.map((row) => row.map((v) => -lambda * v)));
  const pull = [x, y].map((z) => z.map((row) => row.map(() => 0)));
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < y.length; j++) {
      const r = counts.get(i, j);
      const [c, p] = [1 + alpha * r, r > 0 ? 1 : 0];
      const d = p - dot(x[i], y[j]);
      objective += c * d * d;
      for (let t = 0; t < x[i].length; t++) {
        gradient[0][i][t] += c * d * y[j][t];
        gradient[1][j][t] += c * d * x[i][t];
        pull[0][i][t] += c * p * y[j][t];
        pull[1][j][t] += c * p * x[i][t];
      }
    }
  }
  const square = (all: number[][][]) => all.flat(2).reduce((s, v) => s + v * v, 0);
  return { objective, gradient, relative: Math.sqrt(square(gradient) / square(pull)) };
}
