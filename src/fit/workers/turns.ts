/** Whose turn it is on workers, which do one piece of work at a time. */

/** Pieces of work on some of a pool's workers, one after the other. */
export class Turns {
  readonly #before: Turns | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /**
   * @param workers on how many workers
   * @param before work that goes first: that of these turns waits, between batches, while there is
   *   some
   */
  constructor(
    readonly workers: number,
    before?: Turns,
  ) {
    this.#before = before;
  }

  /** What comes of some work, after all that was given before it. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count++;
    const result = this.#last.then(work).finally(() => {
      this.#count--;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Waits for what goes first, before a batch. */
  async wait(): Promise<void> {
    while (this.#before !== undefined && this.#before.#count > 0) await this.#before.#last;
  }
}
