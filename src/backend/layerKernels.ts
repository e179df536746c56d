import type { Pointer } from './kernels.ts';

/**
 * Kernels of gradient training, each for V = f32 (default) and f64 (check path). Rows that belong to a layer have a `stride` that is a
 * multiple of 8 values; the padding has weight 0 everywhere and stays 0. Scalars are rounded to V first. Sums are in V: every product and
 * every sum is rounded and terms are added in the order of their index or event, so that all builds give the same bits; only lifBackward,
 * softmaxLoss, the optimisers and what is summed `in any order` agree no further than to rounding.
 *
 * A block of synapses is four i32 pointers [dense, indptr, indices, data]: dense rows (presynaptic neuron x stride), or, when dense is
 * 0, CSR with one row per presynaptic neuron. Gradients lie in a block of the same kind.
 * Events are three i32 pointers [offsets, ids, values]: step t has entries offsets[t] .. offsets[t + 1] - 1 of ids (i32) and values (V; 0: all 1).
 */
export interface LayerKernels {
  /** out (rows x stride) = bias + X W, X rows x k with row stride ldx, W k x stride; bias = 0: none. panel: k x 32 bytes of scratch, or 0. */
  affineF32(
    X: Pointer,
    ldx: number,
    rows: number,
    k: number,
    W: Pointer,
    stride: number,
    bias: Pointer,
    out: Pointer,
    panel: Pointer,
  ): void;
  affineF64: LayerKernels['affineF32'];
  /** out (k x stride) = X'D, X rows x k with row stride ldx, D rows x stride */
  affineGradientF32(X: Pointer, ldx: number, rows: number, k: number, D: Pointer, stride: number, out: Pointer): void;
  affineGradientF64: LayerKernels['affineGradientF32'];
  /** outT (n x batch) = bias + (X W)' with W in CSR (k rows), XT k x batch; batch is a multiple of 8; bias = 0: none */
  sparseAffineF32(
    XT: Pointer,
    batch: number,
    k: number,
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    bias: Pointer,
    n: number,
    outT: Pointer,
  ): void;
  sparseAffineF64: LayerKernels['sparseAffineF32'];
  /** out[e] = row i of XT . row indices[e] of DT for the entries e of CSR row i: X'D on the pattern only, summed in any order */
  sparseGradientF32(XT: Pointer, DT: Pointer, batch: number, k: number, indptr: Pointer, indices: Pointer, out: Pointer): void;
  sparseGradientF64: LayerKernels['sparseGradientF32'];
  /** out[c*ldo + r] = A[r*lda + c] */
  transposeF32(A: Pointer, lda: number, rows: number, cols: number, out: Pointer, ldo: number): void;
  transposeF64: LayerKernels['transposeF32'];
  /** out (stride) += the sum of the rows of A */
  addRowsF32(A: Pointer, rows: number, stride: number, out: Pointer): void;
  addRowsF64: LayerKernels['addRowsF32'];
  /** A_i = 0 unless mask_i > 0, in place; A may be mask itself (ReLU). n is a multiple of 8. */
  rectifyF32(A: Pointer, mask: Pointer, n: number): void;
  rectifyF64: LayerKernels['rectifyF32'];

