import { arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../../backend/residentMatrix.ts';
import type { Progress, RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import { type Certificate, certify } from '../certificate.ts';
import { DualDescent } from './dualDescent.ts';
import { NewtonDescent } from './newtonDescent.ts';
import { svmRows } from './svmRows.ts';
import { type SvmLoss, SvmState } from './svmState.ts';

/** Most passes between two looks at the duality gap. */
const LOOK_EVERY = 10;
/** Where a pass leaves more than this share of the gap, Newton steps follow (squared hinge). */
const SLOW = 0.93;
/** Passes before that is judged. */
const WARM = 20;
/** Projected gradients below this are rounding. */
const STILL = 1e-13;
/** Newton steps without progress that end a fit. */
const PATIENCE = 3;
/** How exactly Newton directions are solved, and with how many products at most. */
const FORCING = 0.1;
const PRODUCTS = 200;

/** What an L2-regularised support vector machine is fitted with; the caller has checked it. */
export interface L2SvmOptions {
  /** Strength of the penalty, > 0; liblinear's C is 1 / (n lambda). */
  lambda: number;
  /** @default true */
  fitIntercept?: boolean;
  /**
   * Penalises the intercept as liblinear does: b = interceptScaling * beta, with beta^2 added to ||w||^2. Default: the intercept is free.
   */
  interceptScaling?: number;
  /** @default 'squaredHinge' */
  loss?: SvmLoss;
  /** Relative duality gap to stop at. @default 1e-6 */
  tol?: number;
  /** Most passes over X; reaching it is reported in the certificate. @default 1000 */
  maxEpochs?: number;
  /** Seed of the order in which rows are visited. @default 0 */
  seed?: number;
}

/** A fitted support vector machine: f = x'coef + intercept. */
export interface L2SvmFit {
  coef: Float64Array;
  intercept: number;
  certificate: Certificate;
}

/**
 * L2-regularised linear support vector machine:
 *
 *     min over w, b of  sum_i s_i loss(y_i f_i) / sum_i s_i + lambda/2 ||w||^2,   f = x'w + b,
 *
 * loss = max(0, 1 - y f)^2 or max(0, 1 - y f). Dual coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008);
 * the constraint sum alpha y = 0 of a free intercept is kept by the method of multipliers. Where the descent is slow (many rows, ill-conditioned
 * columns) Newton steps on the primal follow, their directions by conjugate gradients.
 *
 * Certificate: `gap` relative to the objective of w = 0; `kkt` the largest entry of the gradient relative to the one at w = 0, for the hinge the
 * largest min(violation of the margin, distance of alpha from its bound as a share of the bound).
 *
 * @param X n x p
 * @param y -1 or 1 per row
 * @throws TypeError, RangeError for a matrix with values that are not finite
 */
export function fitL2Svm(
  options: L2SvmOptions,
  X: DesignInput,
  y: Float64Array,
  sampleWeight?: Float64Array,
  run: RunOptions<{ gap: number }> = {},
): L2SvmFit {
  const {
    lambda,
    fitIntercept = true,
    interceptScaling,
    loss = 'squaredHinge',
    tol = 1e-6,
    maxEpochs = 1000,
    seed = 0,
  } = options;
  const { signal } = run;
  signal?.throwIfAborted();
  const report: ((progress: Progress & { gap: number }) => void) | undefined = withTimeLeft(run.onProgress);
  let total = 0;
  for (let i = 0; i < y.length; i++) total += sampleWeight ? sampleWeight[i] : 1;
  const cost = y.map((_, i) => (sampleWeight ? sampleWeight[i] : 1) / (total * lambda));

  return arena(currentBackend(), (frame) => {
    const rows = svmRows(frame, hostMatrix(X));
    const intercept = !fitIntercept ? 0 : (interceptScaling ?? 'free');
    const state = new SvmState(frame, { rows, y, cost, loss, intercept });
    const nullLoss = state.loss();
    const newton = loss === 'squaredHinge' ? new NewtonDescent(state) : undefined;
    const nullGradient = newton ? newton.look().kkt : 0;
    const target = tol * (nullLoss > 0 ? nullLoss : 1);
    let gap = nullLoss;
    let epochs = 0;
    let stalled = false;
    const done = (found: number): boolean => {
      gap = found;
      report?.({ done: Math.min(epochs, maxEpochs), total: maxEpochs, gap: gap / (nullLoss || 1) });
      signal?.throwIfAborted();
      return gap <= target || stalled || epochs >= maxEpochs;
    };

    const descent = new DualDescent(state, seed);
    let looked = { epochs: 0, gap: Infinity, spread: 0 };
    for (let finished = nullLoss === 0; !finished; ) {
      const spread = descent.pass();
      epochs++;
      // The gap falls as the square of the violations: a look costs a pass and waits until it may be the last.
      const expected = looked.gap * (spread / looked.spread) ** 2;
      if (spread > STILL && expected > 0.5 * target && epochs - looked.epochs < LOOK_EVERY && epochs < maxEpochs) continue;
      const found = descent.check();
      stalled = spread <= STILL && found >= looked.gap;
      finished = done(found);
      let slow = looked.gap;
      for (let pass = looked.epochs; pass < epochs; pass++) slow *= SLOW;
      looked = { epochs, gap: found, spread };
      if (newton && (stalled || (epochs >= WARM && found > slow))) break;
    }

    let kkt = 0;
    if (newton) {
      let seen = newton.look();
      if (gap > target) {
        stalled = false;
        let [best, idle] = [state.primal(), 0];
        while (!done(seen.gap)) {
          epochs += newton.step(FORCING, Math.max(1, Math.min(PRODUCTS, maxEpochs - epochs)));
          seen = newton.look();
          const primal = state.primal();
          idle = primal < best ? 0 : idle + 1;
          best = Math.min(best, primal);
          stalled = idle >= PATIENCE;
        }
      }
      kkt = nullGradient > 0 ? seen.kkt / nullGradient : seen.kkt;
    } else kkt = descent.violation();

    const primal = state.primal();
    const w = frame.read(state.w, state.size);
    const certificate = certify({
      primal: lambda * primal,
      gap: lambda * gap,
      nullLoss: lambda * nullLoss,
      kkt,
      epochs,
      tol,
      stalled,
    });
    return { coef: w.slice(0, -1), intercept: state.free ? state.offset : state.bias * w[w.length - 1], certificate };
  });
}
