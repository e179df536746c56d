/**
 * A realistic `CityReport` of an invented city: real fits of the library on roads, trips and demand that a seed makes up. Kernels of `exp` and `log` are not
 * needed here: the numbers only have to look like a city.
 * @module
 */
import type { City, Link, Place } from '../../src/city/city.ts';
import type { AttributeTable, CityReport, EfficientNetwork, PrunedRoads, SpikingCity } from '../../src/city/cityReport.ts';
import type { Evaluation, MethodScores, Score } from '../../src/city/evaluation.ts';
import type { GuideCheck } from '../../src/city/guideCheck.ts';
import type { PredictedRoute } from '../../src/city/predictedRoute.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { Random } from '../../src/core/random.ts';
import { MatrixFactorization } from '../../src/factorization/index.ts';
import { pageRank } from '../../src/graph/index.ts';
import { Lasso, LassoCV } from '../../src/linear/index.ts';
import { Pca, SparsePca } from '../../src/spectral/index.ts';
import { DenseClassifier, lif, SpikingClassifier, SpikingNetwork, spikingPath } from '../../src/spiking/index.ts';

/** What the sample is made of. */
export interface SampleOptions {
  /** Zones per side of the grid. @default 6 */
  side?: number;
  /** Share of trips that were observed. @default 0.8 */
  observed?: number;
  seed?: number;
}

const NAMES =
  'Ashby Birch Calder Dunmore Elm Fenwick Garth Holm Isley Jarrow Kelso Linton Marsh Norwell Oakham Penn Quay Ridley Stoke Thorn'.split(
    ' ',
  );

export function sampleReport({ side = 6, observed = 0.8, seed = 5 }: SampleOptions = {}): CityReport {
  const random = new Random(seed);
  const city = sampleCity(side, observed, random);
  const table = attributes(city);
  const { values, names } = table;
  const [n, p] = [values.rows, values.cols];
  const column = (j: number) => Float64Array.from({ length: n }, (_, i) => values.data[i * p + j]);
  const columns = names.map((_, j) => column(j));
  const minimum = Float64Array.from(columns, (c) => c.reduce((a, b) => Math.min(a, b)));
  const maximum = Float64Array.from(columns, (c) => c.reduce((a, b) => Math.max(a, b)));
  const scaled = new DenseMatrix(
    values.data.map((v, e) => (v - minimum[e % p]) / (maximum[e % p] - minimum[e % p] || 1)),
    n,
    p,
  );
  const terms = [
    { name: 'traffic', weight: 0.5, lessIsBetter: false },
    { name: 'distance', weight: 0.3, lessIsBetter: true },
    { name: 'cost', weight: 0.2, lessIsBetter: true },
  ];
  // The cost follows from the traffic and would give it away.
  const explaining = names.filter((name) => name !== 'traffic' && name !== 'cost');
  const X = DenseMatrix.from(
    Array.from({ length: n }, (_, i) => names.flatMap((name, j) => (explaining.includes(name) ? [scaled.data[i * p + j]] : []))),
  );
  const y = column(0).map(Math.log1p);
  const crossValidated = new LassoCV({ standardize: true, folds: 5, rule: '1se', nLambdas: 40, seed }).fit(X, y);
  const explained = crossValidated.model.score(X, y);
  return {
    city,
    seed,
    normalize: { table, minimum, maximum, values: scaled },
    combine: {
      terms,
      score: Float64Array.from({ length: n }, (_, i) =>
        terms.reduce((sum, t) => {
          const x = scaled.data[i * p + names.indexOf(t.name)];
          return sum + t.weight * (t.lessIsBetter ? 1 - x : x);
        }, 0),
      ),
    },
    select: {
      names: explaining,
      response: 'log(1 + traffic)',
      crossValidated,
      explained,
      leaks: [{ name: 'cost', reason: 'it is computed from the traffic (BPR function)' }],
    },
    prune: pruned(city, random),
    factorize: factored(city, seed),
    directions: {
      names,
      pca: new Pca({ components: 3, standardize: true }).fit(scaled),
      sparse: new SparsePca({ components: 3, nonzeros: 3, standardize: true }).fit(scaled),
    },
    rank: ranked(city),
    spike: spiking(city, seed),
    sparsify: efficient(scaled, y, seed),
    evaluate: evaluations(random),
    guide: GUIDE,
    skipped: [],
  };
}

