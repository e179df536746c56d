import type { MathKernels } from '../../backend/kernels.ts';
import { isPlainObject, numberIn, oneOf, optionsObject, positiveNumber, refuse } from '../../core/checks.ts';

/** A separable penalty sum_j lambda omega_j rho(|b_j|), by name or with its parameter. See `penaltyKind`. */
export type PenaltyOption =
  | PenaltyName
  | { name: 'l1' }
  | { name: 'mcp' | 'scad'; gamma?: number }
  | { name: 'lp'; p: number }
  | { name: 'logSum'; epsilon?: number };

export type PenaltyName = 'l1' | 'mcp' | 'scad' | 'l1/2' | 'l2/3' | 'logSum';

/** A penalty as the kernels know it. */
export interface PenaltyKind {
  readonly name: string;
  /** Its number in `denseEpochF64`. */
  readonly code: number;
  /** gamma, a, p or epsilon. */
  readonly shape: number;
  readonly convex: boolean;
}

export const L1: PenaltyKind = { name: 'l1', code: 0, shape: 0, convex: true };

const NAMES = ['l1', 'mcp', 'scad', 'l1/2', 'l2/3', 'logSum'] as const;

/**
 * - `'l1'`: |b| (Tibshirani 1996)
 * - `'mcp'`: lambda |b| - b^2 / (2 gamma) up to |b| = gamma lambda, then constant; gamma > 1, 3 by default (Zhang 2010)
 * - `'scad'`: lambda |b| up to lambda, then bending until it is constant from gamma lambda on; gamma > 2, 3.7 by default (Fan and Li 2001)
 * - `'l1/2'`, `'l2/3'`, `{ name: 'lp', p }`: |b|^p with 0 < p < 1 (Xu et al. 2012)
 * - `'logSum'`: log(1 + |b| / epsilon), epsilon > 0, 1 by default (Candes, Wakin, Boyd 2008)
 *
 * @throws TypeError for another name, RangeError for a parameter out of range
 */
export function penaltyKind(option: PenaltyOption): PenaltyKind {
  if (!isPlainObject(option)) {
    if (typeof option !== 'string') refuse(option, 'penalty', 'a name or an object with a name', false);
    const name = oneOf(option, 'penalty', NAMES);
    if (name === 'l1/2') return power(name, 1 / 2);
    return name === 'l2/3' ? power(name, 2 / 3) : penaltyKind({ name });
  }
  const { name } = option;
  switch (oneOf(name, 'penalty.name', ['l1', 'mcp', 'scad', 'lp', 'logSum'])) {
    case 'l1':
      optionsObject(option, 'penalty', ['name']);
      return L1;
    case 'mcp':
    case 'scad': {
      const least = name === 'mcp' ? 1 : 2;
      const { gamma = name === 'mcp' ? 3 : 3.7 } = optionsObject(option as { name: string; gamma?: number }, 'penalty', [
        'name',
        'gamma',
      ]);
      numberIn(gamma, 'penalty.gamma', least, Infinity, '()');
      return { name, code: name === 'mcp' ? 1 : 2, shape: gamma, convex: false };
    }
    case 'lp': {
      const { p } = optionsObject(option as { name: 'lp'; p: number }, 'penalty', ['name', 'p']);
      return power('lp', numberIn(p, 'penalty.p', 0, 1, '()'));
    }
    case 'logSum': {
      const { epsilon = 1 } = optionsObject(option as { name: string; epsilon?: number }, 'penalty', ['name', 'epsilon']);
      return { name, code: 4, shape: positiveNumber(epsilon, 'penalty.epsilon'), convex: false };
    }
  }
}

function power(name: string, p: number): PenaltyKind {
  return { name, code: 3, shape: p, convex: false };
}

/** rho'(b) t for b > 0: how hard the penalty pulls towards zero; at 0 the largest pull, infinite for Lp. */
export function pullOf({ code, shape }: PenaltyKind, t: number, b: number, { log, exp }: MathKernels): number {
  switch (code) {
    case 1:
      return Math.max(t - b / shape, 0);
    case 2:
      return b <= t ? t : Math.max((shape * t - b) / (shape - 1), 0);
    case 3:
      return b === 0 ? (t === 0 ? 0 : Infinity) : t * shape * exp((shape - 1) * log(b));
    case 4:
      return t / (shape + b);
    default:
      return t;
  }
}

/** Largest -t rho''(b) over b > 0: how much curvature the penalty takes off. */
export function bendOf({ code, shape }: PenaltyKind, t: number): number {
  if (code === 1) return 1 / shape;
  if (code === 2) return 1 / (shape - 1);
  return code === 3 ? Infinity : t / (shape * shape);
}

/** t rho(b) for b >= 0. */
export function penaltyAt({ code, shape }: PenaltyKind, t: number, b: number, { log, exp }: MathKernels): number {
  if (b === 0 || t === 0) return 0;
  switch (code) {
    case 1:
      return b <= shape * t ? t * b - (0.5 * b * b) / shape : 0.5 * shape * t * t;
    case 2:
      if (b <= t) return t * b;
      return b <= shape * t ? (shape * t * b - 0.5 * (b * b + t * t)) / (shape - 1) : 0.5 * t * t * (shape + 1);
    case 3:
      return t * exp(shape * log(b));
    case 4:
      return t * log(1 + b / shape);
    default:
      return t * b;
  }
}

/** Smallest t at which a coefficient at zero with gradient g stays there: by the slope of rho at 0, for Lp by argmin over b of v/2 b^2 - g b + t |b|^p. */
export function closingStrength({ code, shape }: PenaltyKind, g: number, v: number, { log, exp }: MathKernels): number {
  const a = Math.abs(g);
  switch (code) {
    case 3: {
      // The threshold on g at t = 1 is z = v b + p b^(p-1) at b = (2 (1 - p) / v)^(1 / (2 - p)), and it scales as t^(1 / (2 - p)).
      const b = exp(log((2 * (1 - shape)) / v) / (2 - shape));
      const z = v * b + shape * exp((shape - 1) * log(b));
      return a === 0 ? 0 : exp((2 - shape) * log(a / z));
    }
    case 4:
      return a * shape;
    default:
      return a;
  }
}

/** argmin over b of v/2 b^2 - g b + t |b|^p where it is not zero: the largest root of v b - |g| + t p b^(p-1), by Newton from the right. */
export function jumpTo({ shape }: PenaltyKind, g: number, v: number, t: number, { log, exp }: MathKernels): number {
  let b = Math.abs(g) / v;
  for (let k = 0; k < 50; k++) {
    const power = t * shape * exp((shape - 1) * log(b));
    const next = b - (v * b - Math.abs(g) + power) / (v - ((1 - shape) * power) / b);
    if (!(next > 0) || next >= b) break;
    b = next;
  }
  return g < 0 ? -b : b;
}
