import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { createJsKernels } from '../../src/backend/js/index.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import type { Kernels, LinearMemory } from '../../src/backend/kernels.ts';
import { Heap } from './heap.ts';

fc.configureGlobal({ seed: 20241, numRuns: 60 });

export type KernelName = keyof Kernels;

/** One implementation of the contract, its memory, and the names of the kernels that the tests of this file have called. */
export interface Build {
  name: string;
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly called: Set<string>;
  /** The module's own export list; undefined for the JS twin */
  readonly exports?: string[];
}

interface Loaded {
  kernels: Kernels;
  memory: LinearMemory;
  heapBase: number;
  exports?: string[];
}

class LazyBuild implements Build {
  readonly called = new Set<string>();
  private loaded?: { kernels: Kernels; heap: Heap; exports?: string[] };

  constructor(
    readonly name: string,
    private readonly load: () => Loaded,
  ) {}

  get kernels(): Kernels {
    return this.open().kernels;
  }

  get heap(): Heap {
    return this.open().heap;
  }

  get exports(): string[] | undefined {
    return this.open().exports;
  }

  private open() {
    if (this.loaded) return this.loaded;
    const { kernels, memory, heapBase, exports } = this.load();
    this.loaded = { kernels: record(kernels, this.called), heap: new Heap(memory, heapBase), exports };
    return this.loaded;
  }
}

function record(kernels: Kernels, called: Set<string>): Kernels {
  return new Proxy(kernels, {
    get(target, name, receiver) {
      const kernel = Reflect.get(target, name, receiver);
      if (typeof kernel === 'function') called.add(String(name));
      return kernel;
    },
  });
}

function loadJs(): Loaded {
  const memory = new JsMemory();
  return { kernels: createJsKernels(memory), memory, heapBase: 8 };
}

function loadWasm(file: string): Loaded {
  const path = fileURLToPath(new URL(`../../build/${file}`, import.meta.url));
  if (!existsSync(path))
    throw new Error(`build/${file} is missing: run npx asc assembly/index.ts with every target of asconfig.json`);
  const imports = { env: { abort: () => fail('a kernel aborted') } };
  const module = new WebAssembly.Module(readFileSync(path));
  const { memory, heapBase, ...kernels } = new WebAssembly.Instance(module, imports).exports as Record<string, unknown>;
  const wasm = memory as WebAssembly.Memory;
  return {
    kernels: kernels as unknown as Kernels,
    memory: {
      get buffer() {
        return wasm.buffer as ArrayBuffer;
      },
      grow(bytes) {
        const missing = bytes - wasm.buffer.byteLength;
        if (missing > 0) wasm.grow(Math.ceil(missing / 65536));
        return true;
      },
    },
    heapBase: (heapBase as () => number)(),
    exports: WebAssembly.Module.exports(module).map((entry) => entry.name),
  };
}

function fail(message: string): never {
  throw new Error(message);
}

/** Built on first use, so that a missing file fails the tests of that build and of no other. */
export const builds: Build[] = [
  new LazyBuild('js', loadJs),
  new LazyBuild('release', () => loadWasm('kernels.wasm')),
  new LazyBuild('scalar', () => loadWasm('kernels.scalar.wasm')),
  new LazyBuild('debug', () => loadWasm('kernels.debug.wasm')),
];
