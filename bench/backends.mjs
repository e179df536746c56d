/** The kernels on bare memory, without the library around them: the Wasm module as built, and its JavaScript twin as written. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Kernels, their memory and an allocator that only goes up. Take views after the last allocation: memory that grows leaves them behind. */
class Machine {
  #memory;
  #top;

  constructor(kernels, memory, base) {
    this.kernels = kernels;
    this.#memory = memory;
    this.#top = base;
  }

  /** A pointer to `length` zeros of the given kind of array. */
  zeros(Kind, length) {
    const pointer = Math.ceil(this.#top / 64) * 64;
    this.#top = pointer + length * Kind.BYTES_PER_ELEMENT;
    if (this.#top > this.#memory.buffer.byteLength && !this.#memory.grow(this.#top)) throw new Error('out of memory');
    return pointer;
  }

  /** A pointer to a copy. */
  put(array) {
    const pointer = this.zeros(array.constructor, array.length);
    this.view(array.constructor, pointer, array.length).set(array);
    return pointer;
  }

  view(Kind, pointer, length) {
    return new Kind(this.#memory.buffer, pointer, length);
  }
}

export function wasmMachine() {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(here('../build/kernels.wasm'))));
  const { memory } = exports;
  const grown = {
    get buffer() {
      return memory.buffer;
    },
    grow(bytes) {
      memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / 65536));
      return true;
    },
  };
  return new Machine(exports, grown, exports.heapBase() >>> 0);
}

/** Writes the twin's source as one module, built by the esbuild that tsup brings, and returns its address. It goes when the process ends. */
export function bundleTwin() {
  const { buildSync } = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild');
  const contents = "export { createJsKernels } from './index.ts'; export { JsMemory } from './jsMemory.ts';";
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: here('../src/backend/js'), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const file = join(tmpdir(), `spinifex-twin-${process.pid}.mjs`);
  writeFileSync(file, outputFiles[0].text);
  process.once('exit', () => rmSync(file, { force: true }));
  return pathToFileURL(file).href;
}

export async function jsMachine(twin) {
  const { createJsKernels, JsMemory } = await import(twin);
  const memory = new JsMemory();
  return new Machine(createJsKernels(memory), memory, 64);
}
