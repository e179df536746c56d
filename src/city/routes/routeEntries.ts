import type { CsrMatrix } from '../../core/csrMatrix.ts';

/** Observed routes, row after row: entry k leads from zone row[k] to zone col[k]. */
export interface RouteEntries {
  zones: number;
  row: Int32Array;
  col: Int32Array;
  value: Float64Array;
}

/** The stored entries of a trip matrix. Trips within a zone follow other laws than trips between zones and are left out. */
export function routeEntries(trips: CsrMatrix): RouteEntries {
  const { indptr, indices, data } = trips;
  const row: number[] = [];
  const at: number[] = [];
  for (let i = 0; i < trips.rows; i++) {
    for (let k = indptr[i]; k < indptr[i + 1]; k++) {
      if (indices[k] === i) continue;
      row.push(i);
      at.push(k);
    }
  }
  return {
    zones: trips.rows,
    row: Int32Array.from(row),
    col: Int32Array.from(at, (k) => indices[k]),
    value: Float64Array.from(at, (k) => data[k]),
  };
}

/** The entries for which `keep` is true. */
export function selectEntries({ zones, row, col, value }: RouteEntries, keep: (k: number) => boolean): RouteEntries {
  const kept = Int32Array.from(row, (_, k) => k).filter(keep);
  return { zones, row: kept.map((k) => row[k]), col: kept.map((k) => col[k]), value: Float64Array.from(kept, (k) => value[k]) };
}
