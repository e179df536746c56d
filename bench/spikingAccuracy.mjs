/**
 * Accuracy, connections and spikes together, for networks with and without L1 and for a plain dense network: Yin-Yang (5000 training and
 * 1000 test samples) and the 8 x 8 digits (every row whose number ends in 0, 1 or 2 is a test row). Means over seeds.
 */
import { readFileSync } from 'node:fs';
import { DenseClassifier, SpikingClassifier, yinYang } from '../dist/index.js';

const SEEDS = [0, 1, 2];

function digits() {
  const { labels, pixels } = JSON.parse(readFileSync(new URL('../test/fixtures/digits.json', import.meta.url), 'utf8'));
  const part = (test) => {
    const rows = pixels.map((_, i) => i).filter((i) => i % 10 < 3 === test);
    return {
      X: rows.map((i) => Array.from(pixels[i], (c) => Number.parseInt(c, 17))),
      y: rows.map((i) => Number(labels[i])),
    };
  };
  return [part(false), part(true)];
}

const JOBS = [
  {
    data: 'Yin-Yang',
    load: () => [yinYang({ samples: 5000, seed: 42 }), yinYang({ samples: 1000, seed: 40 })],
    options: { hidden: [120], epochs: 80, batchSize: 32, learningRate: 0.01 },
    dense: { accuracy: 0.96 },
    sparse: { options: { lambda: 1e-3, activity: { cost: 0.1 } }, accuracy: 0.94, share: 0.2 },
  },
  {
    data: 'digits',
    load: digits,
    options: { hidden: [128], epochs: 40, dropout: 0.2 },
    dense: { accuracy: 0.965 },
    sparse: { options: { lambda: 4.5e-3, dropout: 0, activity: { cost: 0.5 } }, accuracy: 0.95, share: 0.1 },
  },
];

export function accuracyRows({ note = () => {} } = {}) {
  return JOBS.flatMap(({ data, load, options, dense, sparse }) => {
    note(`accuracy, ${data}`);
    const [train, test] = load();
    const mean = (make) => meanOf(SEEDS.map((seed) => make(seed).fit(train.X, train.y).report(test.X, test.y)));
    const { hidden, epochs, batchSize, learningRate } = options;
    const shape = `${train.X.cols ?? train.X[0].length}-${hidden}-${new Set(train.y).size}`;
    const plain = { hidden, epochs, ...(batchSize && { batchSize }), ...(learningRate && { learningRate }) };
    const row = (model, report, target) => {
      const share = report.connections / report.connectionsTotal;
      const reached = target && report.accuracy >= target.accuracy && share <= (target.share ?? 1);
      return { data: `${data} ${shape}`, model, ...report, share, target, reached };
    };
    return [
      row(
        'dense ReLU',
        mean((seed) => new DenseClassifier({ ...plain, seed })),
      ),
      row(
        'spiking',
        mean((seed) => new SpikingClassifier({ ...options, seed })),
        dense,
      ),
      row(
        'spiking, L1',
        mean((seed) => new SpikingClassifier({ ...options, ...sparse.options, seed })),
        {
          accuracy: sparse.accuracy,
          share: sparse.share,
        },
      ),
    ];
  });
}

function meanOf(reports) {
  const keys = Object.keys(reports[0]).filter((key) => key !== 'energy');
  const average = (of) => reports.reduce((total, report) => total + of(report), 0) / reports.length;
  const out = Object.fromEntries(keys.map((key) => [key, average((report) => report[key])]));
  out.energyNj = average(({ energy }) => energy.spiking) / 1000;
  return out;
}
