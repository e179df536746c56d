import { integerIn, optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { Random } from '../core/random.ts';

/** Radii of the disc and of its two dots. */
const BIG = 0.5;
const SMALL = 0.1;

/** Options of `yinYang`. */
export interface YinYangOptions {
  /** At least 1. @default 1000 */
  samples?: number;
  /** An integer >= 0. @default 0 */
  seed?: number;
}

/** Points with their classes. */
export interface YinYang {
  /** samples x 4: x, y, 1 - x, 1 - y, all in [0, 1]. */
  X: DenseMatrix;
  /** 0 yin, 1 yang, 2 dot. */
  y: Int32Array;
}

/**
 * The Yin-Yang data set (Kriener, Göltz and Petrovici 2021, arXiv 2102.08211): points of a disc of radius R = 1/2 in the unit
 * square, in three classes that no linear model tells apart (64 %; one hidden layer: 98 %).
 *
 * With the distances l and r of a point to the centres (R/2, R) and (3R/2, R) of the two dots, whose radius is 1/10: class 2
 * where l < 1/10 or r < 1/10; otherwise class 1 where l <= R/2, or y > R and r > R/2; class 0 elsewhere. For each sample a
 * class is drawn uniformly, then points until one of that class is found. Rule, numbers and names of the classes are those of
 * the authors' program, whose training, validation and test sets have 5000, 1000 and 1000 samples. The generator is another
 * one: same distribution, other points.
 *
 * @throws TypeError, RangeError for options of the wrong kind or out of range
 */
export function yinYang(options?: YinYangOptions): YinYang {
  const { samples = 1000, seed = 0 } = optionsObject(options, 'yinYang', ['samples', 'seed']);
  integerIn(samples, 'samples', 1, 2147483646);
  const random = new Random(seed);
  const X = new DenseMatrix(new Float64Array(4 * samples), samples, 4);
  const y = new Int32Array(samples);
  for (let i = 0; i < samples; i++) {
    y[i] = random.integer(3);
    const [a, b] = pointOfClass(y[i], random);
    X.data.set([a, b, 1 - a, 1 - b], 4 * i);
  }
  return { X, y };
}

/** Points of the square until one is in the disc and of the class. */
function pointOfClass(wanted: number, random: Random): [x: number, y: number] {
  for (;;) {
    const x = random.uniform() * 2 * BIG;
    const y = random.uniform() * 2 * BIG;
    if (distance(x, y, BIG) <= BIG && classOf(x, y) === wanted) return [x, y];
  }
}

function classOf(x: number, y: number): number {
  const left = distance(x, y, 0.5 * BIG);
  const right = distance(x, y, 1.5 * BIG);
  if (right < SMALL || left < SMALL) return 2;
  return right <= SMALL || (left > SMALL && left <= 0.5 * BIG) || (y > BIG && right > 0.5 * BIG) ? 1 : 0;
}

/** From (x, y) to (centre, R): all three centres are at that height. */
function distance(x: number, y: number, centre: number): number {
  const dx = x - centre;
  const dy = y - BIG;
  return Math.sqrt(dx * dx + dy * dy);
}
