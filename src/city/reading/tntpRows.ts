import { decimalIn } from '../../io/decimal.ts';
import { FileError, quote } from '../../io/fileError.ts';
import { GrowingFloats, GrowingInts } from '../../io/growing.ts';
import { plainName } from './columnNames.ts';
import type { RepairLog } from './repairLog.ts';
import { TntpMetadata } from './tntpMetadata.ts';

/** The columns that a kind of TNTP file may have: standard name to the names found in the wild (in lower case, words joined by `_`). */
export interface TntpColumns {
  /** In the usual order. */
  readonly names: readonly string[];
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** How many of the first names every file has. */
  readonly required: number;
  /** Whether such files have metadata and rows that end with `;`: links do, flows and nodes may. */
  readonly formal: boolean;
}

const [TAB, LF, CR, SEMICOLON, LESS, TILDE] = [9, 10, 13, 59, 60, 126];

/**
 * The rows of a TNTP file of links, flows or nodes, taken piece by piece (a piece ends where a line does): metadata, comments from `~` on, a
 * header that is a comment or the first row, and numbers separated by tabs (then an empty field is a field) or by spaces.
 */
export class TntpRows {
  readonly metadata = new TntpMetadata();
  /** The columns found, by name. */
  names: string[] = [];
  rows = 0;
  /** Whether the header says longitude and latitude. */
  degrees = false;
  readonly lines = new GrowingInts();
  readonly #kind: TntpColumns;
  readonly #source: string;
  readonly #log: RepairLog;
  #columns: GrowingFloats[] = [];
  #line = 0;
  #header: string[] | undefined;
  #fields = new Float64Array(64);
  /** Whether the last row had spaces between its fields. */
  #spaced = false;
  /** Rows that end without `;`. They are a flaw only if others have it. */
  readonly #open = new GrowingInts();

  constructor(kind: TntpColumns, source: string, log: RepairLog) {
    this.#kind = kind;
    this.#source = source;
    this.#log = log;
  }

  push(text: string): void {
    for (let at = 0; at < text.length; ) {
      let end = at;
      let code = 0;
      while (end < text.length && (code = text.charCodeAt(end)) !== LF && code !== CR) end++;
      this.#line++;
      this.#take(text, at, end);
      at = code === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
    }
  }

