/** One cold start, in a process of its own: import to the end of the first 100 x 20 fit. `cold.mjs empty` only starts and stops. */
const start = performance.now();
if (process.argv[2] !== 'empty') {
  const { DenseMatrix, Lasso } = await import('../dist/index.js');
  const [n, p] = [100, 20];
  const X = new Float64Array(n * p);
  let state = 1;
  for (let e = 0; e < X.length; e++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    X[e] = state / 2 ** 31 - 1;
  }
  const y = Float64Array.from({ length: n }, (_, i) => X[i * p] - 2 * X[i * p + 3]);
  const { certificate } = new Lasso({ lambda: 0.05 }).fit(new DenseMatrix(X, n, p), y);
  const ms = performance.now() - start;
  if (!certificate.converged) throw new Error('the first fit did not converge');
  console.log(ms);
}
