/**
 * Writes the tables of bench/results/*.json between the bench marks of README.md. `--check` changes nothing and fails where they differ;
 * a README without marks gets them printed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { digits } from './harness.mjs';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';
const read = (name) => {
  const file = new URL(`results/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

const table = (head, rows) => {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, c) => (c === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map(line).join('\n');
};

/** A target, and whether it was missed. */
const aim = (sign, { target, reached }) => (target ? `${sign} ${target}${reached === false ? ' **missed**' : ''}` : '');
const from = ({ cpu, node, date }) => `${cpu}, Node ${node.slice(1)}, one thread, ${date}`;
const withGap = ({ ms, gap }) => `${digits(ms)} (${gap.toExponential(0)})`;
const list = (names) => new Intl.ListFormat('en').format(names);

function peers({ machine, peerGap, rows, cv, matvec }) {
  const ratio = (row) => {
    if (row.ratio === undefined) return 'no peer';
    return row.ratio > 1 ? `${digits(row.ratio)} (slower)` : digits(row.ratio);
  };
  const job = ({ job }) => (job === 'path' ? 'path of 100 lambdas' : 'one lasso, lambda max / 20');
  const sign = ({ job }) => (job === 'path' ? '<=' : '<');
  const measured = rows.map((row) => [
    `${row.set}: ${job(row)}, tol ${row.tol.toExponential(0)}`,
    ratio(row),
    aim(sign(row), row),
    withGap(row.ours),
    digits(row.ours.residentMs),
    row.fastest ? `${row.fastest.system} ${withGap(row.fastest)}` : '',
  ]);
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const absent = machine.missing.length > 0 ? ` Not installed there: ${list(machine.missing)}.` : '';
  const parts = [
    '**Against native systems** (time / time of the fastest native system, lower is better; milliseconds and the relative gap reached)',
    table(
      ['set and job', 'ratio', 'target', 'spinifex', 'uploaded before', `fastest native at gap <= ${peerGap.toExponential(0)}`],
      measured,
    ),
    `${from(machine)}; ${list(versions)}.${absent} Times include the copy into linear memory, except in the column "uploaded before".`,
  ];
  if (cv) {
    const ratioToPath = `${digits(cv.ratio)} times one path (${aim('<=', cv)})`;
    parts.push(
      `${cv.name}: ${ratioToPath}, ${digits(cv.ms)} ms with every fold at a gap of ${cv.foldGap.toExponential(0)} or better.`,
    );
  }
  if (matvec?.scipyMs) {
    const each = matvec.rows.map(({ name, ratio }) => `${name} ${digits(ratio)}`);
    parts.push(`${matvec.name}, time / scipy's ${digits(matvec.scipyMs)} ms: ${list(each)}.`);
  }
  return parts.join('\n\n');
}

