import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { RunOptions } from '../../core/progress.ts';
import { Random } from '../../core/random.ts';
import { StandardScaler } from '../../preprocessing/index.ts';
import { DenseClassifier, SpikingClassifier, type SpikingClassifierOptions, spikingPath } from '../../spiking/index.ts';
import type { AttributeTable, EfficientNetwork, SelectedAttributes } from '../cityReport.ts';
import { columnOf } from './attributeTable.ts';
import { explainingColumn } from './selectAttributes.ts';

const CLASSES = ['low', 'middle', 'high'] as const;
const MOST_ROWS = 1200;
const TEST_SHARE = 0.25;
const LAMBDA = 2e-3;
const LAMBDAS = [5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2];
const RECIPE: SpikingClassifierOptions = {
  hidden: [24],
  steps: 12,
  epochs: 40,
  batchSize: 16,
  learningRate: 0.02,
  activity: { cost: 0.1 },
};

/**
 * Equations 40 to 44 of the guide: whether the traffic of a link is low, middle or high (by thirds), learnt from its attributes by a dense network, by a spiking one, and by
 * a spiking one with L1 on its synapses; every report is on links that were held out. The efficiency table holds counts, not seconds.
 */
export function sparsifyTraffic(
  table: AttributeTable,
  { names }: SelectedAttributes,
  seed = 0,
  run: RunOptions = {},
): EfficientNetwork {
  const n = table.values.rows;
  const traffic = columnOf(table, 'traffic');
  const labels = thirds(traffic);
  const columns = names.map((name) => explainingColumn(table, name));
  const order = sample(n, labels, seed);
  const cut = Math.floor(order.length * (1 - TEST_SHARE));
  const part = (rows: Int32Array) => DenseMatrix.from(Array.from(rows, (i) => columns.map((column) => column[i])));
  const [trainRows, testRows] = [order.slice(0, cut), order.slice(cut)];
  const scaling = new StandardScaler().fit(part(trainRows));
  const [X, Z] = [scaling.transform(part(trainRows)), scaling.transform(part(testRows))];
  const labelsOf = (rows: Int32Array) => Array.from(rows, (i) => labels[i]);
  const [y, z] = [labelsOf(trainRows), labelsOf(testRows)];
  const { hidden, epochs, batchSize, learningRate } = RECIPE;
  const recipe = { ...RECIPE, seed };
  const { signal } = run;
  const dense = new DenseClassifier({ hidden, epochs, batchSize, learningRate, seed }).fit(X, y, { signal });
  const spiking = new SpikingClassifier(recipe).fit(X, y, { signal });
  const sparse = new SpikingClassifier({ ...recipe, lambda: LAMBDA }).fit(X, y, { signal });
  const path = spikingPath(X, y, { ...recipe, epochs: 30, lambdas: LAMBDAS, validation: { X: Z, labels: z }, signal });
  const item = table.item === 'link' ? 'the traffic of a link' : 'the number of trips on a route';
  return {
    task: `whether ${item} is low, middle or high, from its attributes, on a quarter held out`,
    classes: [...CLASSES],
    rows: [
      { name: 'without L1 + SNN', report: dense.report(Z, z) },
      { name: 'SNN', report: spiking.report(Z, z) },
      { name: 'with L1 + SNN', report: sparse.report(Z, z) },
    ],
    path: path.map(({ lambda, report }) => ({ lambda, report })),
    dense,
    sparse,
  };
}

/** Low, middle or high by thirds; of equal numbers, more than a third are low where nothing is lower. */
function thirds(traffic: Float64Array): string[] {
  const sorted = traffic.slice().sort();
  const [low, high] = [1, 2].map((third) => sorted[Math.floor((third * sorted.length) / 3)]);
  if (sorted[0] === sorted[sorted.length - 1])
    throw new RangeError('table: expected traffic that differs between its rows, got none');
  const above = (v: number, limit: number) => (limit > sorted[0] ? v >= limit : v > limit);
  return Array.from(traffic, (v) => CLASSES[Number(above(v, low)) + Number(above(v, high))]);
}

/** Rows by chance, one of each class among the first. */
function sample(n: number, labels: readonly string[], seed: number): Int32Array {
  const order = new Random(seed, 11).shuffle(Int32Array.from({ length: n }, (_, k) => k));
  const first = CLASSES.map((name) => order.findIndex((k) => labels[k] === name)).filter((at) => at >= 0);
  if (Math.max(...first) < Math.min(n, MOST_ROWS) * (1 - TEST_SHARE) - 1) return order.slice(0, MOST_ROWS);
  const rows = first.map((at) => order[at]);
  return Int32Array.from([...rows, ...order.filter((k) => !rows.includes(k))]).slice(0, MOST_ROWS);
}
