import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { spikingKernels } from '../../src/backend/js/spiking.ts';
import { builds } from './builds.ts';
import { compress, each, expectCalled, length, Sampler, seed } from './samples.ts';

const { fround } = Math;
const shape = fc.record({ n: length, seed, refractory: fc.constantFrom(0, 1, 3) });

describe.each(builds)('spiking kernels, $name build', (build) => {
  it('simulates a network for twenty steps with the spikes and voltages of the definition, bit for bit', () => {
    each(build, shape, ({ n, seed, refractory }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const single = () => fround(random.value());
      const [decay, rest, threshold, reset] = [0.9 + 0.1 * random.unit(), -0.1 * random.unit(), 0.8, -0.3];
      const weights = random.sparse(n, n, 'F32');
      const { indptr, indices, data } = compress(weights);
      const [INDPTR, TARGETS, WEIGHTS] = [heap.input(indptr, 'i32'), heap.input(indices, 'i32'), heap.input(data, 'f32')];

      const v = random.vector(n, single);
      const input = random.vector(n, single);
      const countdown = random.vector(n, () => random.integer(3));
      const [V, INPUT, COUNTDOWN] = [heap.output(v, 'f32'), heap.output(input, 'f32'), heap.output(countdown, 'i32')];
      const SPIKES = heap.blank(n, 'i32');

      for (let step = 0; step < 20; step++) {
        const spikes: number[] = [];
        for (let i = 0; i < n; i++) {
          if (countdown[i] > 0) countdown[i]--;
          else {
            const leak = fround(fround(v[i] - fround(rest)) * fround(decay));
            v[i] = fround(fround(fround(rest) + leak) + input[i]);
            if (v[i] >= fround(threshold)) {
              v[i] = fround(reset);
              countdown[i] = refractory;
              spikes.push(i);
            }
          }
          input[i] = 0;
        }
        const count = kernels.lifStep(V, INPUT, COUNTDOWN, n, decay, rest, threshold, reset, refractory, SPIKES);
        expect(heap.read(SPIKES, count, 'i32')).toEqual(spikes);
        expect(heap.read(V, n, 'f32')).toEqual(v);
        expect(heap.read(COUNTDOWN, n, 'i32')).toEqual(countdown);
        expect(heap.read(INPUT, n, 'f32')).toEqual(input);

        for (const source of spikes) {
          weights[source].forEach((w, target) => {
            input[target] = fround(input[target] + w);
          });
        }
        kernels.spikePropagate(SPIKES, count, INDPTR, TARGETS, WEIGHTS, INPUT);
        expect(heap.read(INPUT, n, 'f32')).toEqual(input);
      }
    });
  });

  it('spikes at the threshold itself and holds the voltage while refractory', () => {
    const { kernels, heap } = build;
    for (const n of [1, 4, 5]) {
      heap.reset();
      const full = (value: number, kind: 'f32' | 'i32') => heap.output(new Array(n).fill(value), kind);
      const [V, INPUT, COUNTDOWN, SPIKES] = [full(0, 'f32'), full(1, 'f32'), full(0, 'i32'), heap.blank(n, 'i32')];
      expect(kernels.lifStep(V, INPUT, COUNTDOWN, n, 0.5, 0, 1, 0.25, 2, SPIKES)).toBe(n);
      for (const left of [1, 0]) {
        expect(kernels.lifStep(V, INPUT, COUNTDOWN, n, 0.5, 0, 1, 0.25, 2, SPIKES)).toBe(0);
        expect(heap.read(V, n, 'f32')).toEqual(new Array(n).fill(0.25));
        expect(heap.read(COUNTDOWN, n, 'i32')).toEqual(new Array(n).fill(left));
      }
      heap.check();
    }
  });

  it('calls every kernel of its group', () => expectCalled(build, spikingKernels(new JsMemory())));
});
