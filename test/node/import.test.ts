import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

test('importing the package compiles nothing, decodes nothing and allocates no linear memory', async () => {
  const work: string[] = [];
  vi.stubGlobal('WebAssembly', recorded(WebAssembly, 'WebAssembly', work));
  vi.stubGlobal('atob', () => work.push('atob'));

  const { backend } = await import('../../src/index.ts');

  expect(work).toEqual([]);
  expect(backend()).toBe('wasm');
});

test('the recorder of the test above does see a start', () => {
  const work: string[] = [];
  vi.stubGlobal('WebAssembly', recorded(WebAssembly, 'WebAssembly', work));

  expect(new WebAssembly.Memory({ initial: 1 })).toBeDefined();

  expect(work).toEqual(['WebAssembly.Memory']);
});

/** The same object, which writes down every one of its members that somebody reaches for. */
function recorded<T extends object>(target: T, name: string, work: string[]): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      work.push(`${name}.${String(key)}`);
      return Reflect.get(object, key, receiver);
    },
  });
}
