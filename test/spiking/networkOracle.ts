/**
 * Layered LIF networks the slow way, in 64-bit arithmetic on arrays of rows: forward, backward, losses. Shares no code with src/.
 * With a smooth step (the primitive of the surrogate in place of the Heaviside function) the backward pass is the true gradient.
 */
import type { LossName } from '../../src/spiking/outputLoss.ts';

export type Shape = 'fastSigmoid' | 'sigmoid' | 'atan' | 'triangular';

export interface OracleLayer {
  /** pre x post */
  W: number[][];
  V?: number[][];
  b: number[];
}

export interface OracleDynamics {
  steps: number;
  beta: number;
  readoutBeta: number;
  threshold: number;
  reset: 'subtract' | 'zero' | 'none';
  detachReset: boolean;
  shape: Shape;
  slope: number;
  peak: number;
  window: number;
  loss: LossName;
}

export interface OracleTrace {
  /** Per layer: membranes and spikes, steps x neurons. */
  U: number[][][];
  S: number[][][];
}

export interface OracleGradient {
  W: number[][];
  V?: number[][];
  b: number[];
}

export const spikesAtOutput = (loss: LossName): boolean => loss !== 'membrane' && loss !== 'maxMembrane';

/** Derivative of the surrogate at a signed distance from the threshold. */
export function derivative({ shape, slope: k, peak, window }: OracleDynamics, x: number): number {
  const r = Math.abs(x);
  if (r >= window) return 0;
  if (shape === 'fastSigmoid') return peak / (1 + k * r) ** 2;
  if (shape === 'sigmoid') return peak / Math.cosh((k * r) / 2) ** 2;
  if (shape === 'atan') return peak / (1 + ((Math.PI / 2) * k * r) ** 2);
  return r < 1 / k ? peak * (1 - k * r) : 0;
}

/** A primitive of the derivative: 1/2 at the threshold. */
export function primitive({ shape, slope: k, peak }: OracleDynamics, x: number): number {
  const r = Math.abs(x);
  const side = Math.sign(x);
  if (shape === 'fastSigmoid') return 0.5 + (peak * x) / (1 + k * r);
  if (shape === 'sigmoid') return 0.5 + ((2 * peak) / k) * Math.tanh((k * x) / 2);
  if (shape === 'atan') return 0.5 + (peak / ((Math.PI / 2) * k)) * Math.atan((Math.PI / 2) * k * x);
  const y = Math.min(r, 1 / k);
  return 0.5 + side * peak * (y - (k * y * y) / 2);
}

/**
 * @param input steps x inputs
 * @param smooth the surrogate's primitive instead of spikes
 * @param held spikes that the reset uses instead of its own, so that differences see a detached reset
 */
export function forwardPass(
  layers: readonly OracleLayer[],
  d: OracleDynamics,
  input: readonly (readonly number[])[],
  smooth = false,
  held?: OracleTrace,
): OracleTrace {
  const U: number[][][] = [];
  const S: number[][][] = [];
  let incoming = input;
  layers.forEach(({ W, V, b }, l) => {
    const fires = l + 1 < layers.length || spikesAtOutput(d.loss);
    const u: number[][] = [];
    const s: number[][] = [];
    for (let t = 0; t < d.steps; t++) {
      u.push([]);
      s.push([]);
      for (let j = 0; j < b.length; j++) {
        let membrane = b[j];
        incoming[t].forEach((x, i) => {
          membrane += x * W[i][j];
        });
        if (t > 0) {
          const before = u[t - 1][j];
          const reset = fires ? (held ? held.S[l][t - 1][j] : s[t - 1][j]) : 0;
          if (!fires) membrane += d.readoutBeta * before;
          else if (d.reset === 'zero') membrane += d.beta * before * (1 - reset);
          else membrane += d.beta * before - (d.reset === 'subtract' ? d.threshold * reset : 0);
          if (V && fires)
            s[t - 1].forEach((spike, i) => {
              membrane += spike * V[i][j];
            });
        }
        u[t].push(membrane);
        s[t].push(!fires ? 0 : smooth ? primitive(d, membrane - d.threshold) : membrane >= d.threshold ? 1 : 0);
      }
    }
    U.push(u);
    S.push(s);
    incoming = s;
  });
  return { U, S };
}

/** Cross-entropy of softmax(z) with the label, and its gradient. */
export function crossEntropy(z: readonly number[], label: number): { value: number; gradient: number[] } {
  const top = Math.max(...z);
  const total = z.reduce((sum, v) => sum + Math.exp(v - top), 0);
  return {
    value: top + Math.log(total) - z[label],
    gradient: z.map((v, c) => Math.exp(v - top) / total - (c === label ? 1 : 0)),
  };
}

const timeOf = (u: number[][], s: number[][], c: number): { t: number; fired: boolean } => {
  const first = s.findIndex((row) => row[c] === 1);
  if (first >= 0) return { t: first, fired: true };
  let best = 0;
  u.forEach((row, t) => {
    if (row[c] > u[best][c]) best = t;
  });
  return { t: best, fired: false };
};

