/** Collections of garbage in this thread, for a trace. */
import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import type { Trace } from "../trace/trace.ts";

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "scavenge",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "mark and compact",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental marking",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weak callbacks",
};

/** What Node says of a collection; its types have no `detail`. */
interface Collection extends PerformanceEntry {
  readonly detail: { readonly kind: number };
}

/** Has collections of this thread recorded until the returned function is called. */
export function recordGarbage(trace: Trace): () => void {
  const add = (entries: readonly PerformanceEntry[]): void => {
    for (const entry of entries) {
      const { startTime: begin, duration, detail } = entry as Collection;
      trace.add({
        name: KINDS[detail.kind] ?? "collection",
        kind: "garbage",
        begin,
        end: begin + duration,
      });
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "gc" });
  const read = (): void => add(observer.takeRecords());
  trace.beforeReading(read);
  return () => {
    read();
    observer.disconnect();
  };
}
