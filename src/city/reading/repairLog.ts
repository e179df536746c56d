import { FileError } from '../../io/fileError.ts';
import type { Repair } from '../repair.ts';

/** What a reader mended, by kind. */
const DESCRIPTIONS = {
  'missing-semicolon': 'no ";" at the end: added',
  'empty-field': 'an empty field: a distance is read as 0, anything else is left out',
  'no-header': 'no line with column names: the usual order is taken',
  'short-header': 'fields that the header does not name: named by the usual order',
  'long-header': 'names in the header that no row has a field for: left out',
  'no-metadata': 'no <END OF METADATA>: the data start at once',
  'spaces-for-tabs': 'fields separated by spaces: taken as separated by tabs',
  'duplicate-link': 'a link given twice: the first one is kept',
  'duplicate-flow': 'traffic of a link given twice: the first one is kept',
  'duplicate-node': 'a node given twice: the first one is kept',
  'missing-flow': 'a link without a row in the flow file: its traffic is unknown',
  'own-numbering': 'zones are not numbered 1, 2, ...: the zones are the ids that trips use',
  'link-count': 'the number of links is not NUMBER OF LINKS: the links that are there are taken',
  'node-count': 'there are more nodes than NUMBER OF NODES: all are taken',
  'zone-count': 'the number of zones is not NUMBER OF ZONES: the zones that are there are taken',
  'total-flow': 'the trips do not add up to TOTAL OD FLOW: the trips are taken as they are',
  'duplicate-trips': 'trips between two zones given more than once: put together as the option "duplicates" says',
  'no-position': 'a place without a position: kept without one',
} as const;

export type RepairKind = keyof typeof DESCRIPTIONS;

const LINES_KEPT = 10;

/** Counts and locates the flaws that are mended in one source; in strict reading, refuses the first one. */
export class RepairLog {
  readonly #source: string;
  readonly #strict: boolean;
  readonly #found = new Map<RepairKind, { count: number; lines: number[] }>();

  constructor(source: string, strict = false) {
    this.#source = source;
    this.#strict = strict;
  }

  add(kind: RepairKind, line?: number): void {
    if (this.#strict) throw new FileError('STRICT', { source: this.#source, line }, DESCRIPTIONS[kind].split(':')[0]);
    let entry = this.#found.get(kind);
    if (entry === undefined) {
      entry = { count: 0, lines: [] };
      this.#found.set(kind, entry);
    }
    entry.count++;
    if (line !== undefined && entry.lines.length < LINES_KEPT) entry.lines.push(line);
  }

  get repairs(): Repair[] {
    return Array.from(this.#found, ([kind, { count, lines }]) => {
      return { kind, source: this.#source, count, lines, description: DESCRIPTIONS[kind] };
    });
  }
}
