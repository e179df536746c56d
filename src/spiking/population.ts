import type { NeuronModel } from './models/neuronModel.ts';

/** Neurons of one kind in a network: made by `SpikingNetwork.population`, a handle for everything else. */
export class Population {
  /** How many neurons. */
  readonly size: number;
  /** The number of its first neuron in the network. */
  readonly first: number;
  readonly model: NeuronModel;

  /** Internal. */
  constructor(size: number, first: number, model: NeuronModel) {
    this.size = size;
    this.first = first;
    this.model = model;
  }
}
