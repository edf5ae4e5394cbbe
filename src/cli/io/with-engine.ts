/** Work on an engine: with progress on stderr, and with Ctrl-C. */
import type { Backend, Engine } from "../../node.ts";
import { openEngine } from "../../node.ts";
import { finished, interruption } from "./interrupt.ts";
import { type ProgressKind, type Reporter, reporter } from "./progress.ts";
import { quietly } from "./quiet-driver.ts";

/** Where the work is done, and how it is followed. */
export interface EngineFlags {
  readonly backend: Backend;
  readonly threads?: number;
  readonly progress: ProgressKind;
}

/** What the work needs. */
export interface Session {
  readonly engine: Engine;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onProgress: Reporter["update"];
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
  { backend, threads, progress: kind }: EngineFlags,
  work: (session: Session) => Promise<T>,
): Promise<Outcome<T>> {
  const progress = reporter(kind);
  const { signal, release } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
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
    const answer = await finished(work({ engine, signal, onProgress: progress.update }));
    return { answer, interrupted: signal.aborted };
  } finally {
    progress.stop();
    release();
    await engine.close();
  }
}
