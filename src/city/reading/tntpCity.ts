import { FileError } from '../../io/fileError.ts';
import type { City, Place } from '../city.ts';
import type { RepairLog } from './repairLog.ts';
import { places, type TollAndDistance, tntpLinks } from './tntpLinks.ts';
import type { TntpRows } from './tntpRows.ts';
import { checkTotal, type Mismatch, tntpTripMatrix } from './tntpTripMatrix.ts';
import type { TntpTrips } from './tntpTrips.ts';
import { tntpZones } from './tntpZones.ts';

/** Positions of nodes. */
export interface NodePositions {
  positions: ReadonlyMap<number, Place>;
  coordinates: 'plane' | 'degrees';
}

/** The files of a city, read but not yet put together. */
export interface TntpParts {
  net: TntpRows;
  trips?: TntpTrips;
  flow?: TntpRows;
  nodes?: NodePositions;
  logs: Record<'net' | 'trips' | 'flow' | 'node', RepairLog>;
}

/** What else decides about the city. */
export interface TntpRules extends TollAndDistance {
  mismatch: Mismatch;
  coordinates?: 'plane' | 'degrees';
  hourly?: boolean;
  name?: string;
}

/** Puts the files together: links with their traffic, zones, junctions, trips. */
export function tntpCity({ net, trips, flow, nodes, logs }: TntpParts, rules: TntpRules): City {
  const { mismatch } = rules;
  checkLinkCount(net, logs.net, mismatch);
  const links = tntpLinks(net, logs.net, flow && { rows: flow, log: logs.flow }, rules);
  const ids = nodeIds(net, nodes, logs.net, mismatch);
  if (trips) checkTotal(trips, logs.trips, mismatch);
  const declared = zoneCount(net, trips, logs);
  const zones = tntpZones(ids, declared, trips, trips ? logs.trips : logs.net);
  const isZone = new Set(zones);
  for (const id of nodes?.positions.keys() ?? []) ids.add(id);
  const junctions = Array.from(ids)
    .filter((id) => !isZone.has(id))
    .sort((a, b) => a - b);
  const place = (id: number): Place => nodes?.positions.get(id) ?? { id };
  const city: City = { zones: zones.map(place), links };
  if (junctions.length > 0) city.junctions = junctions.map(place);
  if (trips) city.trips = tntpTripMatrix(trips, zones);
  if (nodes) city.coordinates = rules.coordinates ?? nodes.coordinates;
  const firstThrough = net.metadata.number('FIRST THRU NODE') ?? 1;
  const noThrough = [...zones, ...junctions].filter((id) => id < firstThrough);
  if (noThrough.length > 0) city.noThrough = new Set(noThrough);
  if (rules.hourly !== undefined) city.hourly = rules.hourly;
  if (rules.name !== undefined) city.name = rules.name;
  const repairs = Object.values(logs).flatMap((log) => log.repairs);
  if (repairs.length > 0) city.repairs = repairs;
  return city;
}

/** Fewer links than declared are a file that was cut, which nothing else would show; more are noted. */
function checkLinkCount(net: TntpRows, log: RepairLog, mismatch: Mismatch): void {
  const declared = net.metadata.number('NUMBER OF LINKS');
  if (declared === undefined || declared === net.rows) return;
  const line = net.lines.at(net.rows - 1);
  if (net.rows < declared && mismatch === 'refuse') {
    throw new FileError(
      'TRUNCATED_FILE',
      { source: 'net', line },
      `the file ends after ${net.rows} links, NUMBER OF LINKS is ${declared}`,
    );
  }
  log.add('link-count', line);
}

/** All nodes of the links, which must be those of the node file where there is one, and not more than NUMBER OF NODES. */
function nodeIds(net: TntpRows, nodes: NodePositions | undefined, log: RepairLog, mismatch: Mismatch): Set<number> {
  const [from, to] = [places(net, 'net', 'init_node'), places(net, 'net', 'term_node')];
  const ids = new Set<number>(from);
  for (const id of to) ids.add(id);
  const lineOf = (id: number) => net.lines.at(from.findIndex((start, e) => start === id || to[e] === id));
  for (const id of nodes ? ids : []) {
    if (nodes?.positions.has(id)) continue;
    if (mismatch === 'refuse')
      throw new FileError('UNKNOWN_ID', { source: 'net', line: lineOf(id) }, `node ${id} is not in the node file`);
    log.add('no-position', lineOf(id));
  }
  const declared = net.metadata.number('NUMBER OF NODES');
  if (declared !== undefined && ids.size > declared) {
    const beyond = Array.from(ids).find((id) => id > declared);
    if (beyond !== undefined && mismatch === 'refuse') {
      throw new FileError(
        'UNKNOWN_ID',
        { source: 'net', line: lineOf(beyond) },
        `node ${beyond} is unknown: NUMBER OF NODES is ${declared}`,
      );
    }
    log.add('node-count');
  }
  return ids;
}

function zoneCount(net: TntpRows, trips: TntpTrips | undefined, logs: TntpParts['logs']): number | undefined {
  const ofNet = net.metadata.number('NUMBER OF ZONES');
  const ofTrips = trips?.metadata.number('NUMBER OF ZONES');
  if (ofNet !== undefined && ofTrips !== undefined && ofNet !== ofTrips) logs.trips.add('zone-count');
  return ofNet === undefined || ofTrips === undefined ? (ofNet ?? ofTrips) : Math.max(ofNet, ofTrips);
}