  /**
   * All steps of one layer for one sample: U[t] = beta U[t-1] - reset + drive + events through synapses + own spikes of t - 1 through
   * `recurrent`; a neuron spikes where U[t] >= theta. reset: 0 none, 1 subtract theta in the next step, 2 forget the membrane.
   * U[-1] = 0, theta > 0; drive is added to the rest first, then events, then recurrent rows, each in order. drive (stride), events,
   * recurrent = 0: absent. Writes U (steps x stride), offsets (steps + 1) and ids (room for steps x stride, of which the end is scratch), ascending in each step; offsets = 0: nothing spikes,
   * is reset or recurs.
   */
  lifForwardF32(
    steps: number,
    stride: number,
    beta: number,
    theta: number,
    reset: number,
    drive: Pointer,
    events: Pointer,
    synapses: Pointer,
    recurrent: Pointer,
    U: Pointer,
    offsets: Pointer,
    ids: Pointer,
  ): void;
  lifForwardF64: LayerKernels['lifForwardF32'];
  /** E[t][j] = synapse row j . D[t] (in any order) where |U[t][j] - theta| < window and j < size, 0 elsewhere. D has rows of `post` values. */
  spreadF32(
    steps: number,
    stride: number,
    size: number,
    theta: number,
    window: number,
    U: Pointer,
    synapses: Pointer,
    D: Pointer,
    post: number,
    E: Pointer,
  ): void;
  spreadF64: LayerKernels['spreadF32'];
  /**
   * Back through time, E (dLoss/dspike, steps x stride) becomes D (dLoss/dU) in place: D[t] = f'(|U[t] - theta|) e + passed on + push.
   * Passed on: beta D[t+1], 0 where reset = 2 and U[t] >= theta. e = E[t] + cost + recurrent D[t+1] (in any order) + (not detached: the
   * reset's share, -theta D[t+1] for reset 1, -beta U[t] D[t+1] for 2). Surrogate f': see assembly/surrogate.ts for `shape`; it counts as
   * 0 from `window` on. sum (stride) += D[t] over all steps, the last step first. push (stride), recurrent, sum = 0: absent. From `size` on D is 0.
   */
  lifBackwardF32(
    steps: number,
    stride: number,
    size: number,
    beta: number,
    theta: number,
    reset: number,
    detached: number,
    shape: number,
    slope: number,
    peak: number,
    window: number,
    cost: number,
    push: Pointer,
    recurrent: Pointer,
    U: Pointer,
    E: Pointer,
    sum: Pointer,
  ): void;
  lifBackwardF64: LayerKernels['lifBackwardF32'];
  /** gradient block row j += value D[t] for every event (t, j) */
  eventGradientF32(steps: number, events: Pointer, gradient: Pointer, D: Pointer, stride: number): void;
  eventGradientF64: LayerKernels['eventGradientF32'];
  /** G[t] += beta G[t+1] from the last step backwards, in place */
  leakBackwardF32(steps: number, stride: number, beta: number, G: Pointer): void;
  leakBackwardF64: LayerKernels['leakBackwardF32'];

  /** G = scale (softmax(Z) - onehot(label)) row by row, padding 0, G not Z; returns the sum over rows of the cross-entropy (not scaled) */
  softmaxLossF32(Z: Pointer, rows: number, stride: number, classes: number, label: number, scale: number, G: Pointer): number;
  softmaxLossF64: LayerKernels['softmaxLossF32'];

  /**
   * Proximal Adam (Kingma and Ba 2015): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, h = rate / (epsilon + correction2 sqrt(v)),
   * w = clip(S(w - h correction1 m, h lambda), lower, upper): the threshold is in the metric of the step. m = 0 where w was not 0 and now is: an
   * old gradient does not bring it back, a lasting one does. lower = upper = 0: no bounds.
   */
  adamF32(
    w: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    correction1: number,
    correction2: number,
    epsilon: number,
    lambda: number,
    lower: Pointer,
    upper: Pointer,
  ): void;
  adamF64: LayerKernels['adamF32'];
  /**
   * Proximal heavy ball: m = decay m + g, w = clip(S(w - rate m, rate lambda), lower, upper); m = 0 as in Adam. Lasting gradients come
   * into m 1 / (1 - decay) times: for a penalty of strength s on the loss, pass lambda = s / (1 - decay).
   */
  momentumF32(
    w: Pointer,
    g: Pointer,
    m: Pointer,
    n: number,
    rate: number,
    decay: number,
    lambda: number,
    lower: Pointer,
    upper: Pointer,
  ): void;
  momentumF64: LayerKernels['momentumF32'];
  /**
   * Group steps, one group per row: v_r (one per row) averages the row's g^2, so that the row's metric h is a number, as in Adam;
   * z_r = clip(w_r - h correction1 m_r, lower, upper), w_r = z_r max(0, 1 - h lambda / ||z_r||): with bounds of 0 and +-Infinity the exact
   * proximal map; 0 must lie within. m_r = 0 where w_r was not 0 and now is. Rows: `width` values each, padding counted in the average, or
   * CSR rows with indptr. v = 0: heavy ball with decay beta1, h = rate and the strength of lambda as in momentum; beta2, correction2 and
   * epsilon are not used, correction1 is 1. Scalars and sums are f64 in both forms.
   */
  groupStepF32(
    w: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    rows: number,
    indptr: Pointer,
    width: number,
    rate: number,
    beta1: number,
    beta2: number,
    correction1: number,
    correction2: number,
    epsilon: number,
    lambda: number,
    lower: Pointer,
    upper: Pointer,
  ): void;
  groupStepF64: LayerKernels['groupStepF32'];
  /** mask_i = 0 with probability share (0 <= share < 1), else 1 / (1 - share); out = w mask. state: xoshiro128**, one word per weight */
  dropConnectionsF32(w: Pointer, n: number, share: number, state: Pointer, mask: Pointer, out: Pointer): void;
  dropConnectionsF64: LayerKernels['dropConnectionsF32'];
  /** x *= factor elementwise, in place */
  multiplyByF32(x: Pointer, factor: Pointer, n: number): void;
  multiplyByF64: LayerKernels['multiplyByF32'];
}
