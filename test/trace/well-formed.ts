/** What is wrong with a trace in Chrome's format. */
import type { ChromeTrace, CompleteEvent } from "../../src/trace/chrome-trace.ts";

export interface Lines {
  /** The spans of each line, by its name. */
  readonly byName: ReadonlyMap<string, readonly CompleteEvent[]>;
  /** What is wrong, in sentences; none of a good trace. */
  readonly faults: readonly string[];
}

/** Nanoseconds: times are microseconds with three decimals. */
const nanos = (micros: number): number => Math.round(1000 * micros);

/** Spans of one line that are not within one another and not apart. */
function badlyNested(spans: readonly CompleteEvent[]): string[] {
  const around: CompleteEvent[] = [];
  const end = ({ ts, dur }: CompleteEvent): number => nanos(ts) + nanos(dur);
  return spans
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)
    .flatMap((span) => {
      while (around.length > 0 && end(around[around.length - 1]) <= nanos(span.ts)) around.pop();
      const outer = around.at(-1);
      around.push(span);
      return outer !== undefined && end(span) > end(outer)
        ? [`${span.name} ends after ${outer.name}, within which it began`]
        : [];
    });
}

/** The lines of a trace, as a reader of its JSON finds them. */
export function linesOf(trace: ChromeTrace): Lines {
  const { traceEvents } = JSON.parse(JSON.stringify(trace)) as ChromeTrace;
  const names = new Map<number, string>();
  for (const event of traceEvents)
    if (event.ph === "M" && event.name === "thread_name" && "name" in event.args)
      names.set(event.tid, event.args.name);
  const byName = new Map<string, CompleteEvent[]>();
  const faults: string[] = [];
  for (const event of traceEvents) {
    if (event.ph !== "X") continue;
    const name = names.get(event.tid);
    if (name === undefined) faults.push(`${event.name} is on line ${event.tid}, which has no name`);
    if (!(event.ts >= 0 && event.dur >= 0)) faults.push(`${event.name} has no times`);
    const spans = byName.get(name ?? "") ?? [];
    byName.set(name ?? "", spans);
    spans.push(event);
  }
  if (byName.size < new Set(names.values()).size)
    faults.push("lines have the same name, or no span");
  for (const spans of byName.values()) faults.push(...badlyNested(spans));
  return { byName, faults };
}
