import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { defineConfig, type Options } from 'tsup';
import { minify } from 'vite';

type Plugin = NonNullable<Options['plugins']>[number];
type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

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

/** Modules of Node stay imports (of the command alone); its CommonJS libraries ask for them by `require`, which ES modules do not have. */
const nodeBuiltins: EsbuildPlugin = {
  name: 'node-builtins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z]+)?$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      return kind === 'require-call' ? { path, namespace: 'node-builtin' } : { path, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'node-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** The licences of the libraries that are inside, which ask to travel with their code. */
const licences: EsbuildPlugin = {
  name: 'licences',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(async ({ metafile }) => {
      const names = Object.keys(metafile?.inputs ?? {}).flatMap(
        (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
      );
      const texts = [...new Set(names)].sort().map(licenceOf);
      // On a fresh machine the folder is not there yet.
      await mkdir('dist', { recursive: true });
      await writeFile('dist/third-party-licenses.txt', texts.join(`\n\n${'-'.repeat(80)}\n\n`));
    });
  },
};

function licenceOf(name: string): string {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : ''}`;
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
    text: 'src/text/index.ts',
    cluster: 'src/cluster/index.ts',
    selection: 'src/selection/index.ts',
    preprocessing: 'src/preprocessing/index.ts',
    io: 'src/io/index.ts',
    plot: 'src/plot/index.ts',
    city: 'src/city/index.ts',
    cli: 'src/cli/cli.ts',
    kernels: 'src/backend/bytes.generated.ts',
  },
  format: 'esm',
  target: 'es2022',
  // Node and browsers run the same file.
  platform: 'neutral',
  // `Symbol.dispose` is in the types, and a user's target may not name it.
  dts: {
    entry: { index: 'src/index.ts', io: 'src/io/index.ts', plot: 'src/plot/index.ts', city: 'src/city/index.ts' },
    banner: '/// <reference lib="esnext.disposable" />',
  },
  sourcemap: true,
  clean: true,
  plugins: [shorten],
  // The package has no runtime dependencies: what the facade needs is inside.
  noExternal: [/^(?!node:)/],
  removeNodeProtocol: false,
  esbuildPlugins: [nodeBuiltins, licences],
  // cli-progress names its entry in "main" alone, which a neutral platform does not look at.
  esbuildOptions(options) {
    options.mainFields = ['module', 'main'];
  },
  // The bytes are embedded; this copy is for people who compile it while it streams.
  onSuccess: () => copyFile('build/kernels.wasm', 'dist/kernels.wasm'),
});
