/** Loops and scalar steps that several kernels share. Positions are element numbers in the view beside them, not pointers. */
export type MatrixView = Float64Array | Float32Array;

/** x . y with four running sums: one alone would wait for each addition. */
export function dotProduct(view: MatrixView, x: number, f: Float64Array, y: number, n: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (const end = n - 3; i < end; i += 4) {
    a += view[x + i] * f[y + i];
    b += view[x + i + 1] * f[y + i + 1];
    c += view[x + i + 2] * f[y + i + 2];
    d += view[x + i + 3] * f[y + i + 3];
  }
  for (; i < n; i++) a += view[x + i] * f[y + i];
  return a + c + (b + d);
}

/** y += a x */
export function addScaled(a: number, view: MatrixView, x: number, f: Float64Array, y: number, n: number): void {
  for (let i = 0; i < n; i++) f[y + i] += a * view[x + i];
}

/** sign(x) max(|x| - t, 0); NaN stays NaN. */
export function shrink(x: number, t: number): number {
  const a = Math.abs(x) - t;
  return a <= 0 ? 0 : x > 0 ? a : -a;
}

export function clip(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** One running sum, as in the loops that take several columns at once: a column has the same bits alone and in a group. */
export function dotInOrder(view: MatrixView, x: number, f: Float64Array, y: number, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += view[x + i] * f[y + i];
  return s;
}
