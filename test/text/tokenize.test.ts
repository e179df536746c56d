import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3, tokenize } from '../../src/text/index.ts';

const mixed = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(' ', '_', 'é', 'ß', 'İ', 'ΟΔΟΣ', '東', '𝒳', '\ud800', '\ufeff', 'constructor', 'Don', '१२', 'हिन्दी'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** Lone surrogates are no letters; in UTF-8 they do not exist. */
const words = (text: string) => text.match(/[\p{L}\p{N}_]{2,}/gu) ?? [];

test('words are what the regular expression finds in lower case, for any text', () => {
  fc.assert(
    fc.property(mixed, (text) => {
      expect(tokenize(text)).toEqual(words(text.toLowerCase()));
      expect(tokenize(text, { lowercase: false })).toEqual(words(text));
    }),
    { numRuns: 2000 },
  );
});

test('sequences of words are joined by a space, shorter ones first, after stop words have gone', () => {
  fc.assert(
    fc.property(mixed, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), (text, low, more) => {
      const stopWords = ['constructor', 'don'];
      const kept = words(text.toLowerCase()).filter((word) => !stopWords.includes(word));
      const expected = Array.from({ length: more + 1 }, (_, k) => low + k).flatMap((k) =>
        kept.slice(0, Math.max(kept.length - k + 1, 0)).map((_, i) => kept.slice(i, i + k).join(' ')),
      );
      expect(tokenize(text, { ngramRange: [low, low + more], stopWords })).toEqual(expected);
    }),
  );
});

test('a word of one character is none, in units of characters and not of code units or bytes', () => {
  expect(tokenize('a é 東 𝒳 𝒳𝒴 é1')).toEqual(['𝒳𝒴', 'é1']);
});

test('combining marks end words, as in Python, unless accents are stripped', () => {
  const decomposed = 'cafe\u0301s';
  expect(tokenize(decomposed)).toEqual(['cafe']);
  expect(tokenize(decomposed, { stripAccents: true })).toEqual(['cafes']);
  expect(tokenize('Crêpes ﬁne ÉCOLE Ångström', { stripAccents: true })).toEqual(['crepes', 'fine', 'ecole', 'angstrom']);
  // A vowel sign has the combining class 0 and stays, a nukta has class 7 and goes.
  expect(tokenize('कु\u093c', { stripAccents: true, tokenizer: (text) => [text] })).toEqual(['कु']);
});

test('a tokenizer of one\u2019s own splits what lower case and accents left', () => {
  const tokenizer = (text: string) => text.split('|');
  expect(tokenize('A b|É|', { tokenizer, stripAccents: true, ngramRange: [1, 2] })).toEqual(['a b', 'e', '', 'a b e', 'e ']);
  expect(tokenize('x'.repeat(5000), { tokenizer: (text) => [text, text] })).toEqual(['x'.repeat(5000), 'x'.repeat(5000)]);
});

test('long texts are read whole, also after short ones', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `wörd${i}`).join(' ');
  expect(tokenize(text)).toEqual(text.split(' '));
});

describe('bad input is named', () => {
  test.each([
    [() => tokenize(5 as never), TypeError, 'text: expected a string, got 5'],
    [() => tokenize('a', { lower: true } as never), TypeError, 'tokenize: unknown option "lower"; known options:'],
    [() => tokenize('a', { lowercase: 1 as never }), TypeError, 'lowercase: expected true or false, got 1'],
    [
      () => tokenize('a', { ngramRange: 2 as never }),
      TypeError,
      'ngramRange: expected two integers, the shortest and the longest, got 2',
    ],
    [() => tokenize('a', { ngramRange: [0, 1] }), RangeError, 'ngramRange[0]: expected an integer >= 1, got 0'],
    [() => tokenize('a', { ngramRange: [2, 1] }), RangeError, 'ngramRange[1]: expected an integer >= 2, got 1'],
    [
      () => tokenize('a', { stopWords: 'english' }),
      TypeError,
      'stopWords: expected an array or another iterable of strings, got "english" (string)',
    ],
    [() => tokenize('a', { stopWords: ['a', 1 as never] }), TypeError, 'stopWords[1] is 1: expected a string'],
    [() => tokenize('a', { tokenizer: 'words' as never }), TypeError, 'tokenizer: expected a function, got "words" (string)'],
    [
      () => tokenize('a', { tokenizer: () => 'a' as never }),
      TypeError,
      'tokenizer: expected an array of strings, got "a" (string)',
    ],
    [() => tokenize('a', { tokenizer: () => ['a', null as never] }), TypeError, 'tokenizer: word 1: expected a string, got null'],
    [() => murmur3(null as never), TypeError, 'text: expected a string, got null'],
    [() => murmur3('a', -1), RangeError, 'seed: expected an integer in 0..4294967295, got -1'],
  ] as const)('%#', (run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});

/** MurmurHash3 by big integers, from its definition. */
function plainMurmur3(bytes: Uint8Array, seed: number): number {
  const M = 0xffffffffn;
  const rotate = (v: bigint, r: bigint) => ((v << r) | (v >> (32n - r))) & M;
  const block = (from: number, to: number) => bytes.slice(from, to).reduceRight((k, byte) => (k << 8n) | BigInt(byte), 0n);
  const mix = (k: bigint) => (rotate((k * 0xcc9e2d51n) & M, 15n) * 0x1b873593n) & M;
  let h = BigInt(seed);
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) h = (rotate(h ^ mix(block(i, i + 4)), 13n) * 5n + 0xe6546b64n) & M;
  h ^= mix(block(whole, bytes.length)) ^ BigInt(bytes.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & M;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & M;
  return Number(BigInt.asIntN(32, h ^ (h >> 16n)));
}

test('murmur3 is the hash of the definition', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer({ min: 0, max: 0xffffffff }), (text, seed) => {
      expect(murmur3(text, seed)).toBe(plainMurmur3(new TextEncoder().encode(text), seed));
    }),
  );
});

test('five published hashes', () => {
  const vectors = { '': 0, a: 1009084850, hello: 613153351, café: 605818632, 東京: -1765863102 };
  for (const [text, hash] of Object.entries(vectors)) expect(murmur3(text)).toBe(hash);
});