function sampleCity(side: number, observed: number, random: Random): City {
  const count = side * side;
  const zones: Place[] = Array.from({ length: count }, (_, k) => ({
    id: k + 1,
    x: (k % side) + 0.55 * random.uniform(),
    y: Math.floor(k / side) + 0.55 * random.uniform(),
    name: NAMES[k % NAMES.length] + (k < NAMES.length ? '' : ` ${1 + Math.floor(k / NAMES.length)}`),
    attributes: { population: Math.round(800 + 30000 * random.uniform() * random.uniform()) },
  }));
  const away = (a: number, b: number) => Math.sqrt((zones[a].x! - zones[b].x!) ** 2 + (zones[a].y! - zones[b].y!) ** 2);
  const links: Link[] = [];
  const road = (a: number, b: number) => {
    const distance = away(a, b) * (1 + 0.3 * random.uniform());
    const type = 1 + random.integer(3);
    const capacity = 600 * type;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const centre = Math.abs(zones[from].x! - side / 2) + Math.abs(zones[from].y! - side / 2);
      const traffic = Math.round(capacity * Math.max(0.05, 1.1 - (0.7 * centre) / side + 0.35 * (random.uniform() - 0.5)));
      const speed = 30 + 15 * type;
      const freeFlowTime = (60 * distance) / speed;
      links.push({
        from: from + 1,
        to: to + 1,
        traffic,
        distance,
        capacity,
        speed,
        freeFlowTime,
        type,
        cost: freeFlowTime * (1 + 0.15 * (traffic / capacity) ** 4) + 0.1 * distance,
      });
    }
  };
  for (let k = 0; k < count; k++) {
    if (k % side < side - 1) road(k, k + 1);
    if (k + side < count) road(k, k + side);
    if (k % side < side - 1 && k + side < count && random.uniform() < 0.9) road(k, k + side + 1);
  }
  const people = zones.map(({ attributes }) => attributes!.population);
  const triplets = { row: [] as number[], col: [] as number[], value: [] as number[] };
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      // The last two zones were never counted as destinations.
      if (i === j || j >= count - 2 || random.uniform() > observed) continue;
      triplets.row.push(i);
      triplets.col.push(j);
      triplets.value.push(Math.round((people[i] * people[j] * (0.5 + random.uniform())) / (2e6 * (0.4 + away(i, j) ** 2))));
    }
  }
  return {
    name: 'Thornfield',
    zones,
    links,
    trips: CsrMatrix.fromCoo(count, count, triplets),
    coordinates: 'plane',
    hourly: true,
    repairs: [
      {
        kind: 'duplicate-link',
        source: 'net',
        count: 2,
        lines: [17, 44],
        description: 'a link given twice: the first one is kept',
      },
      { kind: 'missing-semicolon', source: 'trips', count: 1, lines: [9], description: 'a row without its semicolon' },
    ],
  };
}

function attributes({ links }: City): AttributeTable {
  const names = ['traffic', 'distance', 'cost', 'capacity', 'freeFlowTime', 'speed', 'type'] as const;
  return {
    item: 'link',
    from: links.map(({ from }) => from),
    to: links.map(({ to }) => to),
    names: [...names],
    values: DenseMatrix.from(links.map((link) => names.map((name) => link[name]!))),
  };
}

function pruned({ zones, links }: City, random: Random): PrunedRoads {
  const lambdaRatio = 0.4;
  const roads = zones.flatMap((_, to) => {
    const into = links.filter((link) => link.to === to + 1);
    const rows = 12;
    const X = Array.from({ length: rows }, () => into.map(() => random.uniform()));
    const y = X.map((row) => row.reduce((a, x, k) => a + (k === 0 ? 2 : k === 1 ? 0.6 : 0.05) * x, 0));
    const model = new Lasso({ lambda: 0.02 }).fit(X, y);
    return into.map((link, k) => ({ from: (link.from as number) - 1, to, weight: model.coef[k] }));
  });
  return { roads, open: roads.filter(({ weight }) => weight !== 0).length, lambdaRatio };
}

