import type { EigenKernels } from '../eigenKernels.ts';
import type { JsMemory } from './jsMemory.ts';

/** Against entries near 1 this is nothing; squares of what is smaller lose their digits below the smallest normal number. */
const NOTHING = 1e-146;

const STEPS = 60;

function dot(f: Float64Array, x: number, y: number, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += f[x + i] * f[y + i];
  return s;
}

function axpy(f: Float64Array, a: number, x: number, y: number, n: number): void {
  for (let i = 0; i < n; i++) f[y + i] += a * f[x + i];
}

function tridiagonalise(f: Float64Array, A: number, n: number, d: number, e: number, beta: number, p: number): void {
  for (let k = 0; k < n - 2; k++) {
    const m = n - k - 1;
    const v = A + k * n + k + 1;
    f[d + k] = f[v - 1];
    const head = f[v];
    const tail = dot(f, v + 1, v + 1, m - 1);
    if (tail <= NOTHING * NOTHING) {
      f[e + k] = head;
      f[beta + k] = 0;
      continue;
    }
    const norm = Math.sqrt(head * head + tail);
    const alpha = head > 0 ? -norm : norm;
    f[e + k] = alpha;
    f[v] = head - alpha;
    const b = 2 / (f[v] * f[v] + tail);
    f[beta + k] = b;
    for (let i = 0; i < m; i++) f[p + i] = b * dot(f, v + (i + 1) * n, v, m);
    axpy(f, -0.5 * b * dot(f, p, v, m), v, p, m);
    for (let i = 0; i < m; i++) {
      const [x, vi, pi] = [v + (i + 1) * n, f[v + i], f[p + i]];
      for (let j = 0; j < m; j++) f[x + j] -= vi * f[p + j] + pi * f[v + j];
    }
  }
  for (let k = Math.max(0, n - 2); k < n; k++) {
    f[d + k] = f[A + k * n + k];
    f[e + k] = k + 1 < n ? f[A + k * n + k + 1] : 0;
  }
}

function accumulate(f: Float64Array, A: number, n: number, beta: number, Z: number): void {
  f.fill(0, Z, Z + n * n);
  for (let i = 0; i < n; i++) f[Z + i * (n + 1)] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const b = f[beta + k];
    if (b === 0) continue;
    const m = n - k - 1;
    for (let i = k + 1; i < n; i++) {
      const z = Z + i * n + k + 1;
      axpy(f, -b * dot(f, z, A + k * n + k + 1, m), A + k * n + k + 1, z, m);
    }
  }
}

function implicitQl(f: Float64Array, n: number, d: number, e: number, Z: number): number {
  let size = 0;
  for (let l = 0; l < n; l++) {
    size = Math.max(size, Math.abs(f[d + l]) + Math.abs(f[e + l]));
    for (let step = 0; ; step++) {
      let m = l;
      for (; m < n - 1; m++) {
        if (Math.abs(f[e + m]) <= 1.1102230246251565e-16 * size) break;
      }
      if (m === l) break;
      if (step === STEPS) return l;
      let g = (f[d + l + 1] - f[d + l]) / (2 * f[e + l]);
      let r = Math.sqrt(g * g + 1);
      g = f[d + m] - f[d + l] + f[e + l] / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const h = s * f[e + i];
        const b = c * f[e + i];
        r = Math.sqrt(h * h + g * g);
        f[e + i + 1] = r;
        if (r === 0) {
          f[d + i + 1] -= p;
          f[e + m] = 0;
          break;
        }
        s = h / r;
        c = g / r;
        g = f[d + i + 1] - p;
        r = (f[d + i] - g) * s + 2 * c * b;
        p = s * r;
        f[d + i + 1] = g + p;
        g = c * r - b;
        if (Z < 0) continue;
        const [x, y] = [Z + i * n, Z + (i + 1) * n];
        for (let j = 0; j < n; j++) {
          const u = f[x + j];
          const v = f[y + j];
          f[x + j] = c * u - s * v;
          f[y + j] = s * u + c * v;
        }
      }
      if (r === 0 && i >= l) continue;
      f[d + l] -= p;
      f[e + l] = g;
      f[e + m] = 0;
    }
  }
  return n;
}

export function eigenKernels(memory: JsMemory): EigenKernels {
  return {
    symmetricEigen(A, n, d, e, Z, scratch) {
      const f = memory.f64;
      A >>>= 3;
      d >>>= 3;
      e >>>= 3;
      scratch >>>= 3;
      const vectors = Z ? Z >>> 3 : -1;
      tridiagonalise(f, A, n, d, e, scratch, scratch + n);
      if (Z) accumulate(f, A, n, scratch, vectors);
      return implicitQl(f, n, d, e, vectors);
    },
  };
}
