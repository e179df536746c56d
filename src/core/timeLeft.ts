import { refuse } from './checks.ts';
import type { Progress } from './progress.ts';

/**
 * Adds `secondsLeft` to every report of a piece of work that starts now: the time so far per step, times the steps that are left.
 * The one place of the package that reads a clock; the time goes into reports, never into a result.
 */
export function withTimeLeft<P extends Progress>(
  report: ((progress: P) => void) | undefined,
): ((progress: P) => void) | undefined {
  if (report === undefined) return undefined;
  if (typeof report !== 'function') refuse(report, 'onProgress', 'a function', false);
  const start = performance.now();
  return (progress) => {
    const { done, total } = progress;
    const seconds = (performance.now() - start) / 1000;
    report(done > 0 ? { ...progress, secondsLeft: (seconds / done) * (total - done) } : progress);
  };
}
