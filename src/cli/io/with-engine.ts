/** Work on an engine: with progress on stderr, and with signals that stop it. */
import {
  AbortedError,
  DeadlineError,
  InputError,
  partialOf,
  ShardDoneError,
} from "../../base/errors.ts";
import { given } from "../../base/objects.ts";
import { count } from "../../base/wording.ts";
import type { Backend, Engine, RecordFolder, RecordStore, Shard } from "../../node.ts";
import { openRecords } from "../../node.ts";
import { shardName } from "../../records/shard.ts";
import { INTERRUPTED, interruption } from "./interrupt.ts";
import { useEngine } from "./kept-engines.ts";
import { print } from "./output.ts";
import { type ProgressKind, type Reporter, reporter } from "./progress.ts";
import { beginTrace } from "./trace-file.ts";

/** Where the work is done, and how it is followed. */
export interface EngineFlags {
  readonly backend: Backend;
  readonly threads?: number;
  readonly adapter?: string;
  readonly progress: ProgressKind;
  /** The folder of records. */
  readonly resume?: string;
  /** The part of the job that is to be computed. */
  readonly shard?: Shard;
  /** Seconds from the start of the process. */
  readonly deadline?: number;
  /** The file of the trace. */
  readonly trace?: string;
}

/** What the work needs. */
export interface Session {
  readonly engine: Engine;
  /** Fires at Ctrl-C and the like, once something may be found: before, these end the process. */
  readonly signal: AbortSignal;
  readonly onProgress: Reporter["update"];
  /** What --resume names. */
  readonly records?: RecordStore;
  /** Seconds that are left until the deadline. */
  readonly deadline?: number;
}

/** What came of the work. */
export interface Outcome<T> {
  /** Undefined where it ended before there was anything. */
  readonly answer: T | undefined;
  /** Whether a signal has stopped it: the answer may lack something. */
  readonly interrupted: boolean;
  /** Whether the deadline has ended it: the answer, if any, lacks something. */
  readonly isLate?: boolean;
  /** Why it failed, after what the answer has. */
  readonly failure?: { readonly error: unknown };
}

/** Whether the answer is all of it. */
export const isComplete = ({ interrupted, isLate, failure }: Outcome<unknown>): boolean =>
  !interrupted && isLate !== true && failure === undefined;

/** What ended the work early, to begin a sentence with. */
export const whatEnded = ({ isLate }: Outcome<unknown>): string =>
  isLate === true ? "the deadline came" : "interrupted";

/** The exit code after some work; @param whole that of work that was not ended early */
export const exitCodeAfter = ({ interrupted, isLate }: Outcome<unknown>, whole: number): number =>
  interrupted ? INTERRUPTED : isLate === true ? 2 : whole;

/** Least seconds that work gets: a deadline that has passed ends it at once, and not never. */
const LEAST = 1e-3;

/** Seconds that are left of so many since the process began. */
const left = (seconds: number): number => Math.max(LEAST, seconds - performance.now() / 1000);

/**
 * Does some work on an engine, which is closed afterwards. The first signal (Ctrl-C and the like)
 * ends it with what was found by then, a second one ends the process; so does the first one before
 * the work tells progress. Rejects when the work fails before it has found anything.
 *
 * @param isSomeFound whether there may be something to keep when so much of the work is done
 * @example await withEngine(flags, ({ engine, ...watch }) => engine.fit(laws, runs, { ...options,
 *   ...watch }))
 */
export async function withEngine<T extends object>(
  { backend, threads, adapter, progress: kind, resume, shard, deadline, trace: path }: EngineFlags,
  work: (session: Session) => Promise<T | undefined>,
  isSomeFound: (fraction: number) => boolean = () => true,
): Promise<Outcome<T>> {
  const recording = path === undefined ? undefined : await beginTrace(path);
  const progress = reporter(kind);
  const { signal, listen } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
  const onProgress: Reporter["update"] = (now) => {
    if (isSomeFound(now.fraction)) listen();
    progress.update(now);
  };
  if (shard !== undefined && resume === undefined)
    throw new InputError(
      "--shard needs --resume DIR, the folder where all shards record their parts",
    );
  const records =
    resume === undefined ? undefined : await openRecords(resume, progress.notice, shard);
  const { engine, release } = await useEngine({
    backend,
    ...given({ threads, adapter, trace: recording?.trace }),
    onNotice: progress.notice,
  }).catch(async (error: unknown) => {
    await records?.close();
    throw error;
  });
  let isSound = true;
  try {
    const until = deadline === undefined ? {} : { deadline: left(deadline) };
    const watch = { engine, signal, onProgress, ...given({ records }), ...until };
    const answer = await work(watch);
    if (records?.hasShards === true && records.kept > 0) progress.notice(missing(records));
    const isLate = answer !== undefined && "unfinished" in answer;
    return { answer, interrupted: false, isLate };
  } catch (error) {
    if (shard !== undefined) {
      // A shard has no result, and no part of one.
      if (error instanceof ShardDoneError) await finishShard(shard, records);
      if (error instanceof AbortedError || error instanceof DeadlineError)
        progress.notice(stopped(shard, records));
      throw error;
    }
    isSound = false;
    const answer = partialOf(error) as T | undefined;
    if (error instanceof DeadlineError) return { answer, interrupted: false, isLate: true };
    if (error instanceof AbortedError) return { answer, interrupted: true };
    if (answer === undefined) throw error;
    return { answer, interrupted: false, failure: { error } };
  } finally {
    progress.stop();
    await records?.close();
    await release(isSound);
    await recording?.save();
  }
}

/** Marks a shard as done, and says so. */
async function finishShard(shard: Shard, records: RecordFolder | undefined): Promise<void> {
  await records?.markShard();
  const { kept = 0, size = 0 } = records ?? {};
  print(
    `${shardName(shard)} is done: ${count(kept, "piece")} of work recorded, ${size} were there before`,
  );
}

const stopped = (shard: Shard, records: RecordFolder | undefined): string =>
  `${shardName(shard)} has stopped: ${count(records?.kept ?? 0, "piece")} of work recorded, from which the same command goes on`;

/** Told by the run that joins shards. */
const missing = ({ kept, size }: RecordFolder): string =>
  `${count(kept, "piece")} of work ${kept === 1 ? "was" : "were"} missing of what the shards should have recorded, and computed here; ${size} were there`;
