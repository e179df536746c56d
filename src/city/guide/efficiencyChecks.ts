import { CsrMatrix } from '../../core/csrMatrix.ts';
import { DenseClassifier, SpikingClassifier, type SpikingModel } from '../../spiking/index.ts';
import { stateOf } from '../../spiking/networkState.ts';
import { fitNetwork } from '../../spiking/spikingClassifier.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { claim, compare } from './compare.ts';
import { STRENGTHS, SYNAPSES, THRESHOLD } from './guideNumbers.ts';
import { givenNetwork, oneStepRecipe, SLOPE } from './oneStepNetwork.ts';

/** A network of the guide's shape (A, B, C; D, E; F, G, H) with weights away from 0, three samples and the unit that should fire. */
const FIRST = [
  [0.8, 0.3],
  [0.9, -0.2],
  [-0.3, 0.8],
];
const SECOND = [
  [0.83, 0.59, 0.35],
  [0.36, 0.57, 0.78],
];
const SAMPLES = [STRENGTHS, [0.3, 1, 0.2], [0.2, 0.3, 1]];
const TARGETS = ['F', 'G', 'H'];
const ETA = 0.1;
const LAMBDA = 0.01;

/** Section 10: equations 40 to 44 and the table of efficiency. */
export function efficiencyChecks(): GuideCheck[] {
  return [...trainedChecks(), ...gradientChecks()];
}

function gradientChecks(): GuideCheck[] {
  const start = stateOf(
    [FIRST, SECOND].map((rows) => CsrMatrix.fromDense(rows)),
    [],
    [new Float64Array(2), new Float64Array(3)],
    {
      grouped: false,
      signs: 'free',
    },
  );
  const recipe = oneStepRecipe({ hidden: [2], lambda: LAMBDA, learningRate: ETA });
  const model = fitNetwork(recipe, SAMPLES, TARGETS, undefined, start);
  const [first, second] = model.weights.map((W) => W.toDense().toRows());
  // What one step of plain descent took, divided by its length, is the gradient of equation 42.
  const taken = (before: number[][], after: number[][]) => before.map((row, i) => row.map((w, j) => (w - after[i][j]) / ETA));
  const byHand = writtenOut();
  return [
    compare('equation 42', 'Loss + lambda sum |w| after one step', objective(model), model.certificate.objective),
    claim(
      'equation 42',
      'Strengths of the penalty',
      'one lambda here, lambda1 and lambda2 in (43) and (44)',
      `one, ${model.lambda}`,
      false,
      'Equations 43 and 44 are derivatives of 42 only where lambda1 = lambda2 = lambda; the library has one lambda for all layers.',
    ),
    compare(
      'equation 43',
      'Gradient of the output layer (D, E to F, G, H), from one training step',
      byHand.second,
      taken(SECOND, second),
    ),
    compare(
      'equation 44',
      'Gradient of the hidden layer (A, B, C to D, E), from one training step',
      byHand.first,
      taken(FIRST, first),
    ),
    claim(
      'equation 44',
      'Errors of F, G, H taken back to D, E',
      'errors (3 x 1) times W(2)’ (2 x 3)',
      `W(2)’ (${model.weights[1].rows} x ${model.weights[1].cols}) times errors (3 x 1)`,
      false,
      'With errors as a column, as equation 43 has them, W(2)’ must stand on their left; the numbers above are those of that order.',
    ),
  ];
}