function factored({ zones, trips }: City, seed: number): NonNullable<CityReport['factorize']> {
  const features = DenseMatrix.from(zones.map(({ x, y, attributes }) => [x!, y!, Math.log(attributes!.population)]));
  const logs = new CsrMatrix({ ...trips!, data: Float64Array.from(trips!.data, Math.log1p) });
  const model = new MatrixFactorization({
    rank: 3,
    lambda: 0.5,
    rowFeatures: features,
    columnFeatures: features,
    maxSweeps: 30,
    seed,
  }).fit(logs);
  const rows: number[] = [];
  const cols: number[] = [];
  for (let i = 0; i < zones.length; i++) {
    for (let j = 0; j < zones.length; j++) {
      if (i === j || trips!.indices.subarray(trips!.indptr[i], trips!.indptr[i + 1]).includes(j)) continue;
      rows.push(i);
      cols.push(j);
    }
  }
  const { value, basis, standardError } = model.predictEntries(rows, cols, { standardError: true });
  const predictions: PredictedRoute[] = rows.map((i, k) => {
    const spread = Math.exp(1.645 * standardError![k]);
    const expected = Math.max(Math.expm1(value[k]), 0.1);
    return {
      origin: zones[i].id,
      destination: zones[cols[k]].id,
      value: expected,
      basis: basis[k],
      standardError: expected * standardError![k],
      lower: expected / spread,
      upper: expected * spread,
    };
  });
  const two = (F: DenseMatrix) =>
    DenseMatrix.from(Array.from({ length: F.rows }, (_, i) => [F.data[i * F.cols], F.data[i * F.cols + 1]]));
  return { model, origins: two(model.rowFactors), destinations: two(model.columnFactors), predictions };
}

function ranked({ zones, links }: City): NonNullable<CityReport['rank']> {
  const roads = CsrMatrix.fromCoo(zones.length, zones.length, {
    row: links.map(({ from }) => (from as number) - 1),
    col: links.map(({ to }) => (to as number) - 1),
    value: links.map(({ traffic }) => traffic!),
  });
  const { scores, errorBound } = pageRank(roads);
  return { scores, order: Int32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]), errorBound };
}

function spiking({ zones, links }: City, seed: number): SpikingCity {
  const size = zones.length;
  const demand = Float64Array.from({ length: size }, (_, k) => (k % 5 === 0 ? 1.4 : k % 5 === 2 ? 0.4 : 0));
  const roads = CsrMatrix.fromCoo(size, size, {
    row: links.map(({ from }) => (from as number) - 1),
    col: links.map(({ to }) => (to as number) - 1),
    value: links.map(({ traffic, capacity }) => (0.35 * traffic!) / capacity!),
  });
  const net = new SpikingNetwork({ dt: 0.5, seed });
  const population = net.population({
    size,
    model: lif({ tauM: 10, vRest: 0, vReset: 0, vThreshold: 0.7, refractory: 2, current: demand }),
  });
  net.connect(population, population, { edges: roads, delay: 1 });
  net.record(population, { spikes: true });
  const { spikes } = net.run(100);
  const counts = new Int32Array(size);
  for (const neuron of spikes.neuron) counts[neuron]++;
  return { demand, threshold: 0.7, durationMs: 100, spikes: { time: spikes.time, neuron: spikes.neuron }, counts, roads };
}

