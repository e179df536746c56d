import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockKernels } from '../../src/backend/js/block.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { builds } from './builds.ts';
import { each, expectCalled, expectClose, Sampler, seed } from './samples.ts';

describe.each(builds)('block kernels, $name build', (build) => {
  it('gives softmax probabilities, residuals and loss, however large the predictions, and zero weights no part in them', () => {
    const shape = fc.record({
      n: fc.integer({ min: 1, max: 9 }),
      K: fc.integer({ min: 2, max: 5 }),
      size: fc.constantFrom(1, 30, 1e4),
      weighted: fc.boolean(),
      seed,
    });
    each(build, shape, ({ n, K, size, weighted, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const F = Array.from({ length: n * K }, () => size * random.value());
      const label = Array.from({ length: n }, () => random.integer(K));
      const w = Array.from({ length: n }, (_, i) => (weighted ? (i === 1 ? 0 : random.positive()) : 1 / n));
      const [R, P] = [heap.blank(n * K, 'f64'), heap.blank(n * K, 'f64')];
      const weights = weighted ? heap.input(w, 'f64') : 0;
      const labels = heap.input(label, 'i32');
      const loss = kernels.softmaxDerivatives(heap.input(F, 'f64'), labels, weights, n, K, R, P);
      let total = 0;
      const [p, r] = [new Array<number>(n * K), new Array<number>(n * K)];
      for (let i = 0; i < n; i++) {
        const f = Array.from({ length: K }, (_, k) => F[k * n + i]);
        const top = Math.max(...f);
        const mass = f.reduce((s, v) => s + Math.exp(v - top), 0);
        total += w[i] * (top + Math.log(mass) - f[label[i]]);
        for (let k = 0; k < K; k++) {
          p[k * n + i] = Math.exp(f[k] - top) / mass;
          r[k * n + i] = w[i] * ((label[i] === k ? 1 : 0) - p[k * n + i]);
        }
      }
      expectClose([loss], [total], 1e-13);
      expectClose(heap.read(P, n * K, 'f64'), p, 1e-13);
      expectClose(heap.read(R, n * K, 'f64'), r, 1e-13);
      for (const s of [1, 0.999, 0.5]) {
        let gap = 0;
        for (let i = 0; i < n; i++) {
          for (let k = 0; k < K; k++) {
            const q = s * p[k * n + i] + (label[i] === k ? 1 - s : 0);
            if (q > 0 && w[i] > 0 && p[k * n + i] > 1e-290) gap += w[i] * q * Math.log(q / p[k * n + i]);
          }
        }
        if (size < 1e4) expectClose([kernels.softmaxGap(labels, weights, n, R, P, s)], [gap], 1e-11);
        expect(kernels.softmaxGap(labels, weights, n, R, P, s)).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('keeps Q = C - G B, lowers the objective with every epoch and ends where no block can do better', () => {
    const shape = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      width: fc.integer({ min: 1, max: 3 }),
      seed,
    });
    each(build, shape, ({ sizes, width, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const starts = [0];
      for (const size of sizes) starts.push(starts[starts.length - 1] + size);
      const rows = starts[sizes.length];
      const root = Array.from({ length: rows }, () => Array.from({ length: rows }, () => random.value()));
      const G = root.map((a, i) => root.map((b, j) => a.reduce((s, v, k) => s + v * b[k], i === j ? 0.1 : 0)));
      const C = Array.from({ length: rows * width }, () => 3 * random.value());
      const [a, l1, l2] = [0, 1, 2].map((kind) => sizes.map((_, g) => (kind === g % 3 || kind === (g + 1) % 3 ? 0.3 : 0)));
      const bound = sizes.map((_, g) => {
        let trace = 0;
        for (let r = starts[g]; r < starts[g + 1]; r++) trace += G[r][r];
        return trace;
      });
      const gram = heap.input(G.flat(), 'f64');
      const [Q, B] = [
        heap.output(C, 'f64'),
        heap.output(
          C.map(() => 0),
          'f64',
        ),
      ];
      const list = heap.input(starts, 'i32');
      const [bounds, A, L1, L2] = [bound, a, l1, l2].map((v) => heap.input(v, 'f64'));
      const scratch = heap.blank(2 * 4 * width, 'f64');
      const value = (b: number[]) => {
        let total = 0;
        for (let i = 0; i < rows; i++) {
          for (let k = 0; k < width; k++) {
            const at = i * width + k;
            total -= C[at] * b[at];
            for (let j = 0; j < rows; j++) total += 0.5 * b[at] * G[i][j] * b[j * width + k];
          }
        }
        for (let g = 0; g < sizes.length; g++) {
          const own = b.slice(starts[g] * width, starts[g + 1] * width);
          total += a[g] * Math.hypot(...own) + own.reduce((s, v) => s + l1[g] * Math.abs(v) + 0.5 * l2[g] * v * v, 0);
        }
        return total;
      };
      let last = 0;
      let gain = 1;
      for (let epoch = 0; epoch < 4000 && gain > 1e-26; epoch++) {
        gain = kernels.blockEpoch(gram, rows, rows, width, list, sizes.length, bounds, A, L1, L2, Q, B, scratch);
        const now = value(heap.read(B, rows * width, 'f64'));
        expect(now).toBeLessThanOrEqual(last + 1e-12 * (1 + Math.abs(last)));
        last = now;
      }
      const b = heap.read(B, rows * width, 'f64');
      const q = C.map((c, at) => c - G[Math.floor(at / width)].reduce((s, v, j) => s + v * b[j * width + (at % width)], 0));
      expectClose(heap.read(Q, rows * width, 'f64'), q, 1e-11);
      // Optimal: no small move of any coordinate helps.
      for (let at = 0; at < b.length; at++) {
        for (const d of [1e-5, -1e-5])
          expect(value(b.map((v, i) => (i === at ? v + d : v)))).toBeGreaterThanOrEqual(last - 1e-11 * (1 + Math.abs(last)));
      }
    });
  });

  it('was called with every kernel of its family', () => {
    expectCalled(build, blockKernels(new JsMemory()));
  });
});
