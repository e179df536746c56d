/** How far a long piece of work has come. */
export interface Progress {
  /** Steps done so far. */
  done: number;
  /** Steps in all, as far as is known now. */
  total: number;
  /** Estimate of the time that the rest takes, from the time so far; there for work that takes its steps evenly. */
  secondsLeft?: number;
}

/** What every long piece of work takes; `Extra` is what a kind of work reports beside its progress. */
export interface RunOptions<Extra extends object = object> {
  /** Stops the work at its next step by throwing `signal.reason`. */
  signal?: AbortSignal;
  /** Called often enough to draw a smooth bar. */
  onProgress?: (progress: Progress & Extra) => void;
}
