import { murmur3Of, tailMask } from './murmur3.ts';

/** Bytes that must be readable after a term. */
export const PADDING = 3;

/**
 * Terms, numbered in the order of their first appearance: a hash table over UTF-8 bytes with open addressing, so that no string is made of a
 * word that is known. Words are compared by four bytes at a time, and what is compared lies together:
 *
 *   slot s     slots[2 s]: where the record of its term starts, 0 where it is free; slots[2 s + 1]: the term's hash
 *   record r   records[r]: the term's number; records[r + 1]: its length in bytes; then its bytes, the last four filled up with zeros
 */
export class TermTable {
  size = 0;
  #slots = new Int32Array(2048);
  #mask = 1023;
  #records: Int32Array = new Int32Array(4096);
  #end = 1;
  /** Where the record of each term starts. */
  #starts: Int32Array = new Int32Array(1024);

  /** A table of these terms, numbered by position. Of equal ones the first counts. */
  static of(terms: Iterable<string>): TermTable {
    const table = new TermTable();
    const encoder = new TextEncoder();
    let bytes = new DataView(new ArrayBuffer(256));
    for (const term of terms) {
      const room = 3 * term.length + PADDING;
      if (room > bytes.byteLength) bytes = new DataView(new ArrayBuffer(2 * room));
      const { written } = encoder.encodeInto(term, new Uint8Array(bytes.buffer));
      table.number(bytes, 0, written, true);
    }
    return table;
  }

  /** The number of the term in the bytes from `start` up to `end`; one that is not there is added when `learn`, and -1 otherwise. */
  number(bytes: DataView, start: number, end: number, learn: boolean): number {
    const hash = murmur3Of(bytes, start, end, 0);
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (let record = slots[2 * slot]; record !== 0; record = slots[2 * slot]) {
      if (slots[2 * slot + 1] === hash && this.#holds(record, bytes, start, end)) return this.#records[record];
      slot = (slot + 1) & mask;
    }
    return learn ? this.#add(bytes, start, end, hash, slot) : -1;
  }

  /** Terms as strings; decoded all at once, which costs a tenth of one by one. */
  strings(terms: Int32Array): string[] {
    const starts = this.#starts;
    const records = this.#records;
    const bytes = new Uint8Array(records.buffer);
    let size = 0;
    for (const term of terms) size += records[starts[term] + 1];
    const joined = new Uint8Array(size);
    // One code unit for each byte that starts a character, two where it starts one of four bytes.
    const units = new Int32Array(terms.length);
    let end = 0;
    for (let k = 0; k < terms.length; k++) {
      const from = 4 * starts[terms[k]] + 8;
      const to = from + records[starts[terms[k]] + 1];
      for (let p = from; p < to; p++) {
        const byte = (joined[end++] = bytes[p]);
        units[k] += byte >= 0xf0 ? 2 : (byte & 0xc0) === 0x80 ? 0 : 1;
      }
    }
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(joined);
    let start = 0;
    return Array.from(units, (length) => text.slice(start, (start += length)));
  }

  /** Sorts term numbers by the bytes of the terms, which is by their code points. In place. */
  sort(terms: Int32Array): Int32Array {
    const starts = this.#starts;
    const records = this.#records;
    const bytes = new Uint8Array(records.buffer);
    // The first six bytes as a number decide most comparisons.
    const head = new Float64Array(this.size);
    for (const term of terms) {
      const first = 4 * starts[term] + 8;
      const length = records[starts[term] + 1];
      let key = 0;
      for (let k = 0; k < 6; k++) key = 256 * key + (k < length ? bytes[first + k] : 0);
      head[term] = key;
    }
    return terms.sort((a, b) => {
      if (head[a] !== head[b]) return head[a] - head[b];
      const shared = Math.min(records[starts[a] + 1], records[starts[b] + 1]);
      const [firstA, firstB] = [4 * starts[a] + 8, 4 * starts[b] + 8];
      for (let k = 6; k < shared; k++) {
        if (bytes[firstA + k] !== bytes[firstB + k]) return bytes[firstA + k] - bytes[firstB + k];
      }
      return records[starts[a] + 1] - records[starts[b] + 1];
    });
  }

  /** All term numbers. */
  all(): Int32Array {
    const out = new Int32Array(this.size);
    for (let k = 0; k < out.length; k++) out[k] = k;
    return out;
  }

  #holds(record: number, bytes: DataView, start: number, end: number): boolean {
    const records = this.#records;
    if (records[record + 1] !== end - start) return false;
    let r = record + 2;
    let i = start;
    for (; i + 4 <= end; i += 4) if (records[r++] !== bytes.getInt32(i, true)) return false;
    return i === end || records[r] === (bytes.getInt32(i, true) & tailMask(end - i));
  }

  #add(bytes: DataView, start: number, end: number, hash: number, slot: number): number {
    const number = this.size++;
    const record = this.#end;
    const next = record + 2 + ((end - start + 3) >> 2);
    if (next > this.#records.length) this.#records = longer(this.#records, 2 * next);
    if (number === this.#starts.length) this.#starts = longer(this.#starts, 2 * number);
    const records = this.#records;
    records[record] = number;
    records[record + 1] = end - start;
    let r = record + 2;
    let i = start;
    for (; i + 4 <= end; i += 4) records[r++] = bytes.getInt32(i, true);
    if (i < end) records[r] = bytes.getInt32(i, true) & tailMask(end - i);
    this.#starts[number] = record;
    this.#end = next;
    this.#slots[2 * slot] = record;
    this.#slots[2 * slot + 1] = hash;
    if (2 * this.size > this.#mask) this.#spread();
    return number;
  }

  /** The same terms in twice as many slots: at most half of them are taken. */
  #spread(): void {
    const old = this.#slots;
    const mask = 2 * this.#mask + 1;
    const slots = new Int32Array(2 * old.length);
    for (let s = 0; s < old.length; s += 2) {
      if (old[s] === 0) continue;
      let slot = old[s + 1] & mask;
      while (slots[2 * slot] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = old[s];
      slots[2 * slot + 1] = old[s + 1];
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

function longer(old: Int32Array, length: number): Int32Array {
  const out = new Int32Array(length);
  out.set(old);
  return out;
}
