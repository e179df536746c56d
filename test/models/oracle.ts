/**
 * A second opinion on generalised linear models, from the definitions and with plain arrays only. Nothing here comes from src/.
 * @module
 */

export type LossName = 'squared' | 'logistic' | 'squaredHinge' | 'poisson' | 'huber';

/** A penalised problem, complete: y is 0 or 1 for logistic, -1 or 1 for squaredHinge. */
export interface GlmSetup {
  loss: LossName;
  rows: readonly (readonly number[])[];
  y: readonly number[];
  lambda: number;
  l1Ratio: number;
  fitIntercept: boolean;
  standardize: boolean;
  sampleWeight?: readonly number[] | undefined;
  offset?: readonly number[] | undefined;
  penaltyFactors?: readonly number[] | undefined;
  delta?: number;
}

/** Loss of one row. */
export function lossAt(loss: LossName, y: number, f: number, delta = 1.345): number {
  switch (loss) {
    case 'squared':
      return 0.5 * (y - f) ** 2;
    case 'logistic':
      return Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f))) - y * f;
    case 'squaredHinge':
      return Math.max(0, 1 - y * f) ** 2;
    case 'poisson':
      return Math.exp(f) - y * f;
    case 'huber':
      return Math.abs(y - f) <= delta ? 0.5 * (y - f) ** 2 : delta * (Math.abs(y - f) - 0.5 * delta);
  }
}

/** Derivative of the loss by f. */
export function slopeAt(loss: LossName, y: number, f: number, delta = 1.345): number {
  switch (loss) {
    case 'squared':
      return f - y;
    case 'logistic':
      return 1 / (1 + Math.exp(-f)) - y;
    case 'squaredHinge':
      return -2 * y * Math.max(0, 1 - y * f);
    case 'poisson':
      return Math.exp(f) - y;
    case 'huber':
      return Math.max(-delta, Math.min(delta, f - y));
  }
}

export function weightsOf({ y, sampleWeight }: GlmSetup): number[] {
  const raw = sampleWeight ?? y.map(() => 1);
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => w / total);
}

export function linear({ rows, offset }: GlmSetup, coef: ArrayLike<number>, intercept: number): number[] {
  return rows.map((row, i) => row.reduce((sum, x, j) => sum + x * coef[j], intercept + (offset ? offset[i] : 0)));
}

/** Mean loss alone. */
export function meanLoss(setup: GlmSetup, coef: ArrayLike<number>, intercept: number): number {
  const w = weightsOf(setup);
  return linear(setup, coef, intercept).reduce(
    (sum, f, i) => sum + (w[i] === 0 ? 0 : w[i] * lossAt(setup.loss, setup.y[i], f, setup.delta)),
    0,
  );
}

/** Weighted population standard deviation of a column, 1 unless standardised. */
export function unitOf(setup: GlmSetup, j: number): number {
  if (!setup.standardize) return 1;
  const w = weightsOf(setup);
  const mean = setup.rows.reduce((sum, row, i) => sum + w[i] * row[j], 0);
  return Math.sqrt(setup.rows.reduce((sum, row, i) => sum + w[i] * (row[j] - mean) ** 2, 0));
}

/** Objective with an elastic net penalty, or with P(t, b) in place of t |b|, t = lambda times factor. */
export function objective(
  setup: GlmSetup,
  coef: ArrayLike<number>,
  intercept: number,
  penalty: (t: number, b: number) => number = (t, b) => t * b,
): number {
  const { lambda, l1Ratio, penaltyFactors } = setup;
  let value = meanLoss(setup, coef, intercept);
  for (let j = 0; j < coef.length; j++) {
    if (coef[j] === 0) continue;
    const u = Math.abs(coef[j]) * unitOf(setup, j);
    const t = lambda * (penaltyFactors ? penaltyFactors[j] : 1);
    value += penalty(t * l1Ratio, u) + 0.5 * t * (1 - l1Ratio) * u * u;
  }
  return value;
}

/** Negative gradient of the mean loss by every coefficient, and by the intercept. */
export function pulls(setup: GlmSetup, coef: ArrayLike<number>, intercept: number): { columns: number[]; intercept: number } {
  const w = weightsOf(setup);
  const r = linear(setup, coef, intercept).map((f, i) => -w[i] * slopeAt(setup.loss, setup.y[i], f, setup.delta));
  return {
    columns: Array.from(setup.rows[0], (_, j) => setup.rows.reduce((sum, row, i) => sum + row[j] * r[i], 0)),
    intercept: r.reduce((a, b) => a + b, 0),
  };
}
