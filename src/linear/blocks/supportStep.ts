import type { Arena } from '../../backend/arena.ts';
import type { BlockProgram } from './blockModel.ts';
import { blockValue, isFree } from './blockPenalty.ts';

/** Ridge of the Newton system as a share of its diagonal: dependent columns must not stop it. */
const RIDGE = 1e-11;
const SHORTEST = 1 / 64;
/** What rounding leaves in the objective: below it the gradient decides. */
const ROUNDING = 1e-14;

/**
 * One Newton step of the program over its coefficients that are not zero, where the penalty is smooth: a ||b|| bends by a (I / ||b|| - b b' / ||b||^3).
 * Halved until the objective falls, or the gradient where the objective is at the limit of rounding; coefficients that change their sign against an L1 penalty stop at zero. Whether it was taken.
 */
export function supportStep(frame: Arena, program: BlockProgram, most: number): boolean {
  const { heap, kernels } = frame;
  const { rows, width, starts, penalties } = program;
  const size = rows * width;
  const b = frame.read(program.B, size);
  const q = frame.read(program.Q, size);
  const support: number[] = [];
  const blockAt: number[] = [];
  for (const [g, penalty] of penalties.entries()) {
    for (let at = starts[g] * width; at < starts[g + 1] * width; at++) {
      if (b[at] === 0 && !isFree(penalty)) continue;
      support.push(at);
      blockAt.push(g);
    }
  }
  const m = support.length;
  if (m === 0 || m > most) return false;
  const norms = blockNorms(program, b);
  const gram = heap.f64(program.G, rows * rows);
  const H = new Float64Array(m * m);
  const slope = slopes(program, support, blockAt, b, q);
  for (let s = 0; s < m; s++) {
    const at = support[s];
    const { a, l2 } = penalties[blockAt[s]];
    const length = norms[blockAt[s]];
    const bend = a === 0 ? 0 : a / length;
    const row = Math.floor(at / width);
    for (let t = s; t < m; t++) {
      const other = support[t];
      let value = (other - at) % width === 0 ? gram[row * rows + Math.floor(other / width)] : 0;
      if (s === t) value += l2 + bend;
      if (bend !== 0 && blockAt[s] === blockAt[t]) value -= (bend * b[at] * b[other]) / (length * length);
      if (s === t) value += RIDGE * Math.abs(value) + Number.MIN_VALUE;
      H[s * m + t] = value;
    }
  }
  const [factor, step] = [frame.put(H), frame.put(slope)];
  const whole = kernels.choleskyFactor(factor, m, m, 1e-14) === m;
  if (whole) kernels.choleskySolve(factor, m, m, step);
  const direction = frame.read(step, m);
  frame.release(step);
  frame.release(factor);
  if (!whole) return false;
  const before = total(program, b);
  for (let t = 1; t >= SHORTEST; t /= 2) {
    const next = b.slice();
    for (let s = 0; s < m; s++) {
      const at = support[s];
      const moved = b[at] + t * direction[s];
      next[at] = penalties[blockAt[s]].l1 > 0 && moved * b[at] < 0 ? 0 : moved;
    }
    const change = next.map((value, at) => value - b[at]);
    const pulled = product(frame, program, change);
    let fall = 0;
    for (let at = 0; at < size; at++) fall += change[at] * (q[at] - 0.5 * pulled[at]);
    fall -= total(program, next) - before;
    const rest = q.map((value, at) => value - pulled[at]);
    if (!(fall > ROUNDING * before)) {
      if (!(fall > -ROUNDING * before) || !(largest(slopes(program, support, blockAt, next, rest)) < 0.5 * largest(slope)))
        continue;
    }
    heap.f64(program.B, size).set(next);
    heap.f64(program.Q, size).set(rest);
    return true;
  }
  return false;
}

/** Negative gradient of the whole objective at the entries of the support; 0 for those that have arrived at zero. */
function slopes(
  { starts, width, penalties }: BlockProgram,
  support: number[],
  blockAt: number[],
  b: Float64Array,
  q: Float64Array,
) {
  const norms = blockNorms({ starts, width, penalties }, b);
  return Float64Array.from(support, (at, s) => {
    const { a, l1, l2 } = penalties[blockAt[s]];
    const value = b[at];
    if (value === 0 && l1 > 0) return 0;
    const bend = a === 0 || value === 0 ? 0 : a / norms[blockAt[s]];
    return q[at] - (l1 === 0 ? 0 : l1 * Math.sign(value)) - (l2 + bend) * value;
  });
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** ||B_g||_2 */
function blockNorms(
  { starts, width, penalties }: Pick<BlockProgram, 'starts' | 'width' | 'penalties'>,
  b: Float64Array,
): number[] {
  return penalties.map((_, g) => {
    let square = 0;
    for (let at = starts[g] * width; at < starts[g + 1] * width; at++) square += b[at] * b[at];
    return Math.sqrt(square);
  });
}

function total({ starts, width, penalties }: BlockProgram, b: Float64Array): number {
  return penalties.reduce(
    (sum, penalty, g) => sum + blockValue(penalty, b.subarray(starts[g] * width, starts[g + 1] * width)),
    0,
  );
}

/** G change */
function product(frame: Arena, { G, rows, width }: BlockProgram, change: Float64Array): Float64Array {
  const [B, out] = [frame.put(change), frame.uninitialised(change.byteLength)];
  frame.kernels.denseMultiplyF64(G, rows, rows, rows, B, width, out);
  const pulled = frame.read(out, change.length);
  frame.release(out);
  frame.release(B);
  return pulled;
}
