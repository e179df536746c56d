import { FileError } from '../../io/fileError.ts';
import type { RepairLog } from './repairLog.ts';
import type { TntpTrips } from './tntpTrips.ts';

/**
 * The ids of the zones, in order: 1..Z for NUMBER OF ZONES = Z. Where trips use other ids and 1..Z are not all nodes, the file numbers its zones
 * in its own way: then the zones are the ids that trips use.
 * @param declared NUMBER OF ZONES
 * @throws FileError `'UNKNOWN_ID'` for trips of a zone that does not exist
 */
export function tntpZones(
  nodes: ReadonlySet<number>,
  declared: number | undefined,
  trips: TntpTrips | undefined,
  log: RepairLog,
): number[] {
  const first = Array.from({ length: declared ?? 0 }, (_, k) => k + 1);
  const ascending = (ids: Iterable<number>) => Array.from(ids).sort((a, b) => a - b);
  if (trips === undefined) {
    if (declared === undefined) return ascending(nodes);
    return first.some((id) => nodes.has(id)) ? first : ascending(nodes).slice(0, declared);
  }
  const outside = trips.ids.findIndex((id) => id < 1 || id > first.length);
  if (outside < 0) return first;
  if (declared !== undefined && first.every((id) => nodes.has(id))) {
    refuse(trips, outside, `is not among the zones 1..${declared}`);
  }
  const stranger = trips.ids.findIndex((id) => !nodes.has(id));
  if (stranger >= 0) refuse(trips, stranger, 'is not a node of the net file');
  log.add('own-numbering', trips.idLines[outside]);
  if (declared !== undefined && declared !== trips.ids.length) log.add('zone-count');
  return ascending(trips.ids);
}

function refuse(trips: TntpTrips, k: number, problem: string): never {
  throw new FileError('UNKNOWN_ID', { source: 'trips', line: trips.idLines[k] }, `zone ${trips.ids[k]} ${problem}`);
}
