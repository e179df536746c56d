import { CsrMatrix } from '../../core/csrMatrix.ts';
import { FileError } from '../../io/fileError.ts';
import { firstWithKey, pairKeys } from './firstWithKey.ts';
import type { RepairLog } from './repairLog.ts';
import type { TntpTrips } from './tntpTrips.ts';

/** What happens to files that hold less than their metadata say. */
export type Mismatch = 'refuse' | 'repair';

/** A sum of trips that misses TOTAL OD FLOW by more than this share was cut; one that misses it by less was rounded. */
const CUT = 1e-3;

/** Zones x zones: what the file gives, explicit zeros included. */
export function tntpTripMatrix(trips: TntpTrips, zones: readonly number[]): CsrMatrix {
  const place = new Map(zones.map((id, i) => [id, i]));
  const numbers = trips.ids.map((id) => place.get(id) as number);
  const row = trips.origins.toArray();
  const col = trips.destinations.toArray();
  for (let k = 0; k < row.length; k++) {
    row[k] = numbers[row[k]];
    col[k] = numbers[col[k]];
  }
  const matrix = CsrMatrix.fromCoo(zones.length, zones.length, { row, col, value: trips.flows.toArray() });
  if (matrix.nnz < row.length) refuseTwice(trips, row, col, zones);
  return matrix;
}

function refuseTwice(trips: TntpTrips, row: Int32Array, col: Int32Array, zones: readonly number[]): never {
  const first = firstWithKey(pairKeys(row, col, zones.length)) as Int32Array;
  const k = first.findIndex((before, at) => before < at);
  const pair = `trips from ${zones[row[k]]} to ${zones[col[k]]}`;
  const place = { source: 'trips', line: trips.lines.at(k) };
  throw new FileError('DUPLICATE', place, `${pair} are given twice, first in line ${trips.lines.at(first[k])}`);
}

/**
 * Compares the sum with TOTAL OD FLOW. A file that ends inside a pair, or misses more than a thousandth of the total, is cut: half a matrix looks
 * like a whole one, so that is an error. A smaller difference, or trips beyond the total, is noted.
 */
export function checkTotal(trips: TntpTrips, log: RepairLog, mismatch: Mismatch): void {
  const place = { source: 'trips', line: trips.line };
  if (trips.open === 'inside') throw new FileError('TRUNCATED_FILE', place, 'the file ends inside a pair of zones');
  const declared = trips.metadata.number('TOTAL OD FLOW');
  const difference = declared === undefined ? 0 : trips.total - declared;
  const equal =
    declared === undefined || Math.abs(difference) <= Math.max(declared * 1e-6, halfUnit(trips.metadata.text('TOTAL OD FLOW')));
  const cut = declared !== undefined && !equal && (-difference > declared * CUT || trips.open === 'without semicolon');
  if (cut && mismatch === 'refuse') {
    throw new FileError(
      'TRUNCATED_FILE',
      place,
      `the file ends with ${Number(trips.total.toPrecision(12))} trips, TOTAL OD FLOW is ${declared}`,
    );
  }
  if (trips.open === 'without semicolon') log.add('missing-semicolon', trips.line);
  if (!equal) log.add('total-flow', trips.line);
}

/** Half a unit of the last digit that is written: 50 of `7.12506e+007`. */
function halfUnit(text: string): number {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
  const decimals = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  return Number(`5e${Number(exponent) - decimals - 1}`);
}
