/** Energy by operations counted, and the assumption behind it. */
export interface EnergyEstimate {
  /**
   * Picojoules per sample of this network, event-driven: an addition for every spike and synapse it meets, a multiply-add for every real-valued
   * input and synapse, and one per step for the membrane of every neuron that has synapses on both sides.
   */
  spiking: number;
  /** Picojoules per sample of a dense network of the same shape: one multiply-add per connection. */
  dense: number;
  /** Assumed picojoules per 32-bit floating-point addition and multiply-add in 45 nm (Horowitz, ISSCC 2014); memory traffic is left out. */
  perAddition: number;
  perMultiplyAdd: number;
}

/** Accuracy, connections and activity of a network on some data, in one place. */
export interface SparsityReport {
  /** Share of right predictions. */
  accuracy: number;
  /** Synapses with a weight that is not zero, and all that a dense network of this shape has. */
  connections: number;
  connectionsTotal: number;
  /** Neurons (hidden ones, and output neurons that spike) that fire at least once on the data, and all of them. */
  activeNeurons: number;
  neuronsTotal: number;
  /** Neurons that fire at least once, on average over the samples. */
  activeNeuronsPerSample: number;
  /** Spikes of those neurons, on average over the samples. */
  spikesPerSample: number;
  /** Operations at synapses per sample: one for every spike and synapse it meets, and one for every real-valued input current and synapse. */
  synapticOperations: number;
  /** Multiply-adds per sample of a dense network of the same shape. */
  denseOperations: number;
  energy: EnergyEstimate;
}

const PER_ADDITION = 0.9;
const PER_MULTIPLY_ADD = 4.6;

/** @param additions at spikes, @param products with real-valued inputs, @param updates of membranes, all per sample */
export function energyOf(additions: number, products: number, updates: number, denseOperations: number): EnergyEstimate {
  return {
    spiking: additions * PER_ADDITION + (products + updates) * PER_MULTIPLY_ADD,
    dense: denseOperations * PER_MULTIPLY_ADD,
    perAddition: PER_ADDITION,
    perMultiplyAdd: PER_MULTIPLY_ADD,
  };
}
