import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  // The embedded kernels are a file of their own, so that caches keep it when only the facade changes.
  entry: { index: 'src/index.ts', kernels: 'src/backend/bytes.generated.ts' },
  format: 'esm',
  target: 'es2022',
  // Node and browsers run the same file.
  platform: 'neutral',
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
  treeshake: true,
  minify: true,
  // The package has no runtime dependencies: what the facade needs is inside.
  noExternal: ['@assemblyscript/loader'],
  // The bytes are embedded; this copy is for people who compile it while it streams.
  onSuccess: () => copyFile('build/kernels.wasm', 'dist/kernels.wasm'),
});
