import type { GraphKernels } from '../graphKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import type { MatrixView } from './loops.ts';

export function graphKernels(memory: JsMemory): GraphKernels {
  return {
    weightRangeF64: (data, n, range) => weightRange(memory.f64, memory.f64, data >>> 3, n, range >>> 3),
    weightRangeF32: (data, n, range) => weightRange(memory.f32, memory.f64, data >>> 2, n, range >>> 3),
    edgeCountF64: edgeCount(memory, 'f64'),
    edgeCountF32: edgeCount(memory, 'f32'),
    edgeCountUnit: edgeCount(memory),
    edgeScatterF64: edgeScatter(memory, 'f64'),
    edgeScatterF32: edgeScatter(memory, 'f32'),
    edgeScatterUnit: edgeScatter(memory),
    gaussSeidelF64: gaussSeidel(memory, 'f64'),
    gaussSeidelF32: gaussSeidel(memory, 'f32'),
    gaussSeidelUnit: gaussSeidelUnit(memory),
    pageRankResidualF64: pageRankResidual(memory, 'f64'),
    pageRankResidualF32: pageRankResidual(memory, 'f32'),
    pageRankResidualUnit: pageRankResidualUnit(memory),

    pageRankOrder(n, alpha, incoming, outgoing, strength, loop, label, next, indptr, diagonal, mass, hanging, counts) {
      const { f64, i32 } = memory;
      [incoming, outgoing, label, next, indptr, counts] = [incoming, outgoing, label, next, indptr, counts].map((p) => p >>> 2);
      [strength, loop, diagonal, mass, hanging] = [strength, loop, diagonal, mass, hanging].map((p) => p >>> 3);
      let core = 0;
      let sinks = 0;
      let longest = 0;
      // The buckets of a counting sort, until the rows are known.
      i32.fill(0, indptr, indptr + n + 1);
      for (let i = 0; i < n; i++) {
        const edges = i32[incoming + i];
        if (edges === 0) continue;
        if (i32[outgoing + i] === 0) {
          sinks++;
          continue;
        }
        core++;
        longest = Math.max(longest, edges);
        i32[indptr + edges]++;
      }
      i32[counts] = core;
      i32[counts + 1] = sinks;
      for (let edges = longest, start = 0; edges > 0; edges--) {
        const nodes = i32[indptr + edges];
        i32[indptr + edges] = start;
        start += nodes;
      }
      let inSinks = core;
      let inStarts = core + sinks;
      for (let i = 0; i < n; i++) {
        const edges = i32[incoming + i];
        const k = edges === 0 ? inStarts++ : i32[outgoing + i] === 0 ? inSinks++ : i32[indptr + edges]++;
        const s = f64[strength + i];
        i32[label + i] = k;
        f64[diagonal + k] = s > 0 ? s - alpha * f64[loop + i] : 1;
        f64[mass + k] = s > 0 ? s : 1;
        f64[hanging + k] = s > 0 ? 0 : 1;
      }
      i32[indptr] = 0;
      for (let i = 0; i < n; i++) i32[indptr + i32[label + i] + 1] = i32[incoming + i];
      for (let k = 0; k < n; k++) i32[indptr + k + 1] += i32[indptr + k];
      for (let i = 0; i < n; i++) i32[next + i] = i32[indptr + i32[label + i]];
    },

    pageRankScores(n, label, mass, u, out) {
      const { f64, i32 } = memory;
      label >>>= 2;
      mass >>>= 3;
      u >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) {
        const k = i32[label + i];
        f64[out + i] = f64[mass + k] * f64[u + k];
      }
    },
  };
}

type Kind = 'f64' | 'f32';

function weightRange(view: MatrixView, f64: Float64Array, data: number, n: number, range: number): void {
  let low = f64[range];
  let high = f64[range + 1];
  for (let e = data; e < data + n; e++) {
    low = Math.min(low, view[e]);
    high = Math.max(high, view[e]);
  }
  f64[range] = low;
  f64[range + 1] = high;
}

const shiftOf = (kind: Kind) => (kind === 'f64' ? 3 : 2);

function edgeCount(memory: JsMemory, kind?: Kind): GraphKernels['edgeCountF64'] {
  const shift = shiftOf(kind ?? 'f64');
  return (indptr, rows, indices, data, first, incoming, outgoing, strength, loop) => {
    const { f64, i32 } = memory;
    const view = memory[kind ?? 'f64'];
    indptr >>>= 2;
    indices >>>= 2;
    data >>>= shift;
    incoming >>>= 2;
    outgoing >>>= 2;
    strength >>>= 3;
    loop >>>= 3;
    const base = i32[indptr];
    for (let i = 0; i < rows; i++) {
      const from = i32[indptr + i] - base;
      const to = i32[indptr + i + 1] - base;
      const node = first + i;
      let total = 0;
      let own = 0;
      let others = to - from;
      for (let e = from; e < to; e++) {
        const j = i32[indices + e];
        const w = kind ? view[data + e] : 1;
        total += w;
        if (j === node) {
          own = w;
          others--;
        } else i32[incoming + j]++;
      }
      f64[strength + node] = total;
      f64[loop + node] = own;
      i32[outgoing + node] = others;
    }
  };
}

