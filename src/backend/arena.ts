import type { Backend } from './backend.ts';
import type { Heap } from './heap.ts';
import type { Kernels, Pointer } from './kernels.ts';

/**
 * What one job holds in linear memory. Pointers are kept, views are not: a view is made at the moment of use, because growing memory
 * detaches it.
 */
export class Arena {
  readonly backend: Backend;
  readonly heap: Heap;
  readonly kernels: Kernels;
  #owned: Pointer[] = [];

  constructor(backend: Backend) {
    this.backend = backend;
    this.heap = backend.heap;
    this.kernels = backend.kernels;
  }

  /** `bytes` of zeros. */
  zeros(bytes: number): Pointer {
    const pointer = this.uninitialised(bytes);
    this.heap.u8(pointer, bytes).fill(0);
    return pointer;
  }

  /** `bytes` with whatever was there: for what is written before it is read. */
  uninitialised(bytes: number): Pointer {
    const pointer = this.heap.allocate(bytes);
    this.#owned.push(pointer);
    return pointer;
  }

  /** n zeros of f64. */
  f64(n: number): Pointer {
    return this.zeros(n * 8);
  }

  /** n zeros of i32. */
  i32(n: number): Pointer {
    return this.zeros(n * 4);
  }

  /** A copy of the array. */
  put(values: Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array): Pointer {
    const pointer = this.uninitialised(values.byteLength);
    this.heap.u8(pointer, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return pointer;
  }

  /** A plain copy of n f64 for the caller to keep. */
  read(pointer: Pointer, n: number): Float64Array {
    return this.heap.f64(pointer, n).slice();
  }

  release(pointer: Pointer): void {
    const at = this.#owned.lastIndexOf(pointer);
    if (at < 0) return;
    this.#owned.splice(at, 1);
    this.heap.free(pointer);
  }

  releaseAll(): void {
    while (this.#owned.length > 0) this.heap.free(this.#owned.pop()!);
  }
}

/** The call frame: what the body allocates is released whatever happens in it. */
export function arena<T>(backend: Backend, body: (frame: Arena) => T): T {
  const frame = new Arena(backend);
  try {
    return body(frame);
  } finally {
    frame.releaseAll();
  }
}
