import { optionsObject } from '../../core/checks.ts';
import type { CsvTable } from '../../io/csvTable.ts';
import { chosenColumn, missingColumn, usualColumn } from './columnNames.ts';

/** Columns of a table of links, by name. What is not given is looked for among the usual names. */
export interface LinkColumns {
  /** @default one of from, from_node, source, init_node, start, tail, origin... */
  from?: string;
  /** @default one of to, to_node, target, term_node, end, head, destination... */
  to?: string;
  /** @default traffic, volume, vehicles, flow, aadt or count, where there is such a column */
  traffic?: string;
  /** @default one of distance, length, dist, km... */
  distance?: string;
  /** @default cost, generalized_cost, travel_time or time; without one, the BPR cost of the link, or its distance where it has no free-flow time */
  cost?: string;
}

/** Columns of a table of origin-destination pairs, by name. What is not given is looked for among the usual names. */
export interface PairColumns {
  /** @default one of origin, from, source, residence, home... */
  origin?: string;
  /** @default one of destination, to, target, workplace, work... */
  destination?: string;
  /** @default one of flow, trips, count, commuters, volume, demand, value... */
  flow?: string;
}

export type RouteColumns = LinkColumns | PairColumns;

/** Names of columns that are there. */
export type FoundColumns =
  | { kind: 'pairs'; origin: string; destination: string; flow: string }
  | { kind: 'links'; columns: Map<string, string> };

const ORIGIN = ['origin', 'orig', 'o', 'origin_id', 'o_zone_id', 'origin_zone'];
const DESTINATION = ['destination', 'dest', 'd', 'destination_id', 'd_zone_id', 'destination_zone'];
const FROM = [
  'from',
  'from_node',
  'source',
  'init_node',
  'start',
  'start_node',
  'tail',
  'from_node_id',
  'a_node',
  'from_id',
  'init',
];
const TO = ['to', 'to_node', 'target', 'term_node', 'end', 'end_node', 'head', 'to_node_id', 'b_node', 'to_id', 'term'];
const HOME = ['residence', 'home', 'from_zone', 'i'];
const WORK = ['workplace', 'work', 'to_zone', 'j'];
const FLOW = ['flow', 'flows', 'trips', 'count', 'commuters', 'volume', 'demand', 'value', 'total', 'n'];

/** Usual names of the columns of links, by field of `Link`. */
const LINK_FIELDS: Record<string, readonly string[]> = {
  from: [...FROM, ...ORIGIN],
  to: [...TO, ...DESTINATION],
  traffic: ['traffic', 'volume', 'vehicles', 'flow', 'aadt', 'count'],
  distance: ['distance', 'length', 'dist', 'km', 'link_length', 'distance_km', 'length_km'],
  cost: ['cost', 'generalized_cost', 'travel_time', 'time'],
  capacity: ['capacity'],
  freeFlowTime: ['free_flow_time', 'freeflowtime', 'fft', 'fftt'],
  b: ['b'],
  power: ['power'],
  speed: ['speed', 'speed_limit'],
  toll: ['toll'],
  type: ['type', 'link_type'],
};

/** Checks the names that were given. */
export function givenColumns(columns: RouteColumns | undefined): LinkColumns & PairColumns {
  const names = ['from', 'to', 'traffic', 'distance', 'cost', 'origin', 'destination', 'flow'] as const;
  const given = optionsObject(columns as LinkColumns & PairColumns, 'columns', names);
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && typeof value !== 'string') throw new TypeError(`columns.${name}: expected the name of a column`);
  }
  return given;
}

/** Which columns are which: pairs where origin, destination and flow are called so, links where there is a distance. */
export function findColumns(table: CsvTable, given: LinkColumns & PairColumns): FoundColumns {
  const asPairs = given.origin !== undefined || given.destination !== undefined || given.flow !== undefined;
  const asLinks = !asPairs && Object.values(given).some((name) => name !== undefined);
  const distance = usualColumn(table, LINK_FIELDS.distance);
  const flow = usualColumn(table, FLOW);
  const calledPairs =
    usualColumn(table, ORIGIN) !== undefined && usualColumn(table, DESTINATION) !== undefined && flow !== undefined;
  return asPairs || (!asLinks && (calledPairs || distance === undefined)) ? pairColumns(table, given) : linkColumns(table, given);
}

function pairColumns(table: CsvTable, given: PairColumns): FoundColumns {
  const origin =
    chosenColumn(table, given.origin, [...ORIGIN, ...HOME, ...FROM]) ?? missingColumn(table, 'for the origin (origin, from...)');
  const wanted = 'for the destination (destination, to...)';
  const destination = chosenColumn(table, given.destination, [...DESTINATION, ...WORK, ...TO]) ?? missingColumn(table, wanted);
  const measure = 'for a distance (links: distance, length...) or a number of trips (pairs: flow, trips, count...)';
  const flow =
    chosenColumn(table, given.flow, FLOW) ??
    missingColumn(table, given.origin ? 'for the trips (flow, trips, count...)' : measure);
  return { kind: 'pairs', origin, destination, flow };
}

function linkColumns(table: CsvTable, given: LinkColumns): FoundColumns {
  const columns = new Map<string, string>();
  for (const [field, usual] of Object.entries(LINK_FIELDS)) {
    const name = chosenColumn(table, given[field as keyof LinkColumns], usual);
    if (name !== undefined && ![...columns.values()].includes(name)) columns.set(field, name);
  }
  for (const field of ['from', 'to', 'distance']) {
    if (!columns.has(field)) missingColumn(table, `for "${field}" (${LINK_FIELDS[field].slice(0, 4).join(', ')}...)`);
  }
  return { kind: 'links', columns };
}
