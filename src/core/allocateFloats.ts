import { OutOfMemoryError } from './errors.ts';

/** `length` zeros, of the kind of `like` where that is given, or an `OutOfMemoryError` that says how much was needed for what. */
export function allocateFloats(length: number, what: string): Float64Array;
export function allocateFloats(length: number, what: string, like: Float64Array | Float32Array): Float64Array | Float32Array;
export function allocateFloats(length: number, what: string, like?: Float64Array | Float32Array): Float64Array | Float32Array {
  const Kind = like instanceof Float32Array ? Float32Array : Float64Array;
  try {
    return new Kind(length);
  } catch (cause) {
    const bytes = length * Kind.BYTES_PER_ELEMENT;
    throw new OutOfMemoryError(bytes, `this engine refuses a block of that size for ${what}`, { cause });
  }
}
