import type { Floats, PopulationState } from './populationState.ts';

/** Pair-based plasticity with the constants of one step. */
export interface Plasticity {
  /** Decay of the sources' and of the targets' traces per step. */
  readonly leakBefore: number;
  readonly leakAfter: number;
  /** dt over the smaller time constant. */
  readonly fastest: number;
  readonly aPlus: number;
  readonly aMinus: number;
  readonly wMin: number;
  readonly wMax: number;
  /** Traces, one number per source and per target. */
  readonly before: Floats;
  readonly after: Floats;
  /** Synapses by target: those onto t are edges[colptr[t]]..edges[colptr[t + 1] - 1], from these sources. */
  readonly colptr: Int32Array;
  readonly sources: Int32Array;
  readonly edges: Int32Array;
}

/** The synapses of one connection that have one delay, compressed by source. */
export interface DelayedSynapses {
  readonly source: PopulationState;
  readonly target: PopulationState;
  /** Which receptor of the target; -1: its input. */
  readonly receptor: number;
  /** In steps. */
  readonly delay: number;
  /** Spikes of earlier steps are not delivered: the connection was not there. */
  readonly since: number;
  readonly indptr: Int32Array;
  readonly targets: Int32Array;
  /** One weight per synapse, or `weight` for all. */
  readonly weights: Floats | undefined;
  readonly weight: number;
  readonly plasticity: Plasticity | undefined;
}
