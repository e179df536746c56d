import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('init takes a module that was compiled elsewhere, and the first fit uses it', async () => {
  const module = new WebAssembly.Module(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));
  const { init, Lasso, backend } = await import('../../src/index.ts');
  await init({ module });
  const compile = vi.spyOn(WebAssembly, 'Module');
  expect(new Lasso({ lambda: 0.1 }).fit([[-1], [0], [1]], [-1, 0, 1]).coef[0]).toBeCloseTo(0.85, 12);
  expect(backend()).toBe('wasm');
  expect(compile).not.toHaveBeenCalled();
  compile.mockRestore();
  await expect(init({ module: {} as never })).rejects.toThrow('module: expected a WebAssembly.Module');
});

test('where WebAssembly is refused the error names the directive, and the JavaScript kernels still work', async () => {
  const refused = class {
    constructor() {
      throw new EvalError('blocked by Content-Security-Policy');
    }
  };
  vi.stubGlobal('WebAssembly', { ...WebAssembly, Module: refused, Instance: refused });
  const { Lasso, setBackend, WasmUnsupportedError } = await import('../../src/index.ts');
  const attempt = () => new Lasso({ lambda: 0.1 }).fit([[-1], [0], [1]], [-1, 0, 1]);
  expect(attempt).toThrow(WasmUnsupportedError);
  expect(attempt).toThrow("'wasm-unsafe-eval'");
  setBackend('js');
  expect(attempt().coef[0]).toBeCloseTo(0.85, 12);
  expect(() => setBackend('gpu' as never)).toThrow('backend: expected one of "wasm", "js"');
});

test('kernels work above 2 GiB, where pointers are negative as 32-bit integers', async () => {
  const { currentBackend } = await import('../../src/backend/backend.ts');
  const { kernels, heap } = currentBackend();
  const below = [2 ** 30, 2 ** 30].map((bytes) => heap.allocate(bytes));
  const pointer = heap.allocate(80);
  expect(pointer).toBeGreaterThanOrEqual(2 ** 31);
  heap.f64(pointer, 10).set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(kernels.dot(pointer, pointer, 10)).toBe(385);
  kernels.scale(2, pointer, 10);
  expect(kernels.sum(pointer, 10)).toBe(110);
  for (const each of [pointer, ...below]) heap.free(each);
});
