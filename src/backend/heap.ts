import { OutOfMemoryError } from '../core/errors.ts';
import type { LinearMemory, Pointer } from './kernels.ts';

/** Largest single array, as the house rules say: 1 GiB. */
const LARGEST_ARRAY = 2 ** 30;
/** What a 32-bit pointer can reach. */
const ADDRESS_SPACE = 2 ** 32;
/** Every block starts on a cache line, so that v128 loads never straddle two. */
const ALIGNMENT = 64;
/** Memory grows by whole steps: small enough that a large matrix is not followed by an equally large reserve. */
const GROWTH_STEP = 2 ** 20;

interface Block {
  start: number;
  size: number;
}

/**
 * Allocator over linear memory, kept outside it: kernels never allocate, and both backends share it. First fit over an
 * address-ordered list of free blocks; the last free block is given back to the untouched tail, so that freeing everything restores
 * the starting state exactly.
 */
export class Heap {
  /** Bytes allocated now. */
  inUse = 0;
  /** Largest `inUse` so far, or since it was last set. */
  peak = 0;
  #memory: LinearMemory;
  #top: number;
  #free: Block[] = [];
  #sizes = new Map<Pointer, number>();

  constructor(memory: LinearMemory, base: number) {
    this.#memory = memory;
    this.#top = align(base);
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** Throws `OutOfMemoryError`, and changes nothing, when the bytes cannot be had. */
  allocate(bytes: number): Pointer {
    if (bytes > LARGEST_ARRAY) throw new OutOfMemoryError(bytes, `one array may have at most ${LARGEST_ARRAY} bytes (1 GiB)`);
    const size = align(Math.max(bytes, 1));
    const pointer = this.#fromFree(size) ?? this.#fromTop(size);
    this.#sizes.set(pointer, size);
    this.inUse += size;
    this.peak = Math.max(this.peak, this.inUse);
    return pointer;
  }

  free(pointer: Pointer): void {
    const size = this.#sizes.get(pointer);
    if (size === undefined) return;
    this.#sizes.delete(pointer);
    this.inUse -= size;
    const free = this.#free;
    let at = free.length;
    while (at > 0 && free[at - 1].start > pointer) at--;
    free.splice(at, 0, { start: pointer, size });
    this.#join(at);
    if (at > 0) this.#join(at - 1);
    const last = free[free.length - 1];
    if (last.start + last.size === this.#top) {
      this.#top = last.start;
      free.pop();
    }
  }

  f64(pointer: Pointer, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, pointer, length);
  }

  f32(pointer: Pointer, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, pointer, length);
  }

  i32(pointer: Pointer, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, pointer, length);
  }

  u8(pointer: Pointer, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, pointer, length);
  }

  #fromFree(size: number): Pointer | undefined {
    const at = this.#free.findIndex((block) => block.size >= size);
    if (at < 0) return undefined;
    const block = this.#free[at];
    const pointer = block.start;
    if (block.size === size) this.#free.splice(at, 1);
    else {
      block.start += size;
      block.size -= size;
    }
    return pointer;
  }

  #fromTop(size: number): Pointer {
    const pointer = this.#top;
    const end = pointer + size;
    if (end > ADDRESS_SPACE) {
      throw new OutOfMemoryError(size, `only ${ADDRESS_SPACE - pointer} of the 4 GiB that 32-bit pointers reach are left`);
    }
    if (end > this.#memory.buffer.byteLength) {
      const wanted = Math.min(ADDRESS_SPACE, Math.ceil(end / GROWTH_STEP) * GROWTH_STEP);
      if (!this.#memory.grow(wanted)) throw new OutOfMemoryError(size, `the engine refused to grow memory to ${wanted} bytes`);
    }
    this.#top = end;
    return pointer;
  }

  /** Merges block `at` with its successor when they touch. */
  #join(at: number): void {
    const block = this.#free[at];
    const next = this.#free[at + 1];
    if (next && block.start + block.size === next.start) {
      block.size += next.size;
      this.#free.splice(at + 1, 1);
    }
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
