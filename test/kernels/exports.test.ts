import { describe, expect, it } from 'vitest';
import { createJsKernels } from '../../src/backend/js/index.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { builds } from './builds.ts';

// Each group's own test file checks that it has called all of the group's kernels; the groups together are the twin's names.
const names = Object.keys(createJsKernels(new JsMemory())).sort();

describe.each(builds.slice(1))('exports of the $name build', (build) => {
  it('are memory, heapBase and the kernels of the JS twin, no more and no less', () => {
    expect([...(build.exports ?? [])].sort()).toEqual([...names, 'heapBase', 'memory'].sort());
  });
});

describe('memory of the JS twin', () => {
  it('grows in pages and keeps its contents', () => {
    const memory = new JsMemory();
    memory.f64[3] = 42;
    expect(memory.grow(10)).toBe(true);
    expect(memory.buffer.byteLength).toBe(65536);
    expect(memory.grow(65537)).toBe(true);
    expect(memory.buffer.byteLength).toBe(131072);
    expect(memory.f64[3]).toBe(42);
    for (const view of [memory.f64, memory.f32, memory.i32, memory.u32, memory.u8]) {
      expect(view.buffer).toBe(memory.buffer);
      expect(view.byteLength).toBe(131072);
    }
  });

  it('refuses what no 32-bit pointer reaches and stays usable', () => {
    const memory = new JsMemory();
    memory.u8[5] = 9;
    expect(memory.grow(2 ** 32 + 1)).toBe(false);
    expect(memory.grow(NaN)).toBe(false);
    expect(memory.u8[5]).toBe(9);
  });
});
