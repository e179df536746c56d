import { CsrMatrix } from '../core/csrMatrix.ts';
import { decimalIn } from './decimal.ts';
import { FileError, type FileFault, quote } from './fileError.ts';
import { GrowingFloats, GrowingInts } from './growing.ts';

/** A data set: one row of X and one label for each line of the file. */
export interface SvmlightData {
  X: CsrMatrix;
  /** Labels, or what is to be predicted. */
  y: Float64Array;
  /** Number of the query of each row, where every row has one (`qid:`). */
  queries?: Float64Array;
}

const [LF, CR, HASH, COLON] = [10, 13, 35, 58];
const LARGEST_INDEX = 2147483647;

/** Rows of a file in svmlight format, taken piece by piece; a piece ends where a line does. */
export class SvmlightLines {
  readonly #base: number;
  readonly #columns: number | undefined;
  readonly #source: string | undefined;
  readonly #indptr = new GrowingInts();
  readonly #indices = new GrowingInts();
  readonly #values = new GrowingFloats();
  readonly #labels = new GrowingFloats();
  readonly #queries = new GrowingFloats();
  #line = 0;
  #largest = -1;

  constructor(columns: number | undefined, zeroBased: boolean, source: string | undefined) {
    this.#columns = columns;
    this.#base = zeroBased ? 0 : 1;
    this.#source = source;
  }

  push(text: string): void {
    for (let at = 0; at < text.length; ) {
      this.#line++;
      at = this.#row(text, at);
    }
  }

  finish(): SvmlightData {
    const rows = this.#labels.length;
    if (rows === 0) throw new FileError('EMPTY_FILE', { source: this.#source }, 'expected at least one row, got none');
    const queries = this.#queries.length;
    if (queries > 0 && queries < rows) {
      throw new FileError('BAD_FORMAT', { source: this.#source }, `expected a qid in every row or in none, got ${queries} in ${rows} rows`);
    }
    const cols = this.#columns ?? this.#largest + 1;
    if (cols === 0) throw new FileError('BAD_FORMAT', { source: this.#source }, 'no row has a feature; the option "columns" says how many there are');
    this.#indptr.push(this.#indices.length);
    const [indptr, indices, data] = [this.#indptr.toArray(), this.#indices.toArray(), this.#values.toArray()];
    const out: SvmlightData = { X: new CsrMatrix({ rows, cols, indptr, indices, data }), y: this.#labels.toArray() };
    if (queries > 0) out.queries = this.#queries.toArray();
    return out;
  }

  /** Reads one line; where the next one starts. */
  #row(text: string, from: number): number {
    let at = from;
    let token = 0;
    let previous = -1;
    for (;;) {
      let code = text.charCodeAt(at);
      while (code <= 32 && code !== LF && code !== CR) code = text.charCodeAt(++at);
      if (code === HASH) at = lineEnd(text, at);
      if (at >= text.length) return at;
      code = text.charCodeAt(at);
      if (code === LF) return at + 1;
      if (code === CR) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
      const start = at;
      let colon = -1;
      while (at < text.length && code > 32 && code !== HASH) {
        if (code === COLON && colon < 0) colon = at;
        code = text.charCodeAt(++at);
      }
      if (token++ === 0) this.#label(text, start, at);
      else if (colon - start === 3 && text.startsWith('qid', start)) this.#query(text, start, colon, at, token);
      else previous = this.#feature(text, start, colon, at, previous);
    }
  }

  #label(text: string, start: number, end: number): void {
    this.#indptr.push(this.#indices.length);
    this.#labels.push(this.#number(text, start, end, 'a number as the label'));
  }

  #query(text: string, start: number, colon: number, end: number, token: number): void {
    if (token !== 2) this.#fail('BAD_FORMAT', `expected ${quote(text.slice(start, end))} right after the label`);
    this.#queries.push(this.#number(text, colon + 1, end, 'a number after "qid:"'));
  }

  #feature(text: string, start: number, colon: number, end: number, previous: number): number {
    if (colon < 0) this.#fail('BAD_FORMAT', `expected index:value, got ${quote(text.slice(start, end))}`);
    const written = decimalIn(text, start, colon);
    if (!Number.isInteger(written)) this.#fail('BAD_FORMAT', `expected index:value, got ${quote(text.slice(start, end))}`);
    const index = written - this.#base;
    if (index < 0) {
      const hint = written === 0 ? '; for files that count from 0: zeroBased: true' : '';
      this.#fail('BAD_VALUE', `index ${written}: expected indices from ${this.#base}${hint}`);
    }
    const limit = this.#columns ?? LARGEST_INDEX;
    if (index >= limit) this.#fail('BAD_VALUE', `index ${written}: expected at most ${limit - 1 + this.#base}`);
    if (index <= previous) {
      const fault = index === previous ? 'is given twice' : `comes after ${previous + this.#base}`;
      this.#fail('BAD_FORMAT', `index ${written} ${fault}: expected increasing indices`);
    }
    this.#indices.push(index);
    this.#values.push(this.#number(text, colon + 1, end, `a number as the value of index ${written}`));
    if (index > this.#largest) this.#largest = index;
    return index;
  }

  #number(text: string, start: number, end: number, expected: string): number {
    const value = decimalIn(text, start, end);
    if (!Number.isFinite(value)) this.#fail('NOT_A_NUMBER', `expected ${expected}, got ${quote(text.slice(start, end))}`);
    return value;
  }

  #fail(code: FileFault, problem: string): never {
    throw new FileError(code, { source: this.#source, line: this.#line }, problem);
  }
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== LF && text.charCodeAt(at) !== CR) at++;
  return at;
}
