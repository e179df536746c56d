import type { Matrix } from '../../src/index.ts';
import type { EstimatorFitOptions, Targets } from '../../src/selection/index.ts';

/** Remembers what it was given; predicts the weighted mean of y. */
export class MeanRecipe {
  readonly fits: { X: Matrix; y: Targets; options: EstimatorFitOptions | undefined }[] = [];

  fit(X: Matrix, y: Targets, options?: EstimatorFitOptions) {
    this.fits.push({ X, y, options });
    const weights = options?.sampleWeight ?? new Float64Array(y.length).fill(1);
    let [sum, total] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      sum += weights[i] * (y[i] as number);
      total += weights[i];
    }
    return { mean: sum / total, predict: (Z: Matrix) => new Float64Array(Z.rows).fill(sum / total) };
  }
}

/** Says the label of the nearest class mean along the first column. */
export class NearestMean {
  fit(X: Matrix, y: ArrayLike<string>) {
    const first = column(X);
    const classes = [...new Set(Array.from(y))].sort();
    const centres = classes.map((label) => {
      const own = first.filter((_, i) => y[i] === label);
      return own.reduce((a, b) => a + b, 0) / own.length;
    });
    const decision = (Z: Matrix) => column(Z).map((v) => Math.abs(v - centres[0]) - Math.abs(v - centres[1]));
    const predict = (Z: Matrix) => Array.from(decision(Z), (d) => classes[d > 0 ? 1 : 0]);
    return { classes, decision, predict };
  }
}

function column(X: Matrix): Float64Array {
  return X.matvec(Float64Array.from({ length: X.cols }, (_, j) => +(j === 0)));
}
