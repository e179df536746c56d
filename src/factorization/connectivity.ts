/** Which rows and columns the observed entries (and features and graphs) tie together: only within one group are predictions identified. */
export interface Connectivity {
  /** Groups of rows and columns with entries that nothing ties to each other; 1 when everything hangs together. */
  components: number;
  /** Group of each row, numbered by first row; -1 for rows that nothing reaches. */
  rowComponent: Int32Array;
  columnComponent: Int32Array;
  /** Rows without an observed entry, ascending. */
  emptyRows: Int32Array;
  /** Columns without an observed entry, ascending. */
  emptyColumns: Int32Array;
}

interface Pattern {
  indptr: Int32Array;
  indices: Int32Array;
}

export interface Ties {
  /** Whether features give all rows (columns) one common frame. */
  rows: boolean;
  columns: boolean;
  rowGraph?: Pattern | undefined;
  columnGraph?: Pattern | undefined;
}

export function connectivityOf(rows: number, cols: number, observed: Pattern, ties: Ties): Connectivity {
  const parent = Int32Array.from({ length: rows + cols }, (_, k) => k);
  const find = (k: number): number => {
    while (parent[k] !== k) {
      parent[k] = parent[parent[k]];
      k = parent[k];
    }
    return k;
  };
  const join = (a: number, b: number): void => {
    const [p, q] = [find(a), find(b)];
    // The smaller number is the root, so that groups are numbered by their first row.
    if (p < q) parent[q] = p;
    else parent[p] = q;
  };
  const seen = new Uint8Array(rows + cols);
  for (let i = 0; i < rows; i++) {
    for (let e = observed.indptr[i]; e < observed.indptr[i + 1]; e++) {
      join(i, rows + observed.indices[e]);
      seen[i] = 1;
      seen[rows + observed.indices[e]] = 1;
    }
  }
  const empty = (from: number, count: number) => Int32Array.from({ length: count }, (_, k) => k).filter((k) => !seen[from + k]);
  const [emptyRows, emptyColumns] = [empty(0, rows), empty(rows, cols)];
  const tie = (from: number, count: number, common: boolean, graph: Pattern | undefined) => {
    if (common) for (let k = 1; k < count; k++) join(from, from + k);
    if (!graph) return;
    for (let k = 0; k < count; k++) {
      for (let e = graph.indptr[k]; e < graph.indptr[k + 1]; e++) join(from + k, from + graph.indices[e]);
    }
  };
  tie(0, rows, ties.rows, ties.rowGraph);
  tie(rows, cols, ties.columns, ties.columnGraph);
  const alive = new Uint8Array(rows + cols);
  for (let k = 0; k < rows + cols; k++) if (seen[k]) alive[find(k)] = 1;
  const numbers = new Map<number, number>();
  const component = Int32Array.from({ length: rows + cols }, (_, k) => {
    const root = find(k);
    if (!alive[root]) return -1;
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
  return {
    components: numbers.size,
    rowComponent: component.slice(0, rows),
    columnComponent: component.slice(rows),
    emptyRows,
    emptyColumns,
  };
}

/** All rows and columns in one group, none of them empty. */
export const oneComponent = (rows: number, cols: number): Connectivity => ({
  components: 1,
  rowComponent: new Int32Array(rows),
  columnComponent: new Int32Array(cols),
  emptyRows: new Int32Array(0),
  emptyColumns: new Int32Array(0),
});
