/** Kernel rows of the cluster room; see kernelRows.mjs for their shape. */
import { Random } from './data.mjs';

const F64 = Float64Array;
const I32 = Int32Array;

const [N, P, K, STRIDE] = [4000, 64, 50, 56];
const normals = (n, seed) => new Random(seed).normals(n);
const squares = (X, p) =>
  F64.from({ length: X.length / p }, (_, i) => X.subarray(i * p, (i + 1) * p).reduce((s, v) => s + v * v, 0));

const simple = (name, target, wire) => ({
  name,
  target,
  data: () => ({}),
  wire(m) {
    const [run, ...out] = wire(m);
    return { run, out };
  },
});

export const clusterRows = [
  simple(`nearest of ${K} centres, ${N} x ${P}, no bounds yet`, 3, (m) => {
    const [X, C] = [normals(N * P, 91), normals(K * P, 92)];
    const norms = squares(C, P);
    const [T, bias] = [new Float32Array(P * STRIDE), new Float32Array(STRIDE)];
    for (let c = 0; c < K; c++) {
      bias[c] = -norms[c] / 2;
      for (let j = 0; j < P; j++) T[j * STRIDE + c] = C[c * P + j];
    }
    const radius = Math.sqrt(Math.max(...norms));
    const e = (P + 8) * 6.3e-8;
    const [labels, dirty] = [m.zeros(I32, N), m.zeros(I32, K)];
    const [upper, lower, none] = [m.zeros(F64, N), m.zeros(F64, N), m.zeros(F64, K)];
    const scratch = m.zeros(F64, 68 * P + 64 * STRIDE + 64);
    const at = [0, 0, m.put(X), N, P, m.put(squares(X, P)), m.put(C), m.put(norms), K, m.put(T), STRIDE, m.put(bias)];
    const slack = [e * radius, (e * radius * radius) / 2];
    const view = m.view(I32, labels, N);
    const run = () => {
      view.fill(-1);
      m.kernels.hamerlyStep(...at, none, none, none, ...slack, labels, upper, lower, dirty, scratch);
    };
    return [run, I32, labels, N];
  }),
  simple(`sums of rows by cluster, ${N} x ${P}`, undefined, (m) => {
    const labels = I32.from({ length: N }, (_, i) => (i * 7) % K);
    const [dirty, sums, mass] = [m.put(new I32(K).fill(1)), m.zeros(F64, K * P), m.zeros(F64, K)];
    const at = [0, 0, m.put(normals(N * P, 91)), N, P, m.put(labels), 0, K, dirty, sums, mass];
    return [() => m.kernels.centreSums(...at), F64, sums, K * P];
  }),
  simple(`Gaussian distances, ${N} x ${P}`, 3, (m) => {
    const [out, scratch] = [m.zeros(F64, N), m.zeros(F64, 64 * P + 64 * P + 4 * P)];
    const at = [m.put(normals(N * P, 91)), N, P, m.put(normals(P, 93)), m.put(normals(P * P, 94)), P, out, 1, scratch];
    return [() => m.kernels.gaussianDistances(...at), F64, out, N];
  }),
];
