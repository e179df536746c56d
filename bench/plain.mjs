/**
 * What a careful JavaScript author writes without a library: loops over separate typed arrays. Where such a loop is faster than the
 * package's own JavaScript kernel, it is the one that Wasm is compared with.
 */

export function csrMatvec({ rows, indptr, indices, data }, x, out) {
  for (let o = 0; o < rows; o++) {
    let s = 0;
    for (let e = indptr[o], end = indptr[o + 1]; e < end; e++) s += data[e] * x[indices[e]];
    out[o] = s;
  }
}

export function csrRmatvec({ rows, indptr, indices, data }, x, out) {
  for (let o = 0; o < rows; o++) {
    const a = x[o];
    for (let e = indptr[o], end = indptr[o + 1]; e < end; e++) out[indices[e]] += a * data[e];
  }
}

function shrink(x, t) {
  return x > t ? x - t : x < -t ? x + t : 0;
}

export function sparseEpoch({ cols, indptr, indices, data }, n, mean, second, lambda, coef, u, total) {
  for (let j = 0; j < cols; j++) {
    const start = indptr[j];
    const end = indptr[j + 1];
    let g = -mean[j] * total;
    for (let e = start; e < end; e++) g += data[e] * u[indices[e]];
    const b = shrink(g + second[j] * coef[j], lambda) / second[j];
    const d = b - coef[j];
    if (d === 0) continue;
    coef[j] = b;
    const step = d / n;
    for (let e = start; e < end; e++) u[indices[e]] -= step * data[e];
    total -= d * mean[j];
  }
  return total;
}

/** x . u, four sums at a time: one alone would wait for each addition. */
function dotFrom(X, x, u, n) {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (const end = n - 3; i < end; i += 4) {
    a += X[x + i] * u[i];
    b += X[x + i + 1] * u[i + 1];
    c += X[x + i + 2] * u[i + 2];
    d += X[x + i + 3] * u[i + 3];
  }
  for (; i < n; i++) a += X[x + i] * u[i];
  return a + b + (c + d);
}

export function denseEpoch(X, n, p, mean, second, lambda, coef, u, total) {
  for (let j = 0; j < p; j++) {
    const x = j * n;
    const g = dotFrom(X, x, u, n) - mean[j] * total;
    const b = shrink(g + second[j] * coef[j], lambda) / second[j];
    const d = b - coef[j];
    if (d === 0) continue;
    coef[j] = b;
    const step = d / n;
    for (let i = 0; i < n; i++) u[i] -= step * X[x + i];
    total -= d * mean[j];
  }
  return total;
}

/** X'u of a column-major X. */
export function denseDots(X, n, p, u, out) {
  for (let j = 0; j < p; j++) out[j] = dotFrom(X, j * n, u, n);
}

/** y += X w of a column-major X. */
export function denseCombine(X, n, p, w, y) {
  for (let j = 0; j < p; j++) {
    const a = w[j];
    const x = j * n;
    for (let i = 0; i < n; i++) y[i] += a * X[x + i];
  }
}

export function lifStep(v, input, countdown, decay, rest, threshold, reset, refractory, spikes) {
  let count = 0;
  for (let i = 0; i < v.length; i++) {
    if (countdown[i] > 0) countdown[i]--;
    else {
      const potential = rest + (v[i] - rest) * decay + input[i];
      if (potential >= threshold) {
        v[i] = reset;
        countdown[i] = refractory;
        spikes[count++] = i;
      } else v[i] = potential;
    }
    input[i] = 0;
  }
  return count;
}

export function expVector(x, out) {
  for (let i = 0; i < x.length; i++) out[i] = Math.exp(x[i]);
}

export function logVector(x, out) {
  for (let i = 0; i < x.length; i++) out[i] = Math.log(x[i]);
}

export function log1pVector(x, out) {
  for (let i = 0; i < x.length; i++) out[i] = Math.log1p(x[i]);
}

export function dot(x, y) {
  return dotFrom(x, 0, y, x.length);
}

export function softThreshold(x, t, out) {
  for (let i = 0; i < x.length; i++) out[i] = shrink(x[i], t);
}

/** out = bias + X W, X rows x k, W k x width. */
export function affine(X, rows, k, W, width, bias, out) {
  for (let r = 0; r < rows; r++) {
    const to = r * width;
    for (let j = 0; j < width; j++) out[to + j] = bias[j];
    for (let i = 0; i < k; i++) {
      const x = X[r * k + i];
      for (let j = 0, w = i * width; j < width; j++, w++) out[to + j] += x * W[w];
    }
  }
}

export function adam(w, g, m, v, rate, beta1, beta2, epsilon, lambda) {
  for (let i = 0; i < w.length; i++) {
    const first = beta1 * m[i] + (1 - beta1) * g[i];
    const second = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    const h = rate / (epsilon + Math.sqrt(second));
    const after = shrink(w[i] - h * first, h * lambda);
    m[i] = after === 0 && w[i] !== 0 ? 0 : first;
    v[i] = second;
    w[i] = after;
  }
}
