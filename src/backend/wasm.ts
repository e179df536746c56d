import { instantiateSync } from '@assemblyscript/loader';
import { WasmUnsupportedError } from '../core/errors.ts';
import { kernelsBase64 } from './bytes.generated.ts';
import type { Kernels, LinearMemory } from './kernels.ts';

const PAGE = 65536;

type WasmExports = Kernels & { memory: WebAssembly.Memory; heapBase(): number };

/** The kernels as WebAssembly, over the module's own memory. */
export interface WasmInstance {
  kernels: Kernels;
  memory: LinearMemory;
  heapBase: number;
}

/** The embedded module's bytes. */
export function wasmBytes(): Uint8Array<ArrayBuffer> {
  const characters = atob(kernelsBase64);
  // A plain loop: ten times as fast as `Uint8Array.from` with a function, which was half of a cold start.
  const bytes = new Uint8Array(characters.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = characters.charCodeAt(k);
  return bytes;
}

/** Compiles (unless given a module) and instantiates, synchronously. */
export function instantiate(source: WebAssembly.Module | Uint8Array<ArrayBuffer> = wasmBytes()): WasmInstance {
  // The loader's own `exports` wrap every function in one that spreads its arguments; the instance's do not.
  const exports = guarded(() => instantiateSync(source, {})).instance.exports as unknown as WasmExports;
  const { memory } = exports;
  return {
    kernels: exports,
    heapBase: exports.heapBase() >>> 0,
    memory: {
      get buffer() {
        return memory.buffer as ArrayBuffer;
      },
      grow(bytes) {
        try {
          memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
          return true;
        } catch {
          return false;
        }
      },
    },
  };
}

/** Compiles off the critical path. */
export async function compile(): Promise<WebAssembly.Module> {
  requireWebAssembly();
  try {
    return await WebAssembly.compile(wasmBytes());
  } catch (cause) {
    throw refused(cause);
  }
}

function guarded<T>(start: () => T): T {
  requireWebAssembly();
  try {
    return start();
  } catch (cause) {
    throw refused(cause);
  }
}

function requireWebAssembly(): void {
  if (typeof WebAssembly === 'undefined') {
    throw new WasmUnsupportedError("this engine has no WebAssembly: call setBackend('js') to use the JavaScript kernels");
  }
}

function refused(cause: unknown): WasmUnsupportedError {
  return new WasmUnsupportedError(
    'the SIMD WebAssembly kernels were refused. If this page has a Content-Security-Policy, its script-src needs ' +
      "'wasm-unsafe-eval'; otherwise call setBackend('js') to use the JavaScript kernels " +
      `(${cause instanceof Error ? cause.message : String(cause)})`,
    { cause },
  );
}
