import { copyFile } from 'node:fs/promises';
import { defineConfig, type Options } from 'tsup';
import { minify } from 'vite';

type Plugin = NonNullable<Options['plugins']>[number];

/**
 * Vite's minifier, because esbuild's has no way to keep class names (users see them in printed models and in `error.name`)
 * that leaves unused classes removable by the user's bundler.
 */
const shorten: Plugin = {
  name: 'shorten',
  async renderChunk(code, { path }) {
    if (!path.endsWith('.js')) return undefined;
    const {
      code: short,
      map,
      errors,
    } = await minify(path, withClassNames(code), {
      module: true,
      compress: true,
      mangle: { toplevel: true, keepNames: { class: true, function: false } },
      sourcemap: true,
    });
    if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('\n')}`);
    return { code: `${short}\n`, map };
  },
};

/** esbuild writes `var A = class _A` for a class that mentions itself; users would see the underscore. */
function withClassNames(code: string): string {
  return code.replace(/\b_([A-Z]\w*)\b/g, (inner, name) => (code.includes(`var ${name} = class ${inner} `) ? name : inner));
}

export default defineConfig({
  // The embedded kernels are a chunk of their own: an engine that caches code keeps them when only the facade changes.
  // So is each family: a page that loads the files as they are keeps what has not changed.
  entry: {
    index: 'src/index.ts',
    linear: 'src/linear/index.ts',
    spiking: 'src/spiking/index.ts',
    factorization: 'src/factorization/index.ts',
    spectral: 'src/spectral/index.ts',
    graph: 'src/graph/index.ts',
    kernels: 'src/backend/bytes.generated.ts',
  },
  format: 'esm',
  target: 'es2022',
  // Node and browsers run the same file.
  platform: 'neutral',
  // `Symbol.dispose` is in the types, and a user's target may not name it.
  dts: { entry: 'src/index.ts', banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
  plugins: [shorten],
  // The package has no runtime dependencies: what the facade needs is inside.
  noExternal: ['@assemblyscript/loader'],
  // The bytes are embedded; this copy is for people who compile it while it streams.
  onSuccess: () => copyFile('build/kernels.wasm', 'dist/kernels.wasm'),
});
