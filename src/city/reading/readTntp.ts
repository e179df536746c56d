import { booleanFlag, nonNegativeNumber, oneOf, optionsObject, refuse } from '../../core/checks.ts';
import type { RunOptions } from '../../core/progress.ts';
import { type Chunks, type FileText, feedLines, textOf } from '../../io/chunks.ts';
import { FileError } from '../../io/fileError.ts';
import type { City, Place } from '../city.ts';
import { readPlaces } from './readPlaces.ts';
import { RepairLog } from './repairLog.ts';
import { type NodePositions, type TntpRules, tntpCity } from './tntpCity.ts';
import { FLOW_COLUMNS, NET_COLUMNS, NODE_COLUMNS } from './tntpColumns.ts';
import { places } from './tntpLinks.ts';
import { TntpRows } from './tntpRows.ts';
import type { Mismatch } from './tntpTripMatrix.ts';
import { TntpTrips } from './tntpTrips.ts';

/** The files of a city in the format of "Transportation Networks for Research". */
export interface TntpFiles<Source = FileText> {
  /** Links (`_net.tntp`). */
  net: Source;
  /** Origin-destination trips (`_trips.tntp`). */
  trips?: Source;
  /** Traffic and cost of the links (`_flow.tntp`). */
  flow?: Source;
  /** Positions of the nodes (`_node.tntp`, or GeoJSON). */
  node?: Source;
}

/** Options of `readTntp`. */
export interface TntpOptions {
  /** Minutes that one unit of toll weighs (README of the network). @default 0 */
  tollFactor?: number;
  /** Minutes that one unit of length weighs. @default 0 */
  distanceFactor?: number;
  /** Whether flaws that can be mended are refused, too. @default false */
  strict?: boolean;
  /**
   * What happens to files that disagree with their metadata by holding less (links, trips), or with links to nodes that are not in the node file or
   * beyond NUMBER OF NODES: they are refused, or taken as they are and noted in `repairs`. @default 'refuse'
   */
  mismatch?: Mismatch;
  /** What the positions are. @default 'degrees' for GeoJSON and columns called longitude and latitude, 'plane' otherwise */
  coordinates?: 'plane' | 'degrees';
  /** Whether traffic is vehicles of one hour. */
  hourly?: boolean;
  /** Name of the city. */
  name?: string;
}

/** Options of `readTntpStream`; progress counts the bytes of one file after the other. */
export interface TntpStreamOptions extends TntpOptions, RunOptions<{ file: keyof TntpFiles }> {
  /** Bytes of each file, where they are known: the totals of the progress. */
  sizes?: Partial<Record<keyof TntpFiles, number>>;
}

const FILES = ['net', 'trips', 'flow', 'node'] as const;
const OPTIONS = ['tollFactor', 'distanceFactor', 'strict', 'mismatch', 'coordinates', 'hourly', 'name'] as const;

/**
 * A city from TNTP files, as they are found in the wild: headers that are comments (and decide which column is what), missing `;`, empty fields,
 * CRLF, no header, spaces for tabs, ids of any size, duplicate links (the first one counts). What was mended is counted and located in `repairs`.
 *
 * Zones are the nodes 1..NUMBER OF ZONES, or the ids that trips use where the file numbers them in its own way; all other nodes are junctions. Nodes
 * below FIRST THRU NODE let no path through. Pairs that the trips do not name are unknown, an explicit 0 is observed. Cost is that of the flow file,
 * otherwise time at the given traffic (or at none) + tollFactor toll + distanceFactor length.
 *
 * @throws FileError with file, line and column: `'TRUNCATED_FILE'`, `'UNKNOWN_ID'`, `'BAD_VALUE'`, `'NOT_A_NUMBER'`, `'MISSING_COLUMN'`...
 * @see Transportation Networks for Research Core Team, "Transportation Networks for Research" (the data are for academic research only)
 * @example
 * const city = readTntp({ net, trips, flow }, { tollFactor: 0.02, distanceFactor: 0.04 });
 */
export function readTntp(files: TntpFiles, options: TntpOptions = {}): City {
  const known = optionsObject(options, 'readTntp', OPTIONS);
  const parsers = parsersFor(files, known);
  for (const file of FILES) {
    const source = files[file];
    if (source !== undefined) parsers[file]?.push(textOf(source, file));
  }
  return assemble(parsers, known);
}

