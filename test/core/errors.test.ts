import { expect, test } from 'vitest';
import { OutOfMemoryError, SpinifexError, WasmUnsupportedError } from '../../src/core/errors.ts';

test('every error of spinifex has a code, a name and a cause', () => {
  const cause = new Error('inner');
  const plain = new SpinifexError('BAD_MODEL', 'message', { cause });
  expect([plain.code, plain.name, plain.message, plain.cause]).toEqual(['BAD_MODEL', 'SpinifexError', 'message', cause]);
  expect(plain).toBeInstanceOf(Error);
});

test('an OutOfMemoryError says how many bytes were needed and why they were refused', () => {
  const error = new OutOfMemoryError(2e9, 'one array may have at most 1073741824 bytes');
  expect(error).toBeInstanceOf(SpinifexError);
  expect([error.code, error.name, error.bytes]).toEqual(['OUT_OF_MEMORY', 'OutOfMemoryError', 2e9]);
  expect(error.message).toBe('out of memory: 2000000000 bytes needed, but one array may have at most 1073741824 bytes');
});

test('a WasmUnsupportedError says what is missing', () => {
  const error = new WasmUnsupportedError('no SIMD');
  expect([error.code, error.name, error.message]).toEqual(['WASM_UNSUPPORTED', 'WasmUnsupportedError', 'no SIMD']);
});
