/** Progress as callers hear it. */

/**
 * Reports of how far some work is. The `fraction` that `tell` hears never falls and never exceeds
 * 1, however the parts of the work count.
 */
export class RisingProgress<T extends { readonly fraction: number }> {
  readonly #tell: ((progress: T) => void) | undefined;
  #last: T | undefined;

  constructor(tell: ((progress: T) => void) | undefined) {
    this.#tell = tell;
  }

  report(progress: T): void {
    const fraction = Math.min(Math.max(progress.fraction, this.#last?.fraction ?? 0), 1);
    this.#last = { ...progress, fraction };
    this.#tell?.(this.#last);
  }

  /** The work is as far as that: tells so, in the words of the last report, where it told less. */
  reach(fraction: number): void {
    if (this.#last !== undefined && this.#last.fraction < fraction)
      this.report({ ...this.#last, fraction });
  }
}
