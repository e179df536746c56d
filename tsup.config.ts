import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'es2022',
  // Node and browsers run the same file.
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
  // The package has no runtime dependencies: what the facade needs is inside.
  noExternal: ['@assemblyscript/loader'],
  // The bytes are embedded; this copy is for people who compile it while it streams.
  onSuccess: () => copyFile('build/kernels.wasm', 'dist/kernels.wasm'),
});