function kernels({ machine, kernels, paths, native, limits }) {
  const row = (r) => {
    const faster = r.ratio < 1 ? `${digits(r.ratio)} (slower)` : digits(r.ratio);
    const js = Math.min(r.jsMs, r.plainMs ?? Infinity);
    return [r.name, faster, `${digits(r.spread * 100, 2)} %`, aim('>=', r), digits(r.wasmMs), digits(js)];
  };
  const head = ['', 'times faster', '+-', 'target', 'Wasm ms', 'JS ms'];
  const main = [...kernels.filter(({ target }) => target), ...paths];
  const rest = kernels.filter(({ target }) => !target);
  return [
    '**WebAssembly against JavaScript** (the faster of the JavaScript kernels and plain typed-array loops)',
    table(head, main.map(row)),
    `<details><summary>All other kernels</summary>\n\n${table(head, rest.map(row))}\n\n</details>`,
    ...(native.length > 0
      ? [
          table(
            ['against C (gcc -O3 -march=native)', 'time / C', 'target', 'Wasm ms', 'C ms'],
            native.map((r) => [r.name, digits(r.ratio), aim('<=', r), digits(r.wasmMs), digits(r.cMs)]),
          ),
        ]
      : []),
    table(
      ['start, memory, size', 'measured', 'target'],
      limits.map((r) => [r.name, `${digits(r.value)} ${r.unit}`, aim('<=', r)]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

function spiking({ machine, cuba, training, accuracy }) {
  const share = (value) => `${digits(100 * value)} %`;
  return [
    '**Spiking networks** (time / time of Brian2 C++ standalone, or of the same network as a PyTorch loop; lower is better)',
    table(
      ['job', 'ratio', 'target', 'spinifex ms', 'native ms', 'times faster than our JS kernels', 'target'],
      [...cuba, ...training].map((r) => [
        r.name,
        digits(r.ratio) || 'no peer',
        aim('<=', r),
        digits(r.oursMs),
        digits(r.peerMs),
        digits(r.jsRatio),
        aim('>=', { target: r.jsTarget, reached: r.jsRatio >= r.jsTarget }),
      ]),
    ),
    table(
      ['training with a tenth of the weights left', 'time / dense', 'target', 'weights left', 'ms'],
      training.map((r) => [
        r.name,
        digits(r.sparseRatio),
        aim('<=', { target: r.sparseTarget, reached: r.sparseRatio <= r.sparseTarget }),
        share(r.share),
        digits(r.sparseMs),
      ]),
    ),
    'Accuracy, connections and activity together, on test data, means over 3 seeds:',
    table(
      ['network', 'accuracy', 'target', 'connections', 'active neurons per sample', 'spikes', 'operations', 'nJ'],
      accuracy.map((r) => [
        `${r.data}, ${r.model}`,
        `${(100 * r.accuracy).toFixed(1)} %`,
        r.target
          ? `>= ${100 * r.target.accuracy} %${r.target.share ? ` at <= ${100 * r.target.share} %` : ''}${r.reached ? '' : ' **missed**'}`
          : '',
        share(r.share),
        `${digits(r.activeNeuronsPerSample)} of ${r.neuronsTotal}`,
        digits(r.spikesPerSample),
        digits(r.synapticOperations),
        digits(r.energyNj),
      ]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

/** Rows of jobs against a native system and our own JS kernels. */
const jobTable = (rows, head = 'job') =>
  table(
    [head, 'ratio', 'target', 'spinifex ms', 'native ms', 'times faster than our JS kernels', 'target'],
    rows.map((r) => [
      r.peer ? `${r.name} (${r.peer})` : r.name,
      digits(r.ratio) || 'no peer',
      aim('<=', r),
      digits(r.oursMs),
      digits(r.peerMs),
      digits(r.jsRatio),
      aim('>=', { target: r.jsTarget, reached: r.jsRatio >= r.jsTarget }),
    ]),
  );

function factorization({ machine, ratings, coldStart }) {
  const percent = (share) => `${(100 * share).toFixed(0)} %`;
  return [
    '**Matrix factorisation** (time / native time, lower is better; 6000 x 4000 with 0.9 million entries, 32-bit factors)',
    jobTable(ratings),
    'Destinations that were never observed: commuting between the counties of New York, logarithms of flows, 12 of 62 columns held out, 5 seeds:',
    table(
      ['predicted from', 'basis', 'RMSE', 'better than means by', 'inside 90 % intervals', 'target'],
      coldStart.map((r) => [
        r.name,
        `\`${r.basis}\``,
        digits(r.rmse),
        percent(r.gain),
        `${percent(r.least)} to ${percent(r.most)}`,
        r.target
          ? `>= ${percent(r.target.gain)}; ${r.target.coverage.map(percent).join(' to ')}${r.reached ? '' : ' **missed**'}`
          : '',
      ]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

function spectral({ machine, rows }) {
  return ['**Singular values and principal components** (time / time of scikit-learn)', jobTable(rows), `${from(machine)}.`].join(
    '\n\n',
  );
}

function graph({ machine, pagerank, l1 }) {
  return [
    '**PageRank** (time / time of igraph, PRPACK; to an L1 error bound of 1e-10)',
    jobTable(pagerank),
    'L1-regularised PageRank looks at the neighbourhood of its seeds only, whatever the size of the graph:',
    table(
      ['graph', 'edges touched', 'support', 'violation / (alpha rho)', 'ms'],
      l1.map((r) => [r.name, String(r.work), String(r.support), r.kkt.toExponential(0), digits(r.ms)]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

const SPLITS = {
  entry: 'Single routes held out',
  column: 'Whole destinations held out',
  row: 'Whole origins held out',
  both: 'Counties held out as origins and as destinations',
  spatial: 'Routes within a neighbourhood held out',
};
const MOST_SHOWN = 2;

/** Every method on one kind of split; the best of each column in bold. */
function judged({ split, seeds, heldOut, methods }) {
  const columns = [
    ['skill', ({ skill }) => skill.mean, 1, 3],
    ['deviance', ({ deviance }) => deviance.mean, -1, 0],
    ['CPC', ({ cpc }) => cpc.mean, 1, 3],
    ['RMSE', ({ rmse }) => rmse.mean, -1, 0],
    ['WAPE', ({ wape }) => wape.mean, -1, 3],
  ];
  const best = columns.map(([, of, sign]) => Math.max(...methods.map((m) => sign * of(m))));
  const about = Math.round(heldOut.reduce((a, b) => a + b, 0) / heldOut.length);
  return [
    `${SPLITS[split]} (${seeds.length} seeds, about ${about} routes each; 90 % intervals of ours hold ${(100 * methods.find((m) => m.ours).coverage.mean).toFixed(0)} %):`,
    table(
      ['method', ...columns.map(([name]) => name)],
      methods.map((m) => [
        m.ours ? `**${m.method}**` : m.method,
        ...columns.map(([, of, sign, decimals], c) => {
          const text = of(m).toFixed(decimals);
          return sign * of(m) === best[c] ? `**${text}**` : text;
        }),
      ]),
    ),
  ].join('\n\n');
}

function city({ machine, rows, evaluations, links }) {
  const linkRows = links[0].methods.map(({ method }) => [
    method,
    ...links.map(({ methods }) => digits(methods.find((m) => m.method === method).rmsePercent.mean)),
  ]);
  return [
    '**The city system**',
    table(
      ['job', 'measured', 'target'],
      rows.map((r) => [r.name, `${digits(r.value)} ${r.unit}`, aim('<=', r)]),
    ),
    ...(evaluations.length > 0
      ? [
          'Routes that were never observed: commuting between the 62 counties of New York (2011). Skill is 1 - deviance / deviance of gravity, per seed; every baseline learns from the same entries and knows populations and distances, where it can use them.',
          ...evaluations.slice(0, MOST_SHOWN).map(judged),
          `<details><summary>Origins, both, neighbourhoods</summary>\n\n${evaluations.slice(MOST_SHOWN).map(judged).join('\n\n')}\n\n</details>`,
        ]
      : []),
    'Links that were never counted: 100 RMSE / mean on the built-in city, whose traffic is an equilibrium of its own trips, 5 seeds:',
    table(['method', 'single links held out', 'neighbourhoods held out'], linkRows),
    `${from(machine)}.`,
  ].join('\n\n');
}

function readers({ machine, results }) {
  return [
    '**Readers** (megabytes of text per second)',
    table(
      ['reader', 'MB/s', 'target'],
      results.map((r) => [r.name, digits(r.megabytesPerSecond), aim('>=', { target: r.target, reached: r.ok })]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

/** Classifiers at equal objective: all rows with a target, the others folded away. */
function glm({ machine, tol, rows }) {
  const name = ({ set, job, loss, part, intercept }) => {
    if (job !== 'single') return `${set}: ${job}, 100 lambdas`;
    return `${set}: ${loss === 'logistic' ? 'logistic' : 'L1 SVM'}, lambda max / ${part}, ${intercept ? 'free' : 'no'} intercept`;
  };
  const cells = (r) => [
    name(r),
    digits(r.ratio) || 'no peer',
    aim('<', r),
    withGap(r.ours),
    r.fastest ? `${r.fastest.system} ${withGap(r.fastest)}` : '',
  ];
  const head = ['job', 'ratio', 'target', 'spinifex', 'fastest native'];
  const versions = Object.entries(machine.versions).map(([system, version]) => `${system} ${version}`);
  const absent = machine.missing.length > 0 ? ` Not installed there: ${list(machine.missing)}.` : '';
  const within = tol.toExponential(0);
  const path = rows.find(({ target, ratioAtGap }) => target && ratioAtGap !== undefined);
  const others = rows.filter(({ target }) => !target);
  return [
    `**L1 classifiers** (time / time of the fastest of glmnet, liblinear, saga and skglm within ${within} of the minimum; milliseconds and the worst relative gap, which only ours has to bring to ${within})`,
    table(head, rows.filter(({ target }) => target).map(cells)),
    ...(path ? [`Where glmnet has to reach a gap of ${within} too, the path's ratio is ${digits(path.ratioAtGap)}.`] : []),
    ...(others.length > 0 ? [`<details><summary>Dense data</summary>\n\n${table(head, others.map(cells))}\n\n</details>`] : []),
    `${from(machine)}; ${list(versions)}.${absent}`,
  ].join('\n\n');
}

function text({ machine, rows }) {
  return [
    '**Text into sparse matrices** (time / time of scikit-learn, equal matrices)',
    table(
      ['job', 'ratio', 'ms', 'MB/s', 'scikit-learn ms'],
      rows.map((r) => [r.name, digits(r.ratio), digits(r.ms), digits(r.megabytesPerSecond), digits(r.peerMs)]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

function cluster({ machine, rows }) {
  return [
    '**k-means** (time / time of the faster of scikit-learn’s lloyd and elkan on one thread; same start, same labels)',
    table(
      ['job', 'ratio', 'target', 'ms', 'scikit-learn ms', 'on our JS kernels'],
      rows.map((r) => [r.name, digits(r.ratio), aim('<=', r), digits(r.oursMs), digits(r.peerMs), digits(r.jsMs)]),
    ),
    `${from(machine)}.`,
  ].join('\n\n');
}

function online({ machine, svm, ftrl }) {
  const rate = `${digits(ftrl.rowsPerSecond)} rows/s`;
  return [
    '**L2 SVM** on sparse_text (time / time of liblinear’s dual solver at equal objective, intercept penalised as there)',
    table(
      ['C', 'ratio', 'target', 'ms', 'free intercept ms', 'liblinear ms'],
      svm.map((r) => [
        r.C,
        digits(r.ratio),
        aim('<=', { target: 1.2, reached: r.reached }),
        digits(r.scaled),
        digits(r.free),
        digits(r.peer.ms),
      ]),
    ),
    `**Learning from a stream**: ${rate} of 30 nonzeros (target >= ${ftrl.target}${ftrl.rowsPerSecond >= ftrl.target ? '' : ', **missed**'}), ${digits(ftrl.rowsPerProcessorSecond)} per second of the processor, over ${ftrl.rows} rows; memory grew by ${digits(ftrl.growthMb)} MB.`,
    `${from(machine)}.`,
  ].join('\n\n');
}

const results = [
  [read('city'), city],
  [read('readers'), readers],
  [read('peers'), peers],
  [read('glm'), glm],
  [read('online'), online],
  [read('text'), text],
  [read('cluster'), cluster],
  [read('factorization'), factorization],
  [read('spectral'), spectral],
  [read('graph'), graph],
  [read('spiking'), spiking],
  [read('kernels'), kernels],
];
const tables = results.flatMap(([content, print]) => (content ? [print(content)] : [])).join('\n\n');
const file = new URL('../README.md', import.meta.url);
const readme = existsSync(file) ? readFileSync(file, 'utf8') : '';
const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
const check = process.argv.includes('--check');

if (begin < 0 || end < begin) {
  console.log(tables);
  if (check) {
    console.error(`README.md has no ${BEGIN} ... ${END}`);
    process.exitCode = 1;
  }
} else {
  const wanted = `${readme.slice(0, begin + BEGIN.length)}\n${tables}\n${readme.slice(end)}`;
  if (wanted === readme) console.log('README.md: speed tables are up to date');
  else if (check) {
    console.error('README.md: the speed tables differ from bench/results; run node bench/readme.mjs');
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
    console.log('README.md: speed tables written');
  }
}
