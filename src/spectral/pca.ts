import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, optionsObject, refuse } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { countAboveNoise, countByEvidence, countByShare } from './componentCount.ts';
import { type DesignProducts, designProducts } from './designProducts.ts';
import { PcaModel } from './pcaModel.ts';
import { permutedColumns } from './permutedColumns.ts';
import { type SingularTriplets, singularTriplets } from './singularTriplets.ts';
import { SpectralOperator } from './spectralOperator.ts';
import { SPECTRAL_OPTIONS, type SpectralOptions, type SpectralRecipe, spectralRecipe } from './spectralOptions.ts';

/** How many components: a number; the share in (0, 1) of the variance to explain; `'minka'`; or `'parallel'`. */
export type ComponentCount = number | 'minka' | 'parallel';

/** Options of `Pca`. */
export interface PcaOptions extends SpectralOptions {
  /**
   * A whole number; a share in (0, 1) of the variance; `'minka'`: the number with the largest evidence, for n > p; `'parallel'`: components that exceed 95 % of
   * 20 random permutations of the columns. All min(n, p) by default.
   */
  components?: ComponentCount;
  /** Whether columns are divided by their population standard deviation (1/n); those without spread by 1. @default false */
  standardize?: boolean;
  /** Whether scores are divided by their standard deviation. @default false */
  whiten?: boolean;
}

const PERMUTATIONS = 20;
const QUANTILE = 0.95;
const MISSING = '; PCA cannot use missing or infinite values: MatrixFactorization fits the observed entries alone';

/**
 * Principal component analysis: orthonormal directions v of largest variance of the centred (and scaled) rows, the leading right singular
 * vectors of C = (X - 1 mean') D^-1 (Jolliffe 2002). Sparse X is centred implicitly and never densified.
 *
 * Variances divide by n - 1; ratios are to the variance of all columns. The certificate is the residual |C'u - sigma v| / sigma_1.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new Pca({ components: 1 }).fit([[0, 0], [1, 1], [2, 2.1]]);
 * model.explainedVarianceRatio; // Float64Array [ 0.9998... ]
 */
export class Pca {
  readonly components: ComponentCount | undefined;
  readonly standardize: boolean;
  readonly whiten: boolean;
  readonly #recipe: SpectralRecipe;

  constructor(options?: PcaOptions) {
    const o = optionsObject(options, 'Pca', ['components', 'standardize', 'whiten', ...SPECTRAL_OPTIONS]);
    this.components = componentCount(o.components);
    this.standardize = booleanFlag(o.standardize ?? false, 'standardize');
    this.whiten = booleanFlag(o.whiten ?? false, 'whiten');
    this.#recipe = spectralRecipe(o);
  }

  /**
   * @param X n x p, n >= 2, dense or sparse, or a `ResidentMatrix`
   * @throws TypeError, RangeError for a value that is not finite (`X[3][1] is NaN`), fewer than 2 rows, or more components than min(n, p)
   */
  fit(X: DesignInput, options?: RunOptions): PcaModel {
    const { signal, onProgress } = optionsObject(options, 'fit', ['signal', 'onProgress']);
    const report = withTimeLeft(onProgress);
    return arena(currentBackend(), (frame) => {
      const data = designProducts(frame, X, MISSING);
      const { rows: n, cols: p } = data.products;
      if (n < 2) throw new RangeError(`X: expected at least 2 rows, got ${n}`);
      const most = Math.min(n, p);
      if (typeof this.components === 'number' && this.components > most) {
        throw new RangeError(`components: expected at most min(${n}, ${p}), the size of X, got ${this.components}`);
      }
      const { op, scale, totalVariance } = this.#operator(frame, data);
      const tick = (products: number) => {
        signal?.throwIfAborted();
        report?.({ done: products, total: Math.max(products, 4 * most) });
      };
      const triplets = (k: number) => singularTriplets(op, k, { ...this.#recipe, tick });
      const { found, k } = this.#choose(frame, X, op, triplets, most, totalVariance, signal);
      const sigma = found.sigma.subarray(0, k);
      const explainedVariance = Float64Array.from(sigma, (s) => (s * s) / (n - 1));
      const rest = totalVariance - explainedVariance.reduce((a, b) => a + b, 0);
      const { certificate } = found;
      return new PcaModel({
        components: new DenseMatrix(found.V.slice(0, k * p), k, p),
        singularValues: sigma.slice(),
        explainedVariance,
        totalVariance,
        noiseVariance: most > k ? Math.max(0, rest) / (most - k) : 0,
        mean: frame.read(data.mean, p),
        scale,
        rows: n,
        whiten: this.whiten,
        certificate: { ...certificate, gaps: certificate.gaps.slice(0, k) },
      });
    });
  }

  #operator(frame: Arena, { products, mean, variance }: DesignProducts) {
    const { rows: n, cols: p } = products;
    const variances = frame.read(variance, p);
    const scale = this.standardize ? variances.map((v) => (v > 0 ? Math.sqrt(v) : 1)) : undefined;
    let total = 0;
    for (const v of variances) total += this.standardize ? Number(v > 0) : v;
    const inverse = scale ? frame.put(scale.map((s) => 1 / s)) : 0;
    return { op: new SpectralOperator(frame, products, mean, inverse), scale, totalVariance: (total * n) / (n - 1) };
  }

  /** The triplets, and how many of them are wanted. */
  #choose(
    frame: Arena,
    X: DesignInput,
    op: SpectralOperator,
    triplets: (k: number) => SingularTriplets,
    most: number,
    totalVariance: number,
    signal: AbortSignal | undefined,
  ): { found: SingularTriplets; k: number } {
    const { components } = this;
    const { rows: n, cols: p } = op;
    if (components === undefined) return { found: triplets(most), k: most };
    if (typeof components === 'number' && components >= 1) return { found: triplets(components), k: components };
    const variances = ({ sigma }: SingularTriplets) => sigma.map((s) => (s * s) / (n - 1));
    if (typeof components === 'number') {
      for (let k = Math.min(most, 16); ; k = Math.min(most, 2 * k)) {
        const found = triplets(k);
        const ratios = variances(found).map((v) => (totalVariance > 0 ? v / totalVariance : 0));
        const reached = ratios.reduce((a, b) => a + b, 0) >= components;
        if (reached || k === most) return { found, k: countByShare(ratios, components) };
      }
    }
    if (components === 'minka' && n <= p)
      throw new RangeError(`components: 'minka' expects more rows than columns, got ${n} x ${p}`);
    const found = triplets(most);
    if (components === 'minka') return { found, k: countByEvidence(variances(found), n, frame.kernels) };
    const random = new Random(this.#recipe.seed, 3);
    const noise = Array.from({ length: PERMUTATIONS }, () =>
      arena(frame.backend, (inner) => {
        const { op: permuted } = this.#operator(inner, designProducts(inner, permutedColumns(X, random)));
        return variances(singularTriplets(permuted, most, { ...this.#recipe, tick: () => signal?.throwIfAborted() }));
      }),
    );
    return { found, k: countAboveNoise(variances(found), noise, QUANTILE) };
  }
}

function componentCount(value: ComponentCount | undefined): ComponentCount | undefined {
  if (value === undefined || value === 'minka' || value === 'parallel') return value;
  if (typeof value !== 'number') refuse(value, 'components', "a whole number, a share in (0, 1), 'minka' or 'parallel'", false);
  if (value > 0 && value < 1) return value;
  return integerIn(value, 'components', 1);
}
