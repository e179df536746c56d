import { FileError, type FilePlace } from './fileError.ts';
import { GrowingInts } from './growing.ts';

/** What may separate the fields of a row. */
export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const [LF, CR, QUOTE] = [10, 13, 34];

/** No quoted field is longer: one that is was never closed. */
const LONGEST_FIELD = 1 << 24;

/**
 * Where the fields of CSV text (RFC 4180) are: the text itself stays as it is. Field k occupies `text[start, end)`, quotes excluded; quotes that
 * are written twice inside are undone by `field`. Blank lines are passed over; every row has as many fields as the first one.
 *
 * Own code beside d3-dsv, which writes: it knows no lines, takes text after a closing quote and quotes that never close, wants all text at once,
 * and makes a string of each field before it becomes a number (a third of the speed).
 */
export class CsvScanner {
  text = '';
  /** Rows found in `text`. */
  rows = 0;
  /** Fields of a row; 0 before the first row. */
  width = 0;
  readonly #source: string | undefined;
  readonly #delimiter: number;
  /** Start and end of each field; the start of a field with doubled quotes is complemented. */
  #spans: Int32Array = new Int32Array(1024);
  #used = 0;
  readonly #lines = new GrowingInts();
  #line = 1;
  /** Where the unfinished row starts. */
  #rest = 0;
  /** Whether the last quoted field has quotes inside. */
  #escaped = false;

  constructor(delimiter: Delimiter, source?: string) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#source = source;
  }

  /** The line where a row starts, counted from 1. */
  lineOf(row: number): number {
    return this.#lines.at(row);
  }

  start(row: number, column: number): number {
    const start = this.#spans[2 * (row * this.width + column)];
    return start < 0 ? ~start : start;
  }

  end(row: number, column: number): number {
    return this.#spans[2 * (row * this.width + column) + 1];
  }

  /** The text of a field. */
  field(row: number, column: number): string {
    const start = this.#spans[2 * (row * this.width + column)];
    const end = this.end(row, column);
    return start < 0 ? this.text.slice(~start, end).replaceAll('""', '"') : this.text.slice(start, end);
  }

  /** Forgets the rows found so far and finds those of the next piece of a file; what is left of an unfinished row waits for the piece after it. */
  next(piece: string, last: boolean): void {
    // Joined, not added: characters of a sum stay two steps away.
    this.text = last && this.text === '' ? piece : [this.text, piece].join('');
    this.rows = 0;
    this.#used = this.#lines.length = 0;
    // Fields of about eight characters are expected.
    this.#reserve(this.text.length >> 2);
    this.#rest = this.#scan(last);
  }

  /** To be called when the rows have been used: keeps only the unfinished row. */
  release(): void {
    this.text = this.text.slice(this.#rest);
    if (this.text.length > LONGEST_FIELD) this.#fail(this.#line, 'a quoted field does not end');
    this.rows = 0;
  }

  /** Finds rows and returns where the first unfinished one starts. */
  #scan(last: boolean): number {
    const { text } = this;
    const length = text.length;
    let at = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) {
        if (code === CR && at + 1 === length && !last) return at;
        at = this.#lineEnd(at, code);
        continue;
      }
      const rowLine = this.#line;
      const next = this.#row(at, last);
      if (next < 0) {
        this.#line = rowLine;
        this.#used = 2 * this.rows * this.width;
        return at;
      }
      this.#lines.push(rowLine);
      at = next;
    }
    return length;
  }

  /** Finds the fields of one row; where the next one starts, or -1 where the text ends before it is sure that the row does. */
  #row(from: number, last: boolean): number {
    const { text } = this;
    const length = text.length;
    const delimiter = this.#delimiter;
    let spans = this.#spans;
    let used = this.#used;
    let at = from;
    let fields = 0;
    for (;;) {
      let start = at;
      let end: number;
      if (text.charCodeAt(at) === QUOTE) {
        end = this.#closingQuote(at, last);
        if (end < 0) return -1;
        start = this.#escaped ? ~(at + 1) : at + 1;
        at = end + 1;
      } else {
        let code = 0;
        while (at < length && (code = text.charCodeAt(at)) !== delimiter && code !== LF && code !== CR) at++;
        end = at;
      }
      if (used === spans.length) spans = this.#reserve(2 * used);
      spans[used++] = start;
      spans[used++] = end;
      fields++;
      if (at === length) {
        if (!last) return -1;
        break;
      }
      const code = text.charCodeAt(at);
      if (code === delimiter) at++;
      else if (code === LF || code === CR) {
        if (code === CR && at + 1 === length && !last) return -1;
        this.#endRow(fields, used);
        return this.#lineEnd(at, code);
      } else
        this.#fail(
          this.#line,
          `expected a delimiter or the end of the line after a closing quote, got ${JSON.stringify(text[at])}`,
        );
    }
    this.#endRow(fields, used);
    return at;
  }

  #reserve(length: number): Int32Array {
    if (length <= this.#spans.length) return this.#spans;
    const old = this.#spans;
    this.#spans = new Int32Array(length + (length & 1));
    this.#spans.set(old);
    return this.#spans;
  }

  #endRow(fields: number, used: number): void {
    if (this.width === 0) this.width = fields;
    if (fields !== this.width) {
      this.#fail(this.#line, `expected ${this.width} field${this.width === 1 ? '' : 's'} as in the first row, got ${fields}`);
    }
    this.rows++;
    this.#used = used;
  }

  #lineEnd(at: number, code: number): number {
    this.#line++;
    return code === CR && this.text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }

  /** Where the quoted field that opens at `open` closes; -1 where that is not known yet. Counts the lines in between. */
  #closingQuote(open: number, last: boolean): number {
    const { text } = this;
    this.#escaped = false;
    for (let from = open + 1; ; from += 2, this.#escaped = true) {
      from = text.indexOf('"', from);
      if (from < 0 || (from + 1 === text.length && !last)) {
        if (last) this.#fail(this.#line, 'a quoted field that starts here is never closed');
        return -1;
      }
      if (text.charCodeAt(from + 1) === QUOTE) continue;
      for (let i = open; i < from; i++) {
        const code = text.charCodeAt(i);
        if (code === LF || (code === CR && text.charCodeAt(i + 1) !== LF)) this.#line++;
      }
      return from;
    }
  }

  #fail(line: number, problem: string): never {
    const place: FilePlace = { source: this.#source, line };
    throw new FileError('BAD_FORMAT', place, problem);
  }
}

/** The delimiter that is most frequent in the first line, outside quotes; a comma where there is none. */
export function detectDelimiter(text: string): Delimiter {
  const line = /^[\r\n]*([^\r\n]*)/.exec(text)?.[1].replace(/"(?:[^"]|"")*"/g, '') ?? '';
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
