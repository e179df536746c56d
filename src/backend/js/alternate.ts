import type { FactorizationKernels } from '../factorizationKernels.ts';
import { factorKernels } from './factor.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'alternate' | 'alternateCg' | 'factorResiduals' | 'entryProducts' | 'entryLoss' | 'ridgePenalty';
type Forms = { [N in Names]: FactorizationKernels[`${N}F32`] };

const ATTEMPTS = 4;

function forms(memory: JsMemory, { values, shift, round }: Precision): Forms {
  const { choleskyFactor, choleskySolve } = factorKernels(memory);
  const tol = shift === 3 ? 1e-13 : 1e-7;
  const tiny = shift === 3 ? 1e-30 : 1e-14;

  /** Weighted sum over the neighbours of row i of what their slot t says, seen from row i's own prior. */
  function neighbours(i: number, graph: number, prior: number, Z: number, stride: number, t: number): number {
    const f = values(memory);
    const { i32, f64 } = memory;
    const [indptr, indices, data] = [i32[graph >>> 2] >>> 2, i32[(graph >>> 2) + 1] >>> 2, i32[(graph >>> 2) + 2] >>> 3];
    const p = prior >>> shift;
    const mine = prior ? f[p + i * stride + t] : 0;
    let s = 0;
    for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
      const l = i32[indices + e] * stride + t;
      s += f64[data + e] * (f[(Z >>> shift) + l] - (prior ? f[p + l] : 0) + mine);
    }
    return s;
  }

  function degree(i: number, graph: number): number {
    const { i32, f64 } = memory;
    const [indptr, data] = [i32[graph >>> 2] >>> 2, i32[(graph >>> 2) + 2] >>> 3];
    let s = 0;
    for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) s += f64[data + e];
    return s;
  }

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
    alternate(
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
      base,
      ridge,
      biasRidge,
      prior,
      graph,
      Z,
      _buffer,
      _batch,
      gram,
      rhs,
    ) {
      const f = values(memory);
      const { i32, f64 } = memory;
      const m = k + biased;
      const width = (m + 3) & ~3;
      const rows = new Float64Array(4 * m);
      const scaled = new Float64Array(4 * m);
      indptr >>>= 2;
      indices >>>= 2;
      const [w, mom, y, z, p] = [weight >>> shift, moment >>> shift, Y >>> shift, Z >>> shift, prior >>> shift];
      const [g, b] = [gram >>> 3, rhs >>> 3];
      for (let i = first; i < last; i++) {
        const at = i * stride;
        const [start, end] = [i32[indptr + i], i32[indptr + i + 1]];
        if (start === end && !base && !graph) {
          for (let t = 0; t < k; t++) f[z + at + t] = prior ? f[p + at + t] : 0;
          if (biased) f[z + at + ownSlot] = prior ? f[p + at + ownSlot] : 0;
          continue;
        }
        const links = graph ? degree(i, graph) : 0;
        let jitter = 0;
        let attempt = 0;
        for (; attempt < ATTEMPTS; attempt++) {
          if (base) f64.copyWithin(g, base >>> 3, (base >>> 3) + width * width);
          else f64.fill(0, g, g + width * width);
          f64.fill(0, b, b + width);
          for (let e = start; e < end; e += 4) {
            // Four entries share every load and store of the matrix; a group that is not full has weights of 0.
            for (let q = 0; q < 4; q++) {
              const there = e + q < end;
              const from = y + i32[indices + (there ? e + q : e)] * stride;
              const v = there ? (weight ? f[w + e + q] : 1) : 0;
              const c = there ? f[mom + e + q] - (biased ? v * f[from + offsetSlot] : 0) : 0;
              for (let t = 0; t < k; t++) {
                rows[q * m + t] = f[from + t];
                scaled[q * m + t] = v * f[from + t];
              }
              if (biased) {
                rows[q * m + k] = 1;
                scaled[q * m + k] = v;
              }
              for (let t = 0; t < m; t++) f64[b + t] += c * rows[q * m + t];
            }
            for (let s = 0; s < m; s++) {
              const [a0, a1, a2, a3] = [scaled[s], scaled[m + s], scaled[2 * m + s], scaled[3 * m + s]];
              const to = g + s * width;
              for (let t = s; t < m; t++) {
                f64[to + t] += a0 * rows[t] + a1 * rows[m + t] + (a2 * rows[2 * m + t] + a3 * rows[3 * m + t]);
              }
            }
          }
          let trace = 0;
          for (let t = 0; t < m; t++) {
            const slot = t < k ? t : ownSlot;
            const r = f64[((t < k ? ridge : biasRidge) >>> 3) + i];
            f64[g + t * (width + 1)] += r + links + jitter;
            trace += f64[g + t * (width + 1)];
            if (prior) f64[b + t] += r * f[p + at + slot];
            if (graph) f64[b + t] += neighbours(i, graph, prior, Z, stride, slot);
          }
          if (choleskyFactor(gram, m, width, tol) === m) break;
          jitter = jitter === 0 ? (10 * tol * trace) / m + 1e-300 : 10 * jitter;
        }
        if (attempt === ATTEMPTS) return i;
        choleskySolve(gram, m, width, rhs);
        for (let t = 0; t < k; t++) f[z + at + t] = f64[b + t];
        if (biased) f[z + at + ownSlot] = f64[b + k];
      }
      return last;
    },

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

    entryProducts(rows, indptr, indices, X, Y, stride, out) {
      const f = values(memory);
      const { i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      for (let i = 0; i < rows; i++) {
        const x = (X >>> shift) + i * stride;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const y = (Y >>> shift) + i32[indices + e] * stride;
          let s = 0;
          for (let t = 0; t < stride; t++) s += f[x + t] * f[y + t];
          f[(out >>> shift) + e] = s;
        }
      }
    },

    entryLoss(rows, indptr, indices, weight, moment, implicit, X, Y, stride) {
      const f = values(memory);
      const { i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      let loss = 0;
      for (let i = 0; i < rows; i++) {
        const x = (X >>> shift) + i * stride;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const y = (Y >>> shift) + i32[indices + e] * stride;
          let d = 0;
          for (let t = 0; t < stride; t++) d += f[x + t] * f[y + t];
          d = round(d);
          const w = weight ? f[(weight >>> shift) + e] : 1;
          const m = f[(moment >>> shift) + e];
          if (implicit) loss += (w * d - 2 * m) * d;
          else if (w > 0) loss += w * (m / w - d) ** 2;
        }
      }
      return loss;
    },

    ridgePenalty(rows, Z, stride, k, biased, ownSlot, ridge, biasRidge, prior) {
      const f = values(memory);
      const { f64 } = memory;
      let penalty = 0;
      for (let i = 0; i < rows; i++) {
        const z = (Z >>> shift) + i * stride;
        const p = (prior >>> shift) + i * stride;
        let s = 0;
        for (let t = 0; t < k; t++) s += (f[z + t] - (prior ? f[p + t] : 0)) ** 2;
        penalty += f64[(ridge >>> 3) + i] * s;
        if (biased) penalty += f64[(biasRidge >>> 3) + i] * (f[z + ownSlot] - (prior ? f[p + ownSlot] : 0)) ** 2;
      }
      return penalty;
    },
  };
}

export function alternateKernels(memory: JsMemory): Pick<FactorizationKernels, `${Names}${'F32' | 'F64'}`> {
  const f32 = forms(memory, single);
  const f64 = forms(memory, double);
  return {
    alternateF32: f32.alternate,
    alternateF64: f64.alternate,
    alternateCgF32: f32.alternateCg,
    alternateCgF64: f64.alternateCg,
    factorResidualsF32: f32.factorResiduals,
    factorResidualsF64: f64.factorResiduals,
    entryProductsF32: f32.entryProducts,
    entryProductsF64: f64.entryProducts,
    entryLossF32: f32.entryLoss,
    entryLossF64: f64.entryLoss,
    ridgePenaltyF32: f32.ridgePenalty,
    ridgePenaltyF64: f64.ridgePenalty,
  };
}
