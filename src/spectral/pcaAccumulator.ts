import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { SpinifexError } from '../core/errors.ts';
import { asMatrix, type Matrix, type MatrixInput } from '../core/matrixInput.ts';
import { CentredMatrix } from './centredMatrix.ts';
import { componentsForFraction, componentsOfMinka } from './chooseComponents.ts';
import { type Decomposition, decompose } from './decompose.ts';
import { eigenpairs } from './eigenpairs.ts';
import { PcaModel } from './pcaModel.ts';
import { checkCount, isCount, type PcaRecipe } from './pcaOptions.ts';
import { orient } from './triplets.ts';

/** Up to this many columns all products of columns are kept, so that nothing is lost. */
const EXACT_COLUMNS = 1000;
const FLAT = 1e-13;
const SILENT = { step: () => {} };

/**
 * Principal components of rows that arrive in chunks; made by `Pca.incremental`. Up to 1000 columns the scatter matrix is merged exactly
 * (Chan, Golub and LeVeque 1983), so the model is that of one fit of all rows. Beyond, what is kept is the components themselves: each
 * chunk is stacked under sigma V' with the row sqrt(n m / (n + m)) (mean - chunk's mean) and decomposed again (Ross and others 2008), which is exact
 * while the rows seen have rank <= components. Sparse chunks are expanded there: keep them small.
 */
export class PcaAccumulator {
  readonly #recipe: PcaRecipe;
  #rows = 0;
  #mean: Float64Array | undefined;
  /** Sum of squares about the mean, all columns. */
  #squares = 0;
  #scatter: Float64Array | undefined;
  #kept: { components: Float64Array; singularValues: Float64Array } | undefined;
  #last: Decomposition | undefined;

