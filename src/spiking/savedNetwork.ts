import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { Label } from '../core/labels.ts';
import type { ModelReader } from '../core/modelReader.ts';
import { firesAtOutput, LOSSES } from './outputLoss.ts';
import type { SpikingCertificate, SpikingModelParts } from './spikingModel.ts';
import type { EpochRecord, TrainingStatus } from './training.ts';

const STATUSES: readonly TrainingStatus[] = ['trained', 'aborted', 'silent', 'saturated', 'diverged'];

/** Field `certificate` of a saved network. */
export function readCertificate(reader: ModelReader): SpikingCertificate {
  const proof = reader.object('certificate');
  const certificate: SpikingCertificate = {
    converged: proof.boolean('converged'),
    status: proof.oneOf('status', STATUSES),
    loss: proof.number('loss'),
    objective: proof.number('objective'),
    kkt: proof.number('kkt'),
    epochs: proof.number('epochs'),
    tol: proof.number('tol'),
  };
  if (proof.has('advice')) certificate.advice = proof.string('advice');
  return certificate;
}

/** Field `history` of a saved network. */
export function readHistory(reader: ModelReader): EpochRecord[] {
  return reader.list('history').map((record) => ({
    loss: record.number('loss'),
    rate: record.number('rate'),
    connections: record.number('connections'),
    connectionsTotal: record.number('connectionsTotal'),
    ...(record.has('accuracy') && { accuracy: record.number('accuracy') }),
  }));
}

/** Field `layers` of a saved network: matrices and biases that fit each other and the number of outputs. */
export function readLayers(
  reader: ModelReader,
  outputs: number,
): { weights: CsrMatrix[]; recurrentWeights: CsrMatrix[]; biases: Float64Array[] } {
  const layers = reader.list('layers');
  if (layers.length === 0) reader.fail('layers: expected at least one');
  const recurs = layers[0].has('recurrent');
  layers.forEach((layer, l) => {
    const wanted = recurs && l + 1 < layers.length;
    if (layer.has('recurrent') !== wanted) reader.fail(`layers[${l}].recurrent: expected in all hidden layers or in none`);
  });
  const sized = (matrix: CsrMatrix, rows: number, cols: number, name: string) => {
    if (matrix.rows === rows && matrix.cols === cols) return matrix;
    return reader.fail(`${name}: expected ${rows} x ${cols}, got ${matrix.rows} x ${matrix.cols}`);
  };
  const [weights, recurrentWeights, biases]: [CsrMatrix[], CsrMatrix[], Float64Array[]] = [[], [], []];
  layers.forEach((layer, l) => {
    const matrix = layer.csrMatrix('weights');
    const size = l + 1 === layers.length ? outputs : matrix.cols;
    weights.push(sized(matrix, l === 0 ? matrix.rows : weights[l - 1].cols, size, `layers[${l}].weights`));
    biases.push(layer.float64Array('bias', size));
    if (layer.has('recurrent')) recurrentWeights.push(sized(layer.csrMatrix('recurrent'), size, size, `layers[${l}].recurrent`));
  });
  return { weights, recurrentWeights, biases };
}

/** The parts of a saved spiking network. */
export function readSpikingModel(reader: ModelReader): SpikingModelParts<Label> {
  const encoding = reader.object('encoding');
  const dynamics = reader.object('dynamics');
  const surrogate = dynamics.object('surrogate');
  const classes = reader.labels('classes');
  const layers = readLayers(reader, classes.length);
  const inputs = reader.integer('inputs', 1);
  if (layers.weights[0].rows !== inputs) reader.fail(`layers[0].weights: expected ${inputs} rows, got ${layers.weights[0].rows}`);
  const parts: SpikingModelParts<Label> = {
    classes,
    inputs,
    encoding: {
      encoder: encoding.oneOf('encoder', ['current', 'rate', 'poisson', 'latency', 'spikes']),
      steps: encoding.integer('steps', 1),
      dt: encoding.number('dt'),
      seed: encoding.integer('seed', 0),
      scale: encoding.number('scale'),
    },
    dynamics: {
      steps: dynamics.integer('steps', 1),
      beta: dynamics.number('beta'),
      readoutBeta: dynamics.number('readoutBeta'),
      threshold: dynamics.number('threshold'),
      reset: dynamics.oneOf('reset', ['subtract', 'zero', 'none']),
      detachReset: dynamics.boolean('detachReset'),
      surrogate: {
        shape: surrogate.integer('shape', 0, 3),
        slope: surrogate.number('slope'),
        peak: surrogate.number('peak'),
        window: surrogate.number('window'),
      },
      spikingOutput: dynamics.boolean('spikingOutput'),
    },
    loss: reader.oneOf('loss', LOSSES),
    lambda: reader.number('lambda'),
    precision: reader.oneOf('precision', ['f32', 'f64']),
    ...layers,
    certificate: readCertificate(reader),
    history: readHistory(reader),
  };
  const broken = flawOf(parts);
  return broken ? reader.fail(broken) : parts;
}

/** What is wrong with parts that are each of the right kind. */
function flawOf({
  classes,
  encoding,
  dynamics,
  loss,
  weights,
  recurrentWeights,
  biases,
}: SpikingModelParts<Label>): string | undefined {
  const { beta, readoutBeta, threshold, steps, spikingOutput, surrogate } = dynamics;
  const isDecay = (value: number) => value >= 0 && value < 1;
  const isSize = (value: number) => value > 0 && Number.isFinite(value);
  if (spikingOutput !== firesAtOutput(loss)) return `dynamics.spikingOutput: expected ${!spikingOutput} for the loss "${loss}"`;
  if (steps !== encoding.steps) return `dynamics.steps: expected ${encoding.steps}, as in encoding, got ${steps}`;
  if (!(isSize(encoding.dt) && isSize(encoding.scale))) return 'encoding: expected dt and scale > 0';
  if (!(isDecay(beta) && isDecay(readoutBeta))) return 'dynamics: expected beta and readoutBeta in [0, 1)';
  if (!isSize(threshold)) return `dynamics.threshold: expected a finite number > 0, got ${threshold}`;
  if (!(isSize(surrogate.slope) && isSize(surrogate.peak) && surrogate.window > 0)) {
    return 'dynamics.surrogate: expected slope, peak and window > 0';
  }
  return flawOfLayers(classes, [...weights, ...recurrentWeights], biases);
}

/** The same for what all saved networks have. */
export function flawOfLayers(
  classes: readonly Label[],
  weights: readonly CsrMatrix[],
  biases: readonly Float64Array[],
): string | undefined {
  if (classes.length < 2 || new Set(classes).size < classes.length) return 'classes: expected at least two, all different';
  const values = weights.map(({ data }) => data);
  if (![...values, ...biases].every((list) => list.every(Number.isFinite))) return 'layers: expected finite weights and biases';
  return undefined;
}
