import { resolve } from 'node:path';
import { cityJson } from '../cityJson.ts';
import { cityLibrary } from '../cityLibrary.ts';
import { CITY_FLAGS, type CityFlags, readCitySource } from '../citySource.ts';
import { citySummary } from '../citySummary.ts';
import type { CommandSpec } from '../command.ts';
import { UsageError } from '../errors.ts';
import { integer } from '../flags.ts';
import { outputFolder } from '../outputFile.ts';
import { readUnknown, unknownRoutes } from '../unknownRoutes.ts';

interface Flags extends CityFlags {
  unknown?: string;
  out?: string;
  data?: boolean;
  json?: boolean;
  /** Commander's form of `--no-evaluate`. */
  evaluate: boolean;
  seeds?: number;
}

/** Real cities are judged over so many seeds, where that takes no more than some seconds. */
const SEEDS = 5;
const MOST_ROUTES = 5000;

export const cityCommand: CommandSpec<Flags> = {
  name: 'city',
  summary: 'the whole pipeline on a city network, with a page to look at',
  description:
    'Works out which attributes explain the traffic, which roads L1 closes, what the unknown routes are, which places matter and ' +
    'fire, and how small a network can be that knows as much; then writes city-report/index.html. Without files it makes a city.',
  args: [],
  flags: [
    ...CITY_FLAGS,
    {
      flags: '--unknown <list>',
      description: 'what to predict: destinations (D,E) or routes (A:D,B:E), or a file of them',
      fallback: 'all that is not observed',
    },
    { flags: '--out <folder>', description: 'where the page goes', fallback: 'city-report' },
    { flags: '--data', description: 'write report.json beside the page' },
    { flags: '--no-evaluate', description: 'leave out the comparison with other methods, the longest part' },
    {
      flags: '--seeds <count>',
      description: 'random splits of that comparison, which take the time of one each',
      read: integer(1),
      fallback: `1; ${SEEDS} for files with at most ${MOST_ROUTES} observed routes`,
    },
    { flags: '--seed <integer>', description: 'seed of everything random', read: integer(0), fallback: '0' },
    { flags: '--json', description: 'print JSON instead of text' },
  ],
  examples: [
    ['spinifex city', 'a built-in city of 60 zones'],
    ['spinifex city --net city_net.tntp --trips city_trips.tntp --flow city_flow.tntp --node city_node.tntp', 'a real one'],
    ['spinifex city --links flows.csv --places counties.csv --unknown 36001,36003', 'commuters, and who goes to two counties'],
  ],
  async run(job) {
    const { flags, terminal } = job;
    const { seed = 0, evaluate, seeds } = flags;
    if (seeds !== undefined && !evaluate) throw new UsageError('--seeds: has no use with --no-evaluate');
    const names = flags.data ? ['index.html', 'report.json'] : ['index.html'];
    const source = await readCitySource(flags, terminal);
    const words = flags.unknown === undefined ? undefined : await readUnknown(flags.unknown, terminal);
    const folder = await outputFolder(flags.out ?? 'city-report', names);
    const [page, data] = folder.files;
    try {
      const library = await cityLibrary();
      const city = job.work('city', (run) => library.makeCity(source, run));
      const unknown = words && unknownRoutes(words, city);
      const splits = seeds ?? (source.kind === 'synthetic' || (city.trips?.nnz ?? 0) > MOST_ROUTES ? 1 : SEEDS);
      const evaluationSeeds = Array.from({ length: splits }, (_, k) => seed + k);
      const options = { seed, evaluate, evaluationSeeds, ...(unknown && { unknown }) };
      const report = job.work('pipeline', (run) => library.report(city, options, run));
      const html = job.work('page', () => library.page(report));
      const path = resolve(page.path);
      const json = JSON.stringify({ page: path, ...cityJson(report) }, undefined, 2);
      terminal.signal.throwIfAborted();
      await page.write(html);
      await data?.write(`${json}\n`);
      job.print(flags.json ? json : `${citySummary(report, job.bold)}\n\nPage: ${path}`);
    } catch (error) {
      await folder.discard();
      throw error;
    }
  },
};
