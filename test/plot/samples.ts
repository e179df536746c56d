/** Small inputs for every chart, made without logarithms, so that they are the same bits everywhere. */
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { Random } from '../../src/core/random.ts';
import { LassoCV } from '../../src/linear/index.ts';
import {
  accuracyAgainstConnections,
  type Chart,
  coefficientPath,
  crossValidationCurve,
  factorPlot,
  heatMap,
  intervals,
  l1Ball,
  networkMap,
  normShapes,
  predictedAgainstObserved,
  principalDirections,
  rankBars,
  spikeRaster,
} from '../../src/plot/index.ts';
import { Pca, SparsePca } from '../../src/spectral/index.ts';
import type { SparsityReport } from '../../src/spiking/index.ts';

/** A name that would be harmful if it were not escaped. */
export const EVIL = `<script>alert("1")</script> & 'x'`;

const random = new Random(3);
const X = DenseMatrix.from(Array.from({ length: 40 }, () => Array.from({ length: 5 }, () => random.uniform() - 0.5)));
const y = Float64Array.from({ length: 40 }, (_, i) => 3 * X.data[5 * i] - X.data[5 * i + 2] + 0.1 * random.uniform());
export const names = [EVIL, 'cost', 'speed', 'capacity', 'toll'];
export const cv = new LassoCV({ folds: 4, nLambdas: 20, seed: 1 }).fit(X, y);

export const places = [
  { name: EVIL, x: 0, y: 0 },
  { name: 'Bree', x: 3, y: 1, size: 2, note: 'population 9' },
  { name: 'Cole', x: 1, y: 4 },
];
export const links = [
  { from: 0, to: 1, traffic: 100, value: 0.2 },
  { from: 1, to: 0, traffic: 40, value: 0.4 },
  { from: 1, to: 2, traffic: 70, value: 0.6 },
  { from: 2, to: 0, traffic: 10, value: 0.8 },
  { from: 2, to: 1, value: 1 },
  { from: 0, to: 2, closed: true },
];
export const matrix = CsrMatrix.fromCoo(3, 3, { row: [0, 0, 2], col: [1, 2, 0], value: [16, 4, 0] });

export function sparsity(accuracy: number, connections: number): SparsityReport {
  return {
    accuracy,
    connections,
    connectionsTotal: 100,
    activeNeurons: 5,
    neuronsTotal: 8,
    activeNeuronsPerSample: 3,
    spikesPerSample: 20,
    synapticOperations: 50,
    denseOperations: 100,
    energy: { spiking: 1, dense: 2, perAddition: 0.9, perMultiplyAdd: 4.6 },
  };
}

const factors = (rows: number, sign: number) =>
  DenseMatrix.from(Array.from({ length: rows }, (_, k) => [sign * (k + 1), k * k - 2]));

/** One of every kind. */
export const charts: Record<string, () => Chart> = {
  coefficientPath: () => coefficientPath(cv.path, { names, chosen: cv.lambda1se }),
  crossValidationCurve: () => crossValidationCurve(cv),
  l1Ball: () => l1Ball([10, 1], 5),
  normShapes: () => normShapes(),
  networkMap: () => networkMap(places, links),
  heatMap: () => heatMap(matrix, { rowNames: places.map(({ name }) => name) }),
  factorPlot: () =>
    factorPlot({
      origins: factors(3, 1),
      destinations: factors(3, -1),
      originNames: places.map(({ name }) => name),
      destinationNames: ['Pell', 'Quay', 'Rook'],
      routes: [
        { origin: 0, destination: 2, value: 9, basis: 'warm' },
        { origin: 1, destination: 1, value: 4, basis: 'prior' },
      ],
    }),
  principalDirections: () =>
    principalDirections(names, new Pca({ components: 3 }).fit(X), new SparsePca({ components: 2, nonzeros: 2 }).fit(X)),
  rankBars: () => rankBars(names, [0.1, 0.4, 0.2, 0.2, 0.1]),
  spikeRaster: () => spikeRaster({ time: [1, 2.5, 4, 9], neuron: [0, 1, 0, 0] }, 3, 10, { names: [EVIL, 'bell', 'cone'] }),
  accuracyAgainstConnections: () =>
    accuracyAgainstConnections(
      [
        { lambda: 0.01, report: sparsity(0.95, 80) },
        { lambda: 0.1, report: sparsity(0.9, 10) },
      ],
      [{ name: EVIL, report: sparsity(0.97, 100) }],
    ),
  predictedAgainstObserved: () => predictedAgainstObserved([0, 4, 9], [1, 5, 8], { names: [EVIL, 'bell', 'cone'] }),
  intervals: () => intervals([{ name: EVIL, value: 3, lower: 1, upper: 7, note: 'warm' }]),
};