/** One score per class, as documented at `LossName`. */
export function scoresOf(d: OracleDynamics, { U, S }: OracleTrace): number[] {
  const u = U[U.length - 1];
  const s = S[S.length - 1];
  return u[0].map((_, c) => {
    const spikes = s.reduce((sum, row) => sum + row[c], 0);
    if (d.loss === 'count') return spikes;
    if (d.loss === 'squaredRate') return spikes / d.steps;
    if (d.loss === 'membrane') return u.reduce((sum, row) => sum + row[c], 0) / d.steps;
    if (d.loss === 'maxMembrane') return Math.max(...u.map((row) => row[c]));
    const { t, fired } = timeOf(u, s, c);
    const excess = (u[t][c] - d.threshold) / d.threshold;
    return fired ? -(t - Math.min(1, excess)) : -(d.steps - excess);
  });
}

/** Loss, and its derivatives in the output's membranes and in its spikes, steps x classes. */
export function lossOf(
  d: OracleDynamics,
  trace: OracleTrace,
  label: number,
): { value: number; byMembrane: number[][]; bySpike: number[][] } {
  const u = trace.U[trace.U.length - 1];
  const zeros = () => u.map((row) => row.map(() => 0));
  const [byMembrane, bySpike] = [zeros(), zeros()];
  if (d.loss === 'membrane') {
    let value = 0;
    u.forEach((row, t) => {
      const part = crossEntropy(row, label);
      value += part.value / d.steps;
      byMembrane[t] = part.gradient.map((g) => g / d.steps);
    });
    return { value, byMembrane, bySpike };
  }
  const scores = scoresOf(d, trace);
  if (d.loss === 'squaredRate') {
    const errors = scores.map((n, c) => n - (c === label ? 1 : 0));
    for (const row of bySpike)
      errors.forEach((e, c) => {
        row[c] = e / d.steps;
      });
    return { value: errors.reduce((sum, e) => sum + 0.5 * e * e, 0), byMembrane, bySpike };
  }
  const { value, gradient } = crossEntropy(scores, label);
  gradient.forEach((g, c) => {
    if (d.loss === 'count') {
      for (const row of bySpike) row[c] = g;
      return;
    }
    if (d.loss === 'maxMembrane') {
      byMembrane[timeOf(u, zeros(), c).t][c] = g;
      return;
    }
    // The library's way back skips membranes where the surrogate is 0, also for the time of a spike, which does not go through it.
    const { t } = timeOf(u, trace.S[trace.S.length - 1], c);
    if (derivative(d, u[t][c] - d.threshold) > 1e-12) byMembrane[t][c] = g / d.threshold;
  });
  return { value, byMembrane, bySpike };
}

/** Dense backpropagation through time. With a smooth step the reset's spikes are the smooth ones of the trace. */
export function backwardPass(
  layers: readonly OracleLayer[],
  d: OracleDynamics,
  input: readonly (readonly number[])[],
  trace: OracleTrace,
  label: number,
): { value: number; gradients: OracleGradient[] } {
  const { value, byMembrane, bySpike } = lossOf(d, trace, label);
  const gradients: OracleGradient[] = [];
  let [direct, spikes] = [byMembrane, bySpike];
  for (let l = layers.length - 1; l >= 0; l--) {
    const { W, V, b } = layers[l];
    const [u, s] = [trace.U[l], trace.S[l]];
    const fires = l + 1 < layers.length || spikesAtOutput(d.loss);
    const incoming = l === 0 ? input : trace.S[l - 1];
    const D: number[][] = u.map((row) => row.map(() => 0));
    for (let t = d.steps - 1; t >= 0; t--) {
      const after = t + 1 < d.steps ? D[t + 1] : b.map(() => 0);
      for (let j = 0; j < b.length; j++) {
        if (!fires) {
          D[t][j] = direct[t][j] + d.readoutBeta * after[j];
          continue;
        }
        let inSpike = spikes[t][j];
        if (V)
          V[j].forEach((w, k) => {
            inSpike += w * after[k];
          });
        if (!d.detachReset && d.reset === 'subtract') inSpike -= d.threshold * after[j];
        if (!d.detachReset && d.reset === 'zero') inSpike -= d.beta * u[t][j] * after[j];
        const kept = d.reset === 'zero' ? d.beta * (1 - s[t][j]) : d.beta;
        D[t][j] = direct[t][j] + kept * after[j] + derivative(d, u[t][j] - d.threshold) * inSpike;
      }
    }
    const outer = (pre: readonly (readonly number[])[], size: number, from: number) =>
      Array.from({ length: size }, (_, i) =>
        b.map((_, j) => {
          let sum = 0;
          for (let t = from; t < d.steps; t++) sum += pre[t - from][i] * D[t][j];
          return sum;
        }),
      );
    gradients.unshift({
      W: outer(incoming, W.length, 0),
      ...(V && { V: outer(s, b.length, 1) }),
      b: b.map((_, j) => D.reduce((sum, row) => sum + row[j], 0)),
    });
    spikes = D.map((row) => W.map((weights) => weights.reduce((sum, w, j) => sum + w * row[j], 0)));
    direct = spikes.map((row) => row.map(() => 0));
  }
  return { value, gradients };
}