  finish(): void {
    if (this.#line === 0) throw new FileError('EMPTY_FILE', { source: this.#source }, 'expected rows, got an empty file');
    if (this.rows === 0) throw new FileError('TRUNCATED_FILE', { source: this.#source }, 'the file ends before its first row');
    const semicolons = this.#kind.formal || this.#open.length < this.rows;
    if (semicolons) for (const line of this.#open.view()) this.#log.add('missing-semicolon', line);
  }

  /** A column by its standard name. */
  column(name: string): Float64Array | undefined {
    const k = this.names.indexOf(name);
    return k < 0 ? undefined : this.#columns[k].view();
  }

  #take(text: string, from: number, lineEnd: number): void {
    let start = from;
    while (start < lineEnd && text.charCodeAt(start) <= 32) start++;
    if (start === lineEnd) return;
    const code = text.charCodeAt(start);
    if (code === LESS) {
      this.metadata.take(text.slice(start, lineEnd), this.#line);
      return;
    }
    if (code === TILDE) {
      if (this.rows === 0) this.#offerHeader(text.slice(start + 1, lineEnd));
      return;
    }
    const end = contentEnd(text, start, lineEnd);
    if (end === start) return;
    if (this.#columns.length === 0) {
      // A header that is no comment: words where a number must be.
      if (/^[a-z_]/i.test(text.slice(start, end)) && this.#offerHeader(text.slice(start, end))) return;
      this.#nameColumns(text, start, end);
    }
    if (text.charCodeAt(end) !== SEMICOLON) this.#open.push(this.#line);
    this.#row(text, start, end);
  }

  /** Takes a line as the header if it names at least two known columns. */
  #offerHeader(line: string): boolean {
    const text = line.replace(/[;~].*$/, '').trim();
    const words = text.split(text.includes('\t') ? /\s*\t\s*/ : /\s+/).filter((word) => word !== '');
    const names = words.map((word) => this.#standardName(word));
    const known = names.filter((name) => this.#kind.names.includes(name));
    if (known.length < 2 || 2 * known.length < names.length) return false;
    if (new Set(names).size < names.length) {
      throw new FileError('DUPLICATE', { source: this.#source, line: this.#line }, `two columns mean the same: ${quote(text)}`);
    }
    this.#header = names;
    this.degrees = words.some((word) => /^(lon|lng|long|longitude)$/.test(plainName(word)));
    return true;
  }

  /** `Free Flow Time (min)` is `free_flow_time`. */
  #standardName(word: string): string {
    const plain = plainName(word);
    const { names, aliases } = this.#kind;
    return names.find((name) => name === plain || aliases[name]?.includes(plain)) ?? plain;
  }

  /** Names the columns, once the first row is there. */
  #nameColumns(text: string, start: number, end: number): void {
    const { names: usual, required } = this.#kind;
    const width = this.#split(text, start, end, this.#header?.length ?? usual.length);
    if (this.#header === undefined && !this.#kind.formal && width > usual.length) {
      const problem = `expected at most ${usual.length} fields (${usual.join(', ')}) where no line names the columns, got ${width}`;
      throw new FileError('BAD_FORMAT', { source: this.#source, line: this.#line }, problem);
    }
    if (this.metadata.end === 0 && this.#kind.formal) this.#log.add('no-metadata');
    if (this.#header === undefined) this.#log.add('no-header', this.#line);
    const header = this.#header ?? usual.slice(0, Math.max(width, required));
    const names = header.slice(0, width);
    if (header.length > width && required <= width) this.#log.add('long-header', this.#line);
    if (this.#header && header.length < width) this.#log.add('short-header', this.#line);
    for (let k = header.length; k < width; k++)
      names.push(names.includes(usual[k] ?? '') || k >= usual.length ? `column${k + 1}` : usual[k]);
    const missing = usual.slice(0, required).filter((name) => !names.includes(name));
    if (missing.length > 0) {
      const found = `no column ${missing.map(quote).join(', ')}; there are: ${names.map(quote).join(', ')}`;
      throw new FileError('MISSING_COLUMN', { source: this.#source, line: this.#line }, found);
    }
    this.names = names;
    this.#columns = names.map(() => new GrowingFloats());
  }

  #row(text: string, start: number, end: number): void {
    const columns = this.#columns;
    const width = this.#split(text, start, end, columns.length);
    if (width !== columns.length) {
      const problem = `expected ${columns.length} fields (${this.names.join(', ')}), got ${width}`;
      throw new FileError('BAD_FORMAT', { source: this.#source, line: this.#line }, problem);
    }
    if (this.#spaced) this.#log.add('spaces-for-tabs', this.#line);
    for (let k = 0; k < width; k++) {
      if (Number.isNaN(this.#fields[k])) this.#mendEmpty(k);
      columns[k].push(this.#fields[k]);
    }
    this.lines.push(this.#line);
    this.rows++;
  }

  /** Reads the numbers of a row into `#fields` (NaN for an empty one) and returns how many there are; empty ones beyond `expected` do not count. */
  #split(text: string, start: number, end: number, expected: number, tabs = hasTab(text, start, end)): number {
    let width = 0;
    this.#spaced = !tabs;
    for (let at = start; at <= end; ) {
      let to = at;
      if (tabs) while (to < end && text.charCodeAt(to) !== TAB) to++;
      else while (to < end && text.charCodeAt(to) > 32) to++;
      if (width === this.#fields.length) this.#fields = Float64Array.from({ length: 2 * width }, (_, k) => this.#fields[k]);
      const value = decimalIn(text, at, to);
      if (!Number.isFinite(value)) {
        const field = text.slice(at, to).trim();
        if (tabs && /\s/.test(field)) return this.#split(text, start, end, expected, false);
        if (field !== '') this.#refuse(width, quote(field));
      }
      this.#fields[width++] = value;
      at = to + 1;
      if (!tabs) while (at < end && text.charCodeAt(at) <= 32) at++;
    }
    while (width > expected && Number.isNaN(this.#fields[width - 1])) width--;
    return width;
  }

  #mendEmpty(k: number): void {
    if (this.#kind.names.slice(0, 2).includes(this.names[k])) this.#refuse(k, 'an empty field');
    this.#log.add('empty-field', this.#line);
  }

  #refuse(k: number, got: string): never {
    const column = this.names[k] ?? this.#header?.[k] ?? this.#kind.names[k] ?? `column${k + 1}`;
    throw new FileError('NOT_A_NUMBER', { source: this.#source, line: this.#line, column }, `expected a number, got ${got}`);
  }
}

/** Where the numbers of a row end: at its `;`, a comment, or the blanks at its end. */
function contentEnd(text: string, start: number, lineEnd: number): number {
  let end = start;
  let code = 0;
  while (end < lineEnd && (code = text.charCodeAt(end)) !== SEMICOLON && code !== TILDE) end++;
  return end;
}

function hasTab(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === TAB) return true;
  return false;
}
