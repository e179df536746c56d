import { nonNegativeNumber, optionsObject, positiveNumber } from '../../core/checks.ts';
import { type LifModel, type LifOptions, lifOptionNames, lifParts } from './lif.ts';

export interface AdaptiveLifOptions extends LifOptions {
  /** Time constant in ms with which the threshold returns. */
  tauAdaptation: number;
  /** How much each spike raises the threshold, in units of v. */
  adaptationStep: number;
}

export interface AdaptiveLifModel extends Omit<LifModel, 'kind'> {
  readonly kind: 'adaptiveLif';
  readonly tauAdaptation: number;
  readonly adaptationStep: number;
}

/**
 * Leaky integrate-and-fire neurons with a threshold that adapts (ALIF): as `lif`, but a neuron spikes when v >= vThreshold + a, where
 *
 *     tauAdaptation da/dt = -a,    a += adaptationStep at each spike of the neuron
 *
 * In a step a decays first, then v is compared, then a spike raises a. Source: Bellec et al. 2018, arXiv 1803.09574 (there the step is
 * beta times a unit jump).
 *
 * @throws as `lif`
 */
export function adaptiveLif(options: AdaptiveLifOptions): AdaptiveLifModel {
  optionsObject(options, 'adaptiveLif', [...lifOptionNames, 'tauAdaptation', 'adaptationStep']);
  return Object.freeze({
    ...lifParts(options),
    kind: 'adaptiveLif' as const,
    tauAdaptation: positiveNumber(options.tauAdaptation, 'tauAdaptation'),
    adaptationStep: nonNegativeNumber(options.adaptationStep, 'adaptationStep'),
  });
}
