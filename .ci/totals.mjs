// Sums vitest's JSON results into one line; exits non-zero when anything failed, the steps before and between included.
import { readdirSync, readFileSync } from 'node:fs';

const status = Number(process.argv[2]);
const runs = resultFiles().map((file) => JSON.parse(readFileSync(new URL(file, directory()), 'utf8')));

let passed = 0;
let failed = 0;
for (const run of runs) {
  passed += run.numPassedTests;
  failed += run.numFailedTests;
  // A file that cannot be loaded has no failed test of its own, yet it failed.
  failed += run.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
}
// A broken build, a lint error or an unhandled rejection is a failure too; so is a run without a single test.
if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : status || 1;

function directory() {
  return new URL('../.vitest/', import.meta.url);
}

function resultFiles() {
  try {
    return readdirSync(directory()).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
}
