#!/usr/bin/env node
import { addAbortSignal } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { main } from './main.ts';

const cancel = new AbortController();
// Once: a second Ctrl-C ends the process at once.
process.once('SIGINT', () => cancel.abort());

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has seen enough (`spinifex ... | head`).
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), {
  get stdin() {
    return addAbortSignal(cancel.signal, process.stdin);
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: cancel.signal,
  interruptible,
});

/** While the thread computes, no handler of SIGINT can run; the engine itself stops a script that asks for it. */
function interruptible<T>(work: () => T): T {
  try {
    return runInNewContext('work()', { work }, { breakOnSigint: true, displayErrors: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') cancel.abort();
    throw error;
  }
}
