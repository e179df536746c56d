/** Where text goes. */
export interface Writer {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The world of one run of the command; tests give their own. */
export interface Terminal {
  stdin: AsyncIterable<Uint8Array | string>;
  stdout: Writer;
  stderr: Writer;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Runs work that does not let go of the thread, so that Ctrl-C stops it all the same. Default: a plain call. */
  interruptible?<T>(work: () => T): T;
}
