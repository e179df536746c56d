import { refuse } from '../../core/checks.ts';
import { type Column, CsvTable } from '../../io/csvTable.ts';
import { decimalIn } from '../../io/decimal.ts';
import { Dictionary } from '../../io/dictionary.ts';

/** An array of records as the table that a file would be; identifiers keep their kind, 7 stays a number. */
export function recordTable(records: readonly object[], title: string): CsvTable {
  if (records.length === 0) throw new RangeError(`${title}: expected at least one record`);
  const names = new Set<string>();
  for (const [k, record] of records.entries()) {
    if (typeof record !== 'object' || record === null) refuse(record, `${title}[${k}]`, 'an object', false);
    for (const name of Object.keys(record)) names.add(name);
  }
  const columns = Array.from(names, (name) => new RecordColumn(records as readonly Record<string, unknown>[], name));
  return new CsvTable([...names], records.length, columns, (row) => ({ source: `${title}[${row}]` }));
}

class RecordColumn implements Column {
  readonly #records: readonly Record<string, unknown>[];
  readonly #name: string;

  constructor(records: readonly Record<string, unknown>[], name: string) {
    this.#records = records;
    this.#name = name;
  }

  text(row: number): string {
    const value = this.#records[row][this.#name];
    return value === undefined || value === null ? '' : String(value);
  }

  number(row: number): number {
    const value = this.#records[row][this.#name];
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? decimalIn(value, 0, value.length) : Number.NaN;
  }

  coded() {
    const dictionary = new Dictionary();
    const codes = Int32Array.from(this.#records, (record, row) => {
      const value = record[this.#name];
      return dictionary.code(typeof value === 'number' ? value : this.text(row).trim());
    });
    return { codes, values: dictionary.values };
  }
}
