import type { FactorizationKernels } from '../factorizationKernels.ts';
import { factorPull } from './factorPull.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'alternateCg' | 'factorResiduals';
type Forms = { [N in Names]: FactorizationKernels[`${N}F32`] };

function forms(memory: JsMemory, precision: Precision): Forms {
  const { values, shift, round } = precision;
  const { neighbours, degree } = factorPull(memory, precision);
  const tiny = shift === 3 ? 1e-30 : 1e-14;

  /** out += sum over entries of (moment_e + sign w_e (y_e . p)) y_e; moment = 0: without it. All in elements. */
  function entriesPass(
    start: number,
    end: number,
    indices: number,
    weight: number,
    moment: number,
    sign: number,
    Y: number,
    stride: number,
    p: number,
    out: number,
  ): void {
    const f = values(memory);
    const { i32 } = memory;
    for (let e = start; e < end; e++) {
      const y = Y + i32[indices + e] * stride;
      // The stride is a multiple of 8: four sums at a time do not wait for each other.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let t = 0; t < stride; t += 4) {
        a += f[y + t] * f[p + t];
        b += f[y + t + 1] * f[p + t + 1];
        c += f[y + t + 2] * f[p + t + 2];
        d += f[y + t + 3] * f[p + t + 3];
      }
      const s = a + c + (b + d);
      const factor = (moment ? f[moment + e] : 0) + sign * (weight ? f[weight + e] * s : s);
      for (let t = 0; t < stride; t += 4) {
        f[out + t] += factor * f[y + t];
        f[out + t + 1] += factor * f[y + t + 1];
        f[out + t + 2] += factor * f[y + t + 2];
        f[out + t + 3] += factor * f[y + t + 3];
      }
    }
  }

  function inner(a: number, b: number, n: number): number {
    const f = values(memory);
    let s = 0;
    for (let t = 0; t < n; t++) s += f[a + t] * f[b + t];
    return round(s);
  }

  /** out += sign (G p), in elements. */
  function addGram(G: number, k: number, stride: number, p: number, sign: number, out: number): void {
    const f = values(memory);
    for (let s = 0; s < k; s++) {
      const c = sign * f[p + s];
      for (let t = 0; t < stride; t++) f[out + t] += c * f[G + s * stride + t];
    }
  }

  /** out += ridge (prior - z) + pull of the neighbours, in the slots of unknowns. */
  function addPull(
    i: number,
    k: number,
    biased: number,
    ownSlot: number,
    own: number,
    ownBias: number,
    links: number,
    prior: number,
    graph: number,
    Z: number,
    stride: number,
    out: number,
  ): void {
    const f = values(memory);
    const z = (Z >>> shift) + i * stride;
    const p = (prior >>> shift) + i * stride;
    for (let n = 0; n < k + biased; n++) {
      const t = n < k ? n : ownSlot;
      let s = (n < k ? own : ownBias) * ((prior ? f[p + t] : 0) - f[z + t]);
      if (graph) s += neighbours(i, graph, prior, Z, stride, t) - links * f[z + t];
      f[out + t] += s;
    }
  }

  return {
    alternateCg(
      first,
      last,
      indptr,
      indices,
      weight,
      moment,
      Y,
      stride,
      k,
      biased,
      ownSlot,
      offsetSlot,
      G,
      ridge,
      biasRidge,
      prior,
      graph,
      Z,
      steps,
      scratch,
    ) {
      const f = values(memory);
      const { i32, f64 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      const [w, mom, y, base] = [weight >>> shift, moment >>> shift, Y >>> shift, G >>> shift];
      const r = scratch >>> shift;
      const p = r + stride;
      const q = p + stride;
      for (let i = first; i < last; i++) {
        const z = (Z >>> shift) + i * stride;
        const [start, end] = [i32[indptr + i], i32[indptr + i + 1]];
        if (start === end && !prior && !graph) {
          f.fill(0, z, z + k);
          if (biased) f[z + ownSlot] = 0;
          continue;
        }
        const own = f64[(ridge >>> 3) + i];
        const ownBias = biased ? f64[(biasRidge >>> 3) + i] : 0;
        const links = graph ? degree(i, graph) : 0;
        f.fill(0, r, r + stride);
        entriesPass(start, end, indices, w, mom, -1, y, stride, z, r);
        if (G) addGram(base, k, stride, z, -1, r);
        addPull(i, k, biased, ownSlot, own, ownBias, links, prior, graph, Z, stride, r);
        if (biased) f[r + offsetSlot] = 0;
        let rr = inner(r, r, stride);
        f.copyWithin(p, r, r + stride);
        const enough = tiny * rr;
        for (let step = 0; step < steps && rr > enough; step++) {
          f.fill(0, q, q + stride);
          entriesPass(start, end, indices, w, 0, 1, y, stride, p, q);
          if (G) addGram(base, k, stride, p, 1, q);
          for (let t = 0; t < stride; t++) f[q + t] += (own + links) * f[p + t];
          if (biased) {
            f[q + ownSlot] += (ownBias - own) * f[p + ownSlot];
            f[q + offsetSlot] = 0;
          }
          const curvature = inner(p, q, stride);
          if (!(curvature > 0)) break;
          const alpha = round(rr / curvature);
          for (let t = 0; t < stride; t++) {
            f[z + t] += alpha * f[p + t];
            f[r + t] -= alpha * f[q + t];
          }
          const next = inner(r, r, stride);
          const beta = round(next / rr);
          rr = next;
          for (let t = 0; t < stride; t++) f[p + t] = f[r + t] + beta * f[p + t];
        }
      }
    },

    factorResiduals(
      rows,
      indptr,
      indices,
      weight,
      moment,
      Y,
      stride,
      k,
      biased,
      ownSlot,
      offsetSlot,
      G,
      ridge,
      biasRidge,
      prior,
      graph,
      Z,
      out,
      scratch,
    ) {
      const f = values(memory);
      const { i32, f64 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      const [w, mom, y] = [weight >>> shift, moment >>> shift, Y >>> shift];
      const p = scratch >>> shift;
      const q = p + stride;
      let scale = 0;
      f.fill(0, p, p + stride);
      if (biased) f[p + offsetSlot] = 1;
      for (let i = 0; i < rows; i++) {
        const [start, end] = [i32[indptr + i], i32[indptr + i + 1]];
        const r = (out >>> shift) + i * stride;
        f.fill(0, q, q + stride);
        entriesPass(start, end, indices, w, mom, -1, y, stride, p, q);
        if (biased) f[q + offsetSlot] = 0;
        scale += inner(q, q, stride);
        f.fill(0, r, r + stride);
        entriesPass(start, end, indices, w, mom, -1, y, stride, (Z >>> shift) + i * stride, r);
        if (G) addGram(G >>> shift, k, stride, (Z >>> shift) + i * stride, -1, r);
        const own = f64[(ridge >>> 3) + i];
        const ownBias = biased ? f64[(biasRidge >>> 3) + i] : 0;
        addPull(i, k, biased, ownSlot, own, ownBias, graph ? degree(i, graph) : 0, prior, graph, Z, stride, r);
        if (biased) f[r + offsetSlot] = 0;
      }
      return scale;
    },
  };
}

export function alternateCgKernels(memory: JsMemory): Pick<FactorizationKernels, `${Names}${'F32' | 'F64'}`> {
  const f32 = forms(memory, single);
  const f64 = forms(memory, double);
  return {
    alternateCgF32: f32.alternateCg,
    alternateCgF64: f64.alternateCg,
    factorResidualsF32: f32.factorResiduals,
    factorResidualsF64: f64.factorResiduals,
  };
}
