import { CsrMatrix } from '../../core/csrMatrix.ts';
import { type FactorizationModel, MatrixFactorization } from '../../factorization/index.ts';
import { type FieldDesign, type FieldParameters, GravityField, type LogPrediction } from './gravityField.ts';
import type { RouteEntries } from './routeEntries.ts';

const RANK = 4;
const MOST_SWEEPS = 20;
/** Factors that are no stronger than noise come out as 0, and this much stronger ones survive. */
const MARGIN = 1.1;

/**
 * `GravityField` and, for what neither attributes nor places explain, factors that are learnt zone by zone: x_i . y_j by alternating least squares on the residuals. The ridge is the largest
 * singular value that noise of this variance would have, so that ridge, which takes that much off every singular value, leaves nothing where there is nothing.
 */
export class FactoredField {
  readonly #field: GravityField;
  readonly #factors: FactorizationModel;
  readonly #scale: number;

  constructor(entries: RouteEntries, design: FieldDesign, parameters: FieldParameters, seed: number) {
    const { zones, row, col } = entries;
    const first = new GravityField(entries, design, parameters, seed, { independent: true, wantCovariance: false });
    const precision = 1 / Math.sqrt(parameters.noise + parameters.pair);
    const R = CsrMatrix.fromCoo(zones, zones, { row, col, value: first.residuals.map((r) => r * precision) });
    const perZone = row.length / zones;
    this.#factors = new MatrixFactorization({
      rank: Math.min(RANK, zones),
      lambda: MARGIN * 2 * Math.sqrt(perZone),
      biases: false,
      maxSweeps: MOST_SWEEPS,
      seed,
    }).fit(R);
    this.#scale = 1 / precision;
    this.#field = new GravityField(entries, design, parameters, seed, { offset: this.#latent(row, col) });
  }

  get unit(): number {
    return this.#field.unit;
  }

  countingVariance(value: number): number {
    return this.#field.countingVariance(value);
  }

  predict(rows: Int32Array, cols: Int32Array): LogPrediction {
    const { mean, variance } = this.#field.predict(rows, cols);
    const latent = this.#latent(rows, cols);
    return { mean: mean.map((m, k) => m + latent[k]), variance };
  }

  #latent(rows: Int32Array, cols: Int32Array): Float64Array {
    return this.#factors.predictEntries(rows, cols, { standardError: false }).value.map((v) => v * this.#scale);
  }
}
