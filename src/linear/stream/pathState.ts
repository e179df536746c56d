import { type Json, modelJson, readModelJson } from '../../core/json.ts';
import type { RecordedPoint } from '../pathRecord.ts';
import { readCertificate } from '../readCertificate.ts';

const KIND = 'LinearPathState';
const VERSION = 1;
/** Numbers that differ by a smaller share of their size count as the same: another machine may have added in another order. */
const SAME = 1e-9;

/** What tells one path from another. */
export interface PathIdentity {
  rows: number;
  columns: number;
  nullLoss: number;
  l1Ratio: number;
  lambdas: Float64Array;
}

export interface PathState extends PathIdentity {
  points: RecordedPoint[];
}

export function pathState(identity: PathIdentity, points: readonly RecordedPoint[]): { [name: string]: Json } {
  return modelJson(KIND, VERSION, { ...identity, points });
}

/** @throws SpinifexError `BAD_MODEL` for anything else than such a state */
export function readPathState(json: unknown): PathState {
  const reader = readModelJson(json, KIND, VERSION);
  const columns = reader.integer('columns', 1);
  const lambdas = reader.float64Array('lambdas');
  const points = reader.list('points').map((point): RecordedPoint => {
    const index = point.int32Array('index', undefined, 0, columns - 1);
    return {
      lambda: point.number('lambda'),
      df: index.length,
      devianceRatio: point.number('devianceRatio'),
      certificate: readCertificate(point.object('certificate')),
      intercept: point.number('intercept'),
      index,
      values: point.float64Array('values', index.length),
    };
  });
  if (points.length > lambdas.length || points.some(({ lambda }, k) => lambda !== lambdas[k])) {
    reader.fail('"points" are not those of the first "lambdas"');
  }
  return {
    rows: reader.integer('rows', 1),
    columns,
    nullLoss: reader.number('nullLoss'),
    l1Ratio: reader.number('l1Ratio'),
    lambdas,
    points,
  };
}

/** Refuses the state of another path. */
export function checkSame(state: PathIdentity, now: PathIdentity): void {
  for (const name of ['rows', 'columns', 'nullLoss', 'l1Ratio'] as const) refuseOther(name, now[name], state[name]);
  refuseOther('number of lambdas', now.lambdas.length, state.lambdas.length);
  for (const [k, lambda] of now.lambdas.entries()) refuseOther(`lambdas[${k}]`, lambda, state.lambdas[k]);
}

function refuseOther(what: string, now: number, then: number): void {
  if (Math.abs(now - then) <= SAME * Math.abs(now)) return;
  throw new RangeError(
    `resume: expected the state of a path over the same data and options; its ${what} is ${then}, here it is ${now}`,
  );
}
