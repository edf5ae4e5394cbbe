/** Spans of time, of which a trace is made. */

/**
 * What a span is of. stage: a stage of the work, on the thread that leads it. task: float64 work.
 * gpu: calls of the GPU, and kernels. warm-up: what is paid once: kernels and formulas that are
 * compiled, threads that start, the first evaluations of a thread. garbage: a collection.
 */
export type SpanKind = "stage" | "task" | "gpu" | "warm-up" | "garbage";

/** What is known of a span beside its times. */
export type SpanDetails = Readonly<Record<string, string | number | boolean>>;

/** What a span is called, and where it stands. */
export interface SpanName {
  readonly name: string;
  readonly kind: SpanKind;
  /** What has a line of its own in the picture: a thread, a queue. Default: `MAIN`. */
  readonly track?: string;
  readonly details?: SpanDetails;
}

/** Something that took time. */
export interface Span extends SpanName {
  /** Milliseconds since the trace's origin. */
  readonly begin: number;
  readonly end: number;
}

/** Spans that another thread recorded. */
export interface Recorded {
  /** Its time origin, in milliseconds since 1970. */
  readonly origin: number;
  readonly spans: readonly Span[];
}

/** The track of the thread that leads the work. */
export const MAIN = "main";