/** Equations 43 and 44 term by term, mean over the samples. */
function writtenOut(): { first: number[][]; second: number[][] } {
  const first = FIRST.map((row) => row.map((w) => LAMBDA * (w > 0 ? 1 : -1)));
  const second = SECOND.map((row) => row.map((w) => LAMBDA * (w > 0 ? 1 : -1)));
  const slope = (u: number) => 1 / (1 + SLOPE * Math.abs(u - THRESHOLD)) ** 2;
  SAMPLES.forEach((x, sample) => {
    const u1 = [0, 1].map((j) => x.reduce((sum, value, i) => sum + value * FIRST[i][j], 0));
    const s1 = u1.map((u) => (u >= THRESHOLD ? 1 : 0));
    const u2 = [0, 1, 2].map((c) => SECOND[0][c] * s1[0] + SECOND[1][c] * s1[1]);
    const delta = u2.map((u, c) => ((u >= THRESHOLD ? 1 : 0) - (c === sample ? 1 : 0)) * slope(u));
    for (const j of [0, 1]) {
      for (const c of [0, 1, 2]) second[j][c] += (delta[c] * s1[j]) / SAMPLES.length;
      const back = delta.reduce((sum, d, c) => sum + d * SECOND[j][c], 0) * slope(u1[j]);
      for (const i of [0, 1, 2]) first[i][j] += (back * x[i]) / SAMPLES.length;
    }
  });
  return { first, second };
}

/** Equation 42 from weights, biases and spikes. */
function objective({ weights, biases }: SpikingModel<string>): number {
  const fire = (W: CsrMatrix, b: Float64Array, x: ArrayLike<number>) =>
    W.rmatvec(x).map((u, j) => (u + b[j] >= THRESHOLD ? 1 : 0));
  let loss = 0;
  SAMPLES.forEach((x, sample) => {
    const s = fire(weights[1], biases[1], fire(weights[0], biases[0], x));
    s.forEach((spike, c) => {
      loss += (spike - (c === sample ? 1 : 0)) ** 2 / 2;
    });
  });
  const size = weights.reduce((sum, { data }) => sum + Float64Array.from(data, Math.abs).reduce((a, b) => a + b, 0), 0);
  return loss / SAMPLES.length + LAMBDA * size;
}

/** Strong, middle and weak traffic of A lead to F, G and H, whatever B and C do: learnt without and with L1 and spikes. */
function trainedChecks(): GuideCheck[] {
  const levels = [0.1, 0.4, 0.7, 1];
  const X = levels.flatMap((a) => levels.flatMap((b) => levels.map((c) => [a, b, c])));
  const labels = X.map(([a]) => (a >= 0.7 ? 'F' : a >= 0.4 ? 'G' : 'H'));
  const options = { hidden: [2], precision: 'f64' as const, epochs: 60, batchSize: 8, learningRate: 0.05, seed: 1 };
  const dense = new DenseClassifier(options).fit(X, labels).report(X, labels);
  const spiking = { ...options, steps: 10, activity: { cost: 0.1 } };
  const plain = new SpikingClassifier(spiking).fit(X, labels).report(X, labels);
  const sparse = new SpikingClassifier({ ...spiking, lambda: 0.01 }).fit(X, labels).report(X, labels);
  const strengths = [1, 0.75, 0.7, 0.5];
  const network = givenNetwork(['D', 'E'], [CsrMatrix.fromDense(SYNAPSES)]);
  const spikes = strengths.map((share) => network.spikeCounts([STRENGTHS.map((x) => share * x)]).get(0, 0));
  const row = ({ connections, activeNeuronsPerSample, accuracy }: typeof dense) =>
    `${connections} and ${activeNeuronsPerSample.toFixed(1)} (accuracy ${(100 * accuracy).toFixed(0)} %)`;
  return [
    claim(
      'equation 40',
      'Connections of a trained spiking network, with L1',
      'fewer',
      `${sparse.connections} of ${plain.connections}`,
      sparse.connections < plain.connections,
      'With this lambda L1 closed nothing.',
    ),
    compare(
      'equation 41',
      'Spikes of D where the input is 1, 0.75, 0.7 and 0.5 times that of section 9',
      strengths.map((share) => (share * 0.95 >= 0.7 ? 1 : 0)),
      spikes,
    ),
    claim(
      'section 10.4',
      'Connections and active neurons without L1 + SNN, and with both',
      '10 and 8; 3 and 1',
      `${row(dense)}; ${row(sparse)}`,
      false,
      `The table is illustrative: a full network A, B, C to D, E to F, G, H has ${dense.connectionsTotal} connections, not 10, and 8 is the number of all its places, ` +
        'inputs included; ours is measured on a small task.',
    ),
  ];
}
