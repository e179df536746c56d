import fc from 'fast-check';
import { column, largestLambda, type Setup } from './oracle.ts';

/** Seeded random numbers (mulberry32), made of integer steps and sums only, so that every engine draws the same bits. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Uniform on [0, 1). */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** About normal, with mean 0 and variance 1: four uniforms. */
  normal(): number {
    return (this.unit() + this.unit() + this.unit() + this.unit() - 2) * 1.7320508075688772;
  }

  integer(below: number): number {
    return Math.floor(this.unit() * below);
  }

  chance(share: number): boolean {
    return this.unit() < share;
  }

  vector(n: number, draw: () => number = () => this.normal()): number[] {
    return Array.from({ length: n }, draw);
  }

  matrix(n: number, p: number, density = 1): number[][] {
    return Array.from({ length: n }, () => this.vector(p, () => (density < 1 && !this.chance(density) ? 0 : this.normal())));
  }

  /** 0..n - 1 in random order. */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const k = this.integer(i + 1);
      [order[i], order[k]] = [order[k], order[i]];
    }
    return order;
  }
}

/** X, and y = X b + noise with a sparse b. */
export function linearData(dice: Dice, n: number, p: number, { density = 1, noise = 0.5, nonzeros = 4 } = {}) {
  const rows = dice.matrix(n, p, density);
  const truth = new Array<number>(p).fill(0);
  for (const j of dice.permutation(p).slice(0, nonzeros)) truth[j] = dice.chance(0.5) ? 1 + dice.unit() : -1 - dice.unit();
  const y = rows.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0) + noise * dice.normal() + 0.7);
  return { rows, y, truth };
}

/** What makes a problem special. */
export interface Traits {
  seed: number;
  n: number;
  p: number;
  density: number;
  duplicate: boolean;
  constant: boolean;
  zero: boolean;
  scaled: boolean;
  largeMean: boolean;
  weights: 'none' | 'positive' | 'zeros';
  offset: boolean;
  factors: 'none' | 'positive' | 'free' | 'infinite';
  bounds: 'none' | 'positive' | 'box' | 'oneSided';
  fitIntercept: boolean;
  standardize: boolean;
  l1Ratio: number;
  /** lambda / lambda max */
  share: number;
}

const often = (share: number) => fc.integer({ min: 0, max: 99 }).map((draw) => draw < 100 * share);

/** Everything at once. */
export const anyTraits: fc.Arbitrary<Traits> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
  n: fc.constantFrom(1, 2, 3, 7, 12, 20, 30),
  p: fc.constantFrom(1, 2, 3, 6, 15, 40),
  density: fc.constantFrom(1, 1, 0.3, 0.1),
  duplicate: often(0.2),
  constant: often(0.15),
  zero: often(0.15),
  scaled: often(0.15),
  largeMean: often(0.1),
  weights: fc.constantFrom('none', 'none', 'positive', 'zeros'),
  offset: often(0.25),
  factors: fc.constantFrom('none', 'none', 'positive', 'free', 'infinite'),
  bounds: fc.constantFrom('none', 'none', 'none', 'positive', 'box', 'oneSided'),
  fitIntercept: often(0.7),
  standardize: often(0.4),
  l1Ratio: fc.constantFrom(1, 1, 1, 0.5, 0.05, 0),
  share: fc.constantFrom(0.9, 0.5, 0.1, 0.01, 0.001),
});

/** Without what makes solutions ambiguous or badly conditioned. */
export const plainTraits: fc.Arbitrary<Traits> = anyTraits.map((traits) => ({
  ...traits,
  duplicate: false,
  constant: false,
  zero: false,
  scaled: false,
  largeMean: false,
  n: Math.max(traits.n, 7),
  density: Math.max(traits.density, 0.3),
  share: Math.max(traits.share, 0.1),
}));

export function setupFrom(traits: Traits): Setup {
  const dice = new Dice(traits.seed);
  const { n, p, density } = traits;
  const { rows, y } = linearData(dice, n, p, { density });
  const pick = () => dice.integer(p);
  const change = (j: number, to: (i: number) => number) => {
    for (const [i, row] of rows.entries()) row[j] = to(i);
  };
  for (let j = 0; j < p; j++) {
    const scale = traits.scaled ? [1e-6, 1e-3, 1, 1e3, 1e6][dice.integer(5)] : 1;
    const mean = traits.largeMean && dice.chance(0.5) ? 1e3 : 0;
    if (scale !== 1 || mean !== 0) change(j, (i) => (rows[i][j] + mean) * scale);
  }
  if (traits.constant) {
    const j = pick();
    change(j, () => 2.5);
  }
  if (traits.zero) {
    const j = pick();
    change(j, () => 0);
  }
  if (traits.duplicate) {
    const [from, to] = [pick(), pick()];
    change(to, (i) => rows[i][from]);
  }
  const setup: Setup = {
    rows,
    y,
    lambda: 0,
    l1Ratio: traits.l1Ratio,
    fitIntercept: traits.fitIntercept,
    standardize: traits.standardize,
    sampleWeight: traits.weights === 'none' ? undefined : sampleWeights(dice, n, traits.weights === 'zeros'),
    offset: traits.offset ? dice.vector(n) : undefined,
    penaltyFactors: factors(dice, p, traits.factors),
    ...bounds(dice, p, traits.bounds, rows),
  };
  if (traits.bounds === 'positive') setup.positive = true;
  const unpenalised = { ...setup, l1Ratio: Math.max(setup.l1Ratio, 0.001) };
  const most = largestLambda(unpenalised);
  // Where columns without penalty explain everything, lambda max is rounding: then lambda has the size it has without such columns.
  const usual = largestLambda({ ...unpenalised, penaltyFactors: undefined, positive: false, lower: undefined, upper: undefined });
  return { ...setup, lambda: traits.share * (most > 1e-9 * usual ? most : usual || 1) };
}

function sampleWeights(dice: Dice, n: number, zeros: boolean): number[] {
  const weights = dice.vector(n, () => (zeros && dice.chance(0.3) ? 0 : 0.1 + 3 * dice.unit()));
  weights[dice.integer(n)] = 1;
  return weights;
}

function factors(dice: Dice, p: number, kind: Traits['factors']): number[] | undefined {
  if (kind === 'none') return undefined;
  const special = kind === 'free' ? 0 : Infinity;
  return dice.vector(p, () => (kind !== 'positive' && dice.chance(0.25) ? special : 0.25 + 2 * dice.unit()));
}

function bounds(dice: Dice, p: number, kind: Traits['bounds'], rows: number[][]): { lower?: number[]; upper?: number[] } {
  // Bounds of the size that coefficients have on the scale of their columns.
  const size = (j: number) => 1 / (Math.max(...column(rows, j).map((v) => Math.abs(v - rows[0][j]))) || 1);
  const bound = (_: unknown, j: number) => (dice.chance(0.1) ? 0 : dice.unit() * size(j));
  const zeros = new Array<number>(p).fill(0);
  if (kind === 'box') return { lower: zeros.map((z, j) => -bound(z, j)), upper: zeros.map(bound) };
  if (kind === 'oneSided') return { upper: zeros.map((z, j) => (dice.chance(0.3) ? Infinity : bound(z, j))) };
  return {};
}