function efficient(scaled: DenseMatrix, y: Float64Array, seed: number): EfficientNetwork {
  const n = Math.min(scaled.rows, 240);
  const X = DenseMatrix.from(
    Array.from({ length: n }, (_, i) => Array.from(scaled.data.subarray(i * scaled.cols + 1, (i + 1) * scaled.cols))),
  );
  const sorted = [...y.subarray(0, n)].sort((a, b) => a - b);
  const classes = ['low', 'middle', 'high'];
  const labels = Array.from(
    y.subarray(0, n),
    (v) => classes[v < sorted[Math.floor(n / 3)] ? 0 : v < sorted[Math.floor((2 * n) / 3)] ? 1 : 2],
  );
  const recipe = { hidden: [16], steps: 12, epochs: 30, batchSize: 32, learningRate: 0.02, encoder: 'current' as const, seed };
  const dense = new DenseClassifier({ hidden: [16], epochs: 30, batchSize: 32, learningRate: 0.02, seed }).fit(X, labels);
  const plain = new SpikingClassifier(recipe).fit(X, labels);
  const sparse = new SpikingClassifier({ ...recipe, lambda: 0.004 }).fit(X, labels);
  const path = spikingPath(X, labels, { ...recipe, epochs: 12, lambdas: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016] });
  return {
    task: 'low, middle or high traffic of a link from its attributes',
    classes,
    rows: [
      { name: 'dense ReLU', report: dense.report(X, labels) },
      { name: 'spiking', report: plain.report(X, labels) },
      { name: 'spiking, L1', report: sparse.report(X, labels) },
    ],
    path: path.map(({ lambda, report }) => ({ lambda, report })),
    dense,
    sparse,
  };
}

function evaluations(random: Random): Evaluation[] {
  const score = (mean: number): Score => ({ mean, standardError: mean * 0.03 * (0.5 + random.uniform()) });
  const method = (name: string, ours: boolean, knows: string[], error: number, skill: number, cpc: number): MethodScores => ({
    method: name,
    ours,
    knows,
    rmse: score(40 * error),
    rmsePercent: score(100 * error),
    rmsePercentByVolume: [
      { from: 0, to: 10, count: 210, score: score(180 * error) },
      { from: 10, to: 100, count: 96, score: score(110 * error) },
      { from: 100, to: Number.POSITIVE_INFINITY, count: 24, score: score(60 * error) },
    ],
    mae: score(18 * error),
    wape: score(0.6 * error),
    cpc: score(cpc),
    deviance: score(6 * error * error),
    skill: { mean: skill, standardError: 0.02 },
    coverage: ours ? { mean: 0.9, standardError: 0.01 } : { mean: Number.NaN, standardError: Number.NaN },
  });
  return [
    {
      split: 'entry',
      seeds: [1, 2, 3, 4, 5],
      heldOut: [240, 241, 239, 240, 242],
      methods: [
        method('gravity x factorisation', true, ['margins', 'distance'], 0.52, 0.31, 0.83),
        method('doubly constrained gravity', false, ['margins', 'distance'], 0.66, 0, 0.78),
        method('Furness (IPF)', false, ['margins'], 0.95, -0.9, 0.64),
        method('row + column effects', false, [], 1.02, -1.1, 0.61),
        method('global mean', false, [], 1.9, -4.2, 0.38),
      ],
    },
    {
      split: 'column',
      seeds: [1, 2, 3, 4, 5],
      heldOut: [280, 276, 281, 277, 279],
      methods: [
        method('doubly constrained gravity', false, ['margins', 'distance'], 0.7, 0, 0.77),
        method('gravity x factorisation', true, ['margins', 'distance', 'attributes'], 0.71, -0.02, 0.76),
        method('nearest neighbours', false, ['attributes'], 1.3, -1.7, 0.55),
        method('global mean', false, [], 1.92, -4.3, 0.37),
      ],
    },
  ];
}

const GUIDE: GuideCheck[] = [
  { place: 'equation 24', title: 'X(F, D) = U_F · V_D', guide: '0.83', computed: '0.83', agrees: true, why: '' },
  { place: 'equation 26', title: 'X(F, E) = U_F · V_E', guide: '0.36', computed: '0.36', agrees: true, why: '' },
  {
    place: 'Table 2',
    title: 'Min-max scaling of Table 1',
    guide: 'A: 1.0, 0.1, 0.5',
    computed: 'A: 1, 0, 1',
    agrees: false,
    why: 'Table 2 is not equation 3 applied to Table 1: the smallest distance must become 0 and the largest cost 1.',
  },
  {
    place: 'Table 4',
    title: 'B → D after one step with ηλ = 0.1',
    guide: '0',
    computed: '0.1',
    agrees: false,
    why: 'Soft thresholding takes 0.1 off 0.2; Table 3 itself needs two steps where Table 4 shows one.',
  },
];
