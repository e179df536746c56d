import { decimalIn } from '../../io/decimal.ts';
import { FileError, type FileFault, quote } from '../../io/fileError.ts';
import { GrowingFloats, GrowingInts } from '../../io/growing.ts';
import type { RepairLog } from './repairLog.ts';
import { TntpMetadata } from './tntpMetadata.ts';

const [LF, CR, COLON, SEMICOLON, LESS, TILDE] = [10, 13, 58, 59, 60, 126];

/** Ids below this are numbered through a table. */
const TABLE = 1 << 16;

/** What the next word of the file must be. */
type Expected = 'destination' | 'origin' | 'colon' | 'flow' | 'end';

/** The trips of a TNTP file, taken piece by piece: `Origin n`, then `destination : flow;` over any number of lines with any spacing. */
export class TntpTrips {
  readonly metadata = new TntpMetadata();
  /** Zone ids in the order of their first use. */
  readonly ids: number[] = [];
  /** Line of the first use of each id. */
  readonly idLines: number[] = [];
  /** Numbers of ids, flows and lines, one each for every pair. */
  readonly origins = new GrowingInts();
  readonly destinations = new GrowingInts();
  readonly flows = new GrowingFloats();
  readonly lines = new GrowingInts();
  /** The last line with trips. */
  line = 1;
  /** Sum of the flows. */
  total = 0;
  readonly #source: string;
  readonly #log: RepairLog;
  readonly #numbers = new Map<number, number>();
  readonly #small = new Int32Array(TABLE);
  #expected: Expected = 'origin';
  #origin = -1;
  #destination = -1;
  #line = 1;
  #atLineStart = true;
  #tokens = 0;

  constructor(source: string, log: RepairLog) {
    this.#source = source;
    this.#log = log;
  }

  /** Whether the file ends inside a pair, or in one without `;`. */
  get open(): 'no' | 'without semicolon' | 'inside' {
    if (this.#expected === 'end') return 'without semicolon';
    return this.#expected === 'destination' ? 'no' : 'inside';
  }

  push(text: string): void {
    const length = text.length;
    let at = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) {
        at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
        this.#line++;
        this.#atLineStart = true;
      } else if (code <= 32) at++;
      else if (code === TILDE) at = lineEnd(text, at);
      else if (code === LESS && this.#atLineStart) {
        const end = lineEnd(text, at);
        this.metadata.take(text.slice(at, end), this.#line);
        at = end;
      } else if (code === COLON) {
        this.#colon();
        at++;
      } else if (code === SEMICOLON) {
        this.#semicolon();
        at++;
      } else {
        this.#atLineStart = false;
        const start = at;
        let next = code;
        while (next > 32 && next !== COLON && next !== SEMICOLON && next !== TILDE) next = text.charCodeAt(++at);
        this.#word(text, start, at);
      }
    }
  }

  finish(): void {
    if (this.#tokens > 0) return;
    const empty = this.#line === 1 && this.metadata.end === 0;
    const [code, problem] = empty
      ? (['EMPTY_FILE', 'expected trips, got an empty file'] as const)
      : (['TRUNCATED_FILE', 'the file ends before its first origin'] as const);
    throw new FileError(code, { source: this.#source }, problem);
  }

  #word(text: string, start: number, end: number): void {
    this.#tokens++;
    this.line = this.#line;
    const value = decimalIn(text, start, end);
    if (!Number.isFinite(value)) {
      this.#keyword(text.slice(start, end));
      return;
    }
    if (this.#expected === 'end') {
      this.#log.add('missing-semicolon', this.#line);
      this.#expected = 'destination';
    }
    if (this.#expected === 'origin') {
      this.#origin = this.#number(value, 'origin');
      this.#expected = 'destination';
    } else if (this.#expected === 'destination') {
      this.#destination = this.#number(value, 'destination');
      this.#expected = 'colon';
    } else if (this.#expected === 'flow') this.#flow(value);
    else this.#fail('BAD_FORMAT', `expected ":" after the destination, got ${quote(text.slice(start, end))}`);
  }

  #keyword(word: string): void {
    if (!/^origin$/i.test(word)) this.#fail('NOT_A_NUMBER', `expected a number or "Origin", got ${quote(word)}`);
    if (this.#expected === 'end') this.#log.add('missing-semicolon', this.#line);
    else if (this.#expected !== 'destination' && this.#tokens > 1)
      this.#fail('BAD_FORMAT', `expected ${this.#wanted()}, got "Origin"`);
    if (this.metadata.end === 0 && this.#tokens === 1) this.#log.add('no-metadata');
    this.#expected = 'origin';
    this.#origin = -2;
  }

  #colon(): void {
    if (this.#expected !== 'colon') this.#fail('BAD_FORMAT', `expected ${this.#wanted()}, got ":"`);
    this.#expected = 'flow';
  }

  #semicolon(): void {
    // A second ';' closes nothing and says nothing.
    if (this.#expected === 'destination') return;
    if (this.#expected !== 'end') this.#fail('BAD_FORMAT', `expected ${this.#wanted()}, got ";"`);
    this.#expected = 'destination';
  }

  #flow(value: number): void {
    if (value < 0) this.#fail('BAD_VALUE', `expected trips >= 0, got ${value}`);
    this.origins.push(this.#origin);
    this.destinations.push(this.#destination);
    this.flows.push(value);
    this.lines.push(this.#line);
    this.total += value;
    this.#expected = 'end';
  }

  /** The number of a zone id. */
  #number(id: number, what: string): number {
    if (what === 'origin' && this.#origin === -1) this.#fail('BAD_FORMAT', `expected "Origin", got ${id}`);
    if (!(Number.isInteger(id) && id >= 0)) this.#fail('BAD_VALUE', `expected a whole number as the ${what}, got ${id}`);
    const known = id < TABLE ? this.#small[id] - 1 : (this.#numbers.get(id) ?? -1);
    if (known >= 0) return known;
    this.idLines.push(this.#line);
    const number = this.ids.push(id) - 1;
    if (id < TABLE) this.#small[id] = number + 1;
    else this.#numbers.set(id, number);
    return number;
  }

  #wanted(): string {
    const words = {
      destination: 'a destination',
      origin: 'the number of an origin',
      colon: '":"',
      flow: 'a number of trips',
      end: '";"',
    };
    return words[this.#expected];
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
