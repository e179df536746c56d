import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arena, arena } from '../../src/backend/arena.ts';
import { currentBackend } from '../../src/backend/backend.ts';
import { Heap } from '../../src/backend/heap.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { OutOfMemoryError } from '../../src/index.ts';

const fresh = () => new Heap(new JsMemory(), 100);

describe('the heap', () => {
  test('hands out blocks that never overlap and are aligned to cache lines, in any order of allocating and freeing', () => {
    const step = fc.record({ bytes: fc.integer({ min: 0, max: 5000 }), free: fc.boolean(), which: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = fresh();
        const live: { pointer: number; bytes: number }[] = [];
        for (const { bytes, free, which } of steps) {
          if (free && live.length > 0) heap.free(live.splice(which % live.length, 1)[0].pointer);
          else {
            const pointer = heap.allocate(bytes);
            expect(pointer % 64).toBe(0);
            for (const other of live)
              expect(pointer + bytes <= other.pointer || other.pointer + other.bytes <= pointer).toBe(true);
            live.push({ pointer, bytes });
          }
        }
        for (const { pointer } of live) heap.free(pointer);
        expect(heap.inUse).toBe(0);
        // Everything has been joined again: the next block is the first one.
        expect(heap.allocate(10)).toBe(128);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('keeps contents when memory grows', () => {
    const heap = fresh();
    const pointer = heap.allocate(80);
    heap.f64(pointer, 10).fill(3);
    heap.allocate(50_000_000);
    expect(Array.from(heap.f64(pointer, 10))).toEqual(Array(10).fill(3));
  });

  test('remembers its peak', () => {
    const heap = fresh();
    const a = heap.allocate(6400);
    heap.free(heap.allocate(64_000));
    heap.free(a);
    expect(heap.peak).toBe(70_400);
  });

  test('refuses one array above 1 GiB before anything changes, and says how much was needed', () => {
    const heap = fresh();
    expect(() => heap.allocate(2 ** 30 + 1)).toThrow(OutOfMemoryError);
    expect(() => heap.allocate(2 ** 30 + 1)).toThrow(
      '1073741825 bytes needed, but one array may have at most 1073741824 bytes (1 GiB)',
    );
    expect(heap.inUse).toBe(0);
  });

  test('refuses what the address space cannot hold, and what the engine will not give', () => {
    const lazy = { buffer: new ArrayBuffer(0), grow: () => true };
    const heap = new Heap(lazy, 0);
    for (let k = 0; k < 4; k++) heap.allocate(2 ** 30);
    expect(() => heap.allocate(64)).toThrow('64 bytes needed, but only 0 of the 4 GiB');
    const stingy = new Heap({ buffer: new ArrayBuffer(0), grow: () => false }, 0);
    expect(() => stingy.allocate(64)).toThrow('the engine refused to grow memory');
    expect(stingy.inUse).toBe(0);
  });
});

describe('the arena', () => {
  test('releases everything when its body throws', () => {
    const backend = currentBackend();
    const before = backend.heap.inUse;
    const body = (frame: Arena) => {
      frame.f64(1000);
      frame.put(Int32Array.of(1, 2, 3));
      throw new Error('half-way');
    };
    expect(() => arena(backend, body)).toThrow('half-way');
    expect(backend.heap.inUse).toBe(before);
  });

  test('puts and reads copies', () => {
    arena(currentBackend(), (frame) => {
      const values = Float64Array.of(1, -2, 3.5);
      const pointer = frame.put(values);
      const copy = frame.read(pointer, 3);
      frame.heap.f64(pointer, 3).fill(0);
      expect(copy).toEqual(values);
      expect(frame.read(frame.f64(2), 2)).toEqual(new Float64Array(2));
    });
  });
});
