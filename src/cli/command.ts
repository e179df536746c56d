import type { Progress } from '../core/progress.ts';
import type { Flag } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** A report of progress, with the stage of the work where it has several. */
export type Step = Progress & { stage?: string };

/** What a sub-command works with. */
export interface Job<Flags> {
  /** The arguments that are no flags. */
  args: string[];
  flags: Flags;
  terminal: Terminal;
  /** Writes one line (or several) to stdout. */
  print(text: string): void;
  /** Emphasis where the terminal shows it. */
  bold(text: string): string;
  /** Writes one line to stderr when the input is found to be right, unless `--quiet`: an error stays alone. */
  note(text: string): void;
  /** Does long work with a progress display, stopped by Ctrl-C. `what` names it in lines of progress. */
  work<T>(what: string, body: (run: { signal: AbortSignal; onProgress: (step: Step) => void }) => T): T;
}

/** One sub-command, as data: `program.ts` makes arguments, help and errors of it. */
export interface CommandSpec<Flags = Record<string, unknown>> {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** More for its own help. */
  description: string;
  args: readonly { name: string; description: string }[];
  flags: readonly Flag[];
  /** Command lines with what they do. */
  examples: readonly (readonly [line: string, comment: string])[];
  run(job: Job<Flags>): Promise<void> | void;
}
