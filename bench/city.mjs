/**
 * The city system: the command on the built-in city as a process of its own, a large city, the page in Chromium, and predictions judged on real commuting.
 * `node bench/city.mjs [--ny FOLDER]`, FOLDER with flows.csv and counties.csv; writes bench/results/city.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { evaluateLinks, evaluateRoutes, readPlaces, readRoutes, syntheticCity, withPlaces } from '../dist/city.js';
import { digits, machine, printTable, writeJson } from './harness.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({ options: { ny: { type: 'string' } } });
const system = machine();
const folder = mkdtempSync(join(tmpdir(), 'spinifex-city-'));
const rows = [];
const row = (name, value, unit, target) =>
  rows.push({ name, value, unit, target, reached: target === undefined || value <= target });

/** Seconds and largest memory of a process of its own. */
function measured(args) {
  const peak = join(folder, 'peak');
  const preload = join(folder, 'hook.cjs');
  // The process writes its own largest resident memory when it ends.
  const write = `require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(preload, `process.on('exit', () => ${write})`);
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--require', preload, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - start) / 1000, gibibytes: Number(readFileSync(peak, 'utf8')) / 1024 ** 2 };
}

/** The fastest of three loads of a page, until it reacts. */
async function interactive(file) {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
    best = Math.min(best, await page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd / 1000));
    await page.close();
  }
  await browser.close();
  return best;
}

try {
  const small = join(folder, 'small');
  const runs = Array.from({ length: 3 }, () => measured([here('../dist/cli.js'), 'city', '--quiet', '--out', small]));
  row('built-in city (60 zones), whole command with its page, cold', Math.min(...runs.map(({ seconds }) => seconds)), 's', 5);
  const page = join(small, 'index.html');
  row('its page', statSync(page).size / 1e6, 'MB', 1.5);
  row('its page, until it reacts in Chromium', await interactive(page), 's', 1);
  const large = join(folder, 'large.html');
  const script = `import { writeFileSync } from 'node:fs';
    import { cityPipeline, cityReportPage, syntheticCity } from ${JSON.stringify(new URL('../dist/city.js', import.meta.url))};
    writeFileSync(${JSON.stringify(large)}, cityReportPage(cityPipeline(syntheticCity({ zones: 400, links: 3000 }))));`;
  const { seconds, gibibytes } = measured(['--input-type=module', '-e', script]);
  row('400 zones, 3,000 links, 95,520 routes: city, pipeline, page, cold', seconds, 's', 60);
  row('the same, largest memory', gibibytes, 'GiB', 1);
  row('its page', statSync(large).size / 1e6, 'MB', 1.5);
  row('its page, until it reacts in Chromium', await interactive(large), 's', 1);
} finally {
  rmSync(folder, { recursive: true });
}

const evaluations = [];
if (values.ny) {
  const read = (name) => readFileSync(join(values.ny, name), 'utf8');
  const city = withPlaces(readRoutes(read('flows.csv')), readPlaces(read('counties.csv')));
  for (const split of ['entry', 'column', 'row', 'both', 'spatial'])
    evaluations.push({ city: 'New York commuting', ...evaluateRoutes(city, { split }) });
}
const links = ['link', 'neighbourhood'].map((split) => evaluateLinks(syntheticCity(), { split }));

printTable(
  'City',
  ['job', 'measured', 'target', 'reached'],
  rows.map((r) => [r.name, `${digits(r.value)} ${r.unit}`, String(r.target), String(r.reached)]),
);
for (const { split, methods } of evaluations) {
  printTable(
    `${split} held out`,
    ['method', 'skill', 'CPC', 'RMSE'],
    methods.map((m) => [m.method, digits(m.skill.mean), digits(m.cpc.mean), digits(m.rmse.mean)]),
  );
}
writeJson(here('results/city.json'), { machine: system, rows, evaluations, links });
