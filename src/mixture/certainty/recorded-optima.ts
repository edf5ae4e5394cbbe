/** The optima of replicates, recorded: what is there is looked up, what is missing is computed. */
import { itemAt } from "../../base/known.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { exactText } from "../../records/exact-text.ts";
import { RecordKeys } from "../../records/record-keys.ts";
import type { RecordStore, WorkRecord } from "../../records/record-store.ts";
import { float64Name } from "../../wasm/availability.ts";
import type { OptimizeOptions } from "../request/optimize-options.ts";
import { digestOfFile, requestOf } from "../request/request-records.ts";

/** The optimum by a replicate's laws. */
export interface ReplicateOptimum {
  readonly h: Float64Array;
  readonly certified: boolean;
  /** See `Verdict.moved`. */
  readonly distance: number;
}

/** Milliseconds of work between two additions to the store. */
const EVERY = 2000;
/** Numbers of a value before the shares. */
const HEAD = 2;

/** Looks optima up, and keeps those that were computed. */
export class RecordedOptima {
  readonly #records: RecordStore | undefined;
  readonly #keys: readonly string[];
  readonly #known: readonly (Uint8Array | undefined)[];
  #fresh: WorkRecord[] = [];
  #kept = performance.now();

  private constructor(
    records: RecordStore | undefined,
    keys: readonly string[],
    known: readonly (Uint8Array | undefined)[],
  ) {
    this.#records = records;
    this.#keys = keys;
    this.#known = known;
  }

  /**
   * Looks up all replicates.
   *
   * @param from where their optima are sought: an optimum depends on it
   * @param thetas by replicate, the coordinates of its laws
   * @param laws by replicate, which law of an average it is of
   */
  static async open(
    file: FitFile,
    options: OptimizeOptions,
    from: readonly Float64Array[],
    thetas: readonly (readonly Float64Array[])[],
    laws: readonly string[] = [],
  ): Promise<RecordedOptima> {
    const { records } = options;
    if (records === undefined) return new RecordedOptima(undefined, [], []);
    const request = exactText(requestOf(options));
    const computedBy = [records.computedBy, float64Name()];
    const shared = [...computedBy, "replicate's optimum", digestOfFile(file), request, ...from];
    const keys = new RecordKeys(shared);
    const all = thetas.map((theta, n) => keys.keyOf(joined(theta, laws[n])));
    return new RecordedOptima(records, all, await records.find(all));
  }

  /** The recorded optimum of a replicate; undefined where there is none. */
  known(replicate: number): ReplicateOptimum | undefined {
    const value = this.#known[replicate];
    if (value === undefined) return undefined;
    const numbers = new Float64Array(new Uint8Array(value).buffer);
    return {
      h: numbers.slice(HEAD),
      certified: itemAt(numbers, 0) === 1,
      distance: itemAt(numbers, 1),
    };
  }

  add(replicate: number, { h, certified, distance }: ReplicateOptimum): void {
    if (this.#records === undefined) return;
    const numbers = Float64Array.of(certified ? 1 : 0, distance, ...h);
    const value = new Uint8Array(numbers.buffer);
    this.#fresh.push({ key: itemAt(this.#keys, replicate), value });
  }

  /** Keeps what was added, now and then, or at once when it is the last time. */
  async keep(isLast: boolean): Promise<void> {
    if (!isLast && performance.now() - this.#kept < EVERY) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    await this.#records?.keep(fresh);
    this.#kept = performance.now();
  }
}

function joined(parts: readonly Float64Array[], law = ""): Uint8Array {
  const numbers = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    numbers.set(part, at);
    at += part.length;
  }
  const [bytes, name] = [new Uint8Array(numbers.buffer), new TextEncoder().encode(law)];
  const all = new Uint8Array(bytes.length + name.length);
  all.set(bytes);
  all.set(name, bytes.length);
  return all;
}
