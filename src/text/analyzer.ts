import { booleanFlag, integerIn, refuse } from '../core/checks.ts';
import { SpinifexError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { ModelReader } from '../core/modelReader.ts';
import { seen } from '../core/seen.ts';
import { PADDING, TermTable } from './termTable.ts';
import { asciiClass, isWordCharacter, withoutAccents } from './wordCharacters.ts';

/** How a document becomes terms. */
export interface AnalyzerOptions {
  /** Lower case first, by the rules of Unicode. @default true */
  lowercase?: boolean;
  /** Take accents off (NFKD without combining characters). @default false */
  stripAccents?: boolean;
  /** Words that are left out, before word sequences are made of the others; compared as they are after lower case and accents. @default none */
  stopWords?: Iterable<string>;
  /** Shortest and longest sequence of words that is a term; its words are joined by one space. @default [1, 1] */
  ngramRange?: readonly [number, number];
  /** Splits a document (after lower case and accents) into words in place of the rule of `tokenize`. */
  tokenizer?: (text: string) => readonly string[];
}

export const ANALYZER_OPTIONS = ['lowercase', 'stripAccents', 'stopWords', 'ngramRange', 'tokenizer'] as const;

const SPACE = 32;

/**
 * Reads documents one after another. The words of the last one stand in `bytes` as UTF-8 with one byte between them: word i is
 * bytes[starts[i], starts[i + 1] - 1), and a sequence of k words bytes[starts[i], starts[i + k] - 1).
 */
export class Analyzer {
  bytes = new DataView(new ArrayBuffer(4096));
  starts = new Int32Array(4096);
  words = 0;
  #units = new Uint8Array(this.bytes.buffer);
  readonly shortest: number;
  readonly longest: number;
  readonly #lowercase: boolean;
  readonly #stripAccents: boolean;
  readonly #stopWords: TermTable | undefined;
  readonly #tokenizer: AnalyzerOptions['tokenizer'];
  readonly #encoder = new TextEncoder();

  constructor(options: AnalyzerOptions) {
    const { lowercase = true, stripAccents = false, stopWords, ngramRange = [1, 1], tokenizer } = options;
    this.#lowercase = booleanFlag(lowercase, 'lowercase');
    this.#stripAccents = booleanFlag(stripAccents, 'stripAccents');
    if (!Array.isArray(ngramRange) || ngramRange.length !== 2) {
      refuse(ngramRange, 'ngramRange', 'two integers, the shortest and the longest', false);
    }
    this.shortest = integerIn(ngramRange[0], 'ngramRange[0]', 1);
    this.longest = integerIn(ngramRange[1], 'ngramRange[1]', this.shortest);
    if (tokenizer !== undefined && typeof tokenizer !== 'function') refuse(tokenizer, 'tokenizer', 'a function', false);
    this.#tokenizer = tokenizer;
    if (stopWords !== undefined) this.#stopWords = TermTable.of(stringsOf(stopWords, 'stopWords'));
  }

  /** The words of a document. */
  read(document: string): void {
    let text = this.#lowercase ? document.toLowerCase() : document;
    if (this.#stripAccents) text = withoutAccents(text);
    if (this.#tokenizer !== undefined) {
      this.#takeWords(this.#tokenizer(text));
      return;
    }
    this.#reserve(3 * text.length, 0);
    this.#scan(this.#encoder.encodeInto(text, this.#units).written);
  }

  /** The terms of a document as strings, in their order: single words first. */
  terms(document: string): string[] {
    this.read(document);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const { starts, words, shortest, longest } = this;
    const out: string[] = [];
    for (let k = shortest; k <= Math.min(longest, words); k++) {
      for (let i = 0; i + k <= words; i++) out.push(decoder.decode(this.#units.subarray(starts[i], starts[i + k] - 1)));
    }
    return out;
  }

  /** What a saved model keeps. A function cannot be saved: only that there was one. */
  toJSON(): { [name: string]: Json } {
    return {
      lowercase: this.#lowercase,
      stripAccents: this.#stripAccents,
      stopWords: this.#stopWords?.strings(this.#stopWords.all()) ?? [],
      ngramRange: [this.shortest, this.longest],
      tokenizer: this.#tokenizer !== undefined,
    };
  }

  static fromJSON(reader: ModelReader, tokenizer: AnalyzerOptions['tokenizer']): Analyzer {
    if (reader.boolean('tokenizer') !== (tokenizer !== undefined)) {
      const cure = tokenizer === undefined ? 'give it again as fromJSON(json, { tokenizer })' : 'give none';
      throw new SpinifexError(
        'BAD_MODEL',
        `tokenizer: fitted with${tokenizer === undefined ? '' : 'out'} a function of one's own: ${cure}`,
      );
    }
    const [shortest, longest] = reader.int32Array('ngramRange', 2, 1);
    if (longest < shortest) reader.fail('ngramRange: expected the shortest first');
    return new Analyzer({
      lowercase: reader.boolean('lowercase'),
      stripAccents: reader.boolean('stripAccents'),
      stopWords: reader.strings('stopWords'),
      ngramRange: [shortest, longest],
      tokenizer,
    });
  }

  /**
   * Finds the words in the first `length` bytes and moves them to the front: a word and the byte after it never need more room than they had,
   * because at least one byte separates words.
   */
  #scan(length: number): void {
    const { starts } = this;
    const bytes = this.#units;
    this.words = 0;
    bytes[length] = SPACE;
    let end = 0;
    let start = 0;
    let characters = 0;
    for (let i = 0; i <= length; ) {
      const byte = bytes[i];
      if (byte < 0x80) {
        i++;
        if (asciiClass[byte] === 2) {
          bytes[end++] = byte;
          characters++;
          continue;
        }
      } else {
        const size = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        let code = byte & (0xff >> (size + 1));
        for (let k = 1; k < size; k++) code = (code << 6) | (bytes[i + k] & 0x3f);
        if (isWordCharacter(code)) {
          for (let k = 0; k < size; k++) bytes[end++] = bytes[i++];
          characters++;
          continue;
        }
        i += size;
      }
      if (characters >= 2 && this.#keeps(start, end)) {
        starts[this.words++] = start;
        bytes[end++] = SPACE;
        start = end;
      } else end = start;
      characters = 0;
    }
    starts[this.words] = start;
  }

  #takeWords(words: unknown): void {
    if (!Array.isArray(words)) refuse(words, 'tokenizer', 'an array of strings', false);
    // Here, and not before the call: it may have used this very analyzer.
    this.words = 0;
    let start = 0;
    for (let i = 0; i < words.length; i++) {
      if (typeof words[i] !== 'string') refuse(words[i], `tokenizer: word ${i}`, 'a string', false);
      this.#reserve(start + 3 * words[i].length, start);
      const end = start + this.#encoder.encodeInto(words[i], this.#units.subarray(start)).written;
      if (!this.#keeps(start, end)) continue;
      this.starts[this.words++] = start;
      this.#units[end] = SPACE;
      start = end + 1;
    }
    this.starts[this.words] = start;
  }

  #keeps(start: number, end: number): boolean {
    return this.#stopWords === undefined || this.#stopWords.number(this.bytes, start, end, false) < 0;
  }

  /** Room for so many bytes and what follows them, and for as many words; the first `kept` bytes stay. */
  #reserve(size: number, kept: number): void {
    const room = size + 1 + PADDING;
    if (room <= this.#units.length) return;
    const { starts } = this;
    const old = this.#units;
    this.#units = new Uint8Array(2 * room);
    this.bytes = new DataView(this.#units.buffer);
    this.starts = new Int32Array(2 * room);
    this.#units.set(old.subarray(0, kept));
    if (kept > 0) this.starts.set(starts);
  }
}

/** The options after one look at them; an iterable of stop words is read once. */
export function checkedOptions(options: AnalyzerOptions): AnalyzerOptions {
  const { stopWords } = options;
  const own = stopWords === undefined ? options : { ...options, stopWords: [...stringsOf(stopWords, 'stopWords')] };
  new Analyzer(own);
  return own;
}

/** The strings of an iterable, one by one; a string itself is refused: its characters are hardly meant. */
export function* stringsOf(source: Iterable<string>, title: string): Generator<string> {
  if (typeof source !== 'object' || source === null || !(Symbol.iterator in source)) {
    refuse(source, title, `an array or another iterable of strings`, false);
  }
  let i = 0;
  for (const item of source) {
    if (typeof item !== 'string') throw new TypeError(`${title}[${i}] is ${seen(item)}: expected a string`);
    i++;
    yield item;
  }
}
