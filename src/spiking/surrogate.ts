import { isPlainObject, oneOf, optionsObject, positiveNumber, refuse } from '../core/checks.ts';
import { moderateNumber } from './moderateNumber.ts';

const SHAPES = ['fastSigmoid', 'sigmoid', 'atan', 'triangular'] as const;

/** Name of a surrogate's curve. */
export type SurrogateShape = (typeof SHAPES)[number];

/**
 * What stands in for the derivative of the Heaviside step in training, as a function of x = |u - threshold|. Every curve has the value
 * `peak` at the threshold; the width is where it has fallen to half of that.
 *
 * | shape | f'(x) | half width |
 * |---|---|---|
 * | `fastSigmoid` (SuperSpike, Zenke and Ganguli 2018) | peak / (1 + k x)^2 | 0.414 / k |
 * | `sigmoid` | 4 peak s(kx)(1 - s(kx)), s the logistic function | 1.763 / k |
 * | `atan` (Fang 2021) | peak / (1 + (pi/2 k x)^2) | 0.637 / k |
 * | `triangular` (Esser 2016, Bellec 2018) | peak max(0, 1 - k x) | 0.5 / k |
 */
export interface SurrogateOptions {
  /** @default 'fastSigmoid' */
  shape?: SurrogateShape;
  /** The slope k, > 0. @default 10 for fastSigmoid, 4 for sigmoid, 2 for atan, 1 for triangular, each divided by the threshold */
  slope?: number;
  /** @default 1 */
  peak?: number;
  /**
   * Distance from the threshold beyond which f' counts as 0, > 0. The backward pass visits only neurons inside. `Infinity` is exact
   * backpropagation through time. @default Infinity
   */
  window?: number;
}

/** As the kernels take it. */
export interface Surrogate {
  shape: number;
  slope: number;
  peak: number;
  window: number;
}

const SLOPES: Record<SurrogateShape, number> = { fastSigmoid: 10, sigmoid: 4, atan: 2, triangular: 1 };

/** A checked surrogate from its options or its name alone. */
export function surrogateOf(options: SurrogateOptions | SurrogateShape | undefined, threshold: number): Surrogate {
  if (options !== undefined && typeof options !== 'string' && !isPlainObject(options)) {
    refuse(options, 'surrogate', 'the name of a surrogate or an options object', false);
  }
  const given = typeof options === 'string' ? { shape: options } : options;
  const {
    shape = 'fastSigmoid',
    slope,
    peak = 1,
    window = Infinity,
  } = optionsObject(given, 'surrogate', ['shape', 'slope', 'peak', 'window']);
  const name = oneOf(shape, 'surrogate.shape', SHAPES);
  const k = slope === undefined ? SLOPES[name] / threshold : moderateNumber(slope, 'surrogate.slope');
  const limit = window === Infinity ? window : positiveNumber(window, 'surrogate.window');
  return {
    shape: SHAPES.indexOf(name),
    slope: k,
    peak: moderateNumber(peak, 'surrogate.peak'),
    // The triangle is 0 outside its base anyway: saying so spares the visit.
    window: name === 'triangular' ? Math.min(limit, 1 / k) : limit,
  };
}