/** The same for files of any size that come in pieces. */
export async function readTntpStream(files: TntpFiles<Chunks | FileText>, options: TntpStreamOptions = {}): Promise<City> {
  const known = optionsObject(options, 'readTntpStream', [...OPTIONS, 'sizes', 'signal', 'onProgress']);
  const { sizes, signal, onProgress } = known;
  const parsers = parsersFor(files, known);
  for (const file of FILES) {
    const [source, parser] = [files[file], parsers[file]];
    if (source === undefined || parser === undefined) continue;
    const report = onProgress && ((progress: { done: number; total: number }) => onProgress({ ...progress, file }));
    await feedLines(parser, source, { source: file, size: sizes?.[file], signal, onProgress: report });
  }
  return assemble(parsers, known);
}

interface Parsers {
  net: TntpRows;
  trips?: TntpTrips;
  flow?: TntpRows;
  node?: NodeFile;
  logs: Record<keyof TntpFiles, RepairLog>;
}

function parsersFor(files: TntpFiles<unknown>, options: TntpOptions): Parsers {
  optionsObject(files, 'files', FILES);
  if (files.net === undefined) refuse(files.net, 'files.net', 'the text of a net file', false);
  const strict = booleanFlag(options.strict ?? false, 'strict');
  const log = (file: string) => new RepairLog(file, strict);
  const logs = { net: log('net'), trips: log('trips'), flow: log('flow'), node: log('node') };
  return {
    net: new TntpRows(NET_COLUMNS, 'net', logs.net),
    trips: files.trips === undefined ? undefined : new TntpTrips('trips', logs.trips),
    flow: files.flow === undefined ? undefined : new TntpRows(FLOW_COLUMNS, 'flow', logs.flow),
    node: files.node === undefined ? undefined : new NodeFile(logs.node),
    logs,
  };
}

function assemble({ net, trips, flow, node, logs }: Parsers, options: TntpOptions): City {
  const rules: TntpRules = {
    tollFactor: nonNegativeNumber(options.tollFactor ?? 0, 'tollFactor'),
    distanceFactor: nonNegativeNumber(options.distanceFactor ?? 0, 'distanceFactor'),
    mismatch: oneOf(options.mismatch ?? 'refuse', 'mismatch', ['refuse', 'repair']),
    coordinates: options.coordinates && oneOf(options.coordinates, 'coordinates', ['plane', 'degrees']),
    hourly: options.hourly === undefined ? undefined : booleanFlag(options.hourly, 'hourly'),
    name: options.name,
  };
  net.finish();
  trips?.finish();
  flow?.finish();
  return tntpCity({ net, trips, flow, nodes: node?.finish(), logs }, rules);
}

/** A node file: rows, or GeoJSON. */
class NodeFile {
  readonly #log: RepairLog;
  readonly #rows: TntpRows;
  #json: string[] | undefined;
  #started = false;

  constructor(log: RepairLog) {
    this.#log = log;
    this.#rows = new TntpRows(NODE_COLUMNS, 'node', log);
  }

  push(text: string): void {
    if (!this.#started && /^\s*\{/.test(text)) this.#json = [];
    if (/\S/.test(text)) this.#started = true;
    if (this.#json) this.#json.push(text);
    else this.#rows.push(text);
  }

  finish(): NodePositions {
    return this.#json ? this.#fromGeoJson(this.#json.join('')) : this.#fromRows();
  }

  #fromGeoJson(text: string): NodePositions {
    const { places: found, coordinates } = readPlaces(text, { source: 'node' });
    const positions = new Map<number, Place>();
    for (const place of found) {
      const id = Number(place.id);
      if (!Number.isInteger(id))
        throw new FileError('BAD_VALUE', { source: 'node' }, `expected whole numbers as ids, got ${JSON.stringify(place.id)}`);
      positions.set(id, { ...place, id });
    }
    return { positions, coordinates };
  }

  #fromRows(): NodePositions {
    this.#rows.finish();
    const ids = places(this.#rows, 'node', 'node');
    const [x, y] = ['x', 'y'].map((name) => this.#rows.column(name) as Float64Array);
    const positions = new Map<number, Place>();
    for (let r = 0; r < ids.length; r++) {
      if (positions.has(ids[r])) this.#log.add('duplicate-node', this.#rows.lines.at(r));
      else positions.set(ids[r], Number.isNaN(x[r]) || Number.isNaN(y[r]) ? { id: ids[r] } : { id: ids[r], x: x[r], y: y[r] });
    }
    return { positions, coordinates: this.#rows.degrees ? 'degrees' : 'plane' };
  }
}
