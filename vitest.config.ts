import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, chromiumPath } from './test/chromium.ts';

const tests = 'test/**/*.test.ts';
// Everything that needs node:fs lives in these four folders; all other tests run in Node and in Chromium.
const needsNode = ['test/kernels/**', 'test/cli/**', 'test/node/**', 'test/package/**'];

export default defineConfig({
  test: {
    reporters: ['default', 'json'],
    outputFile: { json: '.vitest/results.json' },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: [tests],
          exclude: ['test/browser/**', 'test/package/**'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // Dependencies found only while tests run would make Vite reload the page under them.
        optimizeDeps: { include: ['@assemblyscript/loader', 'fast-check', 'd3-dsv', 'd3-delaunay', '@observablehq/plot'] },
        test: {
          name: 'browser',
          include: [tests],
          exclude: needsNode,
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: chromiumPath, args: chromiumFlags } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        // These run npm, Vite and Chromium on the built package: minutes on a slow machine.
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
