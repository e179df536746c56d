import { expect, test } from 'vitest';
import { backend } from '../../src/backend/backend.ts';
import { run } from './run.ts';

test('bench compares both kinds of kernels, which find the same results, and leaves the choice as it was', async () => {
  const { code, out } = await run(['bench', '--seconds', '0.01', '--json', '--quiet']);
  expect(code).toBe(0);
  const { timings } = JSON.parse(out);
  expect(timings.length).toBeGreaterThanOrEqual(5);
  for (const { name, wasmMs, jsMs, ratio, difference } of timings) {
    expect(wasmMs, name).toBeGreaterThan(0);
    expect(ratio, name).toBe(jsMs / wasmMs);
    expect(difference, name).toBeLessThan(1e-9);
  }
  expect(backend()).toBe('wasm');
});
