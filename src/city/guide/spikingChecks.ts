import { CsrMatrix } from '../../core/csrMatrix.ts';
import { softThreshold } from '../../core/softThreshold.ts';
import { integrateAndFire, SpikingNetwork, spikeSource } from '../../spiking/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { claim, compare } from './compare.ts';
import { guideFactors } from './factorizationChecks.ts';
import { ETA_LAMBDA, ROADS, STRENGTHS, SYNAPSES, THRESHOLD } from './guideNumbers.ts';
import { givenNetwork } from './oneStepNetwork.ts';

/** Section 9: equations 32 to 39, its results and its comparison with L1. */
export function spikingChecks(): GuideCheck[] {
  const probes = [0.12, 0.69, 0.7, 0.95];
  const fired = [...givenNetwork(probes.map(String), [CsrMatrix.fromDense([probes])]).spikeCounts([[1]]).data];
  const network = givenNetwork(['D', 'E'], [CsrMatrix.fromDense(SYNAPSES)]);
  const [roads] = network.weights;
  const [uD, uE] = network.trace([STRENGTHS], 0, 0).membrane.data;
  const [sD, sE] = network.spikeCounts([STRENGTHS]).data;
  const [simulatedD, simulatedE] = simulated();
  return [
    compare(
      'equation 32',
      'Spikes of membranes at 0.12, 0.69, 0.7, 0.95 with threshold 0.7',
      probes.map((u) => (u >= 0.7 ? 1 : 0)),
      fired,
    ),
    compare('equation 33', 'Synapse A -> D', 0.8, roads.get(0, 0)),
    compare('equation 34', 'Synapse B -> D', 0.5, roads.get(1, 0)),
    compare('equation 35', 'Synapse C -> E', 0.6, roads.get(2, 1)),
    compare('equation 36', 'Membrane of D', 0.95, uD),
    compare('equation 37', 'Spikes of D, in one step of a layer and in a simulation', [1, 1], [sD, simulatedD]),
    compare('equation 38', 'Membrane of E', 0.12, uE),
    compare('equation 39', 'Spikes of E, in one step of a layer and in a simulation', [0, 0], [sE, simulatedE]),
    ...resultChecks(fired),
  ];
}

function resultChecks(fired: readonly number[]): GuideCheck[] {
  // D and E act on F, G, H by the routes that the factors of section 7 predict.
  const factors = guideFactors();
  const routes = [3, 4].map((destination) => [0, 1, 2].map((source) => factors.predict(source, destination)));
  const deep = givenNetwork(['F', 'G', 'H'], [CsrMatrix.fromDense(SYNAPSES), CsrMatrix.fromDense(routes)]);
  const spikes = [...deep.spikeCounts([STRENGTHS]).data];
  const kept = softThreshold(softThreshold(ROADS, ETA_LAMBDA), ETA_LAMBDA).filter((w) => w !== 0).length;
  const active = spikes.slice(0, 2).filter((count) => count > 0).length;
  return [
    compare('section 9.4', 'Spikes of D, E and, through the routes of section 7, of F, G, H', [1, 0, 1, 0, 0], spikes),
    claim(
      'section 9.5',
      'What L1 and what spikes leave',
      'fewer connections; fewer spikes',
      `${kept} of ${ROADS.length} roads into D; ${active} of 2 neurons`,
      kept < ROADS.length && active < 2,
    ),
    compare(
      'section 9.5',
      'Spikes of a membrane exactly at the threshold',
      0.7 > THRESHOLD ? 1 : 0,
      fired[2],
      'The table of 9.5 fires where u > theta, equation 32 where u >= theta; the library follows the equation.',
    ),
  ];
}

/** The same neurons in a simulation: A, B, C spike once, each spike as strong as its input. */
function simulated(): [d: number, e: number] {
  const net = new SpikingNetwork({ dt: 1, seed: 0, precision: 'f64' });
  const inputs = net.population({ size: 3, model: spikeSource({ time: [1, 1, 1], neuron: [0, 1, 2] }) });
  const outputs = net.population({ size: 2, model: integrateAndFire({ vThreshold: THRESHOLD }) });
  net.connect(inputs, outputs, { edges: CsrMatrix.fromDense(SYNAPSES.map((row, i) => row.map((w) => STRENGTHS[i] * w))) });
  net.record(outputs, { spikes: true });
  const { neuron } = net.run(5).spikes;
  const count = (id: number) => neuron.filter((n) => n - Math.min(...neuron) === id).length;
  return [count(0), count(1)];
}