function edgeScatter(memory: JsMemory, kind?: Kind): GraphKernels['edgeScatterF64'] {
  const shift = shiftOf(kind ?? 'f64');
  return (indptr, rows, indices, data, first, label, next, coreEnd, outIndices, outData, inside) => {
    const { f64, i32 } = memory;
    const view = memory[kind ?? 'f64'];
    indptr >>>= 2;
    indices >>>= 2;
    data >>>= shift;
    label >>>= 2;
    next >>>= 2;
    outIndices >>>= 2;
    outData >>>= shift;
    inside >>>= 3;
    const base = i32[indptr];
    for (let i = 0; i < rows; i++) {
      const to = i32[indptr + i + 1] - base;
      const node = first + i;
      const k = i32[label + node];
      let share = 0;
      for (let e = i32[indptr + i] - base; e < to; e++) {
        const j = i32[indices + e];
        if (j === node) continue;
        const slot = i32[next + j]++;
        i32[outIndices + slot] = k;
        if (kind) view[outData + slot] = view[data + e];
        if (slot < coreEnd) share += kind ? view[data + e] : 1;
      }
      f64[inside + k] = share;
    }
  };
}

function gaussSeidel(memory: JsMemory, kind: Kind): GraphKernels['gaussSeidelF64'] {
  const shift = shiftOf(kind);
  return (indptr, indices, data, first, last, alpha, v, diagonal, u) => {
    const { f64, i32 } = memory;
    const view = memory[kind];
    indptr >>>= 2;
    indices >>>= 2;
    data >>>= shift;
    v >>>= 3;
    diagonal >>>= 3;
    u >>>= 3;
    let change = 0;
    let e = i32[indptr + first];
    for (let i = first; i < last; i++) {
      let s = 0;
      for (const to = i32[indptr + i + 1]; e < to; e++) s += view[data + e] * f64[u + i32[indices + e]];
      const d = f64[diagonal + i];
      const x = f64[v + i] + alpha * s;
      change += Math.abs(x - d * f64[u + i]);
      f64[u + i] = x / d;
    }
    return change;
  };
}

function gaussSeidelUnit(memory: JsMemory): GraphKernels['gaussSeidelUnit'] {
  return (indptr, indices, _, first, last, alpha, v, diagonal, u) => {
    const { f64, i32 } = memory;
    indptr >>>= 2;
    indices >>>= 2;
    v >>>= 3;
    diagonal >>>= 3;
    u >>>= 3;
    let change = 0;
    let e = i32[indptr + first];
    for (let i = first; i < last; i++) {
      let s = 0;
      for (const to = i32[indptr + i + 1]; e < to; e++) s += f64[u + i32[indices + e]];
      const d = f64[diagonal + i];
      const x = f64[v + i] + alpha * s;
      change += Math.abs(x - d * f64[u + i]);
      f64[u + i] = x / d;
    }
    return change;
  };
}

function pageRankResidual(memory: JsMemory, kind: Kind): GraphKernels['pageRankResidualF64'] {
  const shift = shiftOf(kind);
  return (indptr, indices, data, rows, alpha, a, v, b, w, diagonal, u, out, sums) => {
    const { f64, i32 } = memory;
    const view = memory[kind];
    indptr >>>= 2;
    indices >>>= 2;
    data >>>= shift;
    v >>>= 3;
    w >>>= 3;
    diagonal >>>= 3;
    u >>>= 3;
    out >>>= 3;
    sums >>>= 3;
    let total = 0;
    let rounding = 0;
    let e = i32[indptr];
    for (let i = 0; i < rows; i++) {
      const from = e;
      let s = 0;
      for (const to = i32[indptr + i + 1]; e < to; e++) s += view[data + e] * f64[u + i32[indices + e]];
      const x = f64[diagonal + i] * f64[u + i];
      let r = alpha * s - x;
      if (v) r += a * f64[v + i];
      if (w) r += b * f64[w + i];
      f64[out + i] = r;
      total += Math.abs(r);
      rounding += (e - from) * Math.abs(x);
    }
    f64[sums] = total;
    f64[sums + 1] = rounding;
  };
}

function pageRankResidualUnit(memory: JsMemory): GraphKernels['pageRankResidualUnit'] {
  return (indptr, indices, _, rows, alpha, a, v, b, w, diagonal, u, out, sums) => {
    const { f64, i32 } = memory;
    indptr >>>= 2;
    indices >>>= 2;
    v >>>= 3;
    w >>>= 3;
    diagonal >>>= 3;
    u >>>= 3;
    out >>>= 3;
    sums >>>= 3;
    let total = 0;
    let rounding = 0;
    let e = i32[indptr];
    for (let i = 0; i < rows; i++) {
      const from = e;
      let s = 0;
      for (const to = i32[indptr + i + 1]; e < to; e++) s += f64[u + i32[indices + e]];
      const x = f64[diagonal + i] * f64[u + i];
      let r = alpha * s - x;
      if (v) r += a * f64[v + i];
      if (w) r += b * f64[w + i];
      f64[out + i] = r;
      total += Math.abs(r);
      rounding += (e - from) * Math.abs(x);
    }
    f64[sums] = total;
    f64[sums + 1] = rounding;
  };
}
