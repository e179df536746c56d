import cliProgress from 'cli-progress';
import type { Step } from './command.ts';
import type { Writer } from './terminal.ts';

/** Shows how far work has come. */
export interface ProgressDisplay {
  show(step: Step): void;
  stop(): void;
}

/** A bar with the time left on a terminal; elsewhere a line per stage, and at most one per second within a stage. */
export function progressDisplay(what: string, stderr: Writer, quiet: boolean): ProgressDisplay {
  if (quiet) return { show() {}, stop() {} };
  return stderr.isTTY ? bar(what, stderr) : lines(what, stderr);
}

/** Milliseconds that work may take before it is worth a word. */
const PATIENCE = 1000;

function bar(what: string, stderr: Writer): ProgressDisplay {
  const single = new cliProgress.SingleBar(
    {
      format: '{stage} [{bar}] {percentage} % {left}',
      barsize: 30,
      stream: stderr as NodeJS.WritableStream,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C has a handler of its own, which ends the work and then this bar.
      gracefulExit: false,
    },
    cliProgress.Presets.legacy,
  );
  let started = false;
  return {
    show(step) {
      const payload = { stage: step.stage ?? what, left: timeLeft(step) };
      if (!started) single.start(step.total, step.done, payload);
      else {
        single.setTotal(step.total);
        single.update(step.done, payload);
      }
      started = true;
    },
    stop() {
      if (started) single.stop();
    },
  };
}

function lines(what: string, stderr: Writer): ProgressDisplay {
  let last = performance.now();
  let stage: string | undefined;
  return {
    show(step) {
      const now = performance.now();
      if (step.stage === stage && now - last < PATIENCE) return;
      [last, stage] = [now, step.stage];
      const left = timeLeft(step);
      stderr.write(`${step.stage ?? what}: ${step.done} of ${step.total}${left && `, ${left}`}\n`);
    },
    stop() {},
  };
}

function timeLeft({ secondsLeft }: Step): string {
  if (secondsLeft === undefined || !Number.isFinite(secondsLeft)) return '';
  const seconds = Math.ceil(secondsLeft);
  return seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
}