  /** @internal */
  constructor(recipe: PcaRecipe) {
    if (recipe.components === 'parallel') {
      throw new RangeError("components: 'parallel' needs all rows at once; expected a number, a share of variance or 'minka'");
    }
    this.#recipe = recipe;
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes in more rows. @throws RangeError for NaN, infinities, another number of columns; what was there before stays */
  add(X: MatrixInput): this {
    const chunk = asMatrix(X);
    const p = chunk.cols;
    if (this.#mean && this.#mean.length !== p) {
      throw new RangeError(`X: expected ${this.#mean.length} columns, as in the first chunk, got ${p}`);
    }
    if (p > EXACT_COLUMNS) this.#requireSimple();
    arena(currentBackend(), (frame) => {
      const exact = p <= EXACT_COLUMNS;
      const C = new CentredMatrix(frame, chunk, { centre: true, standardize: false, ...(exact ? { short: 'features' } : {}) });
      const [n, m] = [this.#rows, chunk.rows];
      const before = this.#mean ?? new Float64Array(p);
      const apart = C.mean.map((x, j) => x - before[j]);
      const weight = (n * m) / (n + m);
      let shift = 0;
      for (const d of apart) shift += d * d;
      if (exact) {
        const out = this.#scatter ? frame.put(this.#scatter) : frame.f64(p * p);
        const fresh = frame.f64(p * p);
        C.gram(fresh);
        frame.kernels.axpy(1, fresh, out, p * p);
        const total = frame.heap.f64(out, p * p);
        for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) total[i * p + j] += weight * apart[i] * apart[j];
        this.#scatter = frame.read(out, p * p);
      } else this.#merge(chunk, C.mean, apart, weight);
      this.#squares += C.squares + weight * shift;
      this.#mean = before.map((x, j) => x + (apart[j] * m) / (n + m));
      this.#rows = n + m;
    });
    return this;
  }

  /** The model of all rows so far. @throws SpinifexError `'NO_DATA'` for fewer than 2 rows, RangeError for too many components */
  model(): PcaModel {
    const { components, whiten } = this.#recipe;
    const n = this.#rows;
    if (n < 2 || !this.#mean) throw new SpinifexError('NO_DATA', `Pca: expected at least 2 rows in all, got ${n}`);
    const p = this.#mean.length;
    if (isCount(components)) checkCount(components, n, p);
    const common = { rows: n, cols: p, mean: this.#mean.slice(), whiten };
    if (!this.#scatter) {
      const last = this.#last!;
      return new PcaModel({ ...last, ...common, totalVariance: this.#squares / (n - 1) });
    }
    return this.#fromScatter(common);
  }

  #fromScatter(common: { rows: number; cols: number; mean: Float64Array; whiten: boolean }): PcaModel {
    const { components, standardize, settings } = this.#recipe;
    const { rows: n, cols: p, mean } = common;
    const S = this.#scatter!.slice();
    let scale: Float64Array | undefined;
    let squares = this.#squares;
    if (standardize) {
      scale = mean.map((m, j) => {
        const second = S[j * p + j] / n;
        return second <= (FLAT * m) ** 2 || second === 0 ? 1 : Math.sqrt(second);
      });
      squares = 0;
      for (let i = 0; i < p; i++) {
        for (let j = 0; j < p; j++) S[i * p + j] /= scale[i] * scale[j];
        squares += S[i * p + i];
      }
    }
    return arena(currentBackend(), (frame) => {
      const { kernels, heap } = frame;
      const { values, order, vectors } = eigenpairs(frame, frame.put(S), p);
      const spectrum = values.map((v) => Math.max(v, 0));
      const variances = spectrum.map((s) => s / (n - 1));
      let k: number;
      if (components === 'minka') k = p > 1 ? componentsOfMinka(kernels, variances, n) : 1;
      else if (isCount(components)) k = components;
      else k = componentsForFraction(variances, Number(components));
      const V = new Float64Array(k * p);
      const raw = heap.f64(vectors, p * p);
      for (let i = 0; i < k; i++) {
        V.set(raw.subarray(order[i] * p, (order[i] + 1) * p), i * p);
        orient(V.subarray(i * p, (i + 1) * p));
      }
      const singularValues = spectrum.subarray(0, k).map(Math.sqrt);
      const certificate = scatterCertificate(S, V, spectrum, k, settings.tol);
      return new PcaModel({
        ...common,
        components: V,
        singularValues,
        totalVariance: squares / (n - 1),
        ...(scale ? { scale } : {}),
        certificate,
      });
    });
  }

  /** [sigma V'; chunk - its mean; sqrt(n m / (n + m)) (mean - chunk's mean)] has the squares of all rows so far. */
  #merge(chunk: Matrix, mean: Float64Array, apart: Float64Array, weight: number): void {
    const k = this.#recipe.components as number;
    const p = chunk.cols;
    const kept = this.#kept;
    const have = kept ? kept.singularValues.length : 0;
    const dense = chunk instanceof DenseMatrix ? chunk : chunk.toDense();
    const rows = have + chunk.rows + (kept ? 1 : 0);
    const stacked = new Float64Array(rows * p);
    for (let i = 0; i < have; i++) {
      for (let j = 0; j < p; j++) stacked[i * p + j] = kept!.singularValues[i] * kept!.components[i * p + j];
    }
    for (let i = 0; i < chunk.rows; i++) {
      for (let j = 0; j < p; j++)
        stacked[(have + i) * p + j] = dense.data[i * dense.rowStride + j * dense.columnStride] - mean[j];
    }
    if (kept) for (let j = 0; j < p; j++) stacked[(rows - 1) * p + j] = Math.sqrt(weight) * apart[j];
    this.#last = arena(currentBackend(), (frame) => {
      const C = new CentredMatrix(frame, new DenseMatrix(stacked, rows, p), { centre: false, standardize: false });
      return decompose(C, Math.min(k, rows, p), 'full', this.#recipe.settings, SILENT);
    });
    this.#kept = { components: this.#last.components, singularValues: this.#last.singularValues };
  }

  #requireSimple(): void {
    const { components, standardize } = this.#recipe;
    if (isCount(components) && !standardize) return;
    throw new RangeError(
      `Pca: chunks with more than ${EXACT_COLUMNS} columns are merged into a fixed number of components, not standardised`,
    );
  }
}

/** Residual of the scatter matrix S v = sigma^2 v, as that of the singular triplet: ||S v - sigma^2 v|| / (sigma sigma_1). */
function scatterCertificate(S: Float64Array, V: Float64Array, spectrum: Float64Array, k: number, tol: number) {
  const p = spectrum.length;
  const largest = Math.sqrt(spectrum[0]) || 1;
  let [residual, orthogonality] = [0, 0];
  for (let i = 0; i < k; i++) {
    let squares = 0;
    for (let r = 0; r < p; r++) {
      let x = -spectrum[i] * V[i * p + r];
      for (let c = 0; c < p; c++) x += S[r * p + c] * V[i * p + c];
      squares += x * x;
    }
    // Below the square root of rounding a singular value is not told from 0 by a scatter matrix.
    residual = Math.max(residual, Math.sqrt(squares) / (Math.max(Math.sqrt(spectrum[i]), 1e-8 * largest) * largest));
    for (let j = 0; j <= i; j++) {
      let s = i === j ? -1 : 0;
      for (let c = 0; c < p; c++) s += V[i * p + c] * V[j * p + c];
      orthogonality = Math.max(orthogonality, Math.abs(s));
    }
  }
  const sigma = spectrum.map(Math.sqrt);
  const gaps = Float64Array.from({ length: k }, (_, i) => {
    const below = i + 1 < p ? sigma[i] - sigma[i + 1] : Infinity;
    const gap = Math.min(below, i > 0 ? sigma[i - 1] - sigma[i] : Infinity);
    return (gap === Infinity ? sigma[i] : gap) / largest;
  });
  const converged = residual <= tol;
  const status = converged ? ('converged' as const) : ('machinePrecision' as const);
  return { converged, status, residual, orthogonality, gaps, iterations: 1, tol };
}
