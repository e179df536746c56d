import type { Connectivity } from './connectivity.ts';

/**
 * On what a prediction rests: `'entry'` this cell was observed, `'warm'` its row and its column have observed entries that hang together,
 * `'feature'` one of them has none and stands on its features, `'graph'` on its neighbours, `'prior'` on nothing but means.
 */
export type Basis = 'entry' | 'warm' | 'feature' | 'graph' | 'prior';

/** What a side without entries of its own can stand on. */
export interface Support {
  features: boolean;
  graph: boolean;
}

/** How the basis of a cell follows from who has entries, features and neighbours. */
export class BasisRule {
  readonly #connectivity: Connectivity;
  readonly #observed: { indptr: Int32Array; indices: Int32Array };
  readonly #rows: Support;
  readonly #columns: Support;
  readonly #coldRow: Uint8Array;
  readonly #coldColumn: Uint8Array;

  constructor(
    connectivity: Connectivity,
    observed: { indptr: Int32Array; indices: Int32Array },
    rows: Support,
    columns: Support,
  ) {
    this.#connectivity = connectivity;
    this.#observed = observed;
    this.#rows = rows;
    this.#columns = columns;
    this.#coldRow = new Uint8Array(connectivity.rowComponent.length);
    this.#coldColumn = new Uint8Array(connectivity.columnComponent.length);
    for (const i of connectivity.emptyRows) this.#coldRow[i] = 1;
    for (const j of connectivity.emptyColumns) this.#coldColumn[j] = 1;
  }

  isColdRow(i: number): boolean {
    return this.#coldRow[i] === 1;
  }

  isColdColumn(j: number): boolean {
    return this.#coldColumn[j] === 1;
  }

  /** The weaker of what the row and the column stand on. */
  of(i: number, j: number): Basis {
    const { rowComponent, columnComponent } = this.#connectivity;
    // Groups that nothing ties together have factors in frames of their own: their products mean nothing.
    if (rowComponent[i] < 0 || rowComponent[i] !== columnComponent[j]) return 'prior';
    const row = this.#coldRow[i] ? standing(this.#rows) : 'warm';
    const column = this.#coldColumn[j] ? standing(this.#columns) : 'warm';
    for (const basis of ['prior', 'graph', 'feature'] as const) if (row === basis || column === basis) return basis;
    return this.#has(i, j) ? 'entry' : 'warm';
  }

  #has(i: number, j: number): boolean {
    const { indptr, indices } = this.#observed;
    let [low, high] = [indptr[i], indptr[i + 1]];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (indices[middle] < j) low = middle + 1;
      else high = middle;
    }
    return low < indptr[i + 1] && indices[low] === j;
  }
}

function standing({ features, graph }: Support): Basis {
  return features ? 'feature' : graph ? 'graph' : 'prior';
}
