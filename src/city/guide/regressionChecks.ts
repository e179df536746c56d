import { CsrMatrix } from '../../core/csrMatrix.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { sign } from '../../core/sign.ts';
import { Lasso, LinearRegression } from '../../linear/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { compare } from './compare.ts';
import { DESTINATIONS, ROADS, ROUTES, SOURCES } from './guideNumbers.ts';

const ETA = 0.1;
const LAMBDA = 0.02;
const N = ROUTES.length;

/** What is regressed on the routes to A, B, C: the routes to D that the guide's factors give (section 7). */
export const ROUTES_TO_D = SOURCES.map((source) => dot(source, DESTINATIONS[3]));

/** Sections 4, 5.3 and 14: equations 7 to 12, 14, 46 and 47. */
export function regressionChecks(): GuideCheck[] {
  const X = DenseMatrix.from(ROUTES);
  const residual = residualOf(ROADS);
  const gradient = [0, 1, 2].map((j) => dot(column(j), residual));
  const step = ROADS.map((w, j) => w - ETA * (gradient[j] + LAMBDA * (w > 0 ? 1 : -1)));
  const ours = stepped(X);
  return [...lossChecks(), ...gradientChecks(X, gradient, step, ours), ...transposeChecks(X, residual, gradient, step)];
}

function lossChecks(): GuideCheck[] {
  const linear = new LinearRegression().fit(ROUTES.slice(0, 2), ROUTES_TO_D.slice(0, 2));
  // The library halves the loss: 1/(2n) sum e^2 + lambda/2 sum |w| is half of equation 8.
  const model = new Lasso({ lambda: LAMBDA / 2, fitIntercept: false, tol: 1e-14 }).fit(ROUTES, ROUTES_TO_D);
  const squares = residualOf(model.coef).reduce((sum, e) => sum + e * e, 0);
  const size = model.coef.reduce((sum, w) => sum + Math.abs(w), 0);
  const equation8 = squares / N + LAMBDA * size;
  return [
    compare(
      'equation 7',
      'Prediction of the linear model with bias for F, G, H',
      ROUTES.map((row) => dot(row, linear.coef) + linear.intercept),
      linear.predict(ROUTES),
    ),
    compare('equation 8', 'MSE + lambda sum |w| at the lasso’s minimum', equation8, 2 * model.certificate.primal),
    compare(
      'equation 9',
      'The same in matrix form',
      squares + LAMBDA * size,
      2 * model.certificate.primal,
      'Equation 9 drops the 1/n of the MSE in equation 8, so that the same lambda weighs n times less against the error.',
    ),
    compare('equation 9', 'The same in matrix form, with the 1/n', squares / N + LAMBDA * size, 2 * model.certificate.primal),
    compare('equation 14', 'Error + penalty', squares / (2 * N) + (LAMBDA / 2) * size, model.certificate.primal),
  ];
}

function gradientChecks(X: DenseMatrix, gradient: number[], step: number[], ours: number[]): GuideCheck[] {
  const options = { lambda: LAMBDA, fitIntercept: false, tol: 1e-10 } as const;
  const descent = new Lasso({ ...options, solver: 'subgradient', maxEpochs: 20_000 }).fit(ROUTES, ROUTES_TO_D);
  const exact = new Lasso(options).fit(ROUTES, ROUTES_TO_D);
  return [
    compare('equation 10', 'One step from the weights (18) to (20), eta = 0.1, lambda = 0.02', step, ours),
    compare(
      'equation 10',
      'The derivative of the MSE at the same weights',
      gradient,
      differences(X),
      'X’(XW - Y) lacks the factor 2/n of the MSE, which changes what a given lambda and eta mean.',
    ),
    compare(
      'equation 10',
      'Weights that are exactly 0 after many steps: gradient descent with sign(W), and the minimum itself',
      [exact.coef.filter((w) => w === 0).length],
      [descent.coef.filter((w) => w === 0).length],
      'Subtracting eta lambda sign(W) jumps across 0 instead of stopping there, so equation 10 alone closes no road; equation 13 does.',
    ),
  ];
}

function transposeChecks(X: DenseMatrix, residual: number[], gradient: number[], step: number[]): GuideCheck[] {
  const sparse = CsrMatrix.fromDense(ROUTES);
  const ours = sparse.rmatvec(residual);
  return [
    compare(
      'equation 11',
      'X’: one row per city, one column per route',
      [0, 1, 2].map(column),
      sparse.transpose().toDense().toRows(),
    ),
    compare('equation 12', 'X’e: products of each city’s column with the errors, added up', gradient, X.rmatvec(residual)),
    compare(
      'equation 46',
      'One step of learning, as in equation 10',
      step,
      ROADS.map((w, j) => w - ETA * (ours[j] + LAMBDA * sign(w))),
    ),
    compare('equation 47', 'X’(XW - Y), as in equations 11 and 12, from the sparse matrix', gradient, ours),
  ];
}

/** Equation 10 by the library's product and sign. */
function stepped(X: DenseMatrix): number[] {
  const error = X.matvec(ROADS).map((f, i) => f - ROUTES_TO_D[i]);
  const g = X.rmatvec(error);
  const s = sign(ROADS);
  return ROADS.map((w, j) => w - ETA * (g[j] + LAMBDA * s[j]));
}

/** Central differences of the MSE over a step of 1, which are exact for a square. */
function differences(X: DenseMatrix): number[] {
  const mse = (W: readonly number[]) => X.matvec(W).reduce((sum, f, i) => sum + (f - ROUTES_TO_D[i]) ** 2, 0) / N;
  return ROADS.map((_, j) => {
    const moved = (by: number) => ROADS.map((w, k) => (k === j ? w + by : w));
    return mse(moved(0.5)) - mse(moved(-0.5));
  });
}

const column = (j: number): number[] => ROUTES.map((row) => row[j]);

function residualOf(W: ArrayLike<number>): number[] {
  return ROUTES.map((row, i) => dot(row, W) - ROUTES_TO_D[i]);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
