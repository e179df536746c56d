import type { NeuronKernels } from '../simulationKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import type { MatrixView } from './loops.ts';

// Two loops for one formula: rounding to f32 after every operation is what the kernels do, and a function for it would cost the baseline.

const fround = Math.fround;

export function neuronKernels(memory: JsMemory): NeuronKernels {
  /** What a neuron over its threshold does; returns the new end of the log. */
  function fire(
    view: MatrixView,
    P: number,
    x: number,
    adaptation: number,
    until: number,
    step: number,
    log: number,
    at: number,
    i: number,
  ): number {
    const { f64, i32 } = memory;
    if (i32[until + i] > step) return at;
    view[x + i] = f64[P + 2];
    if (adaptation > 0) view[adaptation + i] += view === memory.f32 ? fround(f64[P + 7]) : f64[P + 7];
    i32[until + i] = step + f64[P + 3];
    i32[log + at] = i;
    return at + 1;
  }

  function hold(view: MatrixView, x: number, reset: number, log: number, held: number, end: number): void {
    const { i32 } = memory;
    for (let k = held; k < end; k++) view[x + i32[log + k]] = reset;
  }

  return {
    lifStepF32(parameters, x, g0, g1, input, adaptation, until, n, step, log, held, at) {
      const { f32, f64 } = memory;
      const P = parameters >>> 3;
      x >>>= 2;
      g0 >>>= 2;
      g1 >>>= 2;
      input >>>= 2;
      adaptation >>>= 2;
      until >>>= 2;
      log >>>= 2;
      const [b, threshold] = [fround(f64[P]), fround(f64[P + 1])];
      const [b0, b1, ba] = [fround(f64[P + 4]), fround(f64[P + 5]), fround(f64[P + 6])];
      const spikes = at;
      for (let i = 0; i < n; i++) {
        const old = f32[x + i];
        let drive = 0;
        if (g0 > 0) {
          const g = f32[g0 + i];
          drive = g;
          f32[g0 + i] = g - fround(b0 * g);
          if (g1 > 0) {
            const h = f32[g1 + i];
            drive = fround(drive + h);
            f32[g1 + i] = h - fround(b1 * h);
          }
        }
        if (input > 0) {
          drive = g0 > 0 ? fround(drive + f32[input + i]) : f32[input + i];
          f32[input + i] = 0;
        }
        const next = fround(old + fround(drive - fround(b * old)));
        f32[x + i] = next;
        let limit = threshold;
        if (adaptation > 0) {
          const h = f32[adaptation + i];
          const now = fround(h - fround(ba * h));
          f32[adaptation + i] = now;
          limit = fround(threshold + now);
        }
        if (next >= limit) at = fire(f32, P, x, adaptation, until, step, log, at, i);
      }
      hold(f32, x, f64[P + 2], log, held, spikes);
      return at;
    },

    lifStepF64(parameters, x, g0, g1, input, adaptation, until, n, step, log, held, at) {
      const { f64 } = memory;
      const P = parameters >>> 3;
      x >>>= 3;
      g0 >>>= 3;
      g1 >>>= 3;
      input >>>= 3;
      adaptation >>>= 3;
      until >>>= 2;
      log >>>= 2;
      const [b, threshold, b0, b1, ba] = [f64[P], f64[P + 1], f64[P + 4], f64[P + 5], f64[P + 6]];
      const spikes = at;
      for (let i = 0; i < n; i++) {
        const old = f64[x + i];
        let drive = 0;
        if (g0 > 0) {
          const g = f64[g0 + i];
          drive = g;
          f64[g0 + i] = g - b0 * g;
          if (g1 > 0) {
            const h = f64[g1 + i];
            drive += h;
            f64[g1 + i] = h - b1 * h;
          }
        }
        if (input > 0) {
          drive = g0 > 0 ? drive + f64[input + i] : f64[input + i];
          f64[input + i] = 0;
        }
        const next = old + (drive - b * old);
        f64[x + i] = next;
        let limit = threshold;
        if (adaptation > 0) {
          const h = f64[adaptation + i];
          const now = h - ba * h;
          f64[adaptation + i] = now;
          limit += now;
        }
        if (next >= limit) at = fire(f64, P, x, adaptation, until, step, log, at, i);
      }
      hold(f64, x, f64[P + 2], log, held, spikes);
      return at;
    },

    izhikevichStepF32(parameters, v, u, input, n, log, at) {
      const { f32, f64, i32 } = memory;
      const P = parameters >>> 3;
      v >>>= 2;
      u >>>= 2;
      input >>>= 2;
      log >>>= 2;
      const [half, a, b, threshold] = [fround(f64[P]), fround(f64[P + 1]), fround(f64[P + 2]), fround(f64[P + 3])];
      const [jump, base, rate, square] = [fround(f64[P + 5]), fround(f64[P + 6]), fround(f64[P + 7]), fround(0.04)];
      for (let i = 0; i < n; i++) {
        const U = f32[u + i];
        const drive = fround(fround(base + fround(f32[input + i] * rate)) - U);
        f32[input + i] = 0;
        let x = f32[v + i];
        x = fround(x + fround(half * fround(fround(fround(fround(square * x) + 5) * x) + drive)));
        x = fround(x + fround(half * fround(fround(fround(fround(square * x) + 5) * x) + drive)));
        f32[v + i] = x;
        f32[u + i] = U + fround(a * fround(fround(b * x) - U));
        if (x >= threshold) {
          f32[v + i] = f64[P + 4];
          f32[u + i] += jump;
          i32[log + at++] = i;
        }
      }
      return at;
    },

    izhikevichStepF64(parameters, v, u, input, n, log, at) {
      const { f64, i32 } = memory;
      const P = parameters >>> 3;
      v >>>= 3;
      u >>>= 3;
      input >>>= 3;
      log >>>= 2;
      const [half, a, b, threshold, reset, jump, base, rate] = f64.subarray(P, P + 8);
      for (let i = 0; i < n; i++) {
        const U = f64[u + i];
        const drive = base + f64[input + i] * rate - U;
        f64[input + i] = 0;
        let x = f64[v + i];
        x += half * ((0.04 * x + 5) * x + drive);
        x += half * ((0.04 * x + 5) * x + drive);
        f64[v + i] = x;
        f64[u + i] = U + a * (b * x - U);
        if (x >= threshold) {
          f64[v + i] = reset;
          f64[u + i] += jump;
          i32[log + at++] = i;
        }
      }
      return at;
    },

    foldReceptorF32(g, n, b, input) {
      const { f32 } = memory;
      g >>>= 2;
      input >>>= 2;
      b = fround(b);
      for (let i = 0; i < n; i++) {
        const x = f32[g + i];
        f32[input + i] += x;
        f32[g + i] = x - fround(b * x);
      }
    },

    foldReceptorF64(g, n, b, input) {
      const { f64 } = memory;
      g >>>= 3;
      input >>>= 3;
      for (let i = 0; i < n; i++) {
        const x = f64[g + i];
        f64[input + i] += x;
        f64[g + i] = x - b * x;
      }
    },

    addCurrentF32: (current, n, input) => addCurrent(memory.f32, current >>> 2, n, input >>> 2),
    addCurrentF64: (current, n, input) => addCurrent(memory.f64, current >>> 3, n, input >>> 3),

    decayF32(x, n, b) {
      const { f32 } = memory;
      x >>>= 2;
      b = fround(b);
      for (let i = 0; i < n; i++) f32[x + i] -= fround(b * f32[x + i]);
    },

    decayF64(x, n, b) {
      const { f64 } = memory;
      x >>>= 3;
      for (let i = 0; i < n; i++) f64[x + i] -= b * f64[x + i];
    },

    liftTinyF32: (x, n, tiny, floor) => liftTiny(memory.f32, x >>> 2, n, fround(tiny), floor),
    liftTinyF64: (x, n, tiny, floor) => liftTiny(memory.f64, x >>> 3, n, tiny, floor),
    sampleStateF32: (x, index, count, shift, out) => sample(memory, memory.f32, x >>> 2, index >>> 2, count, shift, out >>> 3),
    sampleStateF64: (x, index, count, shift, out) => sample(memory, memory.f64, x >>> 3, index >>> 2, count, shift, out >>> 3),
  };
}

function addCurrent(view: MatrixView, current: number, n: number, input: number): void {
  for (let i = 0; i < n; i++) view[input + i] += view[current + i];
}

function liftTiny(view: MatrixView, x: number, n: number, tiny: number, floor: number): void {
  for (let i = 0; i < n; i++) {
    const y = view[x + i];
    if (y < tiny && y > -tiny && y !== 0) view[x + i] = y > 0 ? floor : -floor;
  }
}

function sample(memory: JsMemory, view: MatrixView, x: number, index: number, count: number, shift: number, out: number): void {
  const { f64, i32 } = memory;
  for (let k = 0; k < count; k++) f64[out + k] = view[x + i32[index + k]] + shift;
}
