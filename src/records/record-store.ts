/**
 * Finished pieces of work, kept so that a job that was stopped goes on where it was, and so that
 * several processes share one job. A piece is found by what it was computed from (`RecordKeys`), so
 * a record is either right or not found: nothing is ever overwritten or out of date.
 */
import type { Job } from "./job.ts";
import type { Shard } from "./shard.ts";

/** One finished piece of work. */
export interface WorkRecord {
  /** 32 hexadecimal digits, from `RecordKeys`. */
  readonly key: string;
  /** What came of the work, in bytes. */
  readonly value: Uint8Array;
}

/**
 * Where records are kept. `openRecords` of the Node entry keeps them in a folder; anything else
 * that holds bytes by name will do.
 */
export interface RecordStore {
  /**
   * What results may depend on besides their inputs: the release and the machine's arithmetic. It
   * is a part of every key, so that what another release or architecture computed is not found.
   */
  readonly computedBy: string;
  /**
   * Says what the records are for; called once a job, before anything else. Rejects with InputError
   * where the store has records of another job, naming what differs.
   */
  begin(job: Job): Promise<void>;
  /** The value of each key, in their order; undefined where there is none. */
  find(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * Keeps what was finished. A store that cannot (a full disk) says so once and keeps nothing from
   * then on: the work goes on, and what was kept before stays good.
   *
   * @param isResult they are the job's results, which no shard has
   */
  keep(records: readonly WorkRecord[], isResult?: boolean): Promise<void>;
  /**
   * Takes in what other processes have recorded since. Only a store that processes share has it.
   */
  refresh?(): Promise<void>;
  /**
   * The part of the job that is to be computed: its own replicates, folds, profiles and so on, and
   * what these depend on. A fit or a validation has no result then: it rejects with
   * `ShardDoneError` when its part is recorded. Undefined: the whole job.
   */
  readonly shard?: Shard | undefined;
}
