/** Work on an engine: with progress on stderr, and with Ctrl-C. */
import { given } from "../../base/objects.ts";
import type { Backend, Engine, RecordStore } from "../../node.ts";
import { openEngine, openRecords } from "../../node.ts";
import { finished, interruption } from "./interrupt.ts";
import { type ProgressKind, type Reporter, reporter } from "./progress.ts";
import { quietly } from "./quiet-driver.ts";

/** Where the work is done, and how it is followed. */
export interface EngineFlags {
  readonly backend: Backend;
  readonly threads?: number;
  readonly progress: ProgressKind;
  /** The folder of records. */
  readonly resume?: string;
}

/** What the work needs. */
export interface Session {
  readonly engine: Engine;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onProgress: Reporter["update"];
  /** What --resume names. */
  readonly records?: RecordStore;
}

/** What came of the work: undefined where it was interrupted before there was anything. */
export interface Outcome<T> {
  readonly answer: T | undefined;
  readonly interrupted: boolean;
}

/**
 * Does some work on an engine, which is closed afterwards. Ctrl-C ends it with what was found by
 * then, a second one ends the process.
 *
 * @example await withEngine(flags, ({ engine, ...watch }) => engine.fit(laws, runs, { ...options,
 *   ...watch }))
 */
export async function withEngine<T>(
  { backend, threads, progress: kind, resume }: EngineFlags,
  work: (session: Session) => Promise<T>,
): Promise<Outcome<T>> {
  const progress = reporter(kind);
  const { signal, release } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
  const records = resume === undefined ? undefined : await openRecords(resume, progress.notice);
  const engine = await quietly(() =>
    openEngine({
      backend,
      ...(threads === undefined ? {} : { threads }),
      onNotice: progress.notice,
    }),
  );
  try {
    // Looks for the adapter here, where the driver is kept quiet.
    if (backend === "auto") await quietly(() => engine.describe());
    const watch = { engine, signal, onProgress: progress.update, ...given({ records }) };
    const answer = await finished(work(watch));
    return { answer, interrupted: signal.aborted };
  } finally {
    progress.stop();
    release();
    await records?.close();
    await engine.close();
  }
}
