/** Things that take long to make, by a key that says all of what they are made of. */
export class LastUsed<T> {
  readonly #most: number;
  readonly #known = new Map<string, T>();

  /** @param most how many are kept: those that were not used for longest are let go. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What has this key; made anew where it is not there. */
  get(key: string, make: () => T): T {
    const known = this.#known.has(key) ? (this.#known.get(key) as T) : make();
    // The one used last stands last.
    this.#known.delete(key);
    this.#known.set(key, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(oldest);
    }
    return known;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** Lets go of one. */
  delete(key: string): void {
    this.#known.delete(key);
  }

  keys(): IterableIterator<string> {
    return this.#known.keys();
  }
}
