import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from './tarball.ts';

test('the JavaScript entry, kernels embedded, is at most 40 kB gzipped', () => {
  expect(gzipped('dist/index.js')).toBeLessThanOrEqual(40_000);
});

test('the kernels are at most 48 kB gzipped', () => {
  expect(gzipped('dist/kernels.wasm')).toBeLessThanOrEqual(48_000);
});

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
}
