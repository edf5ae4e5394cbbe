/**
 * Spans in Chrome's trace format: a complete event ("X") for each, and metadata events ("M") that
 * name the lines of the picture. On one line spans nest, as viewers expect; a track on which they
 * overlap otherwise has several lines.
 */
import { VERSION } from "../base/version.ts";
import { MAIN, type Span, type SpanDetails, type SpanKind } from "./span.ts";

/** A span. */
export interface CompleteEvent {
  /** A complete event. */
  readonly ph: "X";
  /** What was done. */
  readonly name: string;
  /** Its kind. */
  readonly cat: SpanKind;
  /** The process: always the same. */
  readonly pid: number;
  /** The line that it is drawn on. */
  readonly tid: number;
  /** When it began, in microseconds from the start of the trace. */
  readonly ts: number;
  /** How long it took, in microseconds. */
  readonly dur: number;
  /** What else is known of it. */
  readonly args?: SpanDetails;
}

/** What an event of metadata says: a name, or the place of a line among the others. */
export type MetadataArguments =
  | {
      /** Of the process, or of the line. */
      readonly name: string;
    }
  | {
      /** Lines are drawn in the order of these. */
      readonly sort_index: number;
    };

/** The name of the process or of a line, or the place of a line among the others. */
export interface MetadataEvent {
  /** An event of metadata. */
  readonly ph: "M";
  /** What it says. */
  readonly name: "process_name" | "thread_name" | "thread_sort_index";
  /** The process: always the same. */
  readonly pid: number;
  /** The line that it is of. */
  readonly tid: number;
  /** The name or the place. */
  readonly args: MetadataArguments;
}

/** A timeline in Chrome's trace format. */
export interface ChromeTrace {
  /** The unit that viewers show. */
  readonly displayTimeUnit: "ms";
  /** What wrote it. */
  readonly otherData: {
    /** The release of mixlaw. */
    readonly version: string;
  };
  /** Metadata first, then the spans of each line in their order. */
  readonly traceEvents: readonly (MetadataEvent | CompleteEvent)[];
}

/** Milliseconds by which clocks may differ on where a span ends. */
const SLACK = 0.05;

/** Spans that nest: each begins where those around it are under way, and ends before them. */
class Line {
  readonly spans: Span[] = [];
  /** Those that the next span may be within, the innermost last. */
  #around: Span[] = [];
  #latest = -Infinity;

  /** Takes a span that begins no earlier than those before; false where it would not nest. */
  take(span: Span): boolean {
    const around = this.#around.filter(({ end }) => end > span.begin + SLACK);
    const inner = around.at(-1);
    if (inner !== undefined && span.end > inner.end + SLACK) return false;
    const ended = this.#around.slice(around.length).map(({ end }) => end);
    const begin = Math.max(span.begin, this.#latest, ...ended);
    if (begin > span.begin + SLACK) return false;
    const end = Math.max(begin, Math.min(span.end, inner?.end ?? Infinity));
    const placed = { ...span, begin, end };
    this.spans.push(placed);
    this.#around = [...around, placed];
    this.#latest = begin;
    return true;
  }
}

/** The lines of a track, as few as come about when each span goes to the first that takes it. */
function linesOf(spans: readonly Span[]): Line[] {
  const lines: Line[] = [];
  for (const span of spans.toSorted((a, b) => a.begin - b.begin || b.end - a.end)) {
    if (lines.some((line) => line.take(span))) continue;
    const line = new Line();
    line.take(span);
    lines.push(line);
  }
  return lines;
}

const PID = 1;
const micros = (ms: number): number => Math.round(1e6 * ms) / 1e3;

function eventOf({ name, kind, begin, end, details }: Span, tid: number): CompleteEvent {
  const ts = micros(begin);
  // Of the rounded ends: a span that ends with the one around it still does.
  const dur = Math.max(0, Math.round(1e3 * (micros(end) - ts)) / 1e3);
  const event = { ph: "X", name, cat: kind, pid: PID, tid, ts, dur } as const;
  return details === undefined ? event : { ...event, args: details };
}

function metadataOf(tid: number, name: string): MetadataEvent[] {
  return [
    { ph: "M", name: "thread_name", pid: PID, tid, args: { name } },
    { ph: "M", name: "thread_sort_index", pid: PID, tid, args: { sort_index: tid } },
  ];
}

/** The thread that leads comes first, then the others by name. */
const inOrder = (a: string, b: string): number =>
  Number(b === MAIN) - Number(a === MAIN) || a.localeCompare(b, "en", { numeric: true });

/** The trace of some spans. */
export function chromeTrace(spans: readonly Span[]): ChromeTrace {
  const tracks = new Map<string, Span[]>();
  for (const span of spans) {
    const { track = MAIN } = span;
    const known = tracks.get(track);
    if (known === undefined) tracks.set(track, [span]);
    else known.push(span);
  }
  let tid = 0;
  const events = [...tracks.keys()].toSorted(inOrder).flatMap((track) =>
    linesOf(tracks.get(track) ?? []).flatMap((line, n) => {
      tid++;
      const own = tid;
      const name = n === 0 ? track : `${track} (${n + 1})`;
      return [...metadataOf(own, name), ...line.spans.map((span) => eventOf(span, own))];
    }),
  );
  const process = {
    ph: "M",
    name: "process_name",
    pid: PID,
    tid: 0,
    args: { name: "mixlaw" },
  } as const;
  return {
    displayTimeUnit: "ms",
    otherData: { version: VERSION },
    traceEvents: [process, ...events],
  };
}
