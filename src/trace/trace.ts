/**
 * A timeline of what was done when: stages of a fit, work of the GPU and of each thread, what warms
 * up, garbage that is collected. One object is handed to whoever does the work; without it nothing
 * is recorded and nothing is spent.
 */
import { given } from "../base/objects.ts";
import { type ChromeTrace, chromeTrace } from "./chrome-trace.ts";
import type { Recorded, Span, SpanDetails, SpanName } from "./span.ts";

/** Ends a span; what is known of it at its end is added. */
export type EndSpan = (details?: SpanDetails) => void;

/**
 * A timeline. `JSON.stringify` gives it in Chrome's trace format, which Perfetto
 * (https://ui.perfetto.dev) and chrome://tracing open; times are microseconds since the process or
 * the page began.
 *
 * @example
 *   const trace = new Trace();
 *   const engine = await openEngine({ trace });
 *   await engine.fit(laws.joint, await readRuns("runs.csv"));
 *   await engine.close();
 *   await writeFile("trace.json", JSON.stringify(trace));
 */
export class Trace {
  #spans: Span[] = [];
  /** Spans that have not ended. */
  readonly #open = new Map<SpanName, number>();
  readonly #unread = new Set<() => void>();

  /** Milliseconds since the trace's origin. @internal */
  now(): number {
    return performance.now();
  }

  /** Begins a span, which ends when the returned function is called first. @internal */
  begin(what: SpanName): EndSpan {
    const begin = this.now();
    const span = { ...what }; // a key of its own
    this.#open.set(span, begin);
    return (details) => {
      if (!this.#open.delete(span)) return;
      this.add({ ...span, ...detailed(what, details), begin, end: this.now() });
    };
  }

  /** Adds a span that is over. @internal */
  add(span: Span): void {
    this.#spans.push(span);
  }

  /** Calls `read` before the trace is read, for what it has to add by then. @internal */
  beforeReading(read: () => void): void {
    this.#unread.add(read);
  }

  /** Takes out what was recorded, to send it to another thread. @internal */
  drain(): Recorded {
    for (const read of this.#unread) read();
    const spans = this.#spans;
    this.#spans = [];
    return { origin: performance.timeOrigin, spans };
  }

  /** Adds what another thread recorded as its `MAIN`, as a track of that name. @internal */
  absorb({ origin, spans }: Recorded, track: string): void {
    const shift = origin - performance.timeOrigin;
    for (const span of spans)
      this.add({ ...span, track, begin: span.begin + shift, end: span.end + shift });
  }

  /** All spans so far; those that have not ended end now. @internal */
  spans(): Span[] {
    for (const read of this.#unread) read();
    const end = this.now();
    const open = [...this.#open].map(([what, begin]) => ({
      ...what,
      ...detailed(what, { unfinished: true }),
      begin,
      end,
    }));
    return [...this.#spans, ...open];
  }

  /** The timeline as Chrome's trace format has it. Work under way ends now, as "unfinished". */
  toJSON(): ChromeTrace {
    return chromeTrace(this.spans());
  }
}

const detailed = (
  { details }: SpanName,
  more: SpanDetails | undefined,
): Pick<SpanName, "details"> =>
  given({
    details: details === undefined && more === undefined ? undefined : { ...details, ...more },
  });

/**
 * Does some work, as a span of the trace where there is one. It ends however the work ends.
 *
 * @example await traced(trace, { name: "hops", kind: "stage" }, () => hopBasins(search))
 */
export async function traced<T>(
  trace: Trace | undefined,
  what: SpanName,
  work: () => Promise<T> | T,
): Promise<T> {
  if (trace === undefined) return work();
  const end = trace.begin(what);
  try {
    return await work();
  } finally {
    end();
  }
}

/** The same for work that waits for nothing. */
export function tracedSync<T>(trace: Trace | undefined, what: SpanName, work: () => T): T {
  if (trace === undefined) return work();
  const end = trace.begin(what);
  try {
    return work();
  } finally {
    end();
  }
}
