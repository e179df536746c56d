import { oneOf, optionsObject } from '../core/checks.ts';
import { Heap } from './heap.ts';
import { createJsKernels } from './js/index.ts';
import { JsMemory } from './js/jsMemory.ts';
import type { Kernels } from './kernels.ts';
import { compile, instantiate } from './wasm.ts';

/** Which implementation of the kernels. */
export type BackendName = 'wasm' | 'js';

/** Kernels and the memory that they work on; solvers cannot tell which implementation it is. */
export interface Backend {
  readonly name: BackendName;
  readonly kernels: Kernels;
  readonly heap: Heap;
}

const started = new Map<BackendName, Backend>();
let chosen: BackendName = 'wasm';
// The JS kernels are named by `setBackend` alone: a bundler leaves them out of a page that never calls it.
let start: () => Backend = startWasm;

/** The chosen backend, started at its first use. */
export function currentBackend(): Backend {
  const ready = started.get(chosen);
  if (ready) return ready;
  const backend = start();
  started.set(chosen, backend);
  return backend;
}

/**
 * Compiles the WebAssembly kernels off the critical path; optional, the first fit does it otherwise.
 *
 * @param options.module a module compiled elsewhere (from `spinifex/kernels.wasm`, for streaming compilation and HTTP caching)
 * @throws WasmUnsupportedError where WebAssembly or SIMD is refused
 * @example
 * await init({ module: await WebAssembly.compileStreaming(fetch('/kernels.wasm')) });
 */
export async function init(options: { module?: WebAssembly.Module } = {}): Promise<void> {
  const { module } = optionsObject(options, 'init', ['module']);
  if (module !== undefined && !(module instanceof WebAssembly.Module)) {
    throw new TypeError(`module: expected a WebAssembly.Module, got ${typeof module}`);
  }
  if (started.has('wasm')) return;
  const compiled = module ?? (await compile());
  if (!started.has('wasm')) started.set('wasm', startWasm(compiled));
}

/**
 * Chooses where kernels run from now on: `'wasm'` (the default) or `'js'`, for pages whose policy forbids WebAssembly.
 * @throws RangeError for any other name
 */
export function setBackend(name: BackendName): void {
  chosen = oneOf(name, 'backend', ['wasm', 'js']);
  start = chosen === 'wasm' ? startWasm : startJs;
}

/** The name of the chosen backend. */
export function backend(): BackendName {
  return chosen;
}

function startWasm(module?: WebAssembly.Module): Backend {
  const { kernels, memory, heapBase } = instantiate(module);
  return { name: 'wasm', kernels, heap: new Heap(memory, heapBase) };
}

function startJs(): Backend {
  const memory = new JsMemory();
  // Pointer 0 means "absent", so the first block starts above it.
  return { name: 'js', kernels: createJsKernels(memory), heap: new Heap(memory, 64) };
}
