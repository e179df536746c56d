import type { CitySource, Source, TntpFlags } from './cityLibrary.ts';
import { UsageError } from './errors.ts';
import { type Flag, integer, nonNegative } from './flags.ts';
import { readInput } from './readInput.ts';
import type { Terminal } from './terminal.ts';

/** Flags that say where a city comes from. */
export interface CityFlags extends Omit<TntpFlags, 'mismatch'> {
  net?: string;
  trips?: string;
  flow?: string;
  node?: string;
  links?: string;
  columns?: Record<string, string>;
  places?: string;
  lenient?: boolean;
  zones?: number;
  seed?: number;
}

export const CITY_FLAGS: readonly Flag[] = [
  { flags: '--zones <count>', description: 'size of the built-in city', read: integer(4), fallback: '60' },
  { flags: '--net <file>', description: 'roads of a real city, in TNTP format' },
  { flags: '--trips <file>', description: 'its trips (TNTP)' },
  { flags: '--flow <file>', description: 'its traffic (TNTP)' },
  { flags: '--node <file>', description: 'its coordinates (TNTP)' },
  {
    flags: '--toll-factor <number>',
    description: 'minutes that one unit of toll weighs (TNTP)',
    read: nonNegative,
    fallback: '0',
  },
  {
    flags: '--distance-factor <number>',
    description: 'minutes that one unit of length weighs (TNTP)',
    read: nonNegative,
    fallback: '0',
  },
  { flags: '--hourly', description: 'traffic is vehicles of one hour (TNTP)' },
  { flags: '--strict', description: 'refuse what would be mended (TNTP)' },
  { flags: '--lenient', description: 'take files that hold less than they say (TNTP)' },
  { flags: '--links <file>', description: 'or: CSV of roads (from, to, distance, ...) or of trips (origin, destination, flow)' },
  { flags: '--columns <pairs>', description: 'names of its columns: origin=home,destination=work', read: columnNames },
  { flags: '--places <file>', description: 'coordinates and attributes of places, CSV or GeoJSON' },
];

/** Reads the files that the flags name, after checking that they go together. */
export async function readCitySource(flags: CityFlags, terminal: Terminal): Promise<CitySource> {
  checkTogether(flags);
  const source = async (file: string): Promise<Source> => ({ file, text: await readInput(file, terminal) });
  const optional = async (file: string | undefined) => (file === undefined ? undefined : source(file));
  const places = await optional(flags.places);
  if (flags.net !== undefined) {
    const net = await source(flags.net);
    const [trips, flow, node] = [await optional(flags.trips), await optional(flags.flow), await optional(flags.node)];
    const { tollFactor, distanceFactor, hourly, strict } = flags;
    const options = given<TntpFlags>({
      tollFactor,
      distanceFactor,
      hourly,
      strict,
      mismatch: flags.lenient ? 'repair' : undefined,
    });
    return { kind: 'tntp', net, trips, flow, node, places, options };
  }
  if (flags.links !== undefined) return { kind: 'routes', links: await source(flags.links), columns: flags.columns, places };
  return { kind: 'synthetic', zones: flags.zones, seed: flags.seed ?? 0 };
}

function checkTogether(flags: CityFlags): void {
  const { net, links, places, zones } = flags;
  if (net !== undefined && links !== undefined) throw new UsageError('--net and --links: expected one of them');
  for (const name of ['trips', 'flow', 'node', 'tollFactor', 'distanceFactor', 'hourly', 'strict', 'lenient'] as const) {
    if (flags[name] !== undefined && net === undefined) throw new UsageError(`--${dashed(name)}: needs --net, the roads`);
  }
  if (flags.columns !== undefined && links === undefined) throw new UsageError('--columns: needs --links');
  if (places !== undefined && net === undefined && links === undefined) throw new UsageError('--places: needs --net or --links');
  if (zones !== undefined && (net ?? links) !== undefined) throw new UsageError('--zones: is for the built-in city only');
  const piped = Object.entries(flags).filter(([name, value]) => value === '-' && name !== 'out');
  if (piped.length > 1) throw new UsageError('only one file can come from standard input');
}

/** The entries that are there. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function columnNames(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('=').map((word) => word.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes(''))) {
    throw new UsageError(`expected pairs between commas, such as origin=home,destination=work, got "${text}"`);
  }
  return Object.fromEntries(pairs);
}
