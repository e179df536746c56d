/**
 * Objective and duality gap of a linear classifier, from its coefficients alone: the same few lines for ours and for every peer.
 *
 *   1/n sum_i phi(y_i f_i) + lambda ||w||_1,   f = b + Xw,   y = 1 and -1
 *
 * The dual point is the negative slope of the loss with the best intercept for w, so that it sums to 0, shrunk until it is feasible.
 */

/** Losses of a margin: value, negative slope a >= 0, curvature, and what a is worth in the dual. */
export const LOSSES = {
  logistic: {
    value: (m) => (m > 0 ? Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)) - m),
    slope: (m) => 1 / (1 + Math.exp(m)),
    bend: (m) => 1 / (2 + Math.exp(m) + Math.exp(-m)),
    worth: (a) => (a > 0 && a < 1 ? -a * Math.log(a) - (1 - a) * Math.log1p(-a) : 0),
  },
  squaredHinge: {
    value: (m) => Math.max(0, 1 - m) ** 2,
    slope: (m) => 2 * Math.max(0, 1 - m),
    bend: (m) => (m < 1 ? 2 : 0),
    worth: (a) => a - (a * a) / 4,
  },
};

const NEWTON_STEPS = 100;

export class GlmMeter {
  #X;
  #y;
  #loss;
  #intercept;
  /** Objective of the best model without columns. */
  nullObjective;
  lambdaMax;

  /** @param y 1 and -1 */
  constructor(X, y, loss, intercept) {
    this.#X = X;
    this.#y = y;
    this.#loss = LOSSES[loss];
    this.#intercept = intercept;
    const f = new Float64Array(y.length).fill(intercept ? this.#bestIntercept(new Float64Array(y.length), 0) : 0);
    this.nullObjective = this.#mean((i) => this.#loss.value(y[i] * f[i]));
    this.lambdaMax = this.#largest(this.#slopes(f));
  }

  /** Primal, dual and their difference over the null objective, for { intercept, index, values }. */
  measure({ intercept, index, values }, lambda) {
    const w = new Float64Array(this.#X.cols);
    for (const [k, j] of index.entries()) w[j] = values[k];
    const raw = this.#X.matvec(w);
    const penalty = lambda * values.reduce((total, value) => total + Math.abs(value), 0);
    const primal = penalty + this.#mean((i) => this.#loss.value(this.#y[i] * (raw[i] + intercept)));
    const b = this.#intercept ? this.#bestIntercept(raw, intercept) : 0;
    const a = this.#slopes(raw.map((value) => value + b));
    const s = Math.min(1, lambda / Math.max(this.#largest(a), 1e-300));
    const dual = this.#mean((i) => this.#loss.worth(s * a[i] * this.#y[i]));
    return { primal, dual, gap: Math.abs(primal - dual) / this.nullObjective };
  }

  #mean(term) {
    let total = 0;
    for (let i = 0; i < this.#y.length; i++) total += term(i);
    return total / this.#y.length;
  }

  /** Negative slopes of the loss in f. */
  #slopes(f) {
    return f.map((value, i) => this.#y[i] * this.#loss.slope(this.#y[i] * value));
  }

  #largest(a) {
    return this.#X.rmatvec(a).reduce((most, g) => Math.max(most, Math.abs(g)), 0) / this.#y.length;
  }

  /** Newton in one dimension. */
  #bestIntercept(raw, start) {
    let b = start;
    for (let k = 0; k < NEWTON_STEPS; k++) {
      let [slope, bend] = [0, 0];
      for (let i = 0; i < raw.length; i++) {
        const m = this.#y[i] * (raw[i] + b);
        slope += this.#y[i] * this.#loss.slope(m);
        bend += this.#loss.bend(m);
      }
      const step = slope / bend;
      b += step;
      if (Math.abs(step) <= 1e-15 * (1 + Math.abs(b))) break;
    }
    return b;
  }
}
