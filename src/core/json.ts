/**
 * Versioned model files: `{ "spinifex": kind, "version": 1, ...fields }`. Numbers read back to the same bits; the four that
 * JSON cannot hold are written as the strings `"NaN"`, `"Infinity"`, `"-Infinity"` and `"-0"`.
 * @module
 */
import { isNumberArray, isPlainObject } from './checks.ts';
import { SpinifexError } from './errors.ts';
import { ModelReader } from './modelReader.ts';
import { seen } from './seen.ts';

/** What `JSON.stringify` writes without loss. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A plain object for `toJSON()`: typed arrays become arrays, matrices objects with their fields, `undefined` is left out. */
export function modelJson(kind: string, version: number, fields: object): { [name: string]: Json } {
  return { spinifex: kind, version, ...encodeFields(fields) };
}

function encodeFields(fields: object): { [name: string]: Json } {
  const out: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) out[name] = encode(value);
  }
  return out;
}

function encode(value: unknown): Json {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '-0';
    return Number.isFinite(value) ? value : String(value);
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (isNumberArray(value)) return Array.from(value, encode);
  if (typeof value === 'object' && (isPlainObject(value) || Object.keys(value).length > 0)) return encodeFields(value);
  throw new TypeError(`modelJson: expected numbers, strings, booleans, arrays and objects, got ${seen(value)}`);
}

/**
 * A reader for the fields of a saved model, given as the object or as its text.
 * @param version the newest version of this kind that the caller understands; older ones are let through
 * @throws SpinifexError `'BAD_MODEL'` for anything else than such a model
 */
export function readModelJson(json: unknown, kind: string, version: number): ModelReader {
  const reader = new ModelReader(typeof json === 'string' ? parse(json, kind) : json, kind);
  const written = reader.string('spinifex');
  if (written !== kind) reader.fail(`is of the kind "${written}"`);
  const found = reader.integer('version', 1);
  if (found > version) reader.fail(`has version ${found}, newer than ${version}, the newest that this spinifex reads`);
  return reader;
}

function parse(text: string, kind: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpinifexError('BAD_MODEL', `${kind} model: is not JSON: ${(cause as Error).message}`, { cause });
  }
}
